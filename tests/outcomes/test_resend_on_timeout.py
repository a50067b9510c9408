"""With ``resend_on_timeout`` botocore sends again; what is told in the end is true nevertheless.

A message that may have been accepted once cannot become one that surely was not.
"""

from __future__ import annotations

import pytest

from botoses_guard import errors

from . import endings, greetings, lost_sockets
from .answers import HTML, MESSAGE_ID, TYPES, http, refuse, say
from .server import Ending
from .stage import MODES, SERVICES, Stage, guarded, send

pytestmark = lost_sockets.ignored

everywhere = pytest.mark.parametrize("service", SERVICES)
in_every_mode = pytest.mark.parametrize("mode", MODES)

LOST = {
    "RST": endings.rst,
    "502": say(http(502, HTML, TYPES["html"])),
}


@everywhere
@in_every_mode
@pytest.mark.parametrize("ending", LOST.values(), ids=LOST)
def test_the_second_request_may_be_accepted(
    stage: Stage, service: str, mode: str, ending: Ending
) -> None:
    script = stage.play("plain", [ending])
    client = stage.new_client(service, stage.route("plain"), mode)
    with guarded(client, resend_on_timeout=True) as (guard, ledger):
        sent = send(client, service)
    assert sent.error is None
    assert sent.answer["MessageId"] == MESSAGE_ID
    assert len(script.arrivals) == 2
    assert (guard.snapshot().sends, guard.snapshot().accepted) == (1, 1)
    assert ledger.settled.total() == ledger.reserved == ledger.settled["accepted"]


@everywhere
@in_every_mode
@pytest.mark.parametrize(
    "second",
    [
        refuse(400, "A text of its own.", ses="MessageRejected", sesv2="MessageRejected"),
        say(http(403, HTML, TYPES["html"])),
        endings.rst,
        say(http(200, HTML, TYPES["html"])),
    ],
    ids=["refused by SES", "refused by a gateway", "lost", "foreign"],
)
def test_what_may_have_been_accepted_is_never_told_as_refused(
    stage: Stage, service: str, mode: str, second: Ending
) -> None:
    script = stage.play("plain", [endings.rst, *[second] * 9])
    client = stage.new_client(service, stage.route("plain"), mode)
    with guarded(client, resend_on_timeout=True) as (guard, ledger):
        sent = send(client, service)
    assert len(script.arrivals) >= 2
    assert isinstance(sent.error, errors.OutcomeUnknown)
    assert not sent.error.diagnosis.retryable
    assert guard.snapshot().outcome_unknown == 1
    assert ledger.settled["accepted"] > 0
    assert ledger.settled.total() == ledger.reserved


@everywhere
@in_every_mode
def test_what_may_have_been_accepted_is_never_told_as_unsent(
    stage: Stage, service: str, mode: str
) -> None:
    script = stage.play("tls", [endings.rst], greetings=[None, *[greetings.cut] * 9])
    client = stage.new_client(service, stage.route("tls"), mode)
    with guarded(client, resend_on_timeout=True) as (guard, ledger):
        sent = send(client, service)
    assert len(script.arrivals) == 1
    assert script.connections > 1
    assert isinstance(sent.error, errors.OutcomeUnknown)
    assert guard.snapshot().outcome_unknown == 1
    assert ledger.settled["accepted"] > 0
    assert ledger.settled.total() == ledger.reserved
