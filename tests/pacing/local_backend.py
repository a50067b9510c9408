"""A model of a server that processes share, and of what can become of it."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from typing import TypeVar

from botoses_guard.pacing import SendQuota, Standing
from botoses_guard.pacing.backend import BackendFailure, Presence, Reply
from botoses_guard.pacing.budget import NO_OUTCOMES, Budget, Demand, Outcomes, Slot
from botoses_guard.pacing.inquiry import Turn
from botoses_guard.pacing.schedule import HOSTS_DIFFER

from .clock import SECOND

T = TypeVar("T")


class Server:
    """Budgets behind a lock, with a clock of its own that can be set."""

    def __init__(self, clock: Callable[[], int]) -> None:
        self._clock = clock
        self.ahead = 0
        """Microseconds that its clock is ahead of that of the processes."""
        self.lock = threading.Lock()
        self.budgets: dict[str, Budget] = {}
        self.beats = 0
        self._seen: dict[str, dict[str, int]] = {}

    def now(self) -> int:
        """Microseconds."""
        return self._clock() + self.ahead

    def budget(self, key: str) -> Budget:
        return self.budgets.get(key) or self.budgets.setdefault(key, Budget())

    def count(self, key: str, peer: str) -> int:
        """Note that a process is there, and count those of the last minute."""
        self.beats += 1
        seen = self._seen.setdefault(key, {})
        seen[peer] = self.now()
        return sum(self.now() - at <= 60 * SECOND for at in seen.values())

    def forget(self) -> None:
        """Lose everything, as a server that was flushed."""
        with self.lock:
            self.budgets.clear()
            self._seen.clear()


class LocalBackend:
    """The way of one process to a server."""

    def __init__(self, server: Server, ahead: int = 0) -> None:
        """
        Args:
            server: behind it.
            ahead: microseconds by which the clock of this process's host is off, where the server
                has none and goes by that of the process.
        """
        self.server = server
        self._ahead = ahead
        self.failure: str | None = None
        """The kind of failure of every step, as long as it is set."""
        self.kind_of_failure = BackendFailure
        self.loses_answers = False
        """Whether steps that fail are made all the same."""
        self.on_step: Callable[[], object] = lambda: None
        """Called at each step; may wait, or raise anything."""
        self.steps: Counter[str] = Counter()
        self.told: list[Outcomes] = []
        """All that were heard, but for those that tell nothing."""
        self.floor = 0
        """Of the last reservation."""
        self.begun_anew = 0

    def _step(self, name: str, key: str, work: Callable[[Budget, int], T]) -> T:
        self.steps[name] += 1
        self.on_step()
        if self.failure and not self.loses_answers:
            raise self.kind_of_failure(self.failure)
        with self.server.lock:
            answer = work(self.server.budget(key), self.server.now() + self._ahead)
        if self.failure:
            raise self.kind_of_failure(self.failure)
        return answer

    def reserve(
        self,
        key: str,
        demands: Sequence[Demand],
        outcomes: Outcomes,
        floor: int,
        presence: Presence,
    ) -> Reply:
        def work(budget: Budget, now: int) -> Reply:
            self.floor = floor
            peers = self.server.count(key, presence.peer) if presence.beats else 0
            stepped = budget.follow(now, HOSTS_DIFFER)
            budget.schedule.hold(now + floor)
            self._hear(budget, outcomes, now)
            answers = tuple(budget.reserve(demand, now) for demand in demands)
            remaining = budget.daily.remaining(demands[-1].quota, now + budget.offset)
            return Reply(answers, remaining, peers, stepped)

        return self._step("reserve", key, work)

    def hear(self, key: str, outcomes: Outcomes) -> None:
        self._step("hear", key, lambda budget, now: self._hear(budget, outcomes, now))

    def _hear(self, budget: Budget, outcomes: Outcomes, now: int) -> None:
        if outcomes != NO_OUTCOMES:
            self.told.append(outcomes)
            budget.hear(outcomes, now)

    def give_back(self, key: str, slot: Slot) -> None:
        self._step("give_back", key, lambda budget, now: budget.give_back(slot))

    def throttled(self, key: str, slot: Slot) -> float | None:
        return self._step("throttled", key, lambda budget, now: budget.throttled(slot, now))

    def exhausted(self, key: str, slot: Slot) -> None:
        self._step("exhausted", key, lambda budget, now: budget.exhausted(slot, now))

    def turn(self, key: str, interval: float) -> Turn:
        return self._step("turn", key, lambda budget, now: budget.turn(interval, now))

    def learn(self, key: str, quota: SendQuota, mark: int | None) -> None:
        self._step("learn", key, lambda budget, now: budget.learn(quota, mark, now))

    def standing(self, key: str, rate: float | None, quota: float | None) -> Standing:
        return self._step("standing", key, lambda budget, now: budget.standing(rate, quota, now))

    def begin_anew(self) -> None:
        self.begun_anew += 1
