"""One trip for all who wait, whatever becomes of it or of them."""

from __future__ import annotations

import random
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial

import pytest

from botoses_guard.pacing.combiner import LARGEST_TRIP, Combiner

DEADLINE = 30.0
"""Seconds; a thread that takes longer waits for ever."""


class Interruption(BaseException):
    """What Ctrl-C or a greenlet's timeout is."""


interruptible = pytest.mark.skipif(
    not hasattr(signal, "pthread_kill"), reason="no way to interrupt a thread here"
)


def waiting(combiner: Combiner[int, int]) -> list[int]:
    """Those who have no answer yet, in order."""
    with combiner._lock:
        return [ticket.asked for ticket in combiner._waiting]


class Trips:
    """Answers each who asks by a number of its own, once it is let go."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.at_once = 0
        self.most_at_once = 0
        self.unwanted: list[int] = []
        self.gate = threading.Event()
        self.combiner = Combiner(self.trip, self.unwanted.append)
        self.happens: Callable[[Sequence[int]], object] = lambda batch: None

    def trip(self, batch: Sequence[int]) -> Sequence[int]:
        self.batches.append(list(batch))
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            assert self.gate.wait(DEADLINE)
            self.happens(batch)
            return [-asked for asked in batch]
        finally:
            self.at_once -= 1


class Senders:
    """Threads that ask, one after the other, and what came of each."""

    def __init__(self, combiner: Combiner[int, int]) -> None:
        self._combiner = combiner
        self.outcomes: dict[int, int | BaseException] = {}
        self.asked = False
        self._threads: dict[int, threading.Thread] = {}

    def ask(self, *asked: int) -> None:
        """Ask, in this order."""
        for number in asked:
            self.ask_at_once(number)
            wait_until(partial(self._waits, number))
        self.asked = True

    def _waits(self, number: int) -> bool:
        return number in waiting(self._combiner)

    def ask_at_once(self, number: int) -> None:
        self._threads[number] = threading.Thread(target=self._ask, args=(number,))
        self._threads[number].start()

    def _ask(self, number: int) -> None:
        try:
            self.outcomes[number] = self._combiner.ask(number)
        except (Exception, Interruption) as error:
            self.outcomes[number] = error

    def join(self) -> None:
        for thread in self._threads.values():
            thread.join(DEADLINE)
            assert not thread.is_alive(), "it waits for ever"


@contextmanager
def interrupted_when(happened: Callable[[], bool]) -> Iterator[None]:
    """Interrupt this thread as Ctrl-C does, once something happened; ends with that."""

    def interrupt(*_: object) -> None:
        raise Interruption

    def watch() -> None:
        wait_until(happened)
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGUSR1)

    before = signal.signal(signal.SIGUSR1, interrupt)
    watcher = threading.Thread(target=watch)
    try:
        with pytest.raises(Interruption):
            watcher.start()
            yield
    finally:
        watcher.join(DEADLINE)
        signal.signal(signal.SIGUSR1, before)


def wait_until(happened: Callable[[], bool]) -> None:
    deadline = time.monotonic() + DEADLINE
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.0002)


def test_one_alone_travels_at_once() -> None:
    trips = Trips()
    trips.gate.set()
    assert [trips.combiner.ask(1), trips.combiner.ask(2)] == [-1, -2]
    assert trips.batches == [[1], [2]]


def test_those_who_come_during_a_trip_share_the_next_in_order() -> None:
    trips = Trips()
    senders = Senders(trips.combiner)
    senders.ask(*range(1, 20))
    trips.gate.set()
    senders.join()
    assert trips.batches == [[1], list(range(2, 20))]
    assert senders.outcomes == {number: -number for number in range(1, 20)}
    assert trips.most_at_once == 1


def test_those_who_do_not_fit_in_a_trip_go_with_the_next() -> None:
    trips = Trips()
    senders = Senders(trips.combiner)
    senders.ask(*range(1, 2 * LARGEST_TRIP + 8))
    trips.gate.set()
    senders.join()
    assert [len(batch) for batch in trips.batches] == [1, LARGEST_TRIP, LARGEST_TRIP, 6]
    assert sum(trips.batches, []) == list(range(1, 2 * LARGEST_TRIP + 8))


def test_nothing_is_taken_without_a_taker() -> None:
    trips = Trips()
    trips.gate.set()
    senders = Senders(trips.combiner)
    threads = [threading.Thread(target=senders._ask, args=(number,)) for number in range(1, 65)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(DEADLINE)
    assert sorted(sum(trips.batches, [])) == list(range(1, 65))
    assert senders.outcomes == {number: -number for number in range(1, 65)}


def test_the_failure_of_a_trip_reaches_each_who_went_with_it_and_no_other() -> None:
    trips = Trips()
    senders = Senders(trips.combiner)
    senders.ask(1, 2, 3)
    trips.happens = lambda batch: 1 / (len(batch) - 2)
    trips.gate.set()
    senders.join()
    assert senders.outcomes[1] == -1
    assert [type(senders.outcomes[number]) for number in (2, 3)] == [ZeroDivisionError] * 2
    assert trips.combiner.ask(4) == -4


def test_a_trip_that_answers_too_few_fails_for_all_and_nobody_waits_for_ever() -> None:
    combiner = Combiner[int, int](lambda batch: [], lambda answer: None)
    for _ in range(2):
        with pytest.raises(ValueError, match="shorter"):
            combiner.ask(1)


@interruptible
def test_the_others_go_on_in_order_when_the_one_who_travels_is_interrupted() -> None:
    """They keep their places: the next one travels for them."""
    trips = Trips()
    senders = Senders(trips.combiner)

    def others_wait() -> bool:
        if trips.batches and not senders.asked:
            senders.ask(2, 3, 4)
        return bool(senders.asked)

    with interrupted_when(others_wait):
        trips.combiner.ask(1)
    trips.gate.set()
    senders.join()
    assert trips.batches[0] == [1]
    assert sum(trips.batches[1:], []) == [2, 3, 4]
    assert senders.outcomes == {2: -2, 3: -3, 4: -4}
    assert trips.unwanted == []


def test_those_on_the_way_with_one_who_is_interrupted_travel_again() -> None:
    """Whether their trip was made nobody knows."""
    trips = Trips()
    senders = Senders(trips.combiner)
    trips.gate.set()
    first, second = threading.Event(), threading.Event()

    def happens(batch: Sequence[int]) -> None:
        if batch == [1]:
            first.set()
            assert second.wait(DEADLINE)
        elif 2 in batch and len(trips.batches) == 2:
            raise Interruption

    trips.happens = happens
    senders.ask_at_once(1)
    assert first.wait(DEADLINE)
    senders.ask(2, 3, 4)
    second.set()
    senders.join()
    assert trips.batches == [[1], [2, 3, 4], [3, 4]]
    assert isinstance(senders.outcomes.pop(2), Interruption)
    assert senders.outcomes == {1: -1, 3: -3, 4: -4}


@interruptible
def test_one_who_is_interrupted_before_its_trip_takes_nothing() -> None:
    trips = Trips()
    senders = Senders(trips.combiner)
    senders.ask(1, 2)
    with interrupted_when(lambda: 3 in waiting(trips.combiner)):
        trips.combiner.ask(3)
    trips.gate.set()
    senders.join()
    assert trips.batches == [[1], [2]]
    assert (senders.outcomes, trips.unwanted) == ({1: -1, 2: -2}, [])


@interruptible
def test_one_who_is_interrupted_during_its_trip_gives_its_answer_back() -> None:
    trips = Trips()
    senders = Senders(trips.combiner)
    on_the_way, interrupted = threading.Event(), threading.Event()

    def happens(batch: Sequence[int]) -> None:
        if 3 in batch:
            on_the_way.set()
            assert interrupted.wait(DEADLINE)

    def third_is_on_the_way() -> bool:
        if 3 in waiting(trips.combiner):
            trips.gate.set()
        return on_the_way.is_set()

    trips.happens = happens
    senders.ask(1, 2)
    with interrupted_when(third_is_on_the_way):
        trips.combiner.ask(3)
    interrupted.set()
    senders.join()
    assert trips.batches == [[1], [2, 3]]
    assert trips.unwanted == [-3]


def test_one_who_is_interrupted_with_its_answer_at_hand_gives_it_back() -> None:
    trips = Trips()
    trips.gate.set()
    handed_out = trips.combiner._hand_out

    def interrupt_after(answered: Sequence[tuple[object, int]]) -> None:
        handed_out(answered)  # type: ignore[arg-type]
        raise Interruption

    trips.combiner._hand_out = interrupt_after  # type: ignore[method-assign]
    with pytest.raises(Interruption):
        trips.combiner.ask(1)
    assert trips.unwanted == [-1]


def test_32_threads_make_a_trip_for_many() -> None:
    """A trip takes a while, in which the others come."""
    trips = [0]

    def trip(batch: Sequence[int]) -> Sequence[int]:
        trips[0] += 1
        time.sleep(0.001)
        return batch

    combiner = Combiner[int, int](trip, lambda answer: None)

    def send() -> None:
        for number in range(1, 31):
            assert combiner.ask(number) == number

    threads = [threading.Thread(target=send) for _ in range(32)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(DEADLINE)
    assert trips[0] / (32 * 30) <= 0.2


def test_nobody_waits_for_ever_however_trips_end() -> None:
    """64 threads; trips answer, fail, and are interrupted."""
    dice = random.Random(1)
    taken: list[int] = []
    unwanted: list[int] = []
    serial = iter(range(1, 1_000_000))

    def trip(batch: Sequence[int]) -> Sequence[int]:
        cast = dice.random()
        if cast < 0.1:
            raise OSError
        if cast < 0.2:
            raise Interruption
        answers = [next(serial) for _ in batch]
        taken.extend(answers)
        return answers

    combiner = Combiner[int, int](trip, unwanted.append)
    got: list[int] = []

    def send() -> None:
        for _ in range(50):
            try:
                got.append(combiner.ask(0))
            except (OSError, Interruption):
                pass

    threads = [threading.Thread(target=send) for _ in range(64)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(DEADLINE)
        assert not thread.is_alive()
    assert sorted(got + unwanted) == sorted(taken)
    assert combiner._waiting == []
    assert combiner._leader is None
