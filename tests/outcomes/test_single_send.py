"""One send in each case of the table: what arrives, what is told, counted and settled."""

from __future__ import annotations

import inspect
from functools import cache
from importlib.metadata import version
from itertools import product
from typing import Any

import botocore.httpsession
import pytest
from botocore.exceptions import BotoCoreError, ClientError

from botoses_guard import errors

from . import endings, greetings, lost_sockets
from .answers import HTML, TYPES, accept, http, say
from .cases import BAD, CASES, WITHIN_TLS, Case
from .connection import Connection
from .server import Ending, Greeting, Script
from .stage import (
    MODES,
    QUOTA,
    RECIPIENTS,
    SERVICES,
    TRANSPORTS,
    Sent,
    Stage,
    Transport,
    call,
    guarded,
    message,
    send,
)

pytestmark = lost_sockets.ignored

CELLS = [
    pytest.param(*cell, id="-".join([cell[0].name, *cell[1:]]))
    for case in CASES
    for cell in product([case], SERVICES, case.transports, MODES)
]
CHECKS_LENGTH = not version("urllib3").startswith(
    "1."
) and "enforce_content_length=False" not in inspect.getsource(botocore.httpsession)
"""Whether the installed versions notice a body shorter than its Content-Length."""

UNKNOWN = [case for case in CASES if case.told == "unknown"]


def play(stage: Stage, case: Case, transport: Transport, times: int = BAD) -> Script:
    return stage.play(transport, [case.ending] * times, context=stage.context(case.tls))


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
    assert script.count(1) == 1
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
    doubled = SERVICES if case.is_short and CHECKS_LENGTH else case.doubled
    assert (script.count(1 + (service in doubled)) > 1) == (service in doubled)


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("ending", [endings.fin, endings.rst], ids=["FIN", "RST"])
@pytest.mark.parametrize("transport", TRANSPORTS)
def test_a_connection_that_was_used_before_proves_nothing(
    stage: Stage, service: str, ending: Ending, transport: Transport
) -> None:
    """No connection is made for the second request, so none fails."""
    script = stage.play(transport, [accept, ending])
    client = stage.client(service, stage.route(transport))
    with guarded(client) as (guard, ledger):

        def twice() -> None:
            client.send_email(**message(service))
            client.send_email(**message(service))

        sent = call(client, twice)
    assert isinstance(sent.error, errors.OutcomeUnknown)
    assert (script.connections, len(script.arrivals)) == (1, 2)
    assert (guard.snapshot().accepted, guard.snapshot().outcome_unknown) == (1, 1)
    assert ledger.settled == {"accepted": 2 * len(RECIPIENTS)}


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("greeting", [greetings.cut, greetings.reset], ids=["FIN", "RST"])
def test_a_request_that_may_have_left_by_half_is_not_sent_again(
    stage: Stage, service: str, greeting: Greeting
) -> None:
    """The client cannot know how much of it the server read: here not enough."""
    script = stage.play("plain", greetings=[greeting])
    client = stage.client(service, stage.route("plain"))
    with guarded(client) as (guard, _):
        sent = send(client, service)
    assert isinstance(sent.error, errors.OutcomeUnknown)
    assert (script.connections, script.arrivals) == (1, [])
    assert guard.snapshot().outcome_unknown == 1


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("transport", WITHIN_TLS)
def test_a_client_certificate_that_is_missed_after_the_handshake(
    stage: Stage, service: str, transport: Transport
) -> None:
    """In TLS 1.3 the client sends before it hears that its side of the handshake was refused.

    Nothing tells this from a connection that broke once the request was read (RFC 8446 section
    4.4.2.4); in TLS 1.2 it is a handshake that fails.
    """
    context = stage.authority.context("1.3", asks_for_certificate=True)
    script = stage.play(transport, context=context)
    client = stage.client(service, stage.route(transport))
    with guarded(client) as (guard, _):
        sent = send(client, service)
    assert isinstance(sent.error, errors.OutcomeUnknown)
    assert (script.connections, script.arrivals) == (1, [])
    assert guard.snapshot().outcome_unknown == 1


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("status", [400, 413, 503])
@pytest.mark.parametrize("ends", ["close", "reset"])
def test_an_answer_before_the_whole_request_was_read(
    stage: Stage, service: str, status: int, ends: str
) -> None:
    """As gateways answer a body that is too large for them: the client may see that or a reset."""

    def early(connection: Connection) -> None:
        connection.head()
        connection.send(http(status, HTML, TYPES["html"]))
        getattr(connection, ends)()

    script = stage.play("plain", greetings=[early])
    client = stage.client(service, stage.route("plain"))
    with guarded(client) as (guard, ledger):
        sent = call(client, lambda: client.send_email(**message(service, text="x" * 10**6)))
    assert isinstance(sent.error, errors.SESError)
    if not isinstance(sent.error, errors.OutcomeUnknown):
        assert status < 500
        assert sent.error.response["ResponseMetadata"]["HTTPStatusCode"] == status
    assert (script.connections, script.arrivals, sent.tries) == (1, [], 1)
    assert guard.snapshot().sends == 1
    assert ledger.settled.total() == ledger.reserved


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("transport", TRANSPORTS)
def test_an_answer_that_comes_late_is_not_taken_for_that_of_the_next_send(
    stage: Stage, service: str, transport: Transport
) -> None:
    """The client took 103 for the answer, and the connection for free."""

    script = stage.play(transport, [say(http(103))])
    client = stage.client(service, stage.route(transport))
    with guarded(client) as (guard, _):

        def twice() -> Any:
            with pytest.raises(errors.OutcomeUnknown):
                client.send_email(**message(service))
            return client.send_email(**message(service))

        sent = call(client, twice)
    assert sent.error is None
    assert script.connections == 2
    assert len(script.arrivals) == 2
    assert (guard.snapshot().outcome_unknown, guard.snapshot().accepted) == (1, 1)
