"""The learned rate: when it is cut, and how it comes back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from botoses_guard.pacing.congestion import FLOOR, Congestion

from .clock import HOUR, SECOND
from .virtual import DebtBucket, run


def test_the_first_throttle_leaves_four_fifths() -> None:
    congestion = Congestion()
    assert congestion.throttled(reserved=SECOND, ceiling=10.0, now=2 * SECOND)
    assert congestion.rate(10.0, 2 * SECOND) == pytest.approx(8.0)


def test_replies_to_sends_from_before_the_cut_do_not_cut_again() -> None:
    """They belong to the event of that cut, however late they come."""
    congestion = Congestion()
    congestion.throttled(SECOND, 10.0, 2 * SECOND)
    assert not congestion.throttled(SECOND, 10.0, 3 * SECOND)
    assert not congestion.throttled(2 * SECOND, 10.0, 50 * SECOND)
    assert congestion.throttled(2 * SECOND + 1, 10.0, 50 * SECOND)


def test_the_rate_returns_to_the_ceiling_and_no_further() -> None:
    """In 300 seconds the rate would grow from nothing to its ceiling; a fifth takes 60."""
    congestion = Congestion()
    congestion.throttled(SECOND, 10.0, SECOND)
    rates = [congestion.rate(10.0, (1 + after) * SECOND) for after in (0, 30, 60, 600)]
    assert rates == pytest.approx([8.0, 9.0, 10.0, 10.0])


def test_reading_the_rate_changes_nothing() -> None:
    """A guard that may use less than another one must not end the other's caution."""
    congestion = Congestion()
    congestion.throttled(SECOND, 10.0, SECOND)
    assert congestion.rate(2.0, 2 * SECOND) == 2.0
    assert congestion.rate(10.0, 2 * SECOND) == pytest.approx(8.0 + 10 / 300)


@given(
    st.floats(0.001, 100_000),
    st.lists(st.tuples(st.integers(1, HOUR), st.booleans()), max_size=60),
)
def test_the_rate_stays_between_floor_and_ceiling(
    ceiling: float, steps: list[tuple[int, bool]]
) -> None:
    """However SES throttles, a twentieth of the rate goes, and never more than all of it."""
    congestion, now = Congestion(), 0
    for pause, throttle in steps:
        now += pause
        if throttle:
            congestion.throttled(now, ceiling, now)
        rate = congestion.rate(ceiling, now)
        assert rate is not None
        assert ceiling * FLOOR <= rate <= ceiling


@given(st.lists(st.tuples(st.integers(1, 2 * HOUR), st.integers(0, 60)), max_size=60))
def test_an_unknown_rate_is_never_below_one(steps: list[tuple[int, int]]) -> None:
    """No account has less than 1/s, and a long search ends in a number, not an overflow."""
    congestion, now = Congestion(), 0
    for pause, accepted in steps:
        now += pause
        if accepted:
            congestion.accepted(accepted, now)
        else:
            congestion.throttled(now, None, now)
        rate = congestion.rate(None, now + HOUR)
        assert rate is None or 1.0 <= rate < float("inf")


def test_without_a_ceiling_nothing_bounds_the_rate_until_the_first_throttle() -> None:
    congestion = Congestion()
    congestion.accepted(25, SECOND)
    assert congestion.rate(None, SECOND) is None
    congestion.throttled(SECOND, None, SECOND)
    assert congestion.rate(None, SECOND) == 25.0


def test_only_what_was_accepted_lately_counts() -> None:
    """The second under way and the one before it; what is older tells nothing."""
    for pause, rate in ((1, 25.0), (3, 1.0)):
        congestion = Congestion()
        congestion.accepted(25, SECOND)
        now = SECOND + pause * SECOND
        congestion.throttled(now, None, now)
        assert congestion.rate(None, now) == rate


def test_a_quiet_night_does_not_leave_a_rate_that_takes_many_cuts() -> None:
    """A rate that grew unused says nothing: the next throttle starts from what was accepted."""
    congestion = Congestion()
    congestion.accepted(14, SECOND)
    congestion.throttled(SECOND, None, SECOND)
    morning = 8 * HOUR
    congestion.accepted(12, morning)
    congestion.throttled(morning, None, morning)
    assert congestion.rate(None, morning) == 12.0


def test_a_ceiling_that_becomes_known_bounds_a_search() -> None:
    congestion = Congestion()
    congestion.accepted(14, SECOND)
    congestion.throttled(SECOND, None, SECOND)
    assert congestion.rate(14.0, 2 * HOUR) == 14.0


@pytest.mark.parametrize(
    ("believed", "real", "burst", "senders", "share", "throttled"),
    [
        (14, 14, 3.5, 32, 0.99, 0.0),
        (50, 50, 12.5, 32, 0.99, 0.0),
        (14, 10, 3.5, 32, 0.92, 0.01),
        (14, 7, 3.5, 32, 0.92, 0.035),
        (500, 400, 50, 300, 0.90, 0.002),
    ],
)
def test_sharing_an_account_with_others(
    believed: float, real: float, burst: float, senders: int, share: float, throttled: float
) -> None:
    """Five minutes with less free than the account's rate: little is lost, little throttled."""
    service = DebtBucket(real, burst)
    outcome = run(300, senders, ceiling=believed, service=service)
    assert share <= outcome.share(real, 2, 300) <= 1.01
    assert outcome.throttled_per_accepted <= throttled


@pytest.mark.parametrize("senders", [8, 32])
@pytest.mark.parametrize(("real", "burst"), [(14, 3.5), (100, 25)])
def test_an_unknown_rate_is_found_within_a_minute(real: float, burst: float, senders: int) -> None:
    service = DebtBucket(real, burst)
    outcome = run(180, senders, ceiling=None, service=service, latency=0.05)
    assert outcome.share(real, 40, 60) >= 0.85
    assert outcome.share(real, 60, 180) >= 0.85
    # Each sender meets the unknown rate once, before the first cut can be known to it.
    assert outcome.throttled <= senders + 30


def test_an_unknown_rate_that_others_lower_is_followed() -> None:
    """The account's rate is not told, and halves while the guard is at it."""
    first, second = DebtBucket(100, 25), DebtBucket(50, 12)

    class Lowered(DebtBucket):
        def accepts(self, recipients: int, now: int) -> bool:
            return (first if now < 120 * SECOND else second).accepts(recipients, now)

    outcome = run(300, 32, ceiling=None, service=Lowered(0, 0), latency=0.05)
    assert outcome.share(50, 200, 300) >= 0.85
    assert outcome.throttled_per_accepted <= 0.01
