"""The store of one process: budgets behind a lock."""

from __future__ import annotations

import logging
import os
import threading
import weakref
from collections.abc import Callable, Mapping
from types import MappingProxyType

from ..errors import SettingError
from .budget import Budget, Demand, Refused, Slot, Standing
from .clock import monotonic_us
from .inquiry import SendQuota, Turn

logger = logging.getLogger(__name__)


class MemoryStore:
    """``memory://``: first come, first served among the threads of this process.

    Other processes have budgets of their own, each with the whole rate. A forked child begins
    anew: it must not wait for a lock whose owner exists in the parent only.
    """

    name = "memory://"
    state = "ok"
    counters: Mapping[str, int] = MappingProxyType({})

    def __init__(self, clock: Callable[[], int] = monotonic_us) -> None:
        self._clock = clock
        # Reentrant: a signal handler that sends may come in between.
        self._lock = threading.RLock()
        self._budgets: dict[str, Budget] = {}
        self._forked = False
        _stores.add(self)

    def reserve(self, key: str, demand: Demand) -> Slot | Refused:
        if self._forked:
            self._warn_of_fork()
        with self._lock:
            budget = self._budgets.get(key) or self._budget(key)
            return budget.reserve(demand, self._clock())

    def give_back(self, key: str, slot: Slot) -> None:
        with self._lock:
            self._budget(key).give_back(slot)

    def accepted(self, key: str, slot: Slot) -> None:
        with self._lock:
            budget = self._budgets.get(key) or self._budget(key)
            budget.accepted(slot, self._clock())

    def rejected(self, key: str, slot: Slot) -> None:
        with self._lock:
            self._budget(key).rejected(slot)

    def throttled(self, key: str, slot: Slot) -> float | None:
        with self._lock:
            return self._budget(key).throttled(slot, self._clock())

    def exhausted(self, key: str, slot: Slot) -> None:
        with self._lock:
            self._budget(key).exhausted(slot, self._clock())

    def turn(self, key: str, interval: float) -> Turn:
        with self._lock:
            return self._budget(key).turn(interval, self._clock())

    def learn(self, key: str, quota: SendQuota, mark: int | None) -> None:
        with self._lock:
            self._budget(key).learn(quota, mark, self._clock())

    def hold(self, key: str, microseconds: int) -> None:
        """Start nothing before so many microseconds from now."""
        with self._lock:
            self._budget(key).schedule.hold(self._clock() + microseconds)

    def standing(self, key: str, rate: float | None, quota: float | None) -> Standing:
        with self._lock:
            return self._budget(key).standing(rate, quota, self._clock())

    def _budget(self, key: str) -> Budget:
        budget = self._budgets.get(key)
        if budget is None:
            budget = self._budgets[key] = Budget()
        return budget

    def begin_anew(self) -> None:
        """What a forked child does before any of its threads can send."""
        self._forked = bool(self._budgets)
        self._lock = threading.RLock()
        self._budgets = {}

    def _warn_of_fork(self) -> None:
        self._forked = False
        logger.warning(
            "this process was forked from one that sends: with the store memory:// each of them "
            "uses the whole rate; give each of N processes its part with rate_share"
        )


_stores: weakref.WeakSet[MemoryStore] = weakref.WeakSet()
_shared = MemoryStore()


def open_memory_store(url: str, failure: str) -> MemoryStore:
    """The one store of this process, so that all guards pace an account together.

    Raises:
        SettingError: there is something behind the scheme.
    """
    if url != "memory://":
        raise SettingError("memory:// takes nothing behind it: it is in this process")
    return _shared


def _begin_anew() -> None:
    for store in list(_stores):
        store.begin_anew()


if hasattr(os, "register_at_fork"):  # not on Windows, which does not fork
    os.register_at_fork(after_in_child=_begin_anew)
