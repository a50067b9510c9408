"""SES's own answers: what it surely did not accept may go again, and arrives once."""

from __future__ import annotations

from itertools import product

import pytest
from botocore.stub import Stubber

from botoses_guard import errors

from . import lost_sockets
from .answers import MESSAGE_ID, of_v2, say
from .own_answers import CASES, Case
from .stage import MODES, QUOTA, RECIPIENTS, SERVICES, TRANSPORTS, Stage, Transport, guarded, send

pytestmark = lost_sockets.ignored

CELLS = [
    pytest.param(*cell, id="-".join([cell[0].name, *cell[1:]]))
    for cell in product(CASES, SERVICES, TRANSPORTS, MODES)
]


@pytest.mark.parametrize("attempts", [None, 1])
@pytest.mark.parametrize("case, service, transport, mode", CELLS)
def test_it_goes_again_where_ses_says_that_it_was_not_accepted(
    stage: Stage,
    case: Case,
    service: str,
    transport: Transport,
    mode: str,
    attempts: int | None,
) -> None:
    script = stage.play(transport, [case.ending] if case.ending else [])
    client = stage.client(service, stage.route(transport), mode, attempts=attempts)
    with guarded(client) as (guard, ledger):
        sent = send(client, service)

    requests = case.requests[attempts == 1]
    assert len(script.arrivals) == requests
    accepted = case.ending is None or requests == 2
    if accepted:
        assert sent.answer["MessageId"] == MESSAGE_ID
        assert sent.answer["ResponseMetadata"]["RetryAttempts"] == requests - 1
        assert "MaxAttemptsReached" not in sent.answer["ResponseMetadata"]
    else:
        assert isinstance(sent.error, errors.SESError)
        assert sent.error.diagnosis.category == case.category

    snapshot = guard.snapshot()
    assert (snapshot.sends, snapshot.accepted) == (1, accepted)
    assert snapshot.attempts == requests
    assert snapshot.outcome_unknown == 0
    assert snapshot.refusals == ({} if accepted else {case.category: 1})
    assert ledger.settled["accepted"] == accepted * len(RECIPIENTS)
    assert ledger.settled.total() == ledger.reserved == requests * len(RECIPIENTS)
    [standing] = snapshot.accounts.values()
    assert standing.remaining_24_hours == QUOTA - accepted * len(RECIPIENTS)


def test_a_stubber_may_answer_what_it_likes(stage: Stage) -> None:
    """No request was made, so that none was lost: what a test gives is what its program gets."""
    client = stage.new_client("sesv2", stage.route("plain"))
    with guarded(client) as (guard, ledger), Stubber(client) as stub:
        stub.add_response("send_email", {})
        sent = send(client, "sesv2")
    assert sent.error is None
    assert "MessageId" not in sent.answer
    assert guard.snapshot().outcome_unknown == 0
    assert ledger.settled.total() == ledger.reserved


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("member", ["__type", "code"])
def test_the_code_of_an_error_may_stand_in_the_body(stage: Stage, mode: str, member: str) -> None:
    """As the protocol of v2 allows (Smithy, AWS restJson1, "Operation error serialization")."""
    error = {member: "TooManyRequestsException", "message": "Maximum sending rate exceeded."}
    script = stage.play("plain", [say(of_v2(429, error))])
    client = stage.client("sesv2", stage.route("plain"), mode)
    with guarded(client) as (guard, _):
        sent = send(client, "sesv2")
    assert sent.error is None
    assert len(script.arrivals) == 2
    assert guard.snapshot().throttles == 1
