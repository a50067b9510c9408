"""Bulk calls: SES answers 200 with failures inside."""

from __future__ import annotations

import copy
import pickle
import time
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from typing import Any
from unittest.mock import patch

import boto3
import pytest
from botocore.client import BaseClient
from botocore.config import Config
from botocore.stub import Stubber

import botoses_guard
from botoses_guard import errors
from botoses_guard.plugin import Guard
from botoses_guard.settings import load
from botoses_guard.simulator import Simulator

from .sends import MODES, SENDER, SERVICES

everywhere = pytest.mark.parametrize("service", SERVICES)

ENTRIES = 10
SUCCESS = {"ses": "Success", "sesv2": "SUCCESS"}
THROTTLED = {"ses": "AccountThrottled", "sesv2": "ACCOUNT_THROTTLED"}
FULL = {"ses": "AccountDailyQuotaExceeded", "sesv2": "ACCOUNT_DAILY_QUOTA_EXCEEDED"}


def recipient(index: int) -> str:
    return f"reader{index}@example.com"


def bulk(service: str, entries: int = ENTRIES, domain: str = "example.com") -> dict[str, Any]:
    """The parameters of a bulk call to one recipient in each entry."""
    destinations: list[Any] = [
        {"Destination": {"ToAddresses": [f"reader{index}@{domain}"]}} for index in range(entries)
    ]
    if service == "ses":
        return {
            "Source": SENDER,
            "Template": "news",
            "DefaultTemplateData": "{}",
            "Destinations": destinations,
        }
    return {
        "FromEmailAddress": SENDER,
        "DefaultContent": {"Template": {"TemplateName": "news", "TemplateData": "{}"}},
        "BulkEmailEntries": destinations,
    }


def send_of(client: Any) -> Callable[..., dict[str, Any]]:
    name = (
        "send_bulk_templated_email" if client.meta.service_model.api_version[:4] == "2010" else ""
    )
    send: Callable[..., dict[str, Any]] = getattr(client, name or "send_bulk_email")
    return send


