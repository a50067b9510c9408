"""A store that fails in mid-run: sends go on without it, or are refused, and nothing leaks."""

from __future__ import annotations

import json
import logging
import time
import traceback
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import pytest
from botocore.exceptions import ClientError

from botoses_guard import errors
from botoses_guard.simulator import Simulator

from ..pacing.valkey import Valkey
from .sends import SERVICES, client_of, message
from .store_programs import Order, Program, Report, begin, reports_of, shared_programs

RATE = 40.0
GOES, COMES_BACK, END = 1.0, 2.0, 6.0
"""Seconds after the first message."""

LONGEST_HANG = 3.0
"""Seconds; a third of one where nothing else runs."""

PATIENCE = 10.0
"""Seconds in which a store that is back is found again, on a busy machine, too."""


@dataclass
class Outage:
    """What a run with an outage showed."""

    times: list[float]
    """Of acceptance, from the first on."""

    subjects: Counter[str | None]
    reports: list[Report]


def _outage(
    programs: list[Program], goes: Callable[[Valkey], None], comes_back: Callable[[Valkey], None]
) -> Outage:
    with Valkey() as server, Simulator(rate=RATE, latency=0.02, jitter=0.5) as ses:
        settings = {"store": server.url, "rate_share": 1}
        begin(programs, Order(ses.url, settings, seconds=END))
        time.sleep(GOES)
        goes(server)
        time.sleep(COMES_BACK - GOES)
        comes_back(server)
        reports = reports_of(programs)
        times = [accepted.time - ses.inbox[0].time for accepted in ses.inbox]
        return Outage(times, Counter(accepted.subject for accepted in ses.inbox), reports)


@pytest.fixture(scope="module")
def outages() -> dict[str, Outage]:
    """All of them at once, because each takes a while: of two processes with a server each."""
    first, second = list(shared_programs()[:2]), list(shared_programs()[2:])
    with ThreadPoolExecutor(2) as threads:
        killed = threads.submit(_outage, first, Valkey.kill, Valkey.start)
        frozen = threads.submit(_outage, second, Valkey.freeze, Valkey.thaw)
        return {"killed": killed.result(), "frozen": frozen.result()}


@pytest.fixture(params=["killed", "frozen"])
def outage(request: pytest.FixtureRequest, outages: dict[str, Outage]) -> Outage:
    return outages[request.param]


def test_no_mail_is_lost_in_an_outage_and_none_is_sent_twice(outage: Outage) -> None:
    assert [sent for report in outage.reports for sent in report.refused] == []
    told = Counter(sent.subject for report in outage.reports for sent in report.sends)
    assert outage.subjects == told
    assert set(told.values()) == {1}


def test_no_send_hangs_in_an_outage(outage: Outage) -> None:
    """Beyond the wait for its slot: redis-py's own retries alone would take four seconds."""
    hangs = [sent.took - sent.waited for report in outage.reports for sent in report.sends]
    assert max(hangs) <= LONGEST_HANG


def test_the_rate_is_kept_in_an_outage_and_by_those_who_come_back(outage: Outage) -> None:
    for first in outage.times:
        assert sum(0 <= time - first < 5 for time in outage.times) <= 1.15 * RATE * 5
    meanwhile = [time for time in outage.times if GOES <= time < COMES_BACK + 1]
    assert len(meanwhile) >= 0.6 * RATE * (COMES_BACK + 1 - GOES)


def test_an_outage_is_told_once_and_its_end_too(outage: Outage) -> None:
    for report in outage.reports:
        warnings = [line for line in report.logs if line.startswith("WARNING the store")]
        assert ["out of reach" in line for line in warnings] == [True, False]
        assert "is back after" in warnings[1]
        assert report.store == "ok"
        assert report.counters["slots without the store"] > 0
        assert sum(n for name, n in report.counters.items() if name.startswith("failures: ")) > 0


@pytest.fixture
def server() -> Iterator[Valkey]:
    with Valkey() as running:
        yield running


