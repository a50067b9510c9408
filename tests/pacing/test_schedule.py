"""The queue: who goes when, in integers of microseconds."""

from __future__ import annotations

from itertools import accumulate, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from botoses_guard.pacing.schedule import MICROSECONDS, TOLERANCE, Schedule

from .clock import HOUR, SECOND

millirates = st.integers(1, 10_000_000)
sizes = st.integers(1, 50)
pauses = st.integers(0, 3 * SECOND) | st.just(0)
arrivals = st.lists(st.tuples(pauses, sizes), min_size=2, max_size=40)


def reserve(schedule: Schedule, recipients: int, millirate: int, now: int) -> tuple[int, int, int]:
    """When the message goes, and the start and the end of its reservation."""
    go = schedule.due(now)
    start = schedule.advance(recipients, millirate, now)
    return go, start, schedule.next


@given(arrivals, millirates)
def test_no_window_starts_more_than_the_bound(
    messages: list[tuple[int, int]], millirate: int
) -> None:
    """In any window of w seconds at most rate * (w + tolerance) + 1 + (largest message - 1)
    recipients start, give or take a microsecond."""
    schedule, now = Schedule(), 0
    starts = []
    for pause, recipients in messages:
        now += pause
        starts.append((reserve(schedule, recipients, millirate, now)[0], recipients))
    largest = max(recipients for _, recipients in starts)
    for first in range(len(starts)):
        begun = 0
        for at, recipients in starts[first:]:
            begun += recipients
            window = at - starts[first][0] + TOLERANCE + 1
            assert (begun - largest) * 1000 * MICROSECONDS <= millirate * window


@given(st.lists(st.tuples(pauses, sizes, millirates), max_size=40))
def test_first_come_first_served(messages: list[tuple[int, int, int]]) -> None:
    """Messages go in the order in which they were reserved, also while the rate changes."""
    schedule, now, goes = Schedule(), 0, [0]
    for pause, recipients, millirate in messages:
        now += pause
        goes.append(reserve(schedule, recipients, millirate, now)[0])
    assert goes == sorted(goes)


@given(st.lists(st.tuples(pauses, sizes, millirates), max_size=40))
def test_reservations_do_not_overlap(messages: list[tuple[int, int, int]]) -> None:
    """A reservation starts where the one before it ended, or later."""
    schedule, now = Schedule(), 0
    slots = [(0, 0)]
    for pause, recipients, millirate in messages:
        now += pause
        _, start, end = reserve(schedule, recipients, millirate, now)
        assert start >= now
        slots.append((start, end))
    assert all(before[1] <= after[0] for before, after in pairwise(slots))


@given(arrivals, millirates, st.data())
def test_only_the_last_reservation_can_be_given_back(
    messages: list[tuple[int, int]], millirate: int, data: st.DataObject
) -> None:
    """Giving back never lowers the queue below the end of a reservation that is still held."""
    schedule, now, held = Schedule(), 0, []
    for pause, recipients in messages:
        now += pause
        _, start, end = reserve(schedule, recipients, millirate, now)
        held.append((start, end))
        if end > start and data.draw(st.booleans()):
            slot = data.draw(st.sampled_from(held))
            was_last = slot[1] == schedule.next
            before = schedule.next
            assert schedule.give_back(*slot) is was_last
            assert schedule.next == (slot[0] if was_last else before)
            held.remove(slot)
        assert schedule.next >= max((end for _, end in held), default=0)


@given(sizes, millirates, st.integers(1, 30))
def test_giving_back_creates_no_allowance(recipients: int, millirate: int, rounds: int) -> None:
    """Reserving and giving back, as often as one likes, lets nobody go earlier."""
    schedule, untouched = Schedule(), Schedule()
    for queue in (schedule, untouched):
        queue.advance(3, millirate, 0)
    for _ in range(rounds):
        start = schedule.advance(recipients, millirate, 0)
        schedule.give_back(start, schedule.next)
    assert schedule.next == untouched.next


def test_a_reservation_cannot_be_given_back_twice() -> None:
    schedule = Schedule()
    schedule.advance(1, 10_000, 0)
    start = schedule.advance(1, 10_000, 0)
    end = schedule.next
    assert schedule.give_back(start, end)
    assert not schedule.give_back(start, end)


@pytest.mark.parametrize(("rate", "recipients"), [(7, 1), (14, 1), (300, 3), (9_500, 38)])
def test_the_rate_does_not_drift_in_an_hour(rate: int, recipients: int) -> None:
    """Intervals that are no whole number of microseconds add up to whole seconds."""
    schedule = Schedule()
    for _ in range(rate * 3600 // recipients):
        schedule.advance(recipients, rate * 1000, 0)
    assert schedule.next == HOUR


@given(millirates, st.lists(sizes, min_size=1, max_size=60))
def test_rounding_does_not_add_up(millirate: int, messages: list[int]) -> None:
    """A busy queue is never a whole microsecond from where exact arithmetic puts it."""
    schedule = Schedule()
    for recipients, total in zip(messages, accumulate(messages), strict=True):
        schedule.advance(recipients, millirate, 0)
        exact = total * 1000 * MICROSECONDS
        assert schedule.next * millirate <= exact < (schedule.next + 1) * millirate


def test_an_idle_queue_saves_nothing_but_the_tolerance() -> None:
    """After an hour without a send, as many go at once as after the first second."""
    at_once = []
    for idle in (SECOND, HOUR):
        schedule, gone = Schedule(), 0
        schedule.advance(1, 14_000, 0)
        while schedule.due(idle) == idle:
            schedule.advance(1, 14_000, idle)
            gone += 1
        at_once.append(gone)
    assert at_once == [2, 2]


def test_a_message_larger_than_the_rate_goes_whole_and_the_next_one_pays() -> None:
    """50 recipients at 10/s do not wait for themselves; who comes next waits five seconds."""
    schedule = Schedule()
    assert reserve(schedule, 50, 10_000, 0)[0] == 0
    assert schedule.due(0) == 5 * SECOND - TOLERANCE
