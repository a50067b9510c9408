"""A store that keeps a ledger: whose recipients were reserved, and how they were settled."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from botoses_guard.pacing.budget import Demand, Refused, Slot
from botoses_guard.pacing.clock import monotonic_us
from botoses_guard.pacing.memory import MemoryStore


class Ledger(MemoryStore):
    """``memory://`` of one guard, with its books open."""

    def __init__(self, clock: Callable[[], int] = monotonic_us) -> None:
        super().__init__(clock)
        self.reserved = 0
        """Recipients, each as often as a slot was reserved for it."""
        self.settled: Counter[str] = Counter()
        """The same by what became of their slots."""

    def reserve(self, key: str, demand: Demand) -> Slot | Refused:
        slot = super().reserve(key, demand)
        if isinstance(slot, Slot):
            self.reserved += slot.demand.recipients
        return slot

    def give_back(self, key: str, slot: Slot) -> None:
        self._settle("given back", slot)
        super().give_back(key, slot)

    def accepted(self, key: str, slot: Slot) -> None:
        self._settle("accepted", slot)
        super().accepted(key, slot)

    def rejected(self, key: str, slot: Slot) -> None:
        self._settle("rejected", slot)
        super().rejected(key, slot)

    def throttled(self, key: str, slot: Slot) -> float | None:
        self._settle("throttled", slot)
        return super().throttled(key, slot)

    def exhausted(self, key: str, slot: Slot) -> None:
        self._settle("exhausted", slot)
        super().exhausted(key, slot)

    def _settle(self, outcome: str, slot: Slot) -> None:
        self.settled[outcome] += slot.demand.recipients
