"""Bulk calls: an entry is accepted where SES says so, and nothing arrives twice."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

import botoses_guard
from botoses_guard import errors

from . import bulk, endings, lost_sockets
from .answers import HTML, TYPES, http, say
from .bulk import ENTRIES, MEMBER, METHOD, OPERATION, Result
from .connection import Connection, Request
from .server import Ending
from .stage import MODES, PATIENCE, QUOTA, SERVICES, TIMEOUT, Stage, call, guarded

pytestmark = lost_sockets.ignored

everywhere = pytest.mark.parametrize("service", SERVICES)
in_every_mode = pytest.mark.parametrize("mode", MODES)

ALL = list(range(ENTRIES))

ENOUGH = 0.5
"""Seconds for an answer that comes, of a client that gives up one that does not."""


def of_each(v1: str, v2: dict[str, Any]) -> Ending:
    """Answer with what stands in the place of the results."""

    def ending(connection: Connection, request: Request) -> None:
        is_v2 = request.service == "sesv2"
        connection.send(bulk.v2_answer(v2) if is_v2 else bulk.v1_answer(v1))

    return ending


def nothing(service: str, index: int) -> None:
    return None


def too_few(connection: Connection, request: Request) -> None:
    results = [bulk.success(request.service, index) for index in (0, 1)]
    connection.send(bulk.answer(request.service, results))


def nothing_of_the_last_two(service: str, index: int) -> Result | None:
    return bulk.success(service, index) if index < 2 else None


def empty_of_the_last_two(service: str, index: int) -> Result:
    return bulk.success(service, index) if index < 2 else {}


WITHOUT_RESULT = {
    "missing list": (of_each("", {}), ALL),
    "empty list": (of_each("<Status/>", {"BulkEmailEntryResults": []}), ALL),
    "not a list": (of_each("<Status>Success</Status>", {"BulkEmailEntryResults": {}}), ALL),
    "null list": (of_each("<Status></Status>", {"BulkEmailEntryResults": None}), ALL),
    "null elements": (bulk.about_each(nothing), ALL),
    "too few": (too_few, [2, 3]),
    "some null elements": (bulk.about_each(nothing_of_the_last_two), [2, 3]),
    "some empty elements": (bulk.about_each(empty_of_the_last_two), [2, 3]),
}
"""Answers, and the entries of which they say nothing."""


def check_marked(answer: Any, service: str, unknown: list[int]) -> None:
    """Those entries are unknown in the answer, and the others have their results."""
    results = answer[MEMBER[service]]
    assert len(results) == ENTRIES
    for index in set(ALL) - set(unknown):
        assert results[index] == bulk.success(service, index)
    failures = botoses_guard.bulk_failures(answer, bulk.parameters(service))
    assert [failure.index for failure in failures] == unknown
    for failure in failures:
        assert failure.recipients == (f"reader{failure.index}@example.com",)
        assert failure.status == results[failure.index]["Status"]
        assert failure.status not in ("", "Success", "SUCCESS")
        assert failure.diagnosis.category == "outcome_unknown"
        assert not failure.diagnosis.retryable


@everywhere
@in_every_mode
@pytest.mark.parametrize("ending, unknown", WITHOUT_RESULT.values(), ids=WITHOUT_RESULT)
def test_an_entry_without_a_result_is_unknown(
    stage: Stage, service: str, mode: str, ending: Ending, unknown: list[int]
) -> None:
    script = stage.play("plain", [ending])
    client = stage.client(service, stage.route("plain"), mode)
    with guarded(client) as (guard, ledger):
        sent = call(client, lambda: bulk.send(client, service))
    assert sent.error is None
    check_marked(sent.answer, service, unknown)
    assert bulk.arrived(script, 1) == dict.fromkeys(ALL, 1)
    snapshot = guard.snapshot()
    assert (snapshot.sends, snapshot.attempts) == (1, 1)
    assert snapshot.failed_entries == len(unknown)
    # What may have been accepted counts to the quota, entry by entry.
    assert ledger.settled == {"accepted": ENTRIES}
    [standing] = snapshot.accounts.values()
    assert standing.remaining_24_hours == QUOTA - ENTRIES


@everywhere
@pytest.mark.parametrize("ending, unknown", WITHOUT_RESULT.values(), ids=WITHOUT_RESULT)
def test_an_entry_without_a_result_is_raised_where_the_setting_says_so(
    stage: Stage, service: str, ending: Ending, unknown: list[int]
) -> None:
    stage.play("plain", [ending])
    client = stage.client(service, stage.route("plain"))
    with guarded(client, bulk_failures="raise"):
        sent = call(client, lambda: bulk.send(client, service))
    assert isinstance(sent.error, errors.BulkSendFailed)
    assert [failure.index for failure in sent.error.failures] == unknown
    assert sent.error.diagnosis.category == "outcome_unknown"
    check_marked(sent.error.bulk_response, service, unknown)


@everywhere
@in_every_mode
@pytest.mark.parametrize(
    "ending",
    [
        endings.fin,
        endings.rst,
        endings.hang,
        say(http(502, HTML, TYPES["html"])),
        say(http(200, b"5", TYPES["json"])),
    ],
    ids=["FIN", "RST", "no answer", "502 with HTML", "200 with 5"],
)
def test_a_call_without_an_answer_is_unknown_as_a_whole(
    stage: Stage, service: str, mode: str, ending: Ending
) -> None:
    script = stage.play("plain", [ending] * 2)
    timeout = TIMEOUT if ending is endings.hang else PATIENCE
    client = stage.client(service, stage.route("plain"), mode, read_timeout=timeout)
    with guarded(client) as (guard, ledger):
        sent = call(client, lambda: bulk.send(client, service))
    assert isinstance(sent.error, errors.OutcomeUnknown)
    assert bulk.arrived(script, 1) == dict.fromkeys(ALL, 1)
    assert (guard.snapshot().sends, guard.snapshot().outcome_unknown) == (1, 1)
    assert ledger.settled == {"accepted": ENTRIES}


@everywhere
@in_every_mode
def test_an_entry_with_an_id_and_no_status_is_accepted(
    stage: Stage, service: str, mode: str
) -> None:
    """moto answers like this."""
    script = stage.play(
        "plain", [bulk.about_each(lambda service, index: {"MessageId": f"id-of-{index}"})]
    )
    client = stage.client(service, stage.route("plain"), mode)
    with guarded(client, bulk_failures="raise") as (guard, ledger):
        sent = call(client, lambda: bulk.send(client, service))
    assert sent.error is None
    assert [result["MessageId"] for result in sent.answer[MEMBER[service]]] == [
        f"id-of-{index}" for index in ALL
    ]
    assert botoses_guard.bulk_failures(sent.answer) == ()
    assert bulk.arrived(script, 1) == dict.fromkeys(ALL, 1)
    assert guard.snapshot().failed_entries == 0
    assert ledger.settled == {"accepted": ENTRIES}


def throttles_the_last_two(service: str, index: int) -> Result:
    return (bulk.success if index < 2 else bulk.throttled)(service, index)


FIRST = bulk.about_each(throttles_the_last_two)
"""The first answer: two entries are accepted, and two may go again."""

LOST_RESENDS = {
    "FIN": endings.fin,
    "RST": endings.rst,
    "no answer": endings.hang,
    "200 with HTML": say(http(200, HTML, TYPES["html"])),
    "200 with nothing": say(http(200)),
    "200 with 5": say(http(200, b"5", TYPES["json"])),
    "502 with HTML": say(http(502, HTML, TYPES["html"])),
    "503 with HTML": say(http(503, HTML, TYPES["html"])),
    "missing list": WITHOUT_RESULT["missing list"][0],
    "null elements": WITHOUT_RESULT["null elements"][0],
}


@everywhere
@in_every_mode
@pytest.mark.parametrize("ending", LOST_RESENDS.values(), ids=LOST_RESENDS)
def test_a_resend_whose_answer_is_lost_marks_its_entries(
    stage: Stage, service: str, mode: str, ending: Ending
) -> None:
    script = stage.play("plain", [FIRST, *[ending] * 2])
    timeout = ENOUGH if ending is endings.hang else PATIENCE
    client = stage.client(service, stage.route("plain"), mode, read_timeout=timeout)
    with guarded(client) as (guard, ledger):
        sent = call(client, lambda: bulk.send(client, service))
    assert sent.error is None
    check_marked(sent.answer, service, [2, 3])
    # Twice for those that were throttled: SES had not accepted them.
    assert bulk.arrived(script, 2) == {0: 1, 1: 1, 2: 2, 3: 2}
    snapshot = guard.snapshot()
    assert (snapshot.sends, snapshot.failed_entries, snapshot.attempts) == (1, 2, 2)
    assert ledger.settled == {"accepted": ENTRIES, "throttled": 2}


@everywhere
@in_every_mode
def test_a_resend_that_is_answered_is_merged(stage: Stage, service: str, mode: str) -> None:
    """The control: each result stands where its entry does."""
    script = stage.play("plain", [FIRST, bulk.accept])
    client = stage.client(service, stage.route("plain"), mode)
    with guarded(client) as (guard, ledger):
        sent = call(client, lambda: bulk.send(client, service))
    check_marked(sent.answer, service, [])
    assert bulk.arrived(script, 2) == {0: 1, 1: 1, 2: 2, 3: 2}
    assert ledger.settled == {"accepted": ENTRIES, "throttled": 2}
    assert (guard.snapshot().sends, guard.snapshot().attempts) == (1, 2)


def fails_on_second() -> Callable[..., None]:
    """A handler of the user's that is broken for the second request."""
    calls: list[object] = []

    def handler(**_: Any) -> None:
        calls.append(None)
        if len(calls) == 2:
            raise LookupError("of the user's own")

    return handler


