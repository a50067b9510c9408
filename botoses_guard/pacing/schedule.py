"""When the next recipient may go: the generic cell rate algorithm, by reservation.

ITU-T I.371 calls it virtual scheduling. One number, the theoretical arrival time of the next
recipient, is the whole queue: a reservation moves it on and tells its owner when to go, so that
each waiter sleeps once and they go in the order in which they came. Seen from SES it is a bucket
with debt: a message of many recipients goes whole, and the next one waits for all of them.

All times are integers, in microseconds of one clock.
"""

from __future__ import annotations

MICROSECONDS = 1_000_000

TOLERANCE = 100_000
"""How early a recipient may go at most, in microseconds.

A waiter that wakes late, or a moment without a waiter, would waste its part of the rate for ever
if sends were never closer than the emission interval. Within this tolerance the queue catches up.
SES allows bursts above the rate and does not say how long; a tenth of a second stays well below
the quarter that its users measured. In recipients it is 2.4 at 14/s and 11 at 100/s.
"""

SET_BACK = 1 * MICROSECONDS
"""A clock that is behind what it was by more than so many microseconds was set back. By less, the
queue stands still for as long."""

HOSTS_DIFFER = 5 * MICROSECONDS
"""The same where each host goes by a clock of its own, which may be off by a little."""

FULL_TOLERANCE = 10.0
"""Recipients per second from which on the tolerance is whole. Below it shrinks with the rate: a
small account may have a burst of one, and an interval of a second wastes little by lateness."""


def tolerance_at(rate: float) -> int:
    """How early a recipient may go at a rate in recipients per second, in microseconds."""
    return TOLERANCE if rate >= FULL_TOLERANCE else int(TOLERANCE * rate / FULL_TOLERANCE)


class Schedule:
    """The queue of one budget.

    In any window of w seconds at most ``rate * (w + tolerance) + 1 + (largest message - 1)``
    recipients start, give or take a microsecond.
    """

    __slots__ = ("next", "latest", "_remainder")

    NUMBERS = "2q"
    """Of :meth:`numbers`, as ``struct`` writes them."""

    def __init__(self) -> None:
        self.next = 0
        """The theoretical arrival time of the next recipient."""

        self.latest = 0
        """When the last reservation was made."""

        # Part of a microsecond that the last interval was short of, times the rate: without it a
        # rate of 14/s would run 8 ppm fast, one of 9,500/s 0.3 %.
        self._remainder = 0

    def due(self, now: int, tolerance: int = TOLERANCE) -> int:
        """When a message that is reserved now may go; nothing is reserved yet."""
        due = self.next - tolerance
        return due if due > now else now

    def advance(self, recipients: int, millirate: int, now: int) -> int:
        """Reserve, and return where the reservation starts.

        Args:
            recipients: how many.
            millirate: the rate in thousandths of a recipient per second, from 1.
            now: the time.
        """
        self.latest = now
        start = self.next
        if start < now:
            start = now
            self._remainder = 0
        interval, self._remainder = divmod(
            recipients * 1000 * MICROSECONDS + self._remainder, millirate
        )
        self.next = start + interval
        return start

    def give_back(self, start: int, end: int) -> bool:
        """Undo a reservation, which only the last one in the queue can have.

        Moving the others forward would need their consent: they sleep.
        """
        if self.next != end:
            return False
        self.next = start
        self._remainder = 0
        return True

    def hold(self, until: int) -> None:
        """Start nothing before ``until``, which a sender knows to be taken.

        A store that was flushed has forgotten the queue, and goes on from what those who still wait
        know.

        Args:
            until: end of the sender's own last slot.
        """
        if until > self.next:
            self.next = until
            self._remainder = 0

    def follow(self, now: int, tolerance: int = SET_BACK) -> int:
        """Move the queue with a clock that was set back, so that it keeps its length.

        Only for clocks that somebody can set.

        Args:
            now: the time.
            tolerance: microseconds by which two readings may differ without that.

        Returns:
            By how many microseconds the clock was set back; 0 when it was not.
        """
        back = self.latest - now
        if back <= tolerance:
            return 0
        self.next -= back
        self.latest = now
        return back

    def numbers(self) -> tuple[int, ...]:
        """All that it remembers but :attr:`latest`, in the order of :attr:`NUMBERS`."""
        return self.next, self._remainder

    def restore(self, numbers: tuple[int, ...]) -> None:
        """Become what another queue was when its numbers were taken."""
        self.next, self._remainder = numbers
