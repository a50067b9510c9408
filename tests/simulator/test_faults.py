"""Faults on command, and how the local SES ends while requests hang in it."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from botocore.exceptions import (
    ClientError,
    ConnectionClosedError,
    EndpointConnectionError,
    ReadTimeoutError,
)

from botoses_guard.simulator import Simulator
from botoses_guard.simulator.faults import Faults
from tests.simulator.local import ACCEPTED, Answer, LocalSES, one_attempt, send_email

BOTH = ("ses", "sesv2")
RATE = "Maximum sending rate exceeded."

REFUSING: list[tuple[Callable[[Faults], None], Answer, Answer]] = [
    (Faults.throttle, (400, "Throttling", RATE), (429, "TooManyRequestsException", RATE)),
    (
        lambda faults: faults.throttle(message="Slow down."),
        (400, "Throttling", "Slow down."),
        (429, "TooManyRequestsException", "Slow down."),
    ),
    (
        Faults.throttle_systemic,
        (400, "Throttling", "Rate exceeded"),
        (429, "TooManyRequestsException", "Rate exceeded"),
    ),
    (
        Faults.exhaust_quota,
        (400, "Throttling", "Daily message quota exceeded."),
        (400, "LimitExceededException", "Daily message quota exceeded."),
    ),
    (
        lambda faults: faults.error("ExpiredToken", "Too old.", status=403),
        (403, "ExpiredToken", "Too old."),
        (403, "ExpiredToken", "Too old."),
    ),
    (
        lambda faults: faults.error("MessageRejected", None),
        (400, "MessageRejected", ""),
        (400, "MessageRejected", ""),
    ),
    (
        lambda faults: faults.respond(500),
        (500, "InternalFailure", "An internal failure has occurred."),
        (500, "InternalFailure", "An internal failure has occurred."),
    ),
    (
        lambda faults: faults.respond(503),
        (503, "ServiceUnavailable", "Service is temporarily unavailable."),
        (503, "ServiceUnavailableException", "Service is temporarily unavailable."),
    ),
]


@pytest.mark.parametrize(("order", "v1", "v2"), REFUSING)
def test_a_fault_that_refuses_does_so_once_and_accepts_nothing(
    ses: LocalSES, order: Callable[[Faults], None], v1: Answer, v2: Answer
) -> None:
    for service, expected in zip(BOTH, (v1, v2)):
        order(ses.simulator.faults)
        assert ses.send(service) == expected
        assert ses.send(service) == ACCEPTED
    counters = ses.simulator.counters
    assert counters.accepted == len(ses.simulator.inbox) == 2
    assert sum(counters.refused.values()) == counters.refused_total == 2
    assert counters.throttled == 2 * (order is Faults.throttle or "Slow" in v1[2])


@pytest.mark.parametrize("status", [502, 504])
@pytest.mark.parametrize("service", BOTH)
def test_a_gateway_s_answer_holds_nothing_of_ses(ses: LocalSES, service: str, status: int) -> None:
    ses.simulator.faults.respond(status)
    with pytest.raises(ClientError) as caught:
        ses.call(service, "SendEmail", **send_email(service))
    metadata: Any = caught.value.response["ResponseMetadata"]
    assert metadata["HTTPStatusCode"] == status
    assert ses.simulator.counters.refused == {str(status): 1}


def test_faults_are_met_in_the_order_in_which_they_were_ordered(ses: LocalSES) -> None:
    faults = ses.simulator.faults
    faults.throttle(times=2)
    faults.exhaust_quota()
    faults.respond(503)
    assert len(faults) == 4
    codes = [ses.send("sesv2")[1] for _ in range(5)]
    throttled = "TooManyRequestsException"
    exhausted, gone = "LimitExceededException", "ServiceUnavailableException"
    assert codes == [throttled, throttled, exhausted, gone, ""]
    assert len(faults) == 0


def test_only_sends_meet_a_fault(ses: LocalSES) -> None:
    ses.simulator.faults.throttle()
    ses.call("ses", "GetSendQuota")
    ses.call("sesv2", "GetAccount")
    assert len(ses.simulator.faults) == 1
    ses.simulator.faults.clear()
    assert ses.send("ses") == ACCEPTED


CUTS: list[tuple[Callable[[Faults], None], bool]] = [
    (Faults.cut, False),
    (Faults.cut_after_accept, True),
    (Faults.cut_after_headers, True),
]


@pytest.mark.parametrize("service", BOTH)
@pytest.mark.parametrize(("order", "accepts"), CUTS)
def test_a_cut_connection_is_closed_for_botocore(
    ses: LocalSES, service: str, order: Callable[[Faults], None], accepts: bool
) -> None:
    order(ses.simulator.faults)
    with pytest.raises(ConnectionClosedError):
        ses.call(service, "SendEmail", **send_email(service))
    assert len(ses.simulator.inbox) == accepts
    assert ses.send(service) == ACCEPTED


def test_a_refused_send_is_not_accepted_by_a_fault_that_would_accept(ses: LocalSES) -> None:
    ses.set_up(paused=True)
    ses.simulator.faults.delay(0.001)
    assert ses.send("ses")[1] == "AccountSendingPausedException"
    ses.simulator.faults.cut_after_accept()
    with pytest.raises(ConnectionClosedError):
        ses.send("ses")
    assert not len(ses.simulator.inbox)


def test_a_delayed_answer_is_an_answer(ses: LocalSES) -> None:
    ses.simulator.faults.delay(0.001, times=2)
    assert [ses.send(service) for service in BOTH] == [ACCEPTED] * 2
    assert len(ses.simulator.inbox) == 2


def impatient(simulator: Simulator) -> Any:
    """A client that waits for an answer no longer than a test may."""
    return simulator.client("ses", config=one_attempt(read_timeout=0.05))


def test_a_hanging_send_was_accepted(ses: LocalSES) -> None:
    ses.simulator.faults.hang_after_accept()
    client = impatient(ses.simulator)
    with pytest.raises(ReadTimeoutError):
        client.send_email(**send_email("ses"))
    assert len(ses.simulator.inbox) == 1
    client.send_email(**send_email("ses"))
    client.close()


def test_a_reset_forgets_the_faults(ses: LocalSES) -> None:
    ses.simulator.faults.throttle(times=9)
    ses.simulator.reset()
    assert ses.send("ses") == ACCEPTED


@pytest.mark.parametrize("service", BOTH)
def test_a_latency_of_its_own_delays_a_send_only(ses: LocalSES, service: str) -> None:
    ses.simulator.latency = 0.002
    assert ses.send(service) == ACCEPTED


@pytest.fixture
def caught_tasks(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[dict[str, Any]]]:
    """What asyncio would log of tasks that were dropped or failed."""
    caught: list[dict[str, Any]] = []
    monkeypatch.setattr(
        asyncio.BaseEventLoop,
        "default_exception_handler",
        lambda _, context: caught.append(context),
    )
    yield caught


HANGING: list[Callable[[Faults], None]] = [
    lambda faults: faults.hang_after_accept(3),
    lambda faults: faults.delay(3_600, 3),
]


@pytest.mark.parametrize("order", HANGING)
def test_it_stops_while_sends_hang_and_leaves_nothing_behind(
    order: Callable[[Faults], None], caught_tasks: list[dict[str, Any]]
) -> None:
    before = set(threading.enumerate())
    simulator = Simulator(rate=1_000)
    simulator.start()
    order(simulator.faults)
    client = simulator.client("ses", config=one_attempt(read_timeout=600))
    outcomes: list[Any] = []

    def send() -> None:
        try:
            outcomes.append(client.send_email(**send_email("ses")))
        except ConnectionClosedError as error:
            outcomes.append(type(error))

    senders = [threading.Thread(target=send) for _ in range(3)]
    for sender in senders:
        sender.start()
    wait_until(lambda: len(simulator.inbox) == 3)
    place = simulator.url.rpartition(":")[2]
    simulator.stop()
    for sender in senders:
        sender.join()
    assert outcomes == [ConnectionClosedError] * 3
    assert set(threading.enumerate()) == before
    assert caught_tasks == []
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", int(place))) != 0
    with pytest.raises(EndpointConnectionError):
        client.send_email(**send_email("ses"))
    client.close()


def wait_until(is_so: Callable[[], bool]) -> None:
    """Wait for another thread, a minute at most."""
    for _ in range(60_000):
        if is_so():
            return
        time.sleep(0.001)
    raise AssertionError("it never came to be")


def test_it_starts_again_at_the_same_port() -> None:
    simulator = Simulator()
    with simulator:
        url = simulator.url
        with pytest.raises(RuntimeError, match="serves already"):
            simulator.start()
    simulator.stop()
    with simulator:
        assert simulator.url == url
        assert simulator.client("ses").get_send_quota()["MaxSendRate"] == 14.0


def test_a_port_that_is_taken_is_an_error_at_start() -> None:
    before = set(threading.enumerate())
    with socket.create_server(("127.0.0.1", 0)) as taken:
        simulator = Simulator(port=taken.getsockname()[1])
        with pytest.raises(OSError):
            simulator.start()
    assert set(threading.enumerate()) == before


def test_it_listens_on_ipv6() -> None:
    try:
        probe = socket.create_server(("::1", 0), family=socket.AF_INET6)
    except OSError:
        pytest.skip("this machine has no IPv6")
    probe.close()
    with Simulator(host="::1") as simulator:
        assert simulator.url.startswith("http://[::1]:")
        assert simulator.client("sesv2").get_account()["SendingEnabled"] is True


def test_time_passes_as_fast_as_it_is_told() -> None:
    seconds = iter((10.0, 11.0))
    simulator = Simulator(clock=lambda: next(seconds), clock_speed=3_600)
    assert simulator.now() == 36_000
    assert simulator.now() == 39_600


def test_clients_of_two_simulators_share_no_credentials() -> None:
    """What paces by credentials must not take two simulators for one account."""
    sessions: list[Any] = [Simulator().session() for _ in range(2)]
    assert len({session.get_credentials().access_key for session in sessions}) == 2
