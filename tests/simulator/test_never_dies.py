"""The simulator answers whatever happens to it, and goes on."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest

from botoses_guard.simulator import Simulator, server, service
from tests.simulator.local import ACCEPTED, Clock, LocalSES, send_email

BOTH = pytest.mark.parametrize("service_name", ["ses", "sesv2"])
INTERNAL = (500, "InternalFailure", "An internal failure has occurred.")


@BOTH
@pytest.mark.parametrize("reader", ["read_v1", "read_v2"])
def test_a_bug_in_reading_is_an_internal_failure(
    ses: LocalSES,
    service_name: str,
    reader: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError

    is_hit = reader == ("read_v1" if service_name == "ses" else "read_v2")
    with monkeypatch.context() as patched, caplog.at_level(logging.ERROR):
        patched.setattr(service, reader, fail)
        assert ses.send(service_name) == (INTERNAL if is_hit else ACCEPTED)
    assert len(caplog.records) == is_hit
    assert ses.send(service_name) == ACCEPTED


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalSES]:
    """A local SES whose front end takes bodies of up to 2,000 bytes."""
    monkeypatch.setattr(server, "LARGEST_REQUEST", 2_000)
    clock = Clock()
    with Simulator(clock=clock) as simulator:
        yield LocalSES(simulator, clock)


@BOTH
def test_a_body_that_is_too_large_for_any_message_is_refused(
    small: LocalSES, service_name: str
) -> None:
    content = {"Subject": {"Data": "s"}, "Body": {"Text": {"Data": "x" * 4_000}}}
    changes = {"Message": content} if service_name == "ses" else {"Content": {"Simple": content}}
    answer = small.answer(service_name, "SendEmail", **send_email(service_name, **changes))
    assert answer[:2] == (413, "RequestEntityTooLarge")
    assert small.simulator.counters.refused == {"RequestEntityTooLarge": 1}
    assert small.send(service_name) == ACCEPTED


def test_the_jitter_is_drawn_from_the_randomness_that_was_given() -> None:
    drawn = []

    def random() -> float:
        drawn.append(0.5)
        return 0.5

    with Simulator(latency=0.001, jitter=0.5, random=random) as simulator:
        LocalSES(simulator, Clock()).send("ses")
    assert drawn == [0.5]


def test_a_proxy_of_the_environment_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://proxy.invalid:3128")
    with Simulator() as simulator:
        assert simulator.client("ses").get_send_quota()["MaxSendRate"] == 14.0
