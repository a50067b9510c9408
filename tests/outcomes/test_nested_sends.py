"""A send inside a handler of another send of the same client: both are paced and settled."""

from __future__ import annotations

from typing import Any

import pytest

from botoses_guard.plugin import Guard
from botoses_guard.settings import load

from . import endings, lost_sockets
from .server import Script
from .stage import MODES, QUOTA, RECIPIENTS, SERVICES, Stage, call, message
from .store import Ledger

pytestmark = lost_sockets.ignored

SENDS = 3
EVENTS = (
    "before-parameter-build",
    "before-call",
    "request-created",
    "before-sign",
    "before-send",
    "response-received",
)


class Time:
    """A clock that only sleeping moves, in seconds."""

    def __init__(self) -> None:
        self.now = 1000.0

    def sleep(self, seconds: float) -> None:
        self.now += seconds

    def microseconds(self) -> int:
        return round(self.now * 1e6)


def paced(client: Any) -> tuple[Guard, Ledger, Time]:
    """Guard a client, so that the recipients of one message pass in a second."""
    time = Time()
    ledger = Ledger(time.microseconds)
    settings = load(
        {
            "max_send_rate": len(RECIPIENTS),
            "rate_share": 1,
            "max_24_hour_send": QUOTA,
            "max_wait": 100,
        },
        {},
    )
    guard = Guard(
        settings, store=ledger, clock=lambda: time.now, sleep=time.sleep, uniform=lambda: 0.5
    )
    guard.attach(client)
    return guard, ledger, time


class Audit:
    """A handler that sends a message about each message."""

    def __init__(self, client: Any, service: str) -> None:
        self._client = client
        self._service = service
        self._is_sending = False
        self.sent = 0
        self.failures: list[Exception] = []

    def __call__(self, **_: Any) -> None:
        if self._is_sending:
            return
        self._is_sending = True
        try:
            self._client.send_email(**message(self._service, "Audit"))
        except Exception as error:
            self.failures.append(error)
        finally:
            self._is_sending = False
            self.sent += 1


def subjects(script: Script) -> list[str]:
    """Of what arrived, in order."""
    return ["Audit" if b"Audit" in request.body else "Order" for request in script.arrivals]


def seconds_of(stage: Stage, service: str, sends: int) -> float:
    """How long so many sends take one after the other."""
    stage.play("plain")
    client = stage.new_client(service, stage.route("plain"))
    _, _, time = paced(client)
    started = time.now
    for _ in range(sends):
        client.send_email(**message(service))
    client.close()
    return time.now - started


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("before_the_guard", [False, True], ids=["after", "before"])
@pytest.mark.parametrize("event", EVENTS)
def test_both_are_paced_and_settled(
    stage: Stage, service: str, mode: str, event: str, before_the_guard: bool
) -> None:
    script = stage.play("plain")
    client = stage.new_client(service, stage.route("plain"), mode)
    audit = Audit(client, service)
    guard, ledger, time = paced(client)
    register = (
        client.meta.events.register_first if before_the_guard else client.meta.events.register_last
    )
    register(f"{event}.{service}.SendEmail", audit)
    started = time.now

    def sends() -> None:
        for _ in range(SENDS):
            client.send_email(**message(service, "Order"))

    sent = call(client, sends)
    assert (sent.error, audit.failures, audit.sent) == (None, [], SENDS)
    assert sorted(subjects(script)) == ["Audit"] * SENDS + ["Order"] * SENDS
    assert time.now - started == pytest.approx(seconds_of(stage, service, 2 * SENDS))
    snapshot = guard.snapshot()
    assert (snapshot.sends, snapshot.accepted, snapshot.attempts) == (2 * SENDS,) * 3
    assert ledger.settled == {"accepted": 2 * SENDS * len(RECIPIENTS)}
    assert ledger.reserved == ledger.settled.total()


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("event", EVENTS[:-1])
def test_an_inner_send_that_is_lost_leaves_the_outer_one_alone(
    stage: Stage, service: str, event: str
) -> None:
    script = stage.play("plain", [endings.rst])
    client = stage.new_client(service, stage.route("plain"))
    audit = Audit(client, service)
    guard, ledger, _ = paced(client)
    client.meta.events.register_last(f"{event}.{service}.SendEmail", audit)
    sent = call(client, lambda: client.send_email(**message(service, "Order")))
    assert sent.error is None
    assert len(audit.failures) == 1
    assert subjects(script) == ["Audit", "Order"]
    snapshot = guard.snapshot()
    assert (snapshot.sends, snapshot.accepted, snapshot.outcome_unknown) == (2, 1, 1)
    assert ledger.settled == {"accepted": 2 * len(RECIPIENTS)}
