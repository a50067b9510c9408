"""The backend: short transactions, and whose connection it is.

A budget is one record. A step takes the record that this process wrote last, works on it, and
replaces it in one statement if it still stands in the file: that is one short transaction, and
nobody waits for a process that computes. If another process was faster the step begins again with
what that one wrote, and after a few rounds it shuts the others out.
"""

from __future__ import annotations

import os
import sqlite3
import threading
import time
import weakref
from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeVar

from ..backend import BackendFailure, Presence, Reply
from ..budget import (
    NO_OUTCOMES,
    Budget,
    Demand,
    Outcomes,
    Slot,
    Standing,
)
from ..clock import monotonic
from ..inquiry import SendQuota, Turn
from ..schedule import MICROSECONDS
from .file import close, connect, failure_of, identity_of, is_busy
from .host_clock import HostClock, host_clock
from .record import pack, unpack

PATIENCE = 0.25
"""Seconds for which a step waits for others. One takes microseconds: whoever is in the way for so
long is stopped, or the disk is."""

_PAUSE = 0.0005
"""Seconds between two attempts. SQLite's own busy handler sleeps longer and longer, and so lets
those who came last go first."""

_ROUNDS = 4
"""Attempts to be faster than the other processes before they are shut out."""

_LOOK = MICROSECONDS // 2
"""After so long a process sees whether its file is still the one of that name. SQLite goes on with
a file that was deleted, and those who came later with another: until all have seen it, both use the
whole rate. In half a second that is a tenth of what goes in five."""

_PRESENT = 60 * MICROSECONDS
"""How long a process counts as there after it showed itself."""

_READ = "SELECT record, latest FROM budgets WHERE name = ?"
_INSERT = (
    "INSERT INTO budgets(record, latest, name) SELECT ?, ?, ? WHERE ? IS NULL "
    "ON CONFLICT DO NOTHING"
)
_REPLACE = "UPDATE budgets SET record = ?, latest = ? WHERE name = ? AND record = ?"
_LEAVE = "DELETE FROM peers WHERE budget = ? AND seen NOT BETWEEN ? AND ?"
_BEAT = "INSERT OR REPLACE INTO peers(budget, peer, seen) VALUES (?, ?, ?)"
_COUNT = "SELECT count(*) FROM peers WHERE budget = ?"

T = TypeVar("T")
Execute = Callable[..., sqlite3.Cursor]
"""Of the one cursor: a new one for each statement costs a tenth of it."""

Work = Callable[[Budget, int], T]
"""A step's arithmetic, on the budget and the time; may be done over with what others wrote."""