def results_of(answer: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = answer.get("Status") or answer["BulkEmailEntryResults"]
    return found


@pytest.fixture
def ses() -> Iterator[Simulator]:
    with Simulator(rate=1000, templates=["news"]) as simulator:
        yield simulator


class Naps:
    """Sleeps that are noted and cut short."""

    def __init__(self) -> None:
        self.taken: list[float] = []

    def __call__(self, seconds: float) -> None:
        self.taken.append(seconds)
        time.sleep(min(seconds, 0.002))


def guarded(
    ses: Simulator,
    service: str,
    *,
    mode: str = "standard",
    read_timeout: float = 10,
    **arguments: Any,
) -> tuple[Any, Guard, Naps]:
    naps = Naps()
    guard = Guard(load(arguments, {}), sleep=naps, uniform=lambda: 0.5)
    make: Any = Config
    config = make(retries={"mode": mode}, read_timeout=read_timeout)
    client = ses.client(service, session=boto3.Session(), config=config)
    guard.attach(client)
    return client, guard, naps


def arrived(ses: Simulator) -> list[str]:
    return sorted(message.recipients[0] for message in ses.inbox)


def everyone(entries: int = ENTRIES) -> list[str]:
    return sorted(recipient(index) for index in range(entries))


@everywhere
@pytest.mark.parametrize("mode", MODES)
def test_exactly_the_entries_that_were_throttled_or_failed_for_now_go_again(
    ses: Simulator, service: str, mode: str
) -> None:
    client, guard, _ = guarded(ses, service, mode=mode)
    ses.faults.throttle_entries(3, after=2)
    ses.faults.fail_entries(2, after=1)
    answer = send_of(client)(**bulk(service))
    assert [result["Status"] for result in results_of(answer)] == [SUCCESS[service]] * ENTRIES
    assert ses.counters.sends == 2
    assert arrived(ses) == everyone()
    snapshot = guard.snapshot()
    assert (snapshot.sends, snapshot.recipients, snapshot.attempts) == (1, ENTRIES, 2)
    assert snapshot.failed_entries == 0


@everywhere
def test_the_answer_keeps_its_shape_and_order(ses: Simulator, service: str) -> None:
    """Each result stands where its entry does, with the id of the message that went to it."""
    client, _, _ = guarded(ses, service)
    plain = set(send_of(ses.client(service, session=boto3.Session()))(**bulk(service)))
    ses.inbox.clear()
    ses.faults.throttle_entries(4, after=3)
    answer = send_of(client)(**bulk(service))
    assert set(answer) == plain
    ids = {message.recipients[0]: message.message_id for message in ses.inbox}
    assert [result["MessageId"] for result in results_of(answer)] == [
        ids[recipient(index)] for index in range(ENTRIES)
    ]
    assert answer["ResponseMetadata"]["RetryAttempts"] == 1


@everywhere
def test_an_entry_that_stays_throttled_keeps_the_word_of_ses(ses: Simulator, service: str) -> None:
    client, guard, naps = guarded(ses, service, max_attempts=3)
    ses.faults.throttle_entries(1, after=9)
    ses.faults.throttle_entries(10)
    answer = send_of(client)(**bulk(service))
    assert [result["Status"] for result in results_of(answer)] == [
        *[SUCCESS[service]] * 9,
        THROTTLED[service],
    ]
    assert ses.counters.sends == 3
    assert len(naps.taken) >= 2
    assert guard.snapshot().failed_entries == 1
    [failure] = botoses_guard.bulk_failures(answer, bulk(service))
    assert (failure.index, failure.status, failure.recipients) == (
        9,
        THROTTLED[service],
        (recipient(9),),
    )
    assert failure.diagnosis.category == "send_rate"
    assert failure.diagnosis.retryable


@everywhere
def test_what_cannot_pass_is_not_sent_again(service: str) -> None:
    """A recipient whom the sandbox does not know stays refused; the others are accepted."""
    verified = [SENDER, *(recipient(index) for index in range(ENTRIES - 1))]
    with Simulator(rate=1000, templates=["news"], verified=verified, sandbox=True) as ses:
        client, _, _ = guarded(ses, service)
        answer = send_of(client)(**bulk(service))
        assert ses.counters.sends == 1
        assert arrived(ses) == everyone(ENTRIES - 1)
        [failure] = botoses_guard.bulk_failures(answer)
        assert failure.diagnosis.category == "unverified_identity"
        assert failure.diagnosis.identities == (recipient(ENTRIES - 1),)
        assert failure.recipients == ()


@everywhere
def test_a_daily_quota_in_the_entries_stops_the_rest_and_is_remembered(service: str) -> None:
    """The quota of the simulator has room for six; the guard was told of more."""
    with Simulator(rate=1000, templates=["news"], quota=6) as ses:
        client, guard, _ = guarded(ses, service, max_24_hour_send=1000, max_send_rate=1000)
        ses.faults.throttle_entries(2)
        answer = send_of(client)(**bulk(service))
        statuses = [result["Status"] for result in results_of(answer)]
        assert statuses == [
            *[THROTTLED[service]] * 2,
            *[SUCCESS[service]] * 6,
            *[FULL[service]] * 2,
        ]
        assert ses.counters.sends == 1
        with pytest.raises(errors.DailyQuotaExceeded) as caught:
            send_of(client)(**bulk(service, 1))
        assert (caught.value.origin, ses.counters.sends) == ("client", 1)
        [standing] = guard.snapshot().accounts.values()
        assert standing.remaining_24_hours == 0


@everywhere
def test_entries_that_were_refused_are_free_of_the_quota(ses: Simulator, service: str) -> None:
    client, guard, _ = guarded(
        ses, service, max_24_hour_send=100, max_send_rate=1000, max_attempts=1
    )
    ses.faults.throttle_entries(3)
    ses.faults.fail_entries(2)
    send_of(client)(**bulk(service))
    [standing] = guard.snapshot().accounts.values()
    assert standing.remaining_24_hours == 95


@everywhere
@pytest.mark.parametrize(
    ("fault", "status", "category"),
    [
        ("respond_400", "AccountThrottled", "send_rate"),
        ("exhaust_quota", "AccountDailyQuotaExceeded", "daily_quota"),
        ("respond_503", "TransientFailure", "service_unavailable"),
        ("hang_after_accept", "Failed", "outcome_unknown"),
        ("cut", "Failed", "outcome_unknown"),
    ],
)
def test_a_resend_that_fails_as_a_whole_leaves_the_accepted_entries_in_the_answer(
    ses: Simulator, service: str, fault: str, status: str, category: str
) -> None:
    client, guard, _ = guarded(ses, service, read_timeout=0.2, max_attempts=2)
    ses.faults.delay(0)
    if fault == "respond_400":
        ses.faults.error("MessageRejected", "A text of its own")
    elif fault == "respond_503":
        ses.faults.respond(503)
    else:
        getattr(ses.faults, fault)()
    ses.faults.throttle_entries(2, after=8)
    answer = send_of(client)(**bulk(service))
    words = [result["Status"] for result in results_of(answer)]
    assert words[:8] == [SUCCESS[service]] * 8
    assert [word.replace("_", "").lower() for word in words[8:]] == [status.lower()] * 2
    failures = botoses_guard.bulk_failures(answer)
    assert {failure.diagnosis.category for failure in failures} == {category}
    assert ses.counters.sends == 2
    assert len(arrived(ses)) == (10 if fault == "hang_after_accept" else 8)
    if status == "Failed":
        assert not failures[0].diagnosis.retryable
        assert "may have been accepted" in failures[0].error
    assert guard.snapshot().sends == 1


@everywhere
def test_no_accepted_entry_is_ever_sent_again(ses: Simulator, service: str) -> None:
    client, _, _ = guarded(ses, service, max_attempts=20)
    for _ in range(12):
        ses.faults.throttle_entries(1, after=2)
        ses.faults.fail_entries(1, after=1)
    answer = send_of(client)(**bulk(service, 30))
    assert botoses_guard.bulk_failures(answer) == ()
    assert arrived(ses) == everyone(30)


@everywhere
def test_failures_are_raised_where_the_setting_says_so(ses: Simulator, service: str) -> None:
    client, guard, _ = guarded(ses, service, bulk_failures="raise", max_attempts=2)
    ses.faults.throttle_entries(1, after=4)
    ses.faults.throttle_entries(1, after=5)
    with pytest.raises(errors.BulkSendFailed) as caught:
        send_of(client)(**bulk(service))
    error = caught.value
    for copied in (error, pickle.loads(pickle.dumps(error)), copy.deepcopy(error)):
        assert [failure.index for failure in copied.failures] == [4]
        assert [result["Status"] for result in results_of(dict(copied.bulk_response))].count(
            SUCCESS[service]
        ) == 9
        assert copied.recipients == (recipient(4),)
        assert copied.diagnosis.category == "send_rate"
        assert copied.response["Error"]["Code"] == THROTTLED[service]
    assert recipient(4) not in str(error)
    assert "1 entry was not accepted" in str(error)
    assert len(arrived(ses)) == 9
    assert guard.snapshot().failed_entries == 1


@everywhere
def test_all_accepted_raises_nothing(ses: Simulator, service: str) -> None:
    client, _, _ = guarded(ses, service, bulk_failures="raise")
    send_of(client)(**bulk(service))
    assert arrived(ses) == everyone()


@everywhere
def test_the_deadline_of_the_first_call_holds_for_its_resends(ses: Simulator, service: str) -> None:
    client, _, naps = guarded(ses, service, max_wait=0.5, max_attempts=50)
    ses.faults.throttle_entries(1000)
    started = time.monotonic()
    answer = send_of(client)(**bulk(service))
    assert len(botoses_guard.bulk_failures(answer)) == ENTRIES
    assert time.monotonic() - started < 5
    assert max(naps.taken) <= 0.5


@everywhere
def test_names_and_domains_of_entries_that_go_again_arrive_as_they_would_have(
    ses: Simulator, service: str
) -> None:
    """What was normalised for the first call is not encoded a second time."""
    client, _, _ = guarded(ses, service)
    ses.faults.throttle_entries(2, after=1)
    parameters = bulk(service, 3, domain="bücher.example")
    before = copy.deepcopy(parameters)
    send_of(client)(**parameters)
    assert arrived(ses) == [f"reader{index}@xn--bcher-kva.example" for index in range(3)]
    assert parameters == before


@everywhere
def test_an_answer_of_a_stubber_is_final(ses: Simulator, service: str) -> None:
    """It has no second answer to give."""
    client, _, _ = guarded(ses, service)
    member = {"ses": "Status", "sesv2": "BulkEmailEntryResults"}[service]
    method = {"ses": "send_bulk_templated_email", "sesv2": "send_bulk_email"}[service]
    with Stubber(client) as stub:
        stub.add_response(method, {member: [{"Status": THROTTLED[service]}]})
        answer = send_of(client)(**bulk(service, 1))
    assert [failure.status for failure in botoses_guard.bulk_failures(answer)] == [
        THROTTLED[service]
    ]


@everywhere
def test_an_answer_about_another_number_of_entries_is_left_alone(
    ses: Simulator, service: str
) -> None:
    """Nobody knows which entries it means, so that none is sent again."""
    client, _, _ = guarded(ses, service)
    member = {"ses": "Status", "sesv2": "BulkEmailEntryResults"}[service]
    method = {"ses": "send_bulk_templated_email", "sesv2": "send_bulk_email"}[service]
    with Stubber(client) as stub:
        stub.add_response(method, {member: [{"Status": THROTTLED[service]}]})
        answer = send_of(client)(**bulk(service, 2))
    assert results_of(answer) == [{"Status": THROTTLED[service]}]


def changes_parameters(client: Any, service: str, where: str) -> Any:
    """Let the program copy the parameters of each call and add to them, as it may."""
    if where == "provide-client-params":

        def provide(params: dict[str, Any], **_: Any) -> dict[str, Any]:
            return {**params, "ConfigurationSetName": "news"}

        client.meta.events.register(f"provide-client-params.{service}", provide)
        return None
    plain: Any = BaseClient
    original = plain._make_api_call

    def call(self: Any, operation: str, parameters: dict[str, Any]) -> Any:
        return original(self, operation, {**parameters, "ConfigurationSetName": "news"})

    return patch.object(BaseClient, "_make_api_call", call)


@everywhere
@pytest.mark.parametrize("where", ["provide-client-params", "_make_api_call"])
def test_a_resend_is_one_though_the_program_copies_its_parameters(service: str, where: str) -> None:
    """It stays a part of its call: one send, one deadline, one number of attempts."""
    with Simulator(rate=1000, templates=["news"], configuration_sets=["news"]) as ses:
        client, guard, _ = guarded(ses, service, max_attempts=3)
        changed = changes_parameters(client, service, where)
        with changed or nullcontext():
            ses.faults.throttle_entries(1000)
            answer = send_of(client)(**bulk(service, 2))
        assert len(botoses_guard.bulk_failures(answer)) == 2
        assert ses.counters.sends == 3
        snapshot = guard.snapshot()
        assert (snapshot.sends, snapshot.attempts, snapshot.failed_entries) == (1, 3, 2)


@everywhere
@pytest.mark.parametrize("front", [False, True])
def test_what_a_handler_adds_to_a_call_is_not_added_to_its_resend(
    ses: Simulator, service: str, front: bool
) -> None:
    """A copy for the archive goes once, and each result stands where its entry does."""
    client, _, _ = guarded(ses, service)
    name = "Destinations" if service == "ses" else "BulkEmailEntries"
    archive = {"Destination": {"ToAddresses": ["archive@example.com"]}}

    def add(params: dict[str, Any], **_: Any) -> None:
        entries = list(params[name])
        params[name] = [archive, *entries] if front else [*entries, archive]

    operation = "SendBulkTemplatedEmail" if service == "ses" else "SendBulkEmail"
    client.meta.events.register(f"before-parameter-build.{service}.{operation}", add)
    ses.faults.throttle_entries(1, after=1)
    answer = send_of(client)(**bulk(service, 3))
    ids = {message.recipients[0]: message.message_id for message in ses.inbox}
    recipients = [recipient(index) for index in range(3)]
    order = ["archive@example.com", *recipients] if front else [*recipients, "archive@example.com"]
    assert [result["MessageId"] for result in results_of(answer)] == [ids[to] for to in order]
    assert arrived(ses) == sorted(order)


WRONG = "jörg@example.com"
INVALID = {"ses": "InvalidParameterValue", "sesv2": "INVALID_PARAMETER"}


def with_wrong(service: str, *indices: int, entries: int = 5) -> dict[str, Any]:
    """A bulk call in which the entries at ``indices`` have an address that SES cannot carry."""
    parameters = bulk(service, entries)
    name = "Destinations" if service == "ses" else "BulkEmailEntries"
    for index in indices:
        parameters[name][index] = {"Destination": {"ToAddresses": [WRONG]}}
    return parameters


@everywhere
@pytest.mark.parametrize("indices", [(0,), (4,), (2,), (0, 1), (1, 3), (0, 1, 2, 3)])
def test_an_entry_that_the_guard_refuses_fails_by_itself(
    ses: Simulator, service: str, indices: tuple[int, ...]
) -> None:
    """SES answers each entry by itself, and so does the guard."""
    client, guard, _ = guarded(ses, service)
    parameters = with_wrong(service, *indices)
    before = copy.deepcopy(parameters)
    answer = send_of(client)(**parameters)
    assert parameters == before
    others = [index for index in range(5) if index not in indices]
    assert arrived(ses) == [recipient(index) for index in others]
    ids = {message.recipients[0]: message.message_id for message in ses.inbox}
    for index, result in enumerate(results_of(answer)):
        if index in indices:
            assert result["Status"] == INVALID[service]
        else:
            assert result["MessageId"] == ids[recipient(index)]
    failures = botoses_guard.bulk_failures(answer, parameters)
    assert [(failure.index, failure.recipients) for failure in failures] == [
        (index, (WRONG,)) for index in indices
    ]
    assert {failure.diagnosis.category for failure in failures} == {"non_ascii_address"}
    snapshot = guard.snapshot()
    assert (snapshot.recipients, snapshot.failed_entries) == (len(others), len(indices))


@everywhere
def test_others_that_were_throttled_go_again_beside_one_that_is_refused(
    ses: Simulator, service: str
) -> None:
    client, _, _ = guarded(ses, service)
    ses.faults.throttle_entries(2, after=1)
    answer = send_of(client)(**with_wrong(service, 1))
    assert [failure.index for failure in botoses_guard.bulk_failures(answer)] == [1]
    assert arrived(ses) == [recipient(index) for index in (0, 2, 3, 4)]


@everywhere
def test_a_refused_entry_is_raised_after_the_others_went(ses: Simulator, service: str) -> None:
    client, _, _ = guarded(ses, service, bulk_failures="raise")
    with pytest.raises(errors.BulkSendFailed) as caught:
        send_of(client)(**with_wrong(service, 3))
    assert [failure.index for failure in caught.value.failures] == [3]
    assert caught.value.recipients == (WRONG,)
    assert len(arrived(ses)) == 4


@everywhere
def test_a_call_of_which_every_entry_is_refused_is_refused(ses: Simulator, service: str) -> None:
    client, _, _ = guarded(ses, service)
    with pytest.raises(errors.NonASCIIAddress) as caught:
        send_of(client)(**with_wrong(service, *range(5)))
    assert len(caught.value.violations) == 5
    assert ses.counters.requests == 0


@everywhere
def test_a_fault_of_the_whole_call_refuses_it(ses: Simulator, service: str) -> None:
    client, _, _ = guarded(ses, service)
    sender = "Source" if service == "ses" else "FromEmailAddress"
    with pytest.raises(errors.NonASCIIAddress):
        send_of(client)(**{**bulk(service), sender: WRONG})
    assert ses.counters.requests == 0
