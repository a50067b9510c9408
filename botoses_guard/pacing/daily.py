"""How many recipients went in the last 24 hours, and whether more may.

SES counts recipients over a rolling window ("Service quotas", sending quotas). The guard counts its
own in cells of five minutes, and asks the account for the only figure that includes other senders.
"""

from __future__ import annotations

from collections import deque

from .schedule import MICROSECONDS

CELL = 300 * MICROSECONDS
"""A cell leaves the window whole, so that room shows up to five minutes late: 0.35 % of a day."""

WINDOW = 24 * 3600 * MICROSECONDS

GATE = 600 * MICROSECONDS
"""How long SES's "Daily message quota exceeded" is believed when the account tells nothing new."""


class DailyCount:
    """The rolling count of one budget; times in microseconds of one clock."""

    __slots__ = (
        "_cells",
        "_total",
        "_reserved",
        "_confirmed",
        "_others",
        "_others_until",
        "_closed_until",
    )

    def __init__(self) -> None:
        self._cells: deque[list[int]] = deque()  # [number of the cell, recipients]
        self._total = 0
        self._reserved = 0
        self._confirmed = 0
        self._others = 0.0
        self._others_until = 0
        self._closed_until = 0

    def reserve(self, recipients: int, now: int) -> int:
        """Count ``recipients`` and return the cell that they were counted in."""
        cell = now // CELL
        if self._cells and self._cells[-1][0] == cell:
            self._cells[-1][1] += recipients
        else:
            self._cells.append([cell, recipients])
        self._total += recipients
        self._reserved += recipients
        return cell

    def release(self, recipients: int, cell: int) -> None:
        """Uncount what SES did not accept."""
        self._reserved -= recipients
        for counted in reversed(self._cells):
            if counted[0] == cell:
                counted[1] -= recipients
                self._total -= recipients
                return

    def confirm(self, recipients: int) -> None:
        """Hear that SES answered, or may have accepted: its own figure includes these now."""
        self._confirmed += recipients

    def mark(self) -> int:
        """What to hand to :meth:`learn`, taken before the account is asked."""
        return self._confirmed

    def learn(self, sent: float, quota: float, mark: int, now: int) -> None:
        """Take the account's own figure, ``SentLast24Hours``.

        What it holds beyond the guard's own count is that of other senders. It stays until the
        next figure, a day at most: own recipients leave the window without a new one, too.

        Args:
            sent: the figure.
            quota: the account's quota; negative when there is none.
            mark: from :meth:`mark`: what was not confirmed by then may not be in the figure.
            now: the time.
        """
        self._expire(now)
        included = self._total - self._leaving(now) - (self._reserved - mark)
        self._others = max(0.0, sent - included)
        self._others_until = now + WINDOW
        if quota < 0 or self._used() < quota:
            self._closed_until = 0

    def close(self, now: int) -> None:
        """Believe SES that the quota is used up, until the account or the clock says otherwise."""
        self._closed_until = now + GATE

    def wait(self, recipients: int, quota: float | None, now: int) -> int:
        """Microseconds until ``recipients`` more fit in ``quota``; 0 when they fit now.

        Args:
            recipients: how many are to be reserved.
            quota: recipients in 24 hours; ``None`` when unknown, negative when there is none.
            now: the time.
        """
        if now < self._closed_until:
            return self._closed_until - now
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
        return 0.0 if now < self._closed_until else max(0.0, quota - self._used())

    def _used(self) -> float:
        return self._others + self._total

    def _frees(self, excess: float, now: int) -> int:
        """When own cells that leave the window make room, else when the next cell turns."""
        for cell, recipients in self._cells:
            excess -= recipients
            if excess <= 0:
                return max(1, (cell + 1) * CELL + WINDOW - now)
        return CELL

    def _leaving(self, now: int) -> int:
        """Recipients of the cell that the window cuts: some of them left the account's figure."""
        if self._cells and self._cells[0][0] * CELL < now - WINDOW:
            return self._cells[0][1]
        return 0

    def _expire(self, now: int) -> None:
        first = (now - WINDOW) // CELL
        while self._cells and self._cells[0][0] < first:
            self._total -= self._cells.popleft()[1]
        if now >= self._others_until:
            self._others = 0.0
