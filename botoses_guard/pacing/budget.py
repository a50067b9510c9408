"""What one account may send in one region, as one state with one atomic step.

The state is plain numbers and the arithmetic is pure: a store keeps it wherever its processes can
reach it, and makes each step atomic in its own way.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from .congestion import Congestion
from .daily import CELL, DailyCount
from .inquiry import Inquiry, SendQuota, Turn
from .schedule import MICROSECONDS, SET_BACK, Schedule, tolerance_at

SLOWEST = 1
"""Thousandths of a recipient per second: no rate is lower, so that every wait ends."""

LONG_WAIT = CELL / MICROSECONDS
"""Seconds of waiting after which recipients are counted anew when they went: the 24-hour count took
them in when they were reserved, and would let them go too early."""


class Demand(NamedTuple):
    """What a send asks of a budget."""

    recipients: int
    quota_recipients: int
    """Those of :attr:`recipients` that count to the 24-hour quota."""

    rate: float | None
    """Recipients per second that the account allows; ``None`` when unknown."""

    quota: float | None
    """Recipients per 24 hours; ``None`` when unknown, negative when there is none."""

    max_wait: float
    """Seconds."""

    bursts: bool = True
    """Whether the send may go a little early, to catch up."""


class Slot(NamedTuple):
    """A reservation: when a send may go, and what it takes to undo it."""

    demand: Demand
    reserved: int
    start: int
    end: int
    cell: int
    wait: float
    """Seconds to sleep, counted from the reservation."""

    outage: object = None
    """Set by a store that was out of reach, and paced in this process meanwhile."""


class Refused(NamedTuple):
    """Nothing was reserved."""

    category: Literal["send_rate", "daily_quota", "store_unavailable"]
    retry_after: float
    """Seconds after which the same demand may be granted."""

    store: str = ""
    """Address of a store that is unreachable, without user and password."""

    reason: str = ""
    """Why it is, in a few words."""


class Standing(NamedTuple):
    """What a budget looks like at this moment."""

    rate: float | None
    """Recipients per second that may go now; ``None`` when nothing bounds them."""

    remaining_24_hours: float | None
    """Recipients that still fit in the quota; ``None`` when there is none or it is unknown."""

    queue: float
    """Seconds until the last reserved slot is over."""

    shut: float
    """Seconds until the 24-hour quota has room for one more; 0 when it has."""


class Outcomes(NamedTuple):
    """What became of earlier slots, told together with the next reservation."""

    confirmed: int = 0
    """Recipients that SES accepted, or may have, as far as they count to the quota."""

    released: tuple[tuple[int, int], ...] = ()
    """Cells and their recipients that SES refused."""

    spent: int = 0
    """Recipients that count to the quota and went while the store was out of reach."""

    accepted: int = 0
    """Recipients that SES accepted while no rate was known."""


NO_OUTCOMES = Outcomes()


class Budget:
    """The state; times in microseconds of the store's clock."""

    __slots__ = ("schedule", "congestion", "daily", "inquiry", "offset", "_pace")

    def __init__(self) -> None:
        self.schedule = Schedule()
        self.congestion = Congestion()
        self.daily = DailyCount()
        self.inquiry = Inquiry()
        self.offset = 0
        """What the clock of the 24-hour count is ahead of the clock of the queue: where that one
        begins anew at each boot, the count goes by the time of day."""
        self._pace = (-1.0, 0, 0)  # a rate, and what is made of it; nearly always the last one

    def follow(self, now: int, tolerance: int = SET_BACK) -> bool:
        """Move what goes by the clock of the queue, as :meth:`.Schedule.follow`.

        Returns:
            Whether the clock was set back.
        """
        back = self.schedule.follow(now, tolerance)
        if back:
            self.congestion.follow(back)
        return bool(back)

    def reserve(self, demand: Demand, now: int) -> Slot | Refused:
        """The step: reserve all that ``demand`` asks for, or nothing."""
        recipients, counted, rate, quota, max_wait, bursts = demand
        daily = self.daily
        if counted and (quota is not None or daily.closed_until):
            shut = daily.wait(counted, quota, now + self.offset)
            if shut:
                return Refused("daily_quota", shut / MICROSECONDS)
        if self.congestion.is_cut:
            rate = self.congestion.rate(rate, now)
        start = end = now
        wait = 0.0
        if rate is not None:
            if rate != self._pace[0]:
                self._pace = (rate, round(rate * 1000) or SLOWEST, tolerance_at(rate))
            _, millirate, tolerance = self._pace
            due = self.schedule.due(now, tolerance if bursts else 0)
            wait = (due - now) / MICROSECONDS
            if wait > max_wait:
                return Refused("send_rate", wait)
            start = self.schedule.advance(recipients, millirate, now)
            end = self.schedule.next
        cell = daily.reserve(counted, now + self.offset) if counted else 0
        return Slot(demand, now, start, end, cell, wait)

    def hear(self, outcomes: Outcomes, now: int) -> None:
        """Take what became of earlier slots."""
        if outcomes.spent > 0:
            self.daily.reserve(outcomes.spent, now + self.offset)
        self.daily.confirm(outcomes.confirmed + max(0, outcomes.spent))
        for cell, recipients in outcomes.released:
            self.daily.release(recipients, cell)
        if outcomes.accepted:
            self.congestion.accepted(outcomes.accepted, now)

    def give_back(self, slot: Slot) -> None:
        """Undo a reservation whose send never left; its time is lost unless it was the last."""
        if slot.end > slot.start:
            self.schedule.give_back(slot.start, slot.end)
        self._release(slot)

    def accepted(self, slot: Slot, now: int) -> None:
        """SES accepted the send, or may have."""
        counted = slot.demand.quota_recipients
        if counted:
            if slot.wait > LONG_WAIT:
                self.daily.release(counted, slot.cell)
                self.daily.reserve(counted, now + self.offset)
            self.daily.confirm(counted)
        if slot.demand.rate is None:
            self.congestion.accepted(slot.demand.recipients, now)

    def rejected(self, slot: Slot) -> None:
        """SES refused the send. Whether a refused call is free of the rate, it does not say."""
        self._release(slot)

    def throttled(self, slot: Slot, now: int) -> float | None:
        """SES refused the send for its rate; returns the rate if it was cut for it."""
        self._release(slot)
        if not self.congestion.throttled(slot.reserved, slot.demand.rate, now):
            return None
        return self.congestion.rate(slot.demand.rate, now)

    def exhausted(self, slot: Slot, now: int) -> None:
        """SES refused the send for the 24-hour quota."""
        self._release(slot)
        self.daily.close(now + self.offset)

    def turn(self, interval: float, now: int) -> Turn:
        """Whether to ask the account for its quota, and what it last said."""
        return self.inquiry.turn(interval, self.daily.mark(), now)

    def learn(self, quota: SendQuota, mark: int | None, now: int) -> None:
        """Take what the account says; ``mark`` is that of the turn, ``None`` without one."""
        self.inquiry.learn(quota, now)
        sent, most = quota.sent_last_24_hours, quota.max_24_hour_send
        self.daily.learn(sent, most, mark, now + self.offset)

    def standing(self, rate: float | None, quota: float | None, now: int) -> Standing:
        return Standing(
            rate=self.congestion.rate(rate, now),
            remaining_24_hours=self.daily.remaining(quota, now + self.offset),
            queue=max(0, self.schedule.next - now) / MICROSECONDS,
            shut=self.daily.wait(1, quota, now + self.offset) / MICROSECONDS,
        )

    def _release(self, slot: Slot) -> None:
        if slot.demand.quota_recipients:
            self.daily.release(slot.demand.quota_recipients, slot.cell)
