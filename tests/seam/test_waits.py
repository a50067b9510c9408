"""The waits of one send: one deadline over all of them, a place in the queue, one log record."""

from __future__ import annotations

import logging
import threading
import time
from typing import Any

import boto3
import botocore.retries.bucket
import pytest
from botocore.config import Config

from botoses_guard import errors
from botoses_guard.pacing import MemoryStore
from botoses_guard.pacing.budget import Demand
from botoses_guard.plugin import Guard
from botoses_guard.settings import load
from botoses_guard.simulator import Simulator

from .sends import MODES, SERVICES, message

everywhere = pytest.mark.parametrize("service", SERVICES)


class Timeline:
    """A clock that only sleeping moves: the guard's, the pacer's and botocore's sleep alike."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._lock = threading.Lock()
        self.now = 1000.0
        monkeypatch.setattr(time, "sleep", self.sleep)  # botocore's delay before a retry

    def seconds(self) -> float:
        return self.now

    def microseconds(self) -> int:
        return round(self.now * 1_000_000)

    def sleep(self, seconds: float) -> None:
        with self._lock:
            self.now += seconds


def guarded(
    ses: Simulator, service: str, timeline: Timeline, mode: str = "standard", **arguments: Any
) -> tuple[Any, Guard]:
    guard = Guard(
        load({"max_send_rate": 14, "rate_share": 1, "max_24_hour_send": -1, **arguments}, {}),
        store=MemoryStore(timeline.microseconds),
        clock=timeline.seconds,
        sleep=timeline.sleep,
        uniform=lambda: 0.5,
    )
    make: Any = Config
    client = ses.client(service, session=boto3.Session(), config=make(retries={"mode": mode}))
    guard.attach(client)
    return client, guard


FAULTS = ("throttle", "throttle_systemic", "respond")


def put(ses: Simulator, fault: str, times: int) -> None:
    if fault == "respond":
        ses.faults.respond(503, times)
    else:
        getattr(ses.faults, fault)(times)


@everywhere
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("max_wait", [0, 1, 30])
def test_all_waits_of_a_send_stay_under_its_deadline(
    monkeypatch: pytest.MonkeyPatch, service: str, mode: str, fault: str, max_wait: float
) -> None:
    """Waits for slots and delays before retries together; what cannot be kept is not begun."""
    timeline = Timeline(monkeypatch)
    with Simulator(rate=1e6) as ses:
        client, _ = guarded(ses, service, timeline, mode, max_wait=max_wait, max_attempts=1000)
        put(ses, fault, 1000)
        begun = timeline.now
        with pytest.raises((errors.Throttled, errors.ServiceUnavailable)) as caught:
            client.send_email(**message(service))
        assert timeline.now - begun <= max_wait
        assert len(caught.value.attempts) == ses.counters.sends
        assert (ses.counters.sends == 1) is (max_wait == 0)
        assert len(ses.inbox) == 0


@everywhere
def test_botocores_adaptive_mode_does_not_pace_beside_the_guard(
    monkeypatch: pytest.MonkeyPatch, service: str
) -> None:
    """Its limiter would wait beyond the deadline, and for every call of the client."""
    paced: list[object] = []
    bucket = botocore.retries.bucket.TokenBucket
    acquire = bucket.acquire

    def note(self: Any, *given: Any, **named: Any) -> Any:
        paced.append(self)
        return acquire(self, *given, **named)

    monkeypatch.setattr(bucket, "acquire", note)
    timeline = Timeline(monkeypatch)
    with Simulator(rate=1e6) as ses:
        client, _ = guarded(ses, service, timeline, "adaptive")
        for fault in FAULTS:
            put(ses, fault, 2)
            client.send_email(**message(service))
        assert (ses.counters.sends, len(ses.inbox), paced) == (9, 3, [])


@everywhere
def test_trouble_of_aws_is_waited_for_longer_than_the_rate(
    monkeypatch: pytest.MonkeyPatch, service: str
) -> None:
    """1 s, 2 s, 4 s, half of it random, against a slot of the pacer's."""
    spent: dict[str, float] = {}
    for fault in FAULTS:
        timeline = Timeline(monkeypatch)
        with Simulator(rate=1e6) as ses:
            client, _ = guarded(ses, service, timeline, max_wait=60)
            put(ses, fault, 3)
            begun = timeline.now
            client.send_email(**message(service))
            spent[fault] = timeline.now - begun
            assert len(ses.inbox) == 1
    assert spent["throttle_systemic"] == spent["respond"] == pytest.approx(0.75 * (1 + 2 + 4))
    assert spent["throttle"] < 2


