"""What the account last said of its quota, and whose turn it is to ask again."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

from .schedule import MICROSECONDS

TURN = 5 * MICROSECONDS
"""How long one sender has to bring the answer before another may ask."""

LOOK_AGAIN = 0.2
"""Seconds after which one who waits for another's answer looks for it."""


class SendQuota(NamedTuple):
    """An account's quota in one region (API reference, ``GetSendQuota``)."""

    max_send_rate: float
    """Recipients per second."""

    max_24_hour_send: float
    """Recipients per rolling 24 hours; -1 for no quota."""

    sent_last_24_hours: float


class Turn(NamedTuple):
    """What one who wants to know the quota is to do."""

    quota: SendQuota | None
    """The last answer, whoever asked; ``None`` when there was none."""

    asks: bool
    """Whether it is this one's turn to ask the account."""

    again: float
    """Seconds after which to come back."""

    mark: int
    """What to hand back with the answer."""


class Inquiry:
    """The quota that all who share a budget go by; times in microseconds."""

    __slots__ = ("_quota", "_told", "_taken")

    NUMBERS = "3d 2q"
    """Of :meth:`numbers`, as ``struct`` writes them."""

    def __init__(self) -> None:
        self._quota: SendQuota | None = None
        self._told = 0
        self._taken = 0

    def turn(self, interval: float, mark: int, now: int) -> Turn:
        """Ask whether to ask.

        Args:
            interval: seconds for which an answer counts as fresh.
            mark: what the 24-hour count knows as confirmed.
            now: the time.
        """
        if self._quota is not None:
            fresh = self._told + interval * MICROSECONDS - now
            if 0 < fresh <= interval * MICROSECONDS:
                return Turn(self._quota, False, fresh / MICROSECONDS, mark)
        if 0 <= now - self._taken < TURN and self._taken:
            return Turn(self._quota, False, LOOK_AGAIN, mark)
        self._taken = now
        return Turn(self._quota, True, interval, mark)

    def learn(self, quota: SendQuota, now: int) -> None:
        """Take an answer."""
        self._quota = quota
        self._told = now
        self._taken = 0

    def numbers(self) -> tuple[float, ...]:
        """All that it remembers, in the order of :attr:`NUMBERS`."""
        return (*(self._quota or (math.nan,) * 3), self._told, self._taken)

    def restore(self, numbers: tuple[Any, ...]) -> None:
        """Become what another one was when its numbers were taken."""
        *quota, self._told, self._taken = numbers
        self._quota = None if math.isnan(quota[0]) else SendQuota(*quota)
