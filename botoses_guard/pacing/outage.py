"""How a process goes on while its store is out of reach: with its part of each account."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable

from .account_state import AccountState
from .budget import Demand, Refused, Slot, Standing
from .inquiry import Inquiry, SendQuota, Turn
from .memory import MemoryStore
from .schedule import MICROSECONDS

LOCAL_PART = 0.85
"""Part of a process's share that it uses while the store is out of reach: pacers that know nothing
of each other coincide now and then."""

UNMARKED = -1
"""The mark of a turn without the store, which cannot know what is confirmed there."""


class _Part:
    """What an outage knows of one account beyond the queue and the count of its own slots."""

    def __init__(self) -> None:
        self.inquiry = Inquiry()
        self.granted = 0
        """Recipients that count to the quota, less those that were not sent."""
        self.granted_before = 0
        """Those of them that the account's last figure may hold."""
        self.sent: float | None = None
        """The account's last figure, if it told one since the store is away."""


class Outage:
    """One spell without the store. Its slots are settled here, also after the store is back."""

    def __init__(self, clock: Callable[[], int], uniform: Callable[[], float]) -> None:
        """
        Args:
            clock: microseconds of a clock that no one sets.
            uniform: a random number in [0, 1).
        """
        self._clock = clock
        self._uniform = uniform
        self._budgets = MemoryStore(clock)
        self._lock = threading.Lock()
        self._parts: dict[str, _Part] = {}
        self._begun: set[str] = set()

    def reserve(self, key: str, demand: Demand, state: AccountState) -> Slot | Refused:
        """Reserve from this process's part of the rate, and of what was left of the quota."""
        with self._lock:
            rate = _part_of(demand.rate, state)
            # After what the store gave this process; and processes that were cut off together must
            # not go on together, so that the first slot comes after a random part of its interval.
            begins = key not in self._begun
            phase = self._uniform() / rate * MICROSECONDS if rate and begins else 0.0
            self._budgets.hold(key, state.last_end - self._clock() + round(phase))
            self._begun.add(key)
            quota = self._quota(key, demand.quota, state)
            answer = self._budgets.reserve(key, demand._replace(rate=rate, quota=quota))
            if isinstance(answer, Refused):
                return answer
            self._part(key).granted += demand.quota_recipients
            slot = answer._replace(outage=self)
            state.granted_here(slot, demand.rate)
        state.tell(spent=demand.quota_recipients)
        return slot

    def _quota(self, key: str, quota: float | None, state: AccountState) -> float | None:
        """Recipients that this process may have sent since the store is away."""
        if quota is None or quota < 0:
            return quota
        part = self._part(key)
        if part.sent is not None:
            left = quota - part.sent
        else:
            left = quota if state.remaining is None else state.remaining
        return part.granted_before + max(0.0, left) / _peers(state)

    def _part(self, key: str) -> _Part:
        return self._parts.setdefault(key, _Part())

    def give_back(self, key: str, slot: Slot, state: AccountState) -> None:
        self._budgets.give_back(key, slot)
        self._uncount(key, slot, state)

    def accepted(self, key: str, slot: Slot) -> None:
        self._budgets.accepted(key, slot)

    def rejected(self, key: str, slot: Slot, state: AccountState) -> None:
        self._budgets.rejected(key, slot)
        self._uncount(key, slot, state)

    def throttled(self, key: str, slot: Slot, state: AccountState) -> float | None:
        self._uncount(key, slot, state)
        return self._budgets.throttled(key, slot)

    def exhausted(self, key: str, slot: Slot, state: AccountState) -> None:
        self._budgets.exhausted(key, slot)
        self._uncount(key, slot, state)

    def _uncount(self, key: str, slot: Slot, state: AccountState) -> None:
        with self._lock:
            self._part(key).granted -= slot.demand.quota_recipients
        state.tell(spent=-slot.demand.quota_recipients)

    def turn(self, key: str, interval: float) -> Turn:
        with self._lock:
            return self._part(key).inquiry.turn(interval, UNMARKED, self._clock())

    def learn(self, key: str, quota: SendQuota) -> None:
        with self._lock:
            part = self._part(key)
            part.inquiry.learn(quota, self._clock())
            part.sent = quota.sent_last_24_hours
            part.granted_before = part.granted

    def standing(
        self, key: str, rate: float | None, quota: float | None, state: AccountState
    ) -> Standing:
        """What this process's part of the budget looks like now."""
        with self._lock:
            quota = self._quota(key, quota, state)
        return self._budgets.standing(key, _part_of(rate, state), quota)


def _peers(state: AccountState) -> int:
    """Those that share the account, at a guess where the store never told."""
    return state.peers or os.cpu_count() or 1


def _part_of(rate: float | None, state: AccountState) -> float | None:
    return rate * LOCAL_PART / _peers(state) if rate else rate
