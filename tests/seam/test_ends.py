"""However a send ends, its slot is settled, it is told of once, and nothing of the guard stays."""

from __future__ import annotations

import gc
from types import SimpleNamespace
from typing import Any

import boto3
import botocore.endpoint
import pytest
from botocore.config import Config
from botocore.exceptions import NoCredentialsError, ParamValidationError

import botoses_guard
from botoses_guard import errors
from botoses_guard.pacing import MemoryStore
from botoses_guard.plugin import Guard
from botoses_guard.settings import load
from botoses_guard.simulator import Simulator

from .sends import MODES, SERVICES, client_of, message
from .test_bulk import THROTTLED, bulk, results_of, send_of

everywhere = pytest.mark.parametrize("service", SERVICES)


def handlers_of(client: Any) -> int:
    """How many handlers of the guard a client has, beside those of the session that made it."""
    names = client.meta.events._emitter._unique_id_handlers
    return sum(name.startswith("botoses-guard.") and name.count(".") > 1 for name in names)


def during(client: Any, event: str, action: Any) -> None:
    """Call ``action`` once, in a handler of ``event``."""
    left = [action]

    def handle(**_: Any) -> None:
        if left:
            left.pop()()

    client.meta.events.register(event, handle)


@everywhere
@pytest.mark.parametrize("mode", MODES)
def test_a_send_under_way_ends_as_it_began_though_its_guard_is_taken_off(
    service: str, mode: str
) -> None:
    """A cut answer is not sent again by botocore, which knows of no guard any more."""
    with Simulator(rate=1000) as ses:
        client, guard = client_of(ses, service, mode=mode)
        before = handlers_of(client)
        during(client, f"before-send.{service}.SendEmail", guard.unregister)
        ses.faults.cut_after_accept(1)
        with pytest.raises(errors.OutcomeUnknown):
            client.send_email(**message(service))
        assert ses.counters.sends == 1
        gc.collect()
        assert before > 0
        assert handlers_of(client) == 0


@everywhere
def test_entries_of_a_bulk_call_go_again_though_its_guard_is_taken_off(service: str) -> None:
    with Simulator(rate=1000, templates=["news"]) as ses:
        client, guard = client_of(ses, service)
        operation = "SendBulkTemplatedEmail" if service == "ses" else "SendBulkEmail"
        during(client, f"before-send.{service}.{operation}", guard.unregister)
        ses.faults.throttle_entries(1)
        answer = send_of(client)(**bulk(service, 2))
        # The resend is a call of its own, which nobody guards any more: what it says is merged.
        assert THROTTLED[service] not in [result["Status"] for result in results_of(answer)]
        assert len(ses.inbox) == 2


@everywhere
def test_a_guard_that_follows_while_a_send_is_under_way_takes_only_its_own(service: str) -> None:
    with Simulator(rate=1000) as ses:
        client, first = client_of(ses, service)
        followers: list[Guard] = []

        def follow() -> None:
            followers.append(botoses_guard.register(client, max_wait=7))

        during(client, f"before-send.{service}.SendEmail", follow)
        client.send_email(**message(service))
        client.send_email(**message(service))
        [second] = followers
        assert (first.snapshot().accepted, second.snapshot().accepted) == (1, 1)


@everywhere
def test_what_botocore_refuses_by_itself_is_told_of_once(service: str) -> None:
    with Simulator(rate=1000) as ses:
        client, guard = client_of(ses, service)
        with pytest.raises(ParamValidationError):
            client.send_email(**{**message(service), "Unknown": 1})
        gc.collect()
        snapshot = guard.snapshot()
        assert (snapshot.sends, snapshot.not_sent, snapshot.accepted) == (1, 1, 0)


@everywhere
def test_a_send_without_credentials_settles_its_slot(
    service: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/no/such/file")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/no/such/file")
    make: Any = boto3.Session().client
    client = make(service, region_name="us-east-1")
    guard = Guard(load({"max_send_rate": 10, "max_24_hour_send": 5}, {}), store=MemoryStore())
    guard.attach(client)
    with pytest.raises(NoCredentialsError):
        client.send_email(**message(service))
    [standing] = guard.snapshot().accounts.values()
    assert standing.remaining_24_hours == 5
    assert guard.snapshot().not_sent == 1


class Interrupted(BaseException):
    """As a signal handler of the program raises it."""


