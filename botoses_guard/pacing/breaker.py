"""Whether to try a store that was out of reach.

Closed while the store answers. A failure opens it, for a second at first and twice as long after
each trial that fails. Then one sender tries, and all others go on without the store meanwhile.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

FIRST_PAUSE = 1.0
"""Seconds."""

LONGEST_PAUSE = 30.0
"""Seconds."""

JITTER = 0.2
"""Part by which a pause is longer or shorter, so that processes do not try together."""


class Breaker:
    """One for a store in each process; a forked child needs a new one."""

    def __init__(self, clock: Callable[[], float], uniform: Callable[[], float]) -> None:
        """
        Args:
            clock: seconds of a clock that no one sets.
            uniform: a random number in [0, 1).
        """
        self._clock = clock
        self._uniform = uniform
        self._lock = threading.Lock()
        self._opened: float | None = None
        self._try_at = 0.0
        self._failures = 0
        self._round = 0
        self._trier: int | None = None

    @property
    def open_for(self) -> float | None:
        """Seconds since the store failed; ``None`` while it answers."""
        opened = self._opened
        return None if opened is None else self._clock() - opened

    @property
    def retry_after(self) -> float:
        """Seconds after which it is worth to come back."""
        if self._trier is not None:
            return FIRST_PAUSE  # by then the trial is over
        return max(0.0, self._try_at - self._clock())

    def admits(self) -> bool:
        """Whether this sender may use the store; the one who tries it has to say how that went."""
        if self._opened is None:
            return True
        with self._lock:
            if self._opened is None:
                return True
            if self._trier is not None or self._clock() < self._try_at:
                return False
            self._trier = threading.get_ident()
            return True

    def begin(self) -> int | None:
        """Begin a step; ``None`` when none is to be made: the store failed, and nobody tries it.

        Returns:
            What to hand to :meth:`failed`.
        """
        if self._opened is not None and self._trier is None:
            return None
        return self._round

    def failed(self, begun: int) -> bool:
        """The store did not answer a step.

        Args:
            begun: from :meth:`begin`. What was under way when the store failed tells nothing new
                by failing, too.

        Returns:
            Whether the store answered so far.
        """
        with self._lock:
            if begun != self._round:
                return False
            self._round += 1
            self._trier = None
            pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(self._failures, 10))
            self._failures += 1
            first = self._opened is None
            now = self._clock()
            if first:
                self._opened = now
            self._try_at = now + pause * (1 + JITTER * (2 * self._uniform() - 1))
            return first

    def answered(self) -> float | None:
        """The store answered; returns for how long it had not, in seconds."""
        if self._opened is None:
            return None
        with self._lock:
            if self._opened is None:
                return None
            out = self._clock() - self._opened
            self._opened = None
            self._failures = 0
            self._round += 1
            self._trier = None
            return out

    def gave_up(self) -> None:
        """This sender was interrupted; if it was the one who tried, another may."""
        with self._lock:
            if self._trier == threading.get_ident():
                self._trier = None
