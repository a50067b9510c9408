"""Items of a table as one process knows them, and how it changes them.

Each process keeps an item as it last saw it. That decides nothing but what to try first: what is
changed looks at the item itself.
"""

from __future__ import annotations

from collections.abc import Callable

from . import day
from .expressions import Change
from .plan import Moment, Plan, Queue, queue_of
from .record import Record
from .service_clock import ServiceClock
from .table import Table

ROUNDS = 3
"""How often a change is tried whose item others change meanwhile."""


class _Seen:
    """An item as this process last saw it."""

    def __init__(self, record: Record) -> None:
        self.record = record
        self.alone = True
        """Whether nobody else was found to have used its queue since the time before."""
        self.idle = True
        """Whether its queue was found idle at the last reservation."""


class Items:
    """A table, and what was last seen of it."""

    def __init__(self, table: Table, clock: ServiceClock) -> None:
        self._table = table
        self._clock = clock
        self._seen: dict[str, _Seen] = {}

    def begin_anew(self) -> None:
        """As :meth:`.Backend.begin_anew`."""
        self._table.begin_anew()

    def last(self, key: str) -> Record | None:
        """The item as it was last seen; never asks."""
        seen = self._seen.get(key)
        return None if seen is None else seen.record

    def read(self, key: str) -> Record:
        """The item as it is now."""
        record = self._table.read(key)
        self._note(key, record, record.next)
        return record

    def write(self, key: str, change: Change, plan: Plan | None = None) -> tuple[bool, Record]:
        """Make a change if its conditions hold.

        Args:
            key: of the item.
            change: what to do.
            plan: the reservation that it makes.

        Returns:
            Whether it was made, and the item as it is now.
        """
        done, record = self._table.write(key, change)
        found: int | None = record.next
        if plan is not None and plan.paced:
            idle = plan.queue is not Queue.BUSY if done else record.next < plan.moment.base
            self._seen[key].idle = idle
            if done:  # what was before is known if the change said by how much to move it
                found = None if idle else record.next - plan.interval
        self._note(key, record, found)
        return done, record

    def _note(self, key: str, record: Record, found: int | None) -> None:
        """Keep what was seen of an item; ``found`` is what its queue was before this process."""
        seen = self._seen.setdefault(key, _Seen(record))
        if found is not None:
            seen.alone = found == seen.record.next
        seen.record = record

    def apply(self, key: str, make: Callable[[Record, int], Change | None]) -> Record | None:
        """Change an item by what it is, until nobody comes in between.

        Args:
            key: of the item.
            make: the change of a given item at a given time; ``None`` if there is none to make.

        Returns:
            The item after it; ``None`` if somebody came in between each time.
        """
        record = self.last(key) or self.read(key)
        for _ in range(ROUNDS):
            change = make(record, self._clock())
            if change is None:
                return record
            done, record = self.write(key, change)
            if done:
                return record
        return None

    def turned(self, key: str, record: Record) -> Record:
        """The item once its count goes by this hour, which one of its users brings about."""
        for left in reversed(range(ROUNDS)):
            change = day.turn(record, self._clock(), settles=left > 0)
            if change is None:
                break
            _, record = self.write(key, change)
        return record

    def guess(self, key: str, moment: Moment) -> Queue:
        """What the queue is like now, as far as can be told without asking."""
        seen = self._seen[key]
        # A process that slept until its start finds the queue that it saw past, and the queue of
        # many processes longer by now.
        likely = seen.alone or seen.idle
        if likely and queue_of(seen.record, moment) is Queue.IDLE:
            return Queue.IDLE
        return Queue.BUSY
