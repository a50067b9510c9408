"""How many recipients went in the last 24 hours, and whether more may.

SES counts recipients over a rolling window ("Service quotas", sending quotas). The guard counts its
own in cells of five minutes, and asks the account for the only figure that includes other senders.
"""

from __future__ import annotations

from array import array
from typing import Any

from .schedule import MICROSECONDS

CELL = 300 * MICROSECONDS
"""A cell leaves the window whole, so that room shows up to five minutes late: 0.35 % of a day."""

WINDOW = 24 * 3600 * MICROSECONDS

CELLS = WINDOW // CELL + 1
"""Those that the window can touch, the one of this moment included."""

_A_DAY = WINDOW // CELL

GATE = 600 * MICROSECONDS
"""How long SES's "Daily message quota exceeded" is believed when the account tells nothing new."""


class DailyCount:
    """The rolling count of one budget; times in microseconds of one clock."""

    __slots__ = (
        "ring",
        "_first",
        "_last",
        "_total",
        "_in_flight",
        "_in_flight_before",
        "_confirmed",
        "_others",
        "_others_until",
        "closed_until",
    )

    NUMBERS = "7q d q"
    """Of :meth:`numbers`, as ``struct`` writes them."""

    def __init__(self) -> None:
        self.ring = array("q", bytes(8 * CELLS))
        """Recipients by cell; the cell with number ``n`` is at ``n % CELLS``."""
        self._first = 0  # the oldest and the newest cell that count, by number
        self._last = 0
        self._total = 0
        self._in_flight = 0
        self._in_flight_before = 0
        self._confirmed = 0
        self._others = 0.0
        self._others_until = 0
        self.closed_until = 0
        """Until when SES is believed that the quota is used up; 0 when it never said so."""

    def reserve(self, recipients: int, now: int) -> int:
        """Count ``recipients`` and return the cell that they were counted in."""
        cell = now // CELL
        if cell > self._last:
            self._turn(cell)
        elif cell < self._last - _A_DAY:
            self._gather(cell)
        cell = self._last  # that of a moment ago, should the clock have been set back
        self.ring[cell % CELLS] += recipients
        self._total += recipients
        self._in_flight += recipients
        return cell

    def _turn(self, cell: int) -> None:
        # No request is under way for longer than a cell: what is still called so was lost with its
        # process, or waits in a long queue. It stays counted, but SES's own figure is taken to hold
        # it: until those who wait have gone, fewer recipients of other senders are seen.
        self._in_flight_before = self._in_flight if cell == self._last + 1 else 0
        self._in_flight = 0
        self._expire(cell * CELL)
        self._last = cell
        if not self._total:
            self._first = cell

    def _gather(self, cell: int) -> None:
        # The clock was set back by more than a day: no cell would leave the window before it is
        # there again, and the quota would be used up for as long.
        self.ring = array("q", bytes(8 * CELLS))
        self.ring[cell % CELLS] = self._total
        self._first = self._last = cell
        self._others_until = min(self._others_until, cell * CELL + WINDOW)

    def release(self, recipients: int, cell: int) -> None:
        """Uncount what SES did not accept."""
        self._land(recipients)
        if self._first <= cell <= self._last:
            self.ring[cell % CELLS] -= recipients
            self._total -= recipients

    def confirm(self, recipients: int) -> None:
        """Hear that SES answered, or may have accepted: its own figure includes these now."""
        self._confirmed += recipients
        self._land(recipients)

    def _land(self, recipients: int) -> None:
        if self._in_flight_before:
            earlier = min(recipients, self._in_flight_before)
            self._in_flight_before -= earlier
            recipients -= earlier
        self._in_flight = max(0, self._in_flight - recipients)

    def mark(self) -> int:
        """What to hand to :meth:`learn`, taken before the account is asked."""
        return self._confirmed

    def learn(self, sent: float, quota: float, mark: int | None, now: int) -> None:
        """Take the account's own figure, ``SentLast24Hours``.

        What it holds beyond the guard's own count is that of other senders. It stays until the
        next figure, a day at most: own recipients leave the window without a new one, too.

        Args:
            sent: the figure.
            quota: the account's quota; negative when there is none.
            mark: from :meth:`mark`: what was not confirmed by then may not be in the figure.
                ``None`` when the figure came unasked.
            now: the time.
        """
        self._expire(now)
        meanwhile = self._confirmed - mark if mark is not None else 0
        in_flight = self._in_flight + self._in_flight_before
        included = self._total - self._leaving(now) - in_flight - meanwhile
        self._others = max(0.0, sent - included)
        self._others_until = now + WINDOW
        if quota < 0 or self._used() < quota:
            self.closed_until = 0

    def close(self, now: int) -> None:
        """Believe SES that the quota is used up, until the account or the clock says otherwise."""
        self.closed_until = now + GATE

    def wait(self, recipients: int, quota: float | None, now: int) -> int:
        """Microseconds until ``recipients`` more fit in ``quota``; 0 when they fit now.

        Args:
            recipients: how many are to be reserved.
            quota: recipients in 24 hours; ``None`` when unknown, negative when there is none.
            now: the time.
        """
        if now < self.closed_until <= now + GATE:  # later only when the clock was set back
            return self.closed_until - now
        if quota is None or quota < 0:
            return 0
        self._expire(now)
        excess = self._used() + recipients - quota
        return self._frees(excess, now) if excess > 0 else 0

    def remaining(self, quota: float | None, now: int) -> float | None:
        """Recipients that still fit; ``None`` when there is no quota or it is unknown."""
        if quota is None or quota < 0:
            return None
        self._expire(now)
        return 0.0 if now < self.closed_until else max(0.0, quota - self._used())

    def _used(self) -> float:
        return self._others + self._total

    def _frees(self, excess: float, now: int) -> int:
        """When own cells that leave the window make room, else when the next cell turns."""
        for cell in range(self._first, self._last + 1):
            recipients = self.ring[cell % CELLS]
            if recipients:
                excess -= recipients
                if excess <= 0:
                    return max(1, (cell + 1) * CELL + WINDOW - now)
        return CELL

    def _leaving(self, now: int) -> int:
        """Recipients of the cell that the window cuts: some of them left the account's figure."""
        cell, cut = divmod(now - WINDOW, CELL)
        return self.ring[cell % CELLS] if cut and self._first <= cell <= self._last else 0

    def _expire(self, now: int) -> None:
        first = (now - WINDOW) // CELL
        if first < self._last - 2 * _A_DAY:
            self._gather(first + _A_DAY)
        if self._first < first and self._total:
            for cell in range(self._first, min(first, self._last + 1)):
                self._total -= self.ring[cell % CELLS]
                self.ring[cell % CELLS] = 0
            self._first = first
        if now >= self._others_until:
            self._others = 0.0

    def numbers(self) -> tuple[float, ...]:
        """All that it remembers beside the ring, in the order of :attr:`NUMBERS`."""
        return (
            self._first,
            self._last,
            self._total,
            self._in_flight,
            self._in_flight_before,
            self._confirmed,
            self.closed_until,
            self._others,
            self._others_until,
        )

    def restore(self, numbers: tuple[Any, ...], ring: bytes) -> None:
        """Become what another count was when its numbers were taken."""
        (
            self._first,
            self._last,
            self._total,
            self._in_flight,
            self._in_flight_before,
            self._confirmed,
            self.closed_until,
            self._others,
            self._others_until,
        ) = numbers
        self.ring = array("q", ring)
