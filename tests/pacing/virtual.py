"""Senders and a service in virtual time: hours of sending in a second."""

from __future__ import annotations

import heapq
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from itertools import count

from botoses_guard.pacing import Refused, Slot
from botoses_guard.pacing.budget import Budget

from .clock import SECOND
from .demands import demand


class DebtBucket:
    """The rate that a service really allows: a message passes whole while one recipient fits.

    It judges by its own arithmetic, in floating point and recipients, so that it shares none with
    what it judges.
    """

    def __init__(self, rate: float, burst: float) -> None:
        self._rate = rate
        self._burst = burst
        self._level = burst
        self._at = 0

    def accepts(self, recipients: int, now: int) -> bool:
        grown = self._level + (now - self._at) / SECOND * self._rate
        self._level, self._at = min(self._burst, grown), now
        if self._level < 1:
            return False
        self._level -= recipients
        return True


@dataclass
class Outcome:
    """What came of a run."""

    starts: list[tuple[int, int]] = field(default_factory=list)
    """Time and recipients of each message that left, in the order in which they were reserved."""

    accepted: list[tuple[int, int]] = field(default_factory=list)
    """Time and recipients of each message that the service took."""

    throttled: int = 0

    def share(self, rate: float, begin: float, end: float) -> float:
        """Recipients accepted between two times in seconds, as a part of what ``rate`` allows."""
        recipients = sum(n for at, n in self.accepted if begin * SECOND <= at < end * SECOND)
        return recipients / (rate * (end - begin))

    @property
    def throttled_per_accepted(self) -> float:
        return self.throttled / len(self.accepted)


def run(
    seconds: float,
    senders: int,
    *,
    ceiling: float | None,
    service: DebtBucket | None = None,
    budget: Budget | None = None,
    recipients: tuple[int, int] = (1, 1),
    latency: float = 0.02,
    max_wait: float = 1e9,
    seed: int = 0,
) -> Outcome:
    """Let ``senders`` send without a pause, each its next message after the last one's answer.

    Args:
        seconds: of the run.
        senders: how many send at once.
        ceiling: recipients per second that the senders believe in; ``None`` when unknown.
        service: what takes or throttles the messages; ``None`` takes all.
        budget: the state; a new one by default.
        recipients: fewest and most recipients of a message.
        latency: seconds from leaving to the answer.
        max_wait: longest wait in seconds.
        seed: of the messages' sizes and of the backoff.
    """
    senders_and_service = _Run(budget or Budget(), service, ceiling, max_wait, latency)
    return senders_and_service.go(seconds, senders, recipients, random.Random(seed))


class _Run:
    """A message is reserved, arrives, and is answered: three events in time."""

    def __init__(
        self,
        budget: Budget,
        service: DebtBucket | None,
        ceiling: float | None,
        max_wait: float,
        latency: float,
    ) -> None:
        self._budget = budget
        self._service = service
        self._ceiling = ceiling
        self._max_wait = max_wait
        self._half = round(latency * SECOND / 2)
        self._events: list[tuple[int, int, Callable[[int], None]]] = []
        self._serial = count()
        self._outcome = Outcome()

    def go(
        self, seconds: float, senders: int, recipients: tuple[int, int], dice: random.Random
    ) -> Outcome:
        self._sizes = recipients
        self._dice = dice
        for _ in range(senders):
            self._next_message(0)
        while self._events and self._events[0][0] < seconds * SECOND:
            now, _, happen = heapq.heappop(self._events)
            happen(now)
        return self._outcome

    def _at(self, time: int, happen: Callable[[int], None]) -> None:
        heapq.heappush(self._events, (time, next(self._serial), happen))

    def _next_message(self, now: int) -> None:
        self._at(now, partial(self._reserve, self._dice.randint(*self._sizes)))

    def _reserve(self, recipients: int, now: int) -> None:
        wanted = demand(recipients, rate=self._ceiling, max_wait=self._max_wait)
        answer = self._budget.reserve(wanted, now)
        if isinstance(answer, Refused):
            later = now + round(answer.retry_after * SECOND)
            self._at(later, partial(self._reserve, recipients))
            return
        start = now + round(answer.wait * SECOND)
        self._outcome.starts.append((start, recipients))
        self._at(start + self._half, partial(self._arrive, answer))

    def _arrive(self, slot: Slot, now: int) -> None:
        recipients = slot.demand.recipients
        if self._service is None or self._service.accepts(recipients, now):
            self._outcome.accepted.append((now, recipients))
            self._at(now + self._half, partial(self._accepted, slot))
        else:
            self._outcome.throttled += 1
            self._at(now + self._half, partial(self._throttled, slot))

    def _accepted(self, slot: Slot, now: int) -> None:
        self._budget.accepted(slot, now)
        self._next_message(now)

    def _throttled(self, slot: Slot, now: int) -> None:
        self._budget.throttled(slot, now)
        pause = round(0.25 * (0.5 + 0.5 * self._dice.random()) * SECOND)
        self._at(now + pause, partial(self._reserve, slot.demand.recipients))
