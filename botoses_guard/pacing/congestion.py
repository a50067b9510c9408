"""How fast to go after SES throttled: additive increase, multiplicative decrease.

A throttle says that less is free than the account's rate: other senders share it, or AWS lowered
it. The rate is cut once for each congestion event. Replies to sends that were reserved before the
last cut belong to the event of that cut: they tell nothing about the rate that it set, and counting
them would make the rate collapse.
"""

from __future__ import annotations

import math
from typing import Any

from .schedule import MICROSECONDS

DECREASE = 0.8
"""Part of the rate that is left after a congestion event."""

RECOVERY = 300.0
"""Seconds in which the rate would grow from nothing to its ceiling."""

FLOOR = 0.05
"""Part of the account's rate that is always used."""

DOUBLING = 5.0
"""Seconds in which the rate doubles while the guard looks for a ceiling that nobody told it."""

_LONGEST_SEARCH = 300.0
"""Seconds after which a search grows no more: 2 to the power of 60 is no bound any longer."""

_LOWEST = 1.0
"""Recipients per second below which a rate with an unknown ceiling is never cut: no account has
less (SES developer guide, "Service quotas", sending quotas)."""


class Congestion:
    """The rate that SES lets through, as learned from its throttles.

    With a known ceiling (the account's rate) the rate returns to it. Without one, the first
    throttle sets the rate to what SES accepted in the second before, from where it doubles again
    and again until the next throttle. Then it is near its unknown ceiling and feels its way like
    a known one, unless it grew so far unused that the throttle told no more than "too fast".
    """

    __slots__ = (
        "is_cut",
        "_cut_at",
        "_cut_rate",
        "_searches",
        "_slope",
        "_second",
        "_accepted",
        "_accepted_before",
    )

    NUMBERS = "q d q d 3q"
    """Of :meth:`numbers`, as ``struct`` writes them."""

    def __init__(self) -> None:
        self.is_cut = False
        """Whether there was ever a throttle: until then the ceiling is the rate."""
        self._cut_at = -1
        self._cut_rate: float | None = None
        self._searches = False
        self._slope = 0.0
        self._second = 0
        self._accepted = 0
        self._accepted_before = 0

    def rate(self, ceiling: float | None, now: int) -> float | None:
        """Recipients per second that may go now; ``None`` when nothing bounds them."""
        if self._cut_rate is None:
            return ceiling
        elapsed = max(0, now - self._cut_at) / MICROSECONDS
        if self._searches:
            rate = self._cut_rate * 2 ** (min(elapsed, _LONGEST_SEARCH) / DOUBLING)
        else:
            rate = self._cut_rate + self._slope * elapsed
        return rate if ceiling is None else min(ceiling, max(rate, ceiling * FLOOR))

    def throttled(self, reserved: int, ceiling: float | None, now: int) -> bool:
        """Hear of a throttle.

        Args:
            reserved: when the throttled send was reserved.
            ceiling: the account's rate, if it is known.
            now: the time.

        Returns:
            Whether this is a new congestion event, for which the rate was cut.
        """
        if reserved <= self._cut_at <= now:  # a cut to come was made before the clock was set back
            return False
        before = self.rate(ceiling, now)
        if ceiling is None:
            self._cut_unknown(before, now)
        else:
            self._cut_rate = max((before or ceiling) * DECREASE, ceiling * FLOOR)
            self._slope = ceiling / RECOVERY
            self._searches = False
        self._cut_at = now
        self.is_cut = True
        return True

    def _cut_unknown(self, before: float | None, now: int) -> None:
        lately = self._accepted_lately(now)
        self._searches = before is None or lately < before / 2
        if before is None or self._searches:
            self._cut_rate = max(_LOWEST, lately)
        else:
            self._cut_rate = max(_LOWEST, before * DECREASE)
            self._slope = before / RECOVERY

    def accepted(self, recipients: int, now: int) -> None:
        """Hear of recipients that SES accepted, while no rate is known."""
        self._turn(now)
        self._accepted += recipients

    def _accepted_lately(self, now: int) -> int:
        self._turn(now)
        return max(self._accepted, self._accepted_before)

    def _turn(self, now: int) -> None:
        second = now // MICROSECONDS
        if second != self._second:
            self._accepted_before = self._accepted if second == self._second + 1 else 0
            self._accepted = 0
            self._second = second

    def follow(self, back: int) -> None:
        """Move with a clock that was set back by ``back`` microseconds: else the rate would not
        recover until the clock is where it was."""
        if self.is_cut:
            self._cut_at -= back

    def numbers(self) -> tuple[float, ...]:
        """All that it remembers, in the order of :attr:`NUMBERS`."""
        return (
            self._cut_at,
            math.nan if self._cut_rate is None else self._cut_rate,
            self._searches,
            self._slope,
            self._second,
            self._accepted,
            self._accepted_before,
        )

    def restore(self, numbers: tuple[Any, ...]) -> None:
        """Become what another one was when its numbers were taken."""
        self._cut_at, cut_rate, searches, self._slope, *accepted = numbers
        self._cut_rate = None if math.isnan(cut_rate) else cut_rate
        self.is_cut = self._cut_rate is not None
        self._searches = bool(searches)
        self._second, self._accepted, self._accepted_before = accepted
