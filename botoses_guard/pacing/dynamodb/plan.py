"""What to reserve for senders that wait at this moment, so that one condition covers them all."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from typing import NamedTuple

from ..budget import SLOWEST, Demand, Refused, Slot
from ..schedule import HOSTS_DIFFER, MICROSECONDS, tolerance_at
from . import day
from .expressions import Change
from .record import LATEST, NEXT, TOTAL, VERSION, Record, put_cut, set_back


class Queue(Enum):
    """What the queue is found, or taken, to be like."""

    BUSY = "somebody has reserved beyond the moment from which this process can"
    IDLE = "nobody has"
    STEPPED = "it was told by a clock that has been set back since"


class Share(NamedTuple):
    """What one of those who wait is to get."""

    demand: Demand
    paced: bool
    """Whether a rate bounds it."""

    offset: int = 0
    """Microseconds from the start of the reservation for all to that of this one."""

    interval: int = 0
    tolerance: int = 0


class Moment(NamedTuple):
    """When a reservation is made."""

    now: int
    base: int
    """The time before which this process cannot start, because it knows that it is taken."""

    hour: int
    """The cell to count in."""


def interval_of(recipients: int, rate: float) -> int:
    """Microseconds for which recipients take up the queue; rounded up, so that it never runs fast.

    That makes it run slow, by half a microsecond for each message in the mean: 7 ppm at 14/s,
    0.05 % at 1,000/s. The part of a microsecond that other stores carry on would need a condition
    on what was read.
    """
    millirate = round(rate * 1000) or SLOWEST
    return -(-recipients * 1000 * MICROSECONDS // millirate)


def longest_wait(demand: Demand) -> int:
    """Microseconds."""
    return round(demand.max_wait * MICROSECONDS)


class Plan:
    """A reservation for several senders, in order; those who get nothing are refused already."""

    def __init__(
        self, demands: Sequence[Demand], record: Record, moment: Moment, queue: Queue
    ) -> None:
        self.demands = demands
        self.record = record
        self.moment = moment
        self.queue = queue
        self.parts: list[Share | Refused] = []
        self._congestion = record.congestion
        self.interval = 0
        self.counted = 0
        self.set_back = set_back(record, moment.now) if queue is Queue.STEPPED else 0
        self.begin = moment.base
        """Where the reservation starts, if what the queue is taken to be like is true."""
        if queue is not Queue.IDLE:
            self.begin = max(moment.base, record.next - self.set_back)
        self.latest: int | None = None
        """The latest time at which the reservation may start, so that nobody waits too long."""
        self.room: int | None = None
        """What the count of the day may be before it, so that every quota is kept."""

    def share(self, demand: Demand) -> Share:
        """What one more would get; nothing is reserved yet."""
        rate = self._congestion.rate(demand.rate, self.moment.now)
        if rate is None:
            return Share(demand, False)
        tolerance = tolerance_at(rate) if demand.bursts else 0
        interval = interval_of(demand.recipients, rate)
        return Share(demand, True, self.interval, interval, tolerance)

    def take(self, share: Share) -> None:
        """Reserve for one more."""
        demand = share.demand
        if share.paced:
            longest = longest_wait(demand) + share.tolerance - share.offset
            latest = self.moment.now + longest
            self.latest = latest if self.latest is None else min(self.latest, latest)
            self.interval += share.interval
        if demand.quota_recipients:
            self.counted += demand.quota_recipients
            if demand.quota is not None and demand.quota >= 0:
                room = day.room(self.record, demand.quota, self.moment.now) - self.counted
                self.room = room if self.room is None else min(self.room, room)
        self.parts.append(share)

    @property
    def paced(self) -> bool:
        """Whether a rate bounds any of them."""
        return self.latest is not None

    @property
    def grants(self) -> bool:
        return any(isinstance(part, Share) for part in self.parts)

    @property
    def hopeless(self) -> bool:
        """Whether its conditions cannot hold, as far as is known."""
        if self.room is not None and self.room < 0:
            return True
        if self.counted and day.shut(self.record, self.moment.now):
            return True
        if self.latest is None or self.queue is Queue.BUSY:
            return False
        return self.begin > self.latest

    def put(self, change: Change) -> None:
        """Write the reservation and what has to hold for it."""
        change.if_equal(VERSION, self.record.version)
        if self.room is not None:
            change.if_missing_or_below(TOTAL, self.room + 1)
        if self.counted:
            day.count(change, self.moment.hour, self.counted)
        if self.latest is not None:
            self._put_queue(change, self.latest)

    def _put_queue(self, change: Change, latest: int) -> None:
        now, base = self.moment.now, self.moment.base
        change.set(LATEST, now)
        if self.queue is Queue.STEPPED:
            self._put_set_back(change)
            return
        change.if_missing_or_below(LATEST, now + HOSTS_DIFFER + 1)
        if self.queue is Queue.BUSY:
            change.if_within(NEXT, base, latest)
            change.add(NEXT, self.interval)
        else:
            change.if_missing_or_below(NEXT, base)
            change.set(NEXT, base + self.interval)

    def _put_set_back(self, change: Change) -> None:
        """Move what goes by the clock with it, if nobody else has."""
        change.if_equal(LATEST, self.record.numbers[LATEST])
        change.if_equal(NEXT, self.record.numbers.get(NEXT))
        change.set(NEXT, self.begin + self.interval)
        congestion = self.record.congestion
        if congestion.is_cut:
            congestion.follow(self.set_back)
            put_cut(change, congestion)
            change.add(VERSION, 1)

    def answers(self, written: Record) -> tuple[Slot | Refused, ...]:
        """What each gets, by the item after the reservation."""
        begin = written.next - self.interval
        return tuple(
            part if isinstance(part, Refused) else self._slot(part, begin) for part in self.parts
        )

    def _slot(self, share: Share, begin: int) -> Slot:
        now = self.moment.now
        hour = self.moment.hour if share.demand.quota_recipients else 0
        if not share.paced:
            return Slot(share.demand, now, now, now, hour, 0.0)
        start = begin + share.offset
        wait = max(0, start - share.tolerance - now) / MICROSECONDS
        return Slot(share.demand, now, start, start + share.interval, hour, wait)


def queue_of(record: Record, moment: Moment) -> Queue:
    if set_back(record, moment.now):
        return Queue.STEPPED
    return Queue.BUSY if record.next >= moment.base else Queue.IDLE


def plan_for_all(demands: Sequence[Demand], record: Record, moment: Moment, queue: Queue) -> Plan:
    """Reserve for all of them, in the hope that it fits.

    Args:
        demands: in order.
        record: the item as this process last saw it.
        moment: when.
        queue: what the queue is taken to be like.
    """
    plan = Plan(demands, record, moment, queue)
    for demand in demands:
        plan.take(plan.share(demand))
    return plan


def plan_for_those_who_fit(demands: Sequence[Demand], record: Record, moment: Moment) -> Plan:
    """Reserve for those for whom there is room, by what the item was at this moment."""
    plan = Plan(demands, record, moment, queue_of(record, moment))
    for demand in demands:
        share = plan.share(demand)
        refused = _no_quota(demand, plan) or _no_time(share, plan.begin, moment.now)
        if refused is None:
            plan.take(share)
        else:
            plan.parts.append(refused)
    return plan


def _no_quota(demand: Demand, plan: Plan) -> Refused | None:
    recipients, now = demand.quota_recipients, plan.moment.now
    if not recipients:
        return None
    gate = day.shut(plan.record, now)
    if gate:
        return Refused("daily_quota", gate / MICROSECONDS)
    if demand.quota is None or demand.quota < 0:
        return None
    used = plan.record.whole(TOTAL) + plan.counted
    excess = used + recipients - day.room(plan.record, demand.quota, now)
    if excess <= 0:
        return None
    return Refused("daily_quota", day.frees(plan.record, excess, now) / MICROSECONDS)


def _no_time(share: Share, begin: int, now: int) -> Refused | None:
    wait = max(0, begin + share.offset - share.tolerance - now)
    if not share.paced or wait <= longest_wait(share.demand):
        return None
    return Refused("send_rate", wait / MICROSECONDS)
