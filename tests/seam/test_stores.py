"""Processes that share a store send at the account's rate together, to a local SES over HTTP."""

from __future__ import annotations

import os
import uuid
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from botoses_guard.simulator import Simulator

from ..pacing.valkey import shared_server
from .store_programs import Order, Program, begin, reports_of, run, shared_programs

PROCESSES = 4


@pytest.fixture
def programs() -> Sequence[Program]:
    return shared_programs()


@pytest.fixture(params=["sqlite", "valkey"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a store."""
    return shared_server().url if request.param == "valkey" else f"sqlite:///{tmp_path}/budgets"


def settings(store: str, **more: Any) -> dict[str, Any]:
    """Settings with a budget of their own, whatever else is in the store."""
    return {"store": store, "scope": uuid.uuid4().hex, **more}


RATE, SECONDS = 50.0, 2.0

BURST = 24
"""Recipients that SES takes at once: all threads, and what the guard lets go early after them. So
a machine that stands still for a moment has nothing throttled; a rate that is not shared does."""


@pytest.mark.parametrize("way", ["spawn", "fork"])
def test_processes_share_the_rate(programs: Sequence[Program], store: str, way: str) -> None:
    """Nothing is throttled, nothing fails, and each process has its part."""
    if way == "fork" and not hasattr(os, "fork"):
        pytest.skip("this system does not fork")
    with Simulator(rate=RATE, burst=BURST, latency=0.02, jitter=0.5) as ses:
        forks = PROCESSES if way == "fork" else 0
        order = Order(ses.url, settings(store, rate_share=1), seconds=SECONDS, forks=forks)
        run(programs, replace(order, threads=1, messages=1, forks=0))  # all know the rate
        ses.reset()
        reports = run(programs[:1] if forks else programs, order)
        assert [line for report in reports for line in report.logs if "WARNING" in line] == []
        assert [sent for report in reports for sent in report.refused] == []
        assert (ses.counters.throttled, ses.inbox.duplicates) == (0, [])
        assert len(ses.inbox) == sum(len(report.sends) for report in reports)
    if forks:
        assert len(reports.pop(0).sends) == 1
    parts = [len(report.sends) for report in reports]
    fair = sum(parts) / PROCESSES
    assert len(parts) == PROCESSES
    assert all(fair / 2 <= part <= fair * 2 for part in parts), parts
    assert {report.store for report in reports} == {"ok"}


def test_a_rate_that_was_raised_is_known_to_all_within_the_ttl(
    programs: Sequence[Program], store: str
) -> None:
    ttl, before, after = 1.0, 20.0, 80.0
    with Simulator(rate=before, burst=20) as ses:
        order = Order(
            ses.url, settings(store, rate_share=1, quota_ttl=ttl), seconds=2.7, looks=0.05
        )
        begin(programs, order)
        while len(ses.inbox) < 20:
            pass
        ses.account.rate = after
        raised = ses.now()
        reports = reports_of(programs)
        asked = ses.counters.operations["sesv2.GetAccount"]
    for report in reports:
        assert {rate for _, rate in report.rates} <= {before, after, 0.0}
        known = [when for when, rate in report.rates if rate == after]
        # A tenth of spread, a look, and a thread that asks in the background.
        assert known, "never known"
        assert known[0] - raised <= 1.1 * ttl + 0.5
    assert ses.counters.throttled == 0
    assert asked <= 2 * PROCESSES


def test_a_throttle_slows_the_other_processes_down(programs: Sequence[Program], store: str) -> None:
    """The cut is in the store, and not in the process whose send was throttled."""
    with Simulator(rate=100) as ses:
        order = Order(ses.url, settings(store, rate_share=1), threads=1, messages=1)
        mine, others = programs[:1], programs[1:]
        assert [report.rate for report in run(programs, order)] == [100.0] * PROCESSES
        ses.faults.throttle()
        [throttled] = run(mine, order)
        assert throttled.refused == []
        assert any("SES throttles: going on at 80 " in line for line in throttled.logs)
        for report in run(others, order):
            # It grows back by a three-hundredth each second.
            assert report.rate == pytest.approx(80.0, abs=1.5)