class SqliteBackend:
    """The :class:`.Backend` in one file, by one connection for a process."""

    def __init__(
        self, path: str, clock: HostClock | None = None, patience: float = PATIENCE
    ) -> None:
        """
        Args:
            path: of the file, absolute; it is opened, and made, when it is used.
            clock: of the queue and of the 24-hour count; the host's by default.
            patience: seconds for which a step may wait for others.
        """
        self._path = path
        self._clock = clock or host_clock()
        self._patience = patience
        self._lock = threading.Lock()
        self._holds_for_fork = False
        self._connection: sqlite3.Connection | None = None
        self._execute: Execute
        self._close = weakref.finalize(self, lambda: None)
        self._owner = os.getpid()
        self._stranded = False
        self._identity = (0, 0)
        self._looked = 0
        self._known: dict[str, tuple[bytes | None, Budget]] = {}
        """What this process wrote last, and what it means."""
        _backends.add(self)

    def reserve(
        self,
        key: str,
        demands: Sequence[Demand],
        outcomes: Outcomes,
        floor: int,
        presence: Presence,
    ) -> Reply:
        peers = self._patiently(partial(self._beat, key, presence.peer)) if presence.beats else 0

        until = self._clock.queue() + floor  # before it waits for others

        def work(budget: Budget, now: int) -> Reply:
            stepped = self._clock.can_be_set and budget.follow(now)
            budget.schedule.hold(until)
            if outcomes != NO_OUTCOMES:
                budget.hear(outcomes, now)
            answers, quota = [], None
            for demand in demands:
                answers.append(budget.reserve(demand, now))
                if quota is None or (demand.quota is not None and demand.quota > quota):
                    quota = demand.quota
            remaining = budget.daily.remaining(quota, now + budget.offset)
            return Reply(tuple(answers), remaining, peers, stepped)

        return self._change(key, work)

    def hear(self, key: str, outcomes: Outcomes) -> None:
        self._change(key, lambda budget, now: budget.hear(outcomes, now))

    def give_back(self, key: str, slot: Slot) -> None:
        self._change(key, lambda budget, now: budget.give_back(slot))

    def throttled(self, key: str, slot: Slot) -> float | None:
        return self._change(key, lambda budget, now: budget.throttled(slot, now))

    def exhausted(self, key: str, slot: Slot) -> None:
        self._change(key, lambda budget, now: budget.exhausted(slot, now))

    def turn(self, key: str, interval: float) -> Turn:
        return self._change(key, lambda budget, now: budget.turn(interval, now))

    def learn(self, key: str, quota: SendQuota, mark: int | None) -> None:
        self._change(key, lambda budget, now: budget.learn(quota, mark, now))

    def standing(self, key: str, rate: float | None, quota: float | None) -> Standing:
        def look(execute: Execute) -> Standing:
            _, budget = self._read(key, execute)
            now = self._clock.queue()
            budget.offset = self._clock.wall() - now
            return budget.standing(rate, quota, now)

        return self._patiently(look)

    def _change(self, key: str, work: Work[T]) -> T:
        return self._patiently(partial(self._exchange, key, work))

    def _exchange(self, key: str, work: Work[T], execute: Execute) -> T:
        for _ in range(_ROUNDS):
            known = self._known.pop(key, None)
            record, budget = known or self._read(key, execute)
            result = self._work(work, budget)
            if self._replace(key, record, budget, execute):
                return result
        execute("BEGIN IMMEDIATE")
        record, budget = self._read(key, execute)
        result = self._work(work, budget)
        self._replace(key, record, budget, execute)
        execute("COMMIT")
        return result

    def _read(self, key: str, execute: Execute) -> tuple[bytes | None, Budget]:
        for record, latest in execute(_READ, (key,)).fetchall():
            budget = unpack(record, self._clock.boot)
            budget.schedule.latest = latest
            return record, budget
        return None, Budget()

    def _work(self, work: Work[T], budget: Budget) -> T:
        now = self._clock.queue()
        budget.offset = self._clock.wall() - now
        return work(budget, now)

    def _replace(self, key: str, record: bytes | None, budget: Budget, execute: Execute) -> bool:
        """Write ``budget`` unless another process wrote since ``record`` was read."""
        written = pack(budget, self._clock.boot)
        statement = _INSERT if record is None else _REPLACE
        latest = budget.schedule.latest
        if not execute(statement, (written, latest, key, record)).rowcount:
            return False
        self._known[key] = written, budget
        return True

    def _beat(self, key: str, peer: str, execute: Execute) -> int:
        """Note that this process is there; returns how many are."""
        now = self._clock.queue()
        execute(_LEAVE, (key, now - _PRESENT, now))
        execute(_BEAT, (key, peer, now))
        ((peers,),) = execute(_COUNT, (key,)).fetchall()
        return int(peers)

    def _patiently(self, step: Callable[[Execute], T]) -> T:
        """Make a step as soon as the others let it; every trouble is a :class:`BackendFailure`."""
        if not self._lock.acquire(True, self._patience):
            raise BackendFailure("locked")
        try:
            give_up = None
            while True:
                try:
                    return step(self._connected())
                except sqlite3.OperationalError as error:
                    now = monotonic()
                    give_up = give_up or now + self._patience
                    if not is_busy(error) or now >= give_up:
                        raise
                time.sleep(_PAUSE)
        except BaseException as error:  # Ctrl-C in the middle of a transaction, too
            self._drop()
            failure = failure_of(error)
            if failure is None:
                raise
            raise failure from error
        finally:
            self._lock.release()

    def _connected(self) -> Execute:
        if self._owner != os.getpid():  # forked by something that runs no Python on the way
            self._drop()
        now = self._clock.queue()
        if not 0 <= now - self._looked < _LOOK:
            self._looked = now
            if self._connection is not None and identity_of(self._path) != self._identity:
                self._drop()
        if self._connection is None:
            if self._stranded:
                raise BackendFailure("open when this process was forked")
            self._connection, self._identity = connect(self._path)
            self._close = weakref.finalize(self, partial(close, self._connection))
            self._execute = self._connection.cursor().execute
        return self._execute

    def _drop(self) -> None:
        """Let go of the connection; the next step makes a new one."""
        self._known.clear()
        connection, self._connection = self._connection, None
        if self._owner == os.getpid():
            self._close()
            return
        self._owner = os.getpid()
        self._close.detach()
        if connection is not None:
            _inherited.append(connection)
            self._stranded = True

    def _before_fork(self) -> None:
        # SQLite's locks are the process's and its notes of them are in memory. A child that
        # inherits an open file finds the notes without the locks, even for a connection of its
        # own, and the log is deleted under it (SQLite, "How To Corrupt", 2.6).
        self._holds_for_fork = self._lock.acquire(timeout=self._patience)
        if self._holds_for_fork:
            self._drop()

    def _after_fork(self) -> None:
        if self._holds_for_fork:
            self._holds_for_fork = False
            self._lock.release()

    def begin_anew(self) -> None:
        self._lock = threading.Lock()
        self._holds_for_fork = False
        if self._owner != os.getpid():
            self._drop()


_backends: weakref.WeakSet[SqliteBackend] = weakref.WeakSet()

_inherited: list[sqlite3.Connection] = []
"""Connections of a parent, which a child must not even close."""


def _each(step: Callable[[SqliteBackend], None]) -> None:
    for backend in list(_backends):
        step(backend)


if hasattr(os, "register_at_fork"):  # not on Windows, which does not fork
    os.register_at_fork(
        before=lambda: _each(SqliteBackend._before_fork),
        after_in_parent=lambda: _each(SqliteBackend._after_fork),
        after_in_child=lambda: _each(SqliteBackend.begin_anew),
    )
