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
        self._trying = False

    @property
    def open_for(self) -> float | None:
        """Seconds since the store failed; ``None`` while it answers."""
        opened = self._opened
        return None if opened is None else self._clock() - opened

    @property
    def trying(self) -> bool:
        """Whether a sender tries the store at this moment."""
        return self._trying

    @property
    def retry_after(self) -> float:
        """Seconds until the store is tried again."""
        return max(0.0, self._try_at - self._clock())

    def admits(self) -> bool:
        """Whether this sender may use the store; it has to report how that went."""
        if self._opened is None:
            return True
        with self._lock:
            if self._opened is None:
                return True
            if self._trying or self._clock() < self._try_at:
                return False
            self._trying = True
            return True

    def failed(self) -> bool:
        """The store did not answer; returns whether it did so far."""
        with self._lock:
            first = self._opened is None
            if first:
                self._opened = self._clock()
            elif not self._trying:
                return False  # one that was under way when the breaker opened
            pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(self._failures, 10))
            self._failures += 1
            self._trying = False
            self._try_at = self._clock() + pause * (1 + JITTER * (2 * self._uniform() - 1))
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
            self._trying = False
            return out

    def gave_up(self) -> None:
        """The sender that tried was interrupted: another may try."""
        with self._lock:
            self._trying = False
