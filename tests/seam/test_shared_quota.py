"""The 24-hour quota of processes that share a store: used up to the last recipient, not beyond."""

from __future__ import annotations

import uuid
from collections import Counter
from pathlib import Path

import pytest

from botoses_guard.simulator import Simulator

from ..pacing.valkey import shared_server
from .store_programs import Order, run, shared_programs

QUOTA, PROCESSES, THREADS = 300, 4, 4


@pytest.mark.parametrize("store", ["sqlite", "valkey"])
def test_a_quota_is_used_up_and_not_overrun(store: str, tmp_path: Path) -> None:
    """Whoever comes too late is told by the guard, and SES is not asked in vain."""
    url = shared_server().url if store == "valkey" else f"sqlite:///{tmp_path}/budgets"
    more_than_its_part = QUOTA // (PROCESSES * THREADS) + 10
    with Simulator(rate=400, quota=QUOTA) as ses:
        settings = {"store": url, "scope": uuid.uuid4().hex}
        order = Order(ses.url, settings, threads=THREADS, messages=more_than_its_part)
        reports = run(shared_programs(), order)
        counters = ses.counters
        assert (len(ses.inbox), ses.inbox.duplicates) == (QUOTA, [])
    sends = [sent for report in reports for sent in report.sends]
    refused = [sent for report in reports for sent in report.refused]
    assert len(sends) == PROCESSES * THREADS * more_than_its_part
    assert Counter((sent.outcome, sent.origin) for sent in refused) == {
        ("DailyQuotaExceeded", "client"): len(sends) - QUOTA
    }
    # Room comes when the first cell of five minutes leaves the window of a day.
    assert all(sent.retry_after and 86_000 < sent.retry_after < 86_800 for sent in refused)
    assert counters.refused == {}
    asked = counters.operations["sesv2.GetAccount"] + counters.operations["ses.GetSendQuota"]
    assert 1 <= asked <= 8