@everywhere
@in_every_mode
@pytest.mark.parametrize(
    "event, arrivals",
    [
        ("before-send", {0: 1, 1: 1, 2: 1, 3: 1}),
        ("before-parse", {0: 1, 1: 1, 2: 2, 3: 2}),
    ],
)
def test_a_handler_that_fails_during_the_resend_loses_no_result(
    stage: Stage, service: str, mode: str, event: str, arrivals: dict[int, int]
) -> None:
    script = stage.play("plain", [FIRST, bulk.accept])
    client = stage.client(service, stage.route("plain"), mode)
    name = f"{event}.{service}.{OPERATION[service]}"
    handler = fails_on_second()
    with guarded(client) as (guard, ledger):
        client.meta.events.register(name, handler)
        sent = call(client, lambda: bulk.send(client, service))
        client.meta.events.unregister(name, handler)
    assert sent.error is None
    assert bulk.arrived(script, max(arrivals.values())) == arrivals
    results = sent.answer[MEMBER[service]]
    assert results[:2] == [bulk.success(service, index) for index in (0, 1)]
    failures = botoses_guard.bulk_failures(sent.answer)
    assert [failure.index for failure in failures] == [2, 3]
    if event == "before-parse":  # else the request surely never left
        check_marked(sent.answer, service, [2, 3])
    assert guard.snapshot().sends == 1
    assert ledger.settled.total() == ledger.reserved


