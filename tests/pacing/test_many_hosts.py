"""Many hosts share one account, in virtual time; ``many_hosts`` runs a thousand."""

from __future__ import annotations

import pytest

from .many_hosts import run


@pytest.mark.parametrize(
    ("hosts", "senders", "rate"),
    [(100, 16, 1000.0), (20, 8, 100.0), (4, 4, 14.0)],
)
def test_hosts_use_the_rate_up_and_never_exceed_it(hosts: int, senders: int, rate: float) -> None:
    """Their clocks differ by up to 50 ms, and some die with slots that nobody uses."""
    crowd = run(hosts, senders, rate, seconds=15.0)
    assert crowd.share >= 0.98
    assert crowd.most <= 1.05 + 2 / rate  # the first and the last of a window
    fewest, most = crowd.fewest_and_most
    assert most - fewest <= 2 * senders, "none goes before the others"