@everywhere
def test_a_signal_in_botocores_sleep_gives_the_slot_of_the_next_attempt_back(
    service: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(_: float) -> None:
        raise Interrupted

    with Simulator(rate=1000) as ses:
        client = ses.client(service, session=boto3.Session())
        guard = Guard(load({"max_send_rate": 10, "max_24_hour_send": 5}, {}), store=MemoryStore())
        guard.attach(client)
        ses.faults.throttle(1)
        monkeypatch.setattr(botocore.endpoint, "time", SimpleNamespace(sleep=interrupt))
        with pytest.raises(Interrupted):
            client.send_email(**message(service))
        gc.collect()
        monkeypatch.undo()
        client.send_email(**message(service))
        [standing] = guard.snapshot().accounts.values()
        assert standing.remaining_24_hours == 4
        assert guard.snapshot().not_sent == 1


@everywhere
def test_a_wait_is_over_before_the_request_is_signed(service: str) -> None:
    """However long it was: SES takes a signature of five minutes."""
    order: list[str] = []

    def sleep(_: float) -> None:
        order.append("waited")

    with Simulator(rate=1000) as ses:
        client = ses.client(service, session=boto3.Session())
        settings = load({"max_send_rate": 0.01, "max_wait": 240, "max_24_hour_send": -1}, {})
        Guard(settings, store=MemoryStore(lambda: 0), sleep=sleep).attach(client)
        client.meta.events.register(
            f"before-sign.{service}.SendEmail", lambda **_: order.append("signed")
        )
        client.send_email(**message(service))
        client.send_email(**message(service))
        assert order == ["signed", "waited", "signed"]


@everywhere
def test_the_callers_own_dictionary_stays_as_it_is(service: str) -> None:
    """``client._make_api_call`` hands it to botocore's handlers itself."""
    given = message(service, "Ada <ada@exämple.com>")
    before = {name: value for name, value in given.items()}
    with Simulator(rate=1000) as ses:
        client, _ = client_of(ses, service)
        client._make_api_call("SendEmail", given)
        assert given == before
        assert ses.inbox[0].recipients == ("ada@xn--exmple-cua.com",)


@everywhere
def test_what_a_later_handler_makes_of_the_parameters_is_what_is_counted(service: str) -> None:
    """Counts and resends go by the entries that were really sent."""
    with Simulator(rate=1000, templates=["news"]) as ses:
        client, guard = client_of(ses, service)
        name = "Destinations" if service == "ses" else "BulkEmailEntries"
        operation = "SendBulkTemplatedEmail" if service == "ses" else "SendBulkEmail"

        def replace(params: dict[str, Any], **_: Any) -> None:
            params[name] = list(reversed(params[name][:3]))

        client.meta.events.register(f"before-parameter-build.{service}.{operation}", replace)
        ses.faults.throttle_entries(1)
        answer = send_of(client)(**bulk(service, 5))
        assert len(results_of(answer)) == 3
        assert sorted(message.recipients[0] for message in ses.inbox) == [
            f"reader{index}@example.com" for index in range(3)
        ]
        assert guard.snapshot().recipients == 3


@everywhere
def test_a_bulk_failure_is_raised_in_the_language_of_the_settings(service: str) -> None:
    with Simulator(rate=1000, templates=["news"]) as ses:
        client, _ = client_of(ses, service, bulk_failures="raise", language="zh-TW", max_attempts=1)
        ses.faults.throttle_entries(1)
        with pytest.raises(errors.BulkSendFailed) as caught:
            send_of(client)(**bulk(service, 2))
        [failure] = caught.value.failures
        assert not failure.diagnosis.advice.isascii()
        assert not caught.value.diagnosis.advice.isascii()


def test_one_request_of_each_kind_where_the_client_says_one() -> None:
    """``total_max_attempts`` bounds the guard, too, but for a throttle that SES itself answered."""
    make: Any = Config
    config = make(retries={"total_max_attempts": 1, "mode": "standard"})
    for fault, requests in (("respond", 1), ("throttle", 2)):
        with Simulator(rate=1000) as ses:
            client = ses.client("sesv2", session=boto3.Session(), config=config)
            Guard(load({}, {}), sleep=lambda _: None, uniform=lambda: 0.0).attach(client)
            if fault == "respond":
                ses.faults.respond(503, times=1)
                with pytest.raises(errors.ServiceUnavailable):
                    client.send_email(**message("sesv2"))
            else:
                ses.faults.throttle(1)
                answer = client.send_email(**message("sesv2"))
                assert "MaxAttemptsReached" not in answer["ResponseMetadata"]
            assert ses.counters.sends == requests


def test_a_signal_handler_may_read_the_counters_and_send() -> None:
    """It runs in between whatever the main thread does, also while that holds a lock of ours."""
    with Simulator(rate=1000) as ses:
        client, guard = client_of(ses, "sesv2", max_send_rate=1000, max_24_hour_send=-1)
        telemetry, store = guard._parts.telemetry, guard._store
        assert isinstance(store, MemoryStore)
        with telemetry._lock, store._lock:
            client.send_email(**message("sesv2"))
            assert guard.snapshot().accepted == 1


@everywhere
def test_a_nested_send_that_no_event_ends_leaves_the_outer_one_paced(service: str) -> None:
    """Its exception may be kept for long: error trackers do."""
    kept: list[Exception] = []
    within: list[bool] = []

    def audit(**_: Any) -> None:
        if not within:
            within.append(True)
            try:
                client.send_email(**message(service))
            except LookupError as error:
                kept.append(error)

    def fail(**_: Any) -> None:
        if len(within) == 1:
            within.append(True)
            raise LookupError("of the program")

    with Simulator(rate=1000) as ses:
        client, guard = client_of(ses, service, max_send_rate=1000, max_24_hour_send=50)
        client.meta.events.register(f"request-created.{service}.SendEmail", audit)
        client.meta.events.register_last("before-call", fail)
        client.send_email(**message(service))
        assert kept
        assert (ses.counters.sends, guard.snapshot().accepted) == (1, 1)
        [standing] = guard.snapshot().accounts.values()
        assert standing.remaining_24_hours is not None
        assert standing.remaining_24_hours >= 48
