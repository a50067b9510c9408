"""What one process knows of a budget that it shares with others."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterable

from .budget import LONG_WAIT, NO_OUTCOMES, Outcomes, Slot
from .schedule import MICROSECONDS

BEAT = 5.0
"""Seconds after which a process shows itself again."""

FIRST_BEAT = 0.25
"""The same when it begins, from where it doubles: those that begin together count each other soon,
and a store that fails early finds each with its part."""

MEMORY = 60.0
"""Seconds for which the most processes that were seen are believed to be there: a store that was
flushed sees the first one only."""


class AccountState:
    """Outcomes that are still to be told, what the store last said, and this process's last slot.

    Methods may be called from any thread.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        # What is to be told, as Outcomes names it.
        self._confirmed = self._spent = self._accepted = 0
        self._released: Counter[int] = Counter()
        self._beat_at = 0.0
        self._pause = FIRST_BEAT
        self._most_seen_at = 0.0
        self._last_end = 0
        # Of the same slot: who gave it, and where it ends on the clock of who did.
        self._last_outage: object = None
        self._last_end_there = 0
        self.peers = 0
        """The most processes that the store counted lately; 0 when it never did."""
        self.remaining: float | None = None
        """Recipients that were left of the quota when the store last answered."""

    @property
    def last_end(self) -> int:
        """Before which nothing may start, as far as this process knows; microseconds of its own
        clock."""
        return self._last_end

    def tell(self, confirmed: int = 0, accepted: int = 0, spent: int = 0) -> None:
        """Keep what became of a slot until the next reservation."""
        with self._lock:
            self._confirmed += confirmed
            self._accepted += accepted
            self._spent += spent

    def tell_accepted(self, slot: Slot) -> None:
        """Keep that SES accepted, or may have, until the next reservation."""
        recipients, counted, rate, *_ = slot.demand
        accepted = recipients if rate is None else 0
        if slot.wait > LONG_WAIT:
            self.tell_released(slot)
            self.tell(accepted=accepted, spent=counted)
        else:
            self.tell(counted, accepted)

    def tell_released(self, slot: Slot) -> None:
        """Keep that SES did not accept, until the next reservation."""
        if slot.demand.quota_recipients:
            with self._lock:
                self._released[slot.cell] += slot.demand.quota_recipients

    def take_outcomes(self) -> Outcomes:
        """What is to be told."""
        with self._lock:
            if not (self._confirmed or self._spent or self._accepted or self._released):
                return NO_OUTCOMES
            released = tuple(self._released.items())
            untold = Outcomes(self._confirmed, released, self._spent, self._accepted)
            self._confirmed = self._spent = self._accepted = 0
            self._released.clear()
            return untold

    def keep_outcomes(self, untold: Outcomes) -> None:
        """Keep what could not be told."""
        self.tell(untold.confirmed, untold.accepted, untold.spent)
        with self._lock:
            self._released.update(dict(untold.released))

    def beats(self, now: int) -> bool:
        """Whether it is time to show that this process is there."""
        return now / MICROSECONDS >= self._beat_at

    def did_beat(self, peers: int, now: int) -> None:
        """Hear how many processes the store counted when this one showed itself."""
        seconds = now / MICROSECONDS
        self._beat_at = seconds + self._pause
        self._pause = min(2 * self._pause, BEAT)
        if peers and (peers >= self.peers or seconds > self._most_seen_at + MEMORY):
            self.peers, self._most_seen_at = peers, seconds

    def granted(self, slots: Iterable[Slot], began: int) -> None:
        """Hear of slots that the store gave.

        Args:
            slots: on the clock of the store.
            began: when this process asked for them, on its own.
        """
        with self._lock:
            for slot in slots:
                self._note(slot, began + slot.end - slot.reserved)

    def granted_here(self, slot: Slot, rate: float | None) -> None:
        """Hear of a slot that was given without the store.

        Args:
            slot: on the clock of this process.
            rate: recipients per second of the whole account. The slot is longer than its recipients
                take of that, and would push the queue of all on for too long.
        """
        taken = round(slot.demand.recipients * MICROSECONDS / rate) if rate else 0
        with self._lock:
            self._note(slot, slot.start + taken)

    def _note(self, slot: Slot, end: int) -> None:
        if end >= self._last_end:
            self._last_end = end
            self._last_outage, self._last_end_there = slot.outage, slot.end

    def gave_back(self, slot: Slot) -> None:
        """Hear that a slot is not used: else the floor would keep what was given back."""
        with self._lock:
            if slot.outage is self._last_outage and slot.end == self._last_end_there:
                here = slot.outage is not None
                self._last_end = slot.start if here else self._last_end - slot.end + slot.start
                self._last_end_there = slot.start
