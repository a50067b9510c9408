"""When a store that was out of reach is tried again, and by whom."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

import pytest

from botoses_guard.pacing.breaker import FIRST_PAUSE, Breaker

from .clock import Clock

T = TypeVar("T")


def new_breaker(clock: Clock, uniform: float = 0.5) -> Breaker:
    return Breaker(clock.seconds, lambda: uniform)


def fail(breaker: Breaker) -> bool:
    """Make a step that fails."""
    begun = breaker.begin()
    assert begun is not None
    return breaker.failed(begun)


def elsewhere(work: Callable[[], T]) -> T:
    """What ``work`` returns in another thread."""
    found: list[T] = []
    thread = threading.Thread(target=lambda: found.append(work()))
    thread.start()
    thread.join()
    return found[0]


def test_everybody_passes_while_the_store_answers() -> None:
    breaker = new_breaker(Clock())
    assert [breaker.admits() for _ in range(3)] == [True] * 3
    assert (breaker.open_for, breaker.answered(), breaker.retry_after) == (None, None, 0.0)


def test_the_first_failure_opens_it_for_a_second() -> None:
    clock = Clock()
    breaker = new_breaker(clock)
    assert fail(breaker)
    assert not breaker.admits()
    clock.advance(0.4)
    assert [breaker.open_for, breaker.retry_after] == pytest.approx([0.4, 0.6])
    clock.advance(0.599)
    assert not breaker.admits()
    clock.advance(0.001)
    assert breaker.admits()


def test_one_tries_and_the_others_go_on_without() -> None:
    clock = Clock()
    breaker = new_breaker(clock)
    fail(breaker)
    clock.advance(1)
    assert breaker.admits()
    assert [breaker.admits() for _ in range(3)] == [False] * 3
    assert breaker.retry_after == FIRST_PAUSE


def test_no_step_begins_while_nobody_tries() -> None:
    """Those who waited for their trip when the store failed need not find that out themselves."""
    clock = Clock()
    breaker = new_breaker(clock)
    fail(breaker)
    assert breaker.begin() is None
    clock.advance(1)
    breaker.admits()
    assert breaker.begin() is not None


@pytest.mark.parametrize(
    ("uniform", "part"), [(0.0, 0.8), (0.5, 1.0), (1.0, 1.2)], ids=["short", "middle", "long"]
)
def test_pauses_double_up_to_thirty_seconds_and_vary_by_a_fifth(
    uniform: float, part: float
) -> None:
    clock = Clock()
    breaker = new_breaker(clock, uniform)
    pauses = []
    for _ in range(8):
        assert breaker.admits()
        fail(breaker)
        pauses.append(breaker.retry_after / part)
        clock.advance(breaker.retry_after)
    assert pauses == pytest.approx([1, 2, 4, 8, 16, 30, 30, 30])


def test_an_answer_closes_it_and_the_next_pause_is_the_first_again() -> None:
    clock = Clock()
    breaker = new_breaker(clock)
    for _ in range(3):
        breaker.admits()
        fail(breaker)
        clock.advance(breaker.retry_after)
    assert breaker.admits()
    assert breaker.answered() == pytest.approx(7.0)
    assert (breaker.open_for, breaker.answered()) == (None, None)
    assert breaker.admits()
    assert fail(breaker)
    assert breaker.retry_after == pytest.approx(1.0)


def test_only_the_first_failure_is_news() -> None:
    clock = Clock()
    breaker = new_breaker(clock)
    first, second = breaker.begin(), breaker.begin()
    assert first is not None
    assert second is not None
    assert [breaker.failed(first), breaker.failed(second)] == [True, False]
    clock.advance(1)
    breaker.admits()
    assert not fail(breaker)


def test_what_was_under_way_when_it_opened_prolongs_nothing() -> None:
    clock = Clock()
    breaker = new_breaker(clock)
    under_way = breaker.begin()
    assert under_way is not None
    fail(breaker)
    clock.advance(0.5)
    assert not breaker.failed(under_way)
    assert breaker.retry_after == pytest.approx(0.5)


def test_what_was_under_way_when_it_opened_ends_no_trial() -> None:
    clock = Clock()
    breaker = new_breaker(clock)
    under_way = breaker.begin()
    assert under_way is not None
    fail(breaker)
    clock.advance(1)
    assert breaker.admits()
    breaker.failed(under_way)
    assert breaker.begin() is not None, "the trial is still under way"
    fail(breaker)
    assert breaker.retry_after == pytest.approx(2.0)


def test_what_was_under_way_before_an_outage_does_not_open_it_after_that() -> None:
    clock = Clock()
    breaker = new_breaker(clock)
    under_way = breaker.begin()
    assert under_way is not None
    fail(breaker)
    clock.advance(1)
    breaker.admits()
    breaker.answered()
    assert not breaker.failed(under_way)
    assert breaker.open_for is None


def test_what_was_under_way_beside_a_trial_does_not_open_it_after_that() -> None:
    clock = Clock()
    breaker = new_breaker(clock)
    fail(breaker)
    clock.advance(1)
    breaker.admits()
    beside = breaker.begin()
    assert beside is not None
    breaker.answered()
    assert not breaker.failed(beside)
    assert breaker.open_for is None


def test_an_answer_that_comes_late_closes_it_too() -> None:
    """Whoever hears from the store: it is there."""
    clock = Clock()
    breaker = new_breaker(clock)
    breaker.begin()
    fail(breaker)
    assert breaker.answered() == 0.0
    assert breaker.admits()


def test_another_may_try_when_the_one_who_did_gave_up() -> None:
    clock = Clock()
    breaker = new_breaker(clock)
    fail(breaker)
    clock.advance(1)
    assert breaker.admits()
    breaker.gave_up()
    assert elsewhere(breaker.admits)


def test_one_who_does_not_try_gives_nothing_up() -> None:
    clock = Clock()
    breaker = new_breaker(clock)
    fail(breaker)
    clock.advance(1)
    assert breaker.admits()
    elsewhere(breaker.gave_up)
    assert not breaker.admits()


def test_of_many_threads_one_tries() -> None:
    clock = Clock()
    breaker = new_breaker(clock)
    fail(breaker)
    clock.advance(1)
    begin = threading.Barrier(16)
    admitted: list[bool] = []

    def try_it() -> None:
        begin.wait()
        admitted.append(breaker.admits())

    threads = [threading.Thread(target=try_it) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert admitted.count(True) == 1
