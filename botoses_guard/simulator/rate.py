"""How much an account may send: a bucket with debt for the rate, a rolling count for the quota."""

from __future__ import annotations

from collections import deque

DAY = 86_400.0


class Bucket:
    """Tokens are recipients. A message passes whole if one is left; the level may go below zero.

    So it is with SES: at 1/s a message to five is accepted, and nothing more for five seconds.
    """

    def __init__(self, rate: float, burst: float, now: float) -> None:
        self.rate = rate
        self.burst = burst
        self._level = burst
        self._filled = now

    def level(self, now: float) -> float:
        """Tokens at ``now``, in seconds of the simulator's clock."""
        self._level = min(self.burst, self._level + (now - self._filled) * self.rate)
        self._filled = now
        return self._level

    def take(self, recipients: int) -> None:
        """Take tokens, whether they are there or not."""
        self._level -= recipients


class RollingCount:
    """Recipients of the last 24 hours, to the second."""

    def __init__(self) -> None:
        self._sent: deque[tuple[float, int]] = deque()
        self._total = 0

    def total(self, now: float) -> int:
        while self._sent and self._sent[0][0] <= now - DAY:
            self._total -= self._sent.popleft()[1]
        return self._total

    def add(self, recipients: int, now: float) -> None:
        if recipients:
            self._sent.append((now, recipients))
            self._total += recipients