def _until_it_sends(send: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            send()
        except errors.StoreUnavailable:
            assert time.monotonic() < deadline
            time.sleep(0.05)
        else:
            return


@pytest.mark.parametrize("service", SERVICES)
def test_with_raise_nothing_goes_without_the_store(server: Valkey, service: str) -> None:
    """The error is one that a retry handler understands, in the language of the settings."""
    with Simulator(rate=100) as ses:
        given: dict[str, Any] = {
            "store": server.url,
            "store_failure": "raise",
            "max_24_hour_send": -1,
        }
        client, guard = client_of(ses, service, **given)
        in_chinese, _ = client_of(ses, service, **given, language="zh-TW")
        client.send_email(**message(service))
        assert guard.snapshot().store == "ok"
        server.kill()
        with pytest.raises(errors.StoreUnavailable) as caught:
            client.send_email(**message(service))
        error = caught.value
        assert isinstance(error, ClientError)
        assert error.response["Error"]["Code"] == "ServiceUnavailable"
        assert error.response["ResponseMetadata"]["HTTPStatusCode"] == 503
        assert (error.diagnosis.category, error.origin) == ("store_unavailable", "client")
        assert error.retryable and error.diagnosis.retryable
        assert error.retry_after is not None and 0 < error.retry_after <= 1.2
        assert (error.attempts, error.recipients) == ((), ("ada@example.com",))
        assert "store_failure=raise" in error.diagnosis.advice
        with pytest.raises(errors.StoreUnavailable) as caught:
            in_chinese.send_email(**message(service))
        assert "store_failure=raise" in caught.value.diagnosis.advice
        assert caught.value.diagnosis.advice != error.diagnosis.advice
        assert guard.snapshot().store.startswith("out of reach for ")
        assert guard.snapshot().refusals == {"store_unavailable": 1}
        assert len(ses.inbox) == ses.counters.sends == 1
        server.start()
        _until_it_sends(lambda: client.send_email(**message(service)))
        in_chinese.send_email(**message(service))
        assert guard.snapshot().store == "ok"
        assert len(ses.inbox) == ses.counters.sends == 3


def test_a_store_that_was_never_there_refuses_with_raise() -> None:
    with Valkey() as server:
        url = server.url
    with Simulator(rate=100) as ses:
        client, _ = client_of(ses, "sesv2", store=url, store_failure="raise")
        with pytest.raises(errors.StoreUnavailable):
            client.send_email(**message("sesv2"))
        assert ses.counters.sends == 0


def test_the_snapshot_tells_how_the_store_is() -> None:
    with Valkey() as server, Simulator(rate=1000) as ses:
        client, guard = client_of(ses, "sesv2", store=server.url)
        for _ in range(3):
            client.send_email(**message("sesv2"))
        snapshot = guard.snapshot()
        assert snapshot.store == "ok"
        assert snapshot.store_counters["trips"] >= 3
        assert set(snapshot.store_counters) == {"trips"}
        server.kill()
        client.send_email(**message("sesv2"))
        snapshot = guard.snapshot()
        assert snapshot.store.startswith("out of reach for 0 s: ")
        assert snapshot.store_counters["slots without the store"] == 1
        [failure] = [name for name in snapshot.store_counters if name.startswith("failures: ")]
        assert snapshot.store == f"out of reach for 0 s: {failure.removeprefix('failures: ')}"
        [standing] = snapshot.accounts.values()
        assert standing.rate is not None and standing.rate <= 950


@pytest.mark.parametrize("password", ["hunter2", "hunter3"])
def test_a_password_is_told_nobody(caplog: pytest.LogCaptureFixture, password: str) -> None:
    """The right one while the store goes and comes back, and the wrong one."""
    caplog.set_level(logging.DEBUG)
    told: list[str] = []
    with Valkey("--requirepass", "hunter2") as server, Simulator(rate=1000) as ses:
        url = f"redis://:{password}@127.0.0.1:{server.port}"
        scope = uuid.uuid4().hex
        local, guard = client_of(ses, "sesv2", store=url, scope=scope)
        strict, _ = client_of(ses, "sesv2", store=url, store_failure="raise", scope=scope)
        assert local.send_email(**message("sesv2"))["MessageId"]
        told += [repr(guard), repr(guard.settings), str(guard.snapshot())]
        assert (guard.snapshot().store == "ok") is (password == "hunter2")
        server.kill()
        local.send_email(**message("sesv2"))
        with pytest.raises(errors.StoreUnavailable) as caught:
            strict.send_email(**message("sesv2"))
        told += [str(caught.value), repr(caught.value), json.dumps(caught.value.response)]
        told += [*traceback.format_exception(caught.value), str(guard.snapshot())]
    told += [f"{record.getMessage()} {vars(record)}" for record in caplog.records]
    assert any("out of reach" in text for text in told)
    assert [text for text in told if "hunter" in text] == []