@everywhere
@pytest.mark.parametrize("event", ["before-send", "before-parse"])
def test_a_handler_that_fails_during_the_resend_is_raised_where_the_setting_says_so(
    stage: Stage, service: str, event: str
) -> None:
    stage.play("plain", [FIRST, bulk.accept])
    client = stage.client(service, stage.route("plain"))
    name = f"{event}.{service}.{OPERATION[service]}"
    handler = fails_on_second()
    with guarded(client, bulk_failures="raise"):
        client.meta.events.register(name, handler)
        sent = call(client, lambda: bulk.send(client, service))
        client.meta.events.unregister(name, handler)
    assert isinstance(sent.error, errors.BulkSendFailed)
    assert [failure.index for failure in sent.error.failures] == [2, 3]
    results = sent.error.bulk_response[MEMBER[service]]
    assert results[:2] == [bulk.success(service, index) for index in (0, 1)]


@everywhere
def test_a_wrapper_of_the_method_is_called_once(stage: Stage, service: str) -> None:
    script = stage.play("plain", [FIRST, bulk.accept])
    client = stage.new_client(service, stage.route("plain"))
    wrapped = getattr(client, METHOD[service])
    calls: list[object] = []

    def wrapper(**parameters: Any) -> Any:
        calls.append(parameters)
        return wrapped(**parameters)

    setattr(client, METHOD[service], wrapper)
    with guarded(client):
        sent = call(client, lambda: bulk.send(client, service))
    check_marked(sent.answer, service, [])
    assert len(calls) == 1
    assert len(script.arrivals) == 2


@everywhere
@in_every_mode
@pytest.mark.parametrize("status", [302, 400, 403, 413, 429])
def test_a_gateway_that_refuses_the_whole_call(
    stage: Stage, service: str, mode: str, status: int
) -> None:
    script = stage.play("plain", [say(http(status, HTML, TYPES["html"]))] * 2)
    client = stage.client(service, stage.route("plain"), mode)
    with guarded(client) as (guard, ledger):
        sent = call(client, lambda: bulk.send(client, service))
    assert isinstance(sent.error, ClientError)
    assert not isinstance(sent.error, errors.OutcomeUnknown)
    assert len(script.arrivals) == 1
    assert guard.snapshot().refusals == {"other": 1}
    assert ledger.settled == {"rejected": ENTRIES}


@everywhere
@in_every_mode
@pytest.mark.parametrize("first", [False, True], ids=["behind", "ahead"])
def test_a_handler_that_gives_parameters_of_its_own_is_not_in_the_way(
    stage: Stage, service: str, mode: str, first: bool
) -> None:
    """What ``provide-client-params`` returns takes the place of what the program gave."""

    def provide(params: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {**params, "ConfigurationSetName": "orders"}

    script = stage.play("plain", [FIRST, bulk.accept])
    client = stage.client(service, stage.route("plain"), mode)
    name = f"provide-client-params.{service}.{OPERATION[service]}"
    events = client.meta.events
    with guarded(client) as (guard, ledger):
        (events.register_first if first else events.register)(name, provide)
        sent = call(client, lambda: bulk.send(client, service))
        events.unregister(name, provide)
    assert sent.error is None
    check_marked(sent.answer, service, [])
    assert bulk.arrived(script, 2) == {0: 1, 1: 1, 2: 2, 3: 2}
    assert all(b"orders" in request.body for request in script.arrivals)
    snapshot = guard.snapshot()
    assert (snapshot.sends, snapshot.recipients, snapshot.attempts) == (1, ENTRIES, 2)
    assert ledger.settled == {"accepted": ENTRIES, "throttled": 2}
