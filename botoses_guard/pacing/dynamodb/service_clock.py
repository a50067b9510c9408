"""The time that all hosts go by: each its own clock, put right where it is clearly wrong.

DynamoDB lets no condition see its own clock: a queue goes by the time of the host that writes. No
two sends share a slot whatever the clocks say, since the queue is one number in the item, but they
do not start when it says. A host that is s seconds ahead starts its sends s seconds early, and lets
the queue stand idle for as long, each time that it was empty. While the queue of one that is behind
is shorter than s seconds, the others do not see it: then up to s * rate recipients go twice as
fast. Keep clocks by NTP, as AWS's own hosts do.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from email.utils import parsedate_to_datetime

from ..clock import wall_us
from ..schedule import MICROSECONDS

logger = logging.getLogger(__name__)

WARNED_FROM = 1 * MICROSECONDS
"""Microseconds that a host's clock is off, at the least, when its user is told."""

CORRECTED_FROM = 2 * MICROSECONDS
"""Microseconds that a host's clock is off, at the least, when it is put right.

``Date`` has whole seconds (RFC 9110 section 5.6.7), so that less than that cannot be told from
nothing; and each correction is a step in the queue of this host."""


class ServiceClock:
    """Microseconds since 1970: the host's clock, and the ``Date`` of the service's answers."""

    def __init__(self, wall: Callable[[], int] = wall_us, corrects: bool = True) -> None:
        """
        Args:
            wall: microseconds of the host's clock.
            corrects: whether ``Date`` counts; a clock that is not the time of day is no worse for
                being far from it.
        """
        self._wall = wall
        self._corrects = corrects
        self._warned = False
        self.offset = 0
        """What is added to the host's clock: whole seconds, in microseconds."""

    def __call__(self) -> int:
        return self._wall() + self.offset

    def hear(self, date: str | None, asked: int) -> None:
        """Take the ``Date`` of an answer to a question that was asked when this clock said so."""
        if not self._corrects or date is None:
            return
        try:
            told = int(parsedate_to_datetime(date).timestamp()) * MICROSECONDS
        except ValueError:
            return  # some proxy's idea of a date
        # The service looked at its clock between question and now, and cut off part of a second.
        behind = told - self()
        ahead = asked - (told + MICROSECONDS)
        off = max(behind, ahead)
        if off >= WARNED_FROM and not self._warned:
            self._warned = True
            which = "behind" if behind > ahead else "ahead of"
            seconds = off / MICROSECONDS
            logger.warning("this host's clock is %.0f s %s DynamoDB's", seconds, which)
        if off >= CORRECTED_FROM:
            step = off // MICROSECONDS * MICROSECONDS
            self.offset += step if behind > ahead else -step
