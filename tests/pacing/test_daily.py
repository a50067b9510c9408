"""The rolling 24-hour count."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from botoses_guard.pacing.daily import CELL, GATE, WINDOW, DailyCount

from .clock import DAY, SECOND

START = 10 * DAY

pauses = st.sampled_from([0, SECOND, CELL // 3, CELL, 7 * CELL, WINDOW // 3, WINDOW + CELL])
steps = st.lists(st.tuples(pauses, st.integers(1, 50), st.booleans()), max_size=80)


def cells_of(count: DailyCount) -> list[int]:
    return list(count.ring)


@given(steps)
def test_the_ring_total_is_the_sum_of_its_live_cells(
    messages: list[tuple[int, int, bool]],
) -> None:
    """Whatever is reserved, released and left behind, the running total stays the sum."""
    count, now = DailyCount(), START
    held: list[tuple[int, int]] = []
    for pause, recipients, releases in messages:
        now += pause
        if releases and held:
            count.release(*held.pop())
        else:
            held.append((recipients, count.reserve(recipients, now)))
        count.remaining(1e9, now)
        assert count._total == sum(cells_of(count))
        assert all(recipients >= 0 for recipients in cells_of(count))


@given(steps, st.integers(1, 300))
def test_the_quota_is_never_exceeded_and_none_is_refused_while_quota_is_left(
    messages: list[tuple[int, int, bool]], quota: int
) -> None:
    """In no 24 hours more than the quota goes; a message waits only where it would not fit, up to
    the five minutes by which a cell leaves late."""
    count, now = DailyCount(), START
    gone: list[tuple[int, int]] = []
    for pause, recipients, _ in messages:
        now += pause
        if count.wait(recipients, quota, now):
            kept = sum(n for at, n in gone if at > now - WINDOW - CELL)
            assert kept + recipients > quota
        else:
            count.reserve(recipients, now)
            gone.append((now, recipients))
        assert sum(n for at, n in gone if at > now - WINDOW) <= quota


@given(steps, st.integers(50, 300))
def test_the_wait_is_the_time_after_which_the_same_message_fits(
    messages: list[tuple[int, int, bool]], quota: int
) -> None:
    """As long as nobody else sends: then, and not before."""
    count, now = DailyCount(), START
    for pause, recipients, _ in messages:
        now += pause
        wait = count.wait(recipients, quota, now)
        if wait:
            assert count.wait(recipients, quota, now + wait - 1) > 0
            assert count.wait(recipients, quota, now + wait) == 0
            now += wait
        count.reserve(recipients, now)


@given(st.integers(0, 100), st.lists(st.sampled_from(["send", "answer", "refuse", "ask"])))
def test_with_the_accounts_own_figure_the_quota_is_exact(others: int, events: list[str]) -> None:
    """SES refuses nothing that the guard let pass, and the guard nothing that SES would take."""
    quota = 100
    count = DailyCount()
    count.learn(others, quota, count.mark(), START)
    accepted, in_flight = others, 0
    cell = START // CELL
    for event in events:
        if event == "send":
            fits = count.wait(1, quota, START) == 0
            assert fits is (accepted + in_flight < quota)
            if fits:
                count.reserve(1, START)
                in_flight += 1
        elif event == "ask":
            count.learn(accepted, quota, count.mark(), START)
        elif in_flight:
            in_flight -= 1
            if event == "answer":
                accepted += 1
                count.confirm(1)
            else:
                count.release(1, cell)
        assert count.remaining(quota, START) == max(0, quota - accepted - in_flight)


def test_what_is_confirmed_while_the_account_is_asked_counts_on_top() -> None:
    """Nobody knows whether it is in the answer; too much by a few is safe, too little is not."""
    count = DailyCount()
    for _ in range(10):
        count.reserve(1, START)
    mark = count.mark()
    count.confirm(10)
    count.learn(30.0, 100.0, mark, START)
    assert count.remaining(100.0, START) == 60.0


def test_own_recipients_leave_the_window_without_a_new_figure() -> None:
    """A newsletter of yesterday does not keep today's from going while the account is asked."""
    count = DailyCount()
    count.reserve(100, START)
    count.confirm(100)
    count.learn(100.0, 100.0, count.mark(), START)
    assert count.remaining(100.0, START) == 0.0
    assert count.remaining(100.0, START + WINDOW + CELL) == 100.0


def test_a_figure_that_is_a_day_old_tells_nothing_of_others_any_more() -> None:
    """A permission that was taken away does not close the quota for ever."""
    count = DailyCount()
    count.learn(100.0, 100.0, count.mark(), START)
    assert count.remaining(100.0, START + WINDOW - 1) == 0.0
    assert count.remaining(100.0, START + WINDOW) == 100.0


@pytest.mark.parametrize(("quota", "remaining"), [(None, None), (-1.0, None), (100.0, 70.0)])
def test_without_a_quota_it_only_counts(quota: float | None, remaining: float | None) -> None:
    count = DailyCount()
    count.reserve(30, START)
    assert count.wait(10**9, quota, START) == 0 if quota != 100.0 else True
    assert count.remaining(quota, START) == remaining


def test_a_quota_of_nothing_lets_nothing_pass() -> None:
    """Zero is a quota; only a negative one is none."""
    count = DailyCount()
    assert count.wait(1, 0.0, START) == CELL
    assert count.remaining(0.0, START) == 0.0
    count.close(START)
    count.learn(0.0, 0.0, count.mark(), START)
    assert count.wait(1, None, START) == GATE


def test_the_quota_may_be_used_to_its_last_recipient() -> None:
    count = DailyCount()
    count.reserve(49, START)
    assert count.wait(1, 50.0, START) == 0
    assert count.wait(2, 50.0, START) > 0
    count.reserve(1, START)
    assert count.wait(1, 50.0, START) == WINDOW + CELL


def test_ses_is_believed_for_ten_minutes() -> None:
    """ "Daily message quota exceeded" closes the gate, with or without a known quota."""
    count = DailyCount()
    count.close(START)
    for quota in (None, -1.0, 100.0):
        assert count.wait(1, quota, START) == GATE
        assert count.wait(1, quota, START + GATE - 1) == 1
        assert count.wait(1, quota, START + GATE) == 0
    assert count.remaining(100.0, START) == 0.0


@pytest.mark.parametrize(
    ("sent", "quota", "opens"),
    [(99.0, 100.0, True), (100.0, 100.0, False), (101.0, 100.0, False), (500.0, -1.0, True)],
)
def test_the_account_opens_the_gate_when_it_has_room(
    sent: float, quota: float, opens: bool
) -> None:
    count = DailyCount()
    count.close(START)
    count.learn(sent, quota, count.mark(), START)
    assert (count.wait(1, None, START) == 0) is opens


def test_releasing_what_has_left_the_window_changes_nothing_in_it() -> None:
    count = DailyCount()
    cell = count.reserve(10, START)
    later = START + WINDOW + 2 * CELL
    count.reserve(5, later)
    count.remaining(100.0, later)
    count.release(10, cell)
    assert count.remaining(100.0, later) == 95.0
