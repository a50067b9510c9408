"""``Config(retries={"total_max_attempts": 1})``: one request, whatever becomes of it.

The one exception, a throttle that SES itself answered, is in ``test_own_answers``.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import cycle, product
from typing import NamedTuple

import pytest
from botocore.exceptions import BotoCoreError, ClientError

from . import cases, lost_sockets, unsent
from .stage import MODES, SERVICES, Stage, guarded, send

pytestmark = lost_sockets.ignored


# The cells of the other tests say the same of more attempts: here each case has one of the six
# combinations of API and retry mode, in turn.
COMBINATIONS = tuple(product(SERVICES, MODES))


def cells(found: Sequence[NamedTuple]) -> pytest.MarkDecorator:
    combined = zip(found, cycle(COMBINATIONS))
    return pytest.mark.parametrize(
        "case, service, mode",
        [
            pytest.param(case, *combination, id="-".join([case[0], *combination]))
            for case, combination in combined
        ],
    )


@cells(unsent.CASES)
def test_what_never_left_is_not_tried_again(
    stage: Stage, case: unsent.Case, service: str, mode: str
) -> None:
    transport = case.transports[-1]
    timeout = unsent.SLOW if case.is_slow else {}
    with case.trouble(stage, transport, unsent.ALWAYS) as (script, route):
        client = stage.new_client(service, route, mode, **{**timeout, "attempts": 1})
        with guarded(client) as (guard, _):
            sent = send(client, service)
    assert isinstance(sent.error, BotoCoreError)
    assert (sent.tries, script.arrivals) == (1, [])
    assert guard.snapshot().attempts == 1


@cells(cases.CASES)
def test_what_left_is_not_sent_again(
    stage: Stage, case: cases.Case, service: str, mode: str
) -> None:
    transport = case.transports[-1]
    script = stage.play(transport, [case.ending], context=stage.context(case.tls))
    route = stage.route(transport)
    client = stage.client(service, route, mode, attempts=1, read_timeout=case.read_timeout)
    with guarded(client) as (guard, _):
        sent = send(client, service)
    assert isinstance(sent.error, ClientError)
    assert (sent.tries, script.count(1)) == (1, 1)
    assert guard.snapshot().attempts == 1
