"""The outcome of each send operation but the bulk ones, whose answers differ in form."""

from __future__ import annotations

from typing import Any

import pytest

from botoses_guard import errors
from botoses_guard.operations import OPERATIONS, Operation

from ..parameters.sends import send_of
from . import endings, lost_sockets
from .answers import HTML, MESSAGE_ID, TYPES, http, refuse, say
from .server import Ending
from .stage import Sent, Stage, call, guarded

pytestmark = lost_sockets.ignored

SINGLE = [operation for operation in OPERATIONS if not operation.results]

every_operation = pytest.mark.parametrize(
    "operation",
    SINGLE,
    ids=[f"{operation.service.name}.{operation.name}" for operation in SINGLE],
)


def send(client: Any, operation: Operation) -> Sent:
    [method] = (
        method
        for method, name in client.meta.method_to_api_mapping.items()
        if name == operation.name
    )
    parameters = send_of(f"{operation.service.name}.{operation.name}")
    return call(client, lambda: getattr(client, method)(**parameters))


@every_operation
def test_an_answer_of_ses_is_accepted(stage: Stage, operation: Operation) -> None:
    throttle = refuse(
        400,
        "Maximum sending rate exceeded.",
        ses="Throttling",
        sesv2="TooManyRequestsException",
    )
    script = stage.play("plain", [throttle])
    client = stage.client(operation.service.name, stage.route("plain"))
    with guarded(client) as (guard, ledger):
        sent = send(client, operation)
    assert sent.error is None
    assert sent.answer["MessageId"] == MESSAGE_ID
    assert len(script.arrivals) == 2
    assert (guard.snapshot().accepted, guard.snapshot().throttles) == (1, 1)
    assert ledger.settled.total() == ledger.reserved


@every_operation
@pytest.mark.parametrize(
    "ending",
    [
        endings.fin,
        endings.rst,
        endings.cut_body,
        endings.accepted_without_id,
        say(http(200, HTML, TYPES["html"])),
        say(http(502, HTML, TYPES["html"])),
    ],
    ids=["FIN", "RST", "cut", "no id", "200 with HTML", "502 with HTML"],
)
def test_a_lost_answer_is_unknown(stage: Stage, operation: Operation, ending: Ending) -> None:
    script = stage.play("plain", [ending] * 2)
    client = stage.client(operation.service.name, stage.route("plain"))
    with guarded(client) as (guard, ledger):
        sent = send(client, operation)
    assert isinstance(sent.error, errors.OutcomeUnknown)
    assert script.count(1) == 1
    assert guard.snapshot().outcome_unknown == 1
    assert ledger.settled.total() == ledger.reserved == ledger.settled["accepted"]