def others_reserve(client: Any, service: str, guard: Guard, recipients: int) -> None:
    """Let others queue up while each request is under way."""

    def queue_up(**_: Any) -> None:
        [key] = guard.snapshot().accounts
        guard._store.reserve(key, Demand(recipients, recipients, 14.0, -1.0, 60.0))

    client.meta.events.register(f"before-send.{service}.SendEmail", queue_up)


@everywhere
def test_a_throttled_send_goes_behind_those_that_wait(
    monkeypatch: pytest.MonkeyPatch, service: str
) -> None:
    """Its place is taken at once, and kept: who comes during its delay goes after it."""
    timeline = Timeline(monkeypatch)
    with Simulator(rate=1e6) as ses:
        client, guard = guarded(ses, service, timeline)
        others_reserve(client, service, guard, 28)
        taken: list[float] = []

        def sleep(seconds: float) -> None:
            [standing] = guard.snapshot().accounts.values()
            taken.extend((seconds, standing.queue))
            timeline.sleep(seconds)

        monkeypatch.setattr(time, "sleep", sleep)
        ses.faults.throttle(1)
        client.send_email(**message(service))
        wait, queue = taken
        # 28 others at 14/s go first; the queue ends with the send's own slot.
        assert 1.9 <= wait <= queue <= 2.7
        assert guard.snapshot().waits == 1
        assert (ses.counters.sends, len(ses.inbox)) == (2, 1)


@everywhere
def test_a_queue_that_is_too_long_for_a_second_attempt_ends_the_send(
    monkeypatch: pytest.MonkeyPatch, service: str
) -> None:
    timeline = Timeline(monkeypatch)
    with Simulator(rate=1e6) as ses:
        client, guard = guarded(ses, service, timeline, max_wait=10)
        others_reserve(client, service, guard, 700)
        ses.faults.throttle(1)
        with pytest.raises(errors.SendRateExceeded) as caught:
            client.send_email(**message(service))
        assert ses.counters.sends == 1
        assert caught.value.origin == "service"
        assert caught.value.retry_after == pytest.approx(700 / 14, rel=0.3)


@everywhere
def test_one_record_for_each_send(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, service: str
) -> None:
    caplog.set_level(logging.DEBUG, logger="botoses_guard")
    timeline = Timeline(monkeypatch)
    with Simulator(rate=1e6, verified=["example.com"]) as ses:
        client, guard = guarded(ses, service, timeline)
        ses.faults.throttle(2)
        others_reserve(client, service, guard, 28)
        client.send_email(**message(service))
        with pytest.raises(errors.UnverifiedIdentity):
            client.send_email(**message(service, sender="shop@example.net"))
        with pytest.raises(errors.MalformedAddress):
            client.send_email(**message(service, "no mailbox"))
    records = [record for record in caplog.records if hasattr(record, "ses_event")]
    found = [
        tuple(
            vars(record)[f"ses_{name}"] for name in ("event", "category", "attempts", "recipients")
        )
        for record in records
    ]
    assert found == [
        ("send.accepted", "", 3, 1),
        ("send.refused", "unverified_identity", 1, 1),
        ("send.refused", "malformed_address", 0, 1),
    ]
    assert vars(records[0])["ses_waited"] > 0


@pytest.mark.parametrize(
    ("code", "text", "skew"),
    [
        ("ExpiredToken", "The security token included in the request is expired", None),
        (
            "SignatureDoesNotMatch",
            "Signature expired: 20261124T100000Z is now earlier than 20261124T101000Z "
            "(20261124T101500Z - 5 min.)",
            900.0,
        ),
        (
            "SignatureDoesNotMatch",
            "Signature not yet current: 20261124T103000Z is still later than 20261124T102000Z "
            "(20261124T101500Z + 5 min.)",
            -900.0,
        ),
    ],
)
@everywhere
def test_a_wrong_clock_is_told_with_its_error(
    service: str, code: str, text: str, skew: float | None
) -> None:
    """Retried as botocore retries it; the skew stands in the text."""
    with Simulator(rate=1e6) as ses:
        make: Any = Config
        client = ses.client(service, session=boto3.Session(), config=make(read_timeout=10))
        Guard(load({}, {})).attach(client)
        ses.faults.error(code, text, 403, times=10)
        with pytest.raises(errors.ExpiredCredentials) as caught:
            client.send_email(**message(service))
        assert caught.value.diagnosis.clock_skew == skew
