"""One send in each case of the table: what arrives, what is told, counted and settled."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
from botocore.exceptions import BotoCoreError, ClientError

from botoses_guard import errors

from .cases import BAD, CASES, Case
from .stage import MODES, QUOTA, RECIPIENTS, SERVICES, Sent, Stage, Transport, guarded, send

CELLS = [
    pytest.param(case, service, transport, mode, id=f"{case.name}-{service}-{transport}-{mode}")
    for case in CASES
    for service in SERVICES
    for transport in case.transports
    for mode in MODES
]
UNKNOWN = [case for case in CASES if case.told == "unknown"]


def play(stage: Stage, case: Case, transport: Transport, times: int = BAD) -> Any:
    return stage.play(transport, [case.ending] * times, tls=case.tls)


@cache
def plain(stage: Stage, case: Case, service: str, transport: Transport) -> Sent:
    """One request of a client that is not guarded."""
    play(stage, case, transport)
    route = stage.route(transport)
    client = stage.client(service, route, attempts=1, read_timeout=case.read_timeout)
    return send(client, service)


@pytest.mark.parametrize("case, service, transport, mode", CELLS)
def test_the_outcome_is_told_as_it_is(
    stage: Stage, case: Case, service: str, transport: Transport, mode: str
) -> None:
    unguarded = plain(stage, case, service, transport)
    script = play(stage, case, transport)
    client = stage.client(service, stage.route(transport), mode, read_timeout=case.read_timeout)
    with guarded(client) as (guard, ledger):
        sent = send(client, service)

    if case.told == "unknown":
        check_unknown(sent, unguarded)
    else:
        check_refused(sent, unguarded, case.status)
    assert len(script.arrivals) == 1
    assert sent.tries == 1

    snapshot = guard.snapshot()
    assert (snapshot.sends, snapshot.accepted, snapshot.attempts) == (1, 0, 1)
    unknown = case.told == "unknown"
    assert snapshot.outcome_unknown == unknown
    assert snapshot.refusals == ({} if unknown else {"other": 1})
    # An unknown send may have used up its recipients' part of the quota, so it counts.
    assert ledger.settled == {"accepted" if unknown else "rejected": len(RECIPIENTS)}
    [standing] = snapshot.accounts.values()
    assert standing.remaining_24_hours == QUOTA - (len(RECIPIENTS) if unknown else 0)


def check_unknown(sent: Sent, unguarded: Sent) -> None:
    error = sent.error
    assert isinstance(error, errors.OutcomeUnknown), (error, sent.answer)
    assert error.diagnosis.category == "outcome_unknown"
    assert not error.diagnosis.retryable
    assert len(error.attempts) == 1
    assert error.recipients == RECIPIENTS
    if isinstance(unguarded.error, BotoCoreError):
        assert isinstance(error, type(unguarded.error))


def check_refused(sent: Sent, unguarded: Sent, status: int) -> None:
    error = sent.error
    assert isinstance(error, ClientError), (error, sent.answer)
    assert isinstance(error, errors.SESError)
    assert not isinstance(error, errors.OutcomeUnknown)
    assert error.diagnosis.category == "other"
    assert error.response["ResponseMetadata"]["HTTPStatusCode"] == status
    if isinstance(unguarded.error, ClientError):
        assert code_and_text(error) == code_and_text(unguarded.error)


def code_and_text(error: ClientError) -> tuple[str, str]:
    """What botocore writes into the error's text."""
    found = error.response.get("Error", {})
    return str(found.get("Code", "Unknown")), str(found.get("Message", "Unknown"))


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("case", UNKNOWN, ids=lambda case: str(case.name))
def test_the_table_says_what_a_plain_client_doubles(stage: Stage, case: Case, service: str) -> None:
    transport = case.transports[-1]
    script = play(stage, case, transport, times=1)
    send(stage.client(service, stage.route(transport), read_timeout=case.read_timeout), service)
    assert len(script.arrivals) == 1 + (service in case.doubled)
