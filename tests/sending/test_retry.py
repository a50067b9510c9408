"""What follows from an answer, or from none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from botoses_guard.errors import BY_CATEGORY
from botoses_guard.sending.retry import LONGEST_DELAY, Decision, Limits, after_refusal

RETRYABLE = ("send_rate", "systemic_throttle", "service_unavailable")
LEFT = ("expired_credentials",)


def longest() -> float:
    """The largest random number, nearly."""
    return 1.0


@pytest.mark.parametrize(
    ("category", "attempts", "decision"),
    [
        ("send_rate", 1, Decision("retry", 0.25)),
        ("send_rate", 2, Decision("retry", 0.5)),
        ("send_rate", 4, Decision("retry", 2.0)),
        ("send_rate", 5, Decision("raise")),
        ("send_rate", 9, Decision("raise")),
        ("systemic_throttle", 1, Decision("retry", 1.0)),
        ("systemic_throttle", 3, Decision("retry", 4.0)),
        ("service_unavailable", 1, Decision("retry", 1.0)),
        ("service_unavailable", 5, Decision("raise")),
        ("expired_credentials", 1, Decision("leave")),
        ("expired_credentials", 9, Decision("leave")),
        ("daily_quota", 1, Decision("raise")),
        ("unverified_identity", 1, Decision("raise")),
        ("other", 1, Decision("raise")),
        ("no such category", 1, Decision("raise")),
    ],
)
def test_what_follows_a_refusal(category: str, attempts: int, decision: Decision) -> None:
    found = after_refusal(category, attempts, Limits(5), 60.0, longest)
    assert found.action == decision.action
    if found.action == "retry":
        assert found.delay == decision.delay


@pytest.mark.parametrize("category", sorted(set(BY_CATEGORY) - set(RETRYABLE) - set(LEFT)))
def test_everything_else_is_raised_at_once(category: str) -> None:
    """Never retryable within a call: the daily quota and all the rest."""
    assert after_refusal(category, 1, Limits(100), 240.0, longest) == Decision("raise")


def test_the_categories_that_are_sent_again_are_the_retryable_ones() -> None:
    retryable = {name for name, error in BY_CATEGORY.items() if error.retryable}
    # Without its store a send ends before there is an answer; the caller may send it again.
    assert retryable == {*RETRYABLE, "store_unavailable"}


@pytest.mark.parametrize(
    ("remaining", "action"), [(0.25, "retry"), (0.2499, "raise"), (0.0, "raise"), (-1.0, "raise")]
)
def test_a_delay_that_would_pass_the_longest_wait_is_not_begun(
    remaining: float, action: str
) -> None:
    assert after_refusal("send_rate", 1, Limits(5), remaining, longest).action == action


@pytest.mark.parametrize("category", RETRYABLE)
def test_one_attempt_means_one(category: str) -> None:
    assert after_refusal(category, 1, Limits(1), 60.0, longest).action == "raise"


@given(
    st.sampled_from(RETRYABLE),
    st.integers(1, 10_000),
    st.floats(0, 1, exclude_max=True),
)
def test_the_jitter_takes_at_most_half_of_the_delay(
    category: str, attempts: int, random: float
) -> None:
    """Between half of the nominal delay and all of it, and never above the cap."""
    nominal = after_refusal(category, attempts, Limits(10**6), 1e6, longest).delay
    delay = after_refusal(category, attempts, Limits(10**6), 1e6, lambda: random).delay
    assert nominal / 2 <= delay <= nominal <= LONGEST_DELAY


@given(st.sampled_from(RETRYABLE), st.integers(1, 100))
def test_delays_double_up_to_the_cap(category: str, attempts: int) -> None:
    first = after_refusal(category, 1, Limits(10**6), 1e6, longest).delay
    delay = after_refusal(category, attempts, Limits(10**6), 1e6, longest).delay
    assert delay == min(LONGEST_DELAY, first * 2 ** (attempts - 1))


@pytest.mark.parametrize(
    ("category", "total", "action"),
    [
        ("service_unavailable", 1, "raise"),
        ("service_unavailable", 2, "retry"),
        ("service_unavailable", None, "retry"),
        ("send_rate", 1, "retry"),
        ("systemic_throttle", 1, "retry"),
    ],
)
def test_the_clients_own_bound_holds_for_all_but_throttles(
    category: str, total: int | None, action: str
) -> None:
    """``Config(retries={"total_max_attempts": 1})`` means one request of every other kind."""
    assert after_refusal(category, 1, Limits(5, total), 60.0, longest).action == action


def test_the_last_refusal_still_tells_how_long_to_wait() -> None:
    """Who is told to come back at once would only be refused again."""
    assert after_refusal("send_rate", 5, Limits(5), 60.0, longest) == Decision("raise", 4.0)
