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

    def __init__(self, peers: int) -> None:
        self.peers = peers
        """Processes that were last seen; those that the store counts later are the ones that came
        back."""
        self.inquiry = Inquiry()
        self.granted = 0
        """Recipients that count to the quota, less those that were not sent."""
        self.granted_before = 0
        """Those of them that the account's last figure may hold."""
        self.sent: float | None = None
        """The account's last figure, if it told one since the store is away."""
        self.begun = False

    def of(self, rate: float | None) -> float | None:
        """This process's part of a rate."""
        return rate * LOCAL_PART / self.peers if rate else rate

    def quota(self, quota: float | None, remaining: float | None) -> float | None:
        """Recipients that this process may have sent since the store is away.

        Args:
            quota: of the account.
            remaining: what was left of it when the store last answered.
        """
        if quota is None or quota < 0:
            return quota
        left = quota if remaining is None else remaining
        if self.sent is not None:
            left = quota - self.sent
        return self.granted_before + max(0.0, left) / self.peers


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

    def reserve(self, key: str, demand: Demand, state: AccountState) -> Slot | Refused:
        """Reserve from this process's part of the rate, and of what was left of the quota."""
        with self._lock:
            part = self._part(key, state)
            rate = part.of(demand.rate)
            # After what the store gave this process; and processes that were cut off together must
            # not go on together, so that the first slot comes after a random part of its interval.
            phase = 0.0 if part.begun or not rate else self._uniform() / rate
            part.begun = True
            after = state.last_end - self._clock() + round(phase * MICROSECONDS)
            self._budgets.hold(key, after)
            quota = part.quota(demand.quota, state.remaining)
            answer = self._budgets.reserve(key, demand._replace(rate=rate, quota=quota))
            if isinstance(answer, Refused):
                return answer
            part.granted += demand.quota_recipients
            slot = answer._replace(outage=self)
            state.granted_here(slot, demand.rate)
        state.tell(spent=demand.quota_recipients)
        return slot

    def pace(self, key: str, slot: Slot, state: AccountState) -> Slot | Refused:
        """Let a slot of the store wait for its turn in this process's part of the rate, too.

        The store is back, but others may not have seen that yet, and still go by their parts.
        """
        demand = slot.demand
        with self._lock:
            part = self._part(key, state)
            if part.peers == 1:
                return slot
            rate = part.of(demand.rate)
            here = demand._replace(quota_recipients=0, quota=None, rate=rate)
            answer = self._budgets.reserve(key, here)
        if isinstance(answer, Refused):
            return answer
        return slot._replace(wait=max(slot.wait, answer.wait))

    def over(self) -> None:
        """The store is back, and has been or will be told what was sent: it counts that from now
        on."""
        with self._lock:
            for part in self._parts.values():
                part.granted_before, part.sent = part.granted, None

    def _part(self, key: str, state: AccountState) -> _Part:
        part = self._parts.get(key)
        if part is None:
            # At a guess where the store never told.
            part = self._parts[key] = _Part(state.peers or os.cpu_count() or 1)
        return part

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
            self._part(key, state).granted -= slot.demand.quota_recipients
        state.tell(spent=-slot.demand.quota_recipients)

    def turn(self, key: str, interval: float, state: AccountState) -> Turn:
        with self._lock:
            return self._part(key, state).inquiry.turn(interval, UNMARKED, self._clock())

    def learn(self, key: str, quota: SendQuota, state: AccountState) -> None:
        with self._lock:
            part = self._part(key, state)
            part.inquiry.learn(quota, self._clock())
            part.sent = quota.sent_last_24_hours
            part.granted_before = part.granted

    def standing(
        self, key: str, rate: float | None, quota: float | None, state: AccountState
    ) -> Standing:
        """What this process's part of the budget looks like now."""
        with self._lock:
            part = self._part(key, state)
            rate, quota = part.of(rate), part.quota(quota, state.remaining)
        return self._budgets.standing(key, rate, quota)
