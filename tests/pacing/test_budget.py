"""The step that reserves all or nothing, and what becomes of a slot."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from botoses_guard.pacing.budget import Budget, Slot
from botoses_guard.pacing.daily import WINDOW
from botoses_guard.pacing.schedule import MICROSECONDS, TOLERANCE

from .clock import DAY, HOUR, SECOND
from .demands import demand, granted, refused, state
from .virtual import run

NOW = 10 * DAY


@given(
    st.lists(st.integers(1, 50), max_size=20),
    st.floats(0.5, 100),
    st.integers(0, 200),
    st.floats(0, 20),
)
def test_a_refused_reservation_leaves_the_state_untouched(
    messages: list[int], rate: float, quota: int, max_wait: float
) -> None:
    """Reserve all that is asked for, or nothing."""
    budget = Budget()
    for recipients in messages:
        before = state(budget)
        answer = budget.reserve(demand(recipients, rate=rate, quota=quota, max_wait=max_wait), NOW)
        if isinstance(answer, Slot):
            assert 0 <= answer.wait <= max_wait
        else:
            assert state(budget) == before
            assert answer.retry_after > 0


@given(st.floats(0.5, 10_000), st.integers(1, 50))
def test_after_the_refused_wait_the_same_demand_is_granted(rate: float, ahead: int) -> None:
    """``retry_after`` comes from the same step that refused."""
    budget = Budget()
    budget.reserve(demand(ahead + 50, rate=rate), NOW)
    impatient = demand(rate=rate, max_wait=0.0)
    answer = budget.reserve(impatient, NOW)
    if not isinstance(answer, Slot):
        later = NOW + round(answer.retry_after * MICROSECONDS)
        assert granted(budget.reserve(impatient, later)).wait == 0


@given(
    st.lists(
        st.tuples(
            st.integers(0, 5 * SECOND),
            st.integers(1, 50),
            st.sampled_from(["gone", "given back", "rejected"]),
        ),
        max_size=40,
    )
)
def test_what_is_reserved_is_gone_given_back_or_lost(
    messages: list[tuple[int, int, str]],
) -> None:
    """The time in the queue is that of all recipients reserved, less that of tails given back."""
    budget, now, busy, counted = Budget(), NOW, 0, 0
    for pause, recipients, fate in messages:
        now += pause
        slot = granted(budget.reserve(demand(recipients, quota=1e9, max_wait=1e9), now))
        busy += slot.end - slot.start
        counted += recipients
        if fate == "given back":
            busy -= slot.end - slot.start
            budget.give_back(slot)
            assert budget.schedule.next == slot.start
        elif fate == "rejected":
            budget.rejected(slot)
        counted -= recipients if fate != "gone" else 0
        assert budget.standing(10.0, 1e9, now).remaining_24_hours == 1e9 - counted
    reserved = sum(recipients for _, recipients, fate in messages if fate != "given back")
    assert busy == reserved * MICROSECONDS // 10


def test_a_message_over_the_quota_is_refused_before_the_rate_is_touched() -> None:
    budget = Budget()
    answer = refused(budget.reserve(demand(51, quota=50), NOW))
    assert answer.category == "daily_quota"
    assert budget.schedule.next == 0


def test_simulator_addresses_count_to_the_rate_and_not_to_the_quota() -> None:
    """SES developer guide, "Using the mailbox simulator manually"."""
    budget = Budget()
    slot = granted(budget.reserve(demand(3, quota_recipients=0, quota=0), NOW))
    assert slot.end - slot.start == 3 * MICROSECONDS // 10
    budget.accepted(slot, NOW)
    budget.rejected(slot)
    assert budget.standing(10.0, 100.0, NOW).remaining_24_hours == 100.0


def test_the_wait_at_its_longest_is_still_granted() -> None:
    budget = Budget()
    budget.reserve(demand(10), NOW)
    longest = (MICROSECONDS - TOLERANCE) / MICROSECONDS
    assert refused(budget.reserve(demand(max_wait=longest - 1e-6), NOW)).category == "send_rate"
    assert granted(budget.reserve(demand(max_wait=longest), NOW)).wait == longest


def test_without_a_rate_nothing_waits_and_nothing_is_queued() -> None:
    budget = Budget()
    slots = [granted(budget.reserve(demand(rate=None, max_wait=0.0), NOW)) for _ in range(100)]
    assert {slot.wait for slot in slots} == {0.0}
    budget.give_back(slots[-1])
    assert budget.standing(None, None, NOW).queue == 0
    assert budget.standing(None, 100.0, NOW).remaining_24_hours == 1


def test_a_throttle_uncounts_the_send_and_slows_the_next() -> None:
    budget = Budget()
    slot = granted(budget.reserve(demand(quota=10), NOW))
    assert budget.throttled(slot, NOW + 1)
    standing = budget.standing(10.0, 10.0, NOW + 1)
    assert (standing.rate, standing.remaining_24_hours) == (8.0, 10.0)
    slot = granted(budget.reserve(demand(), NOW + SECOND))
    assert slot.end - slot.start == round(MICROSECONDS / round(8.0 + 10 / 300, 3))


def test_exhausted_shuts_the_budget() -> None:
    budget = Budget()
    slot = granted(budget.reserve(demand(quota=10), NOW))
    budget.exhausted(slot, NOW)
    assert refused(budget.reserve(demand(quota=10), NOW)).category == "daily_quota"
    assert budget.standing(10.0, 10.0, NOW).shut == 600.0
    opened = budget.standing(10.0, 10.0, NOW + 600 * SECOND)
    assert (opened.shut, opened.remaining_24_hours) == (0.0, 10.0)


@pytest.mark.parametrize("rate", [1e-9, 1e-4])
def test_every_wait_ends_however_low_the_rate(rate: float) -> None:
    """No rate is below a thousandth of a recipient per second."""
    budget = Budget()
    slot = granted(budget.reserve(demand(rate=rate), NOW))
    assert slot.end - slot.start <= 1000 * MICROSECONDS


def test_acceptances_without_a_rate_set_the_rate_of_the_first_throttle() -> None:
    budget = Budget()
    slots = [granted(budget.reserve(demand(rate=None), NOW)) for _ in range(21)]
    for slot in slots[:20]:
        budget.accepted(slot, NOW)
    assert budget.throttled(slots[20], NOW + 1)
    assert budget.standing(None, None, NOW + 1).rate == 20.0


def most_in(starts: list[tuple[int, int]], window: int) -> int:
    """The most recipients that start in any window."""
    most = begun = first = 0
    for at, recipients in starts:
        begun += recipients
        while starts[first][0] <= at - window:
            begun -= starts[first][1]
            first += 1
        most = max(most, begun)
    return most


@pytest.mark.parametrize(
    ("rate", "senders", "seconds", "recipients"),
    [
        (14, 1000, 3600, (1, 1)),
        (14, 100, 3600, (1, 50)),
        (50, 1000, 600, (1, 1)),
        (7, 1, 86_400, (1, 50)),
    ],
)
def test_long_runs_keep_the_bound_the_order_and_the_rate(
    rate: int, senders: int, seconds: int, recipients: tuple[int, int]
) -> None:
    """In any window of w seconds at most rate * (w + tolerance) + 1 + (largest message - 1)."""
    outcome = run(seconds, senders, ceiling=rate, recipients=recipients)
    starts = [start for start in outcome.starts if start[0] <= seconds * SECOND]
    assert starts == sorted(starts, key=lambda start: start[0])
    for window in (SECOND // 10, SECOND, 60 * SECOND):
        bound = rate * (window + TOLERANCE) / MICROSECONDS + recipients[1]
        assert most_in(starts, window) <= bound
    begun = sum(count for _, count in starts)
    assert rate * seconds <= begun <= rate * (seconds + 0.1) + recipients[1] + 1


def test_a_day_at_7_per_second() -> None:
    """604,800 recipients, one more for the first and one for the tolerance; no drift."""
    budget, now, gone = Budget(), NOW, 0
    always = demand(rate=7.0)
    while now < NOW + DAY:
        now += round(granted(budget.reserve(always, now)).wait * MICROSECONDS)
        gone += now < NOW + DAY
    assert gone in (604_800, 604_801)


def test_a_day_of_bursts_never_exceeds_the_quota() -> None:
    """Each hour as much as goes: over any 24 hours it is the quota, and all of it."""
    budget, gone = Budget(), []
    for hour in range(72):
        now = NOW + hour * HOUR
        for _ in range(200):
            if isinstance(budget.reserve(demand(rate=None, quota=1000.0), now), Slot):
                gone.append((now, 1))
    assert most_in(gone, WINDOW) == 1000
