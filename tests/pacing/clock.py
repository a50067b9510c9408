"""A clock that moves only when it is told to."""

from __future__ import annotations

SECOND = 1_000_000
"""Microseconds."""

HOUR = 3600 * SECOND
DAY = 24 * HOUR


class Clock:
    """Microseconds; call it to read it."""

    def __init__(self, now: int = 10 * DAY) -> None:
        self.now = now

    def __call__(self) -> int:
        return self.now

    def seconds(self) -> float:
        """The same time in seconds."""
        return self.now / SECOND

    def advance(self, seconds: float) -> None:
        self.now += round(seconds * SECOND)
