"""Budgets in a DynamoDB table, one item each, one call for a reservation.

A reservation is a conditional UpdateItem whose condition compares with the time and not with what
was read before, so that of many processes that reserve at once none has to try again. What is
changed rarely (the learned rate, other senders' recipients, the gate) has a version: who goes by an
old one is refused, gets the item with the refusal, and goes by the new one.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..backend import BackendFailure, Presence, Reply
from ..budget import NO_OUTCOMES, Demand, Outcomes, Slot, Standing
from ..daily import GATE
from ..inquiry import LOOK_AGAIN, SendQuota, Turn
from ..schedule import MICROSECONDS
from . import day
from . import presence as peers
from .expressions import Change
from .items import ROUNDS, Items
from .plan import Moment, Plan, Queue, plan_for_all, plan_for_those_who_fit
from .record import (
    CELL,
    CLOSED_UNTIL,
    CONFIRMED,
    HOUR,
    LIFE,
    NEXT,
    OTHERS,
    OTHERS_UNTIL,
    TAKEN,
    TOLD,
    TTL,
    VERSION,
    WINDOW,
    Record,
    latest_time,
    put_cut,
    put_inquiry,
)
from .service_clock import ServiceClock
from .table import Table


class DynamoDBBackend:
    """A :class:`.Backend`: hosts and Lambda functions that share nothing but AWS."""

    def __init__(self, table: Table, clock: ServiceClock) -> None:
        """
        Args:
            table: where the items are.
            clock: the time by which all hosts go.
        """
        self._items = Items(table, clock)
        self._clock = clock

    def begin_anew(self) -> None:
        self._items.begin_anew()

    def reserve(
        self,
        key: str,
        demands: Sequence[Demand],
        outcomes: Outcomes,
        floor: int,
        presence: Presence,
    ) -> Reply:
        last = self._items.last(key)
        fresh = last is None
        record = self._items.turned(key, last or self._items.read(key))
        taken_until = self._clock() + floor
        # Each further round lost a race, and those who won it left less room.
        for _ in range(ROUNDS + len(demands)):
            now = self._clock()
            moment = Moment(now, max(now, taken_until), day.hour_of(record, now))
            if not fresh:
                plan = plan_for_all(demands, record, moment, self._items.guess(key, moment))
                if plan.hopeless:
                    record, fresh = self._items.read(key), True
            if fresh:
                plan = plan_for_those_who_fit(demands, record, moment)
                if not plan.grants:
                    return self._refuse(key, plan, outcomes, presence)
            change = self._change(record, now)
            plan.put(change)
            _ride(change, record, outcomes, presence, now)
            done, record = self._items.write(key, change, plan)
            if done:
                return _reply(plan, record)
            fresh = True
        raise BackendFailure("contended")

    def _refuse(self, key: str, plan: Plan, outcomes: Outcomes, presence: Presence) -> Reply:
        """Nobody gets anything: what would have come along goes alone."""
        record = plan.record
        if outcomes != NO_OUTCOMES or presence.beats:
            record = self._tell(key, outcomes, presence)
        return _reply(plan, record)

    def hear(self, key: str, outcomes: Outcomes) -> None:
        self._tell(key, outcomes, Presence("", False))

    def _tell(self, key: str, outcomes: Outcomes, presence: Presence) -> Record:
        def change(record: Record, now: int) -> Change:
            change = self._change(record, now)
            _ride(change, record, outcomes, presence, now)
            return change

        record = self._items.apply(key, change)
        if record is None:
            raise BackendFailure("contended")
        return record

    def give_back(self, key: str, slot: Slot) -> None:
        now = self._clock()
        if slot.end > slot.start:
            change = self._change(None, now)
            change.if_equal(NEXT, slot.end)
            change.set(NEXT, slot.start)
            _release(change, slot, now)
            done, _ = self._items.write(key, change)
            if done:
                return
        if slot.demand.quota_recipients:
            change = self._change(None, now)
            _release(change, slot, now)
            self._items.write(key, change)

    def throttled(self, key: str, slot: Slot) -> float | None:
        cut: float | None = None

        def change(record: Record, now: int) -> Change | None:
            nonlocal cut
            change = self._change(record, now)
            _release(change, slot, now)
            congestion, latest = record.congestion, latest_time(record, now)
            if congestion.throttled(slot.reserved, slot.demand.rate, latest):
                cut = congestion.rate(slot.demand.rate, latest)
                put_cut(change, congestion)
                _next_version(change, record)
                return change
            cut = None
            return change if slot.demand.quota_recipients else None

        if slot.demand.rate is None:
            self._items.read(key)  # for what all others had accepted lately, which has no version
        if self._items.apply(key, change) is None:
            # Others learn about the account at this very moment: the next throttle will cut.
            self.hear(key, Outcomes(released=((slot.cell, slot.demand.quota_recipients),)))
            return None
        return cut

    def exhausted(self, key: str, slot: Slot) -> None:
        now = self._clock()
        change = self._change(None, now)
        _release(change, slot, now)
        change.set(CLOSED_UNTIL, now + GATE)
        change.add(VERSION, 1)
        self._items.write(key, change)

    def turn(self, key: str, interval: float) -> Turn:
        turn = Turn(None, False, LOOK_AGAIN, 0)

        def change(record: Record, now: int) -> Change | None:
            nonlocal turn
            turn = record.inquiry.turn(interval, record.whole(CONFIRMED), now)
            if not turn.asks:
                return None
            change = self._change(record, now)
            for name in (TOLD, TAKEN):
                change.if_equal(name, record.numbers.get(name))
            change.set(TAKEN, now)
            return change

        self._items.read(key)
        record = self._items.apply(key, change)
        if record is None:  # others took each turn
            return turn._replace(asks=False, again=LOOK_AGAIN)
        return turn._replace(mark=record.whole(CONFIRMED))

    def learn(self, key: str, quota: SendQuota, mark: int | None) -> None:
        sent, most = quota.sent_last_24_hours, quota.max_24_hour_send

        def change(record: Record, now: int) -> Change:
            change = self._change(record, now)
            inquiry = record.inquiry
            inquiry.learn(quota, now)
            put_inquiry(change, inquiry)
            others = day.unseen(record, sent, mark, now)
            change.set(OTHERS, others)
            change.set(OTHERS_UNTIL, now + WINDOW)
            if most < 0 or others + day.counted(record, now) < most:
                change.set(CLOSED_UNTIL, 0)
            _next_version(change, record)
            return change

        self._items.read(key)
        self._items.apply(key, change)  # who is overtaken three times has nothing new to tell

    def standing(self, key: str, rate: float | None, quota: float | None) -> Standing:
        record, now = self._items.read(key), self._clock()
        return Standing(
            rate=record.congestion.rate(rate, now),
            remaining_24_hours=day.remaining(record, quota, now),
            queue=max(0, record.next - now) / MICROSECONDS,
            shut=day.wait(record, 1, quota, now) / MICROSECONDS,
        )

    def _change(self, record: Record | None, now: int) -> Change:
        change = Change()
        change.set(TTL, now // MICROSECONDS + LIFE)
        if record is not None and record.hour is None:
            change.set_if_missing(HOUR, now // CELL)
        return change


def _ride(change: Change, record: Record, outcomes: Outcomes, presence: Presence, now: int) -> None:
    """What comes along with a change."""
    day.tell(change, record, outcomes, now)
    if presence.beats:
        peers.beat(change, record, presence.peer, now)


def _release(change: Change, slot: Slot, now: int) -> None:
    if slot.demand.quota_recipients:
        day.uncount(change, slot.demand.quota_recipients, slot.cell, now)


def _next_version(change: Change, record: Record) -> None:
    change.if_equal(VERSION, record.version)
    change.add(VERSION, 1)


def _reply(plan: Plan, record: Record) -> Reply:
    now = plan.moment.now
    quotas = [
        demand.quota for demand in plan.demands if demand.quota is not None and demand.quota >= 0
    ]
    return Reply(
        answers=plan.answers(record),
        remaining=day.remaining(record, max(quotas), now) if quotas else None,
        peers=peers.peers(record, now),
        stepped=plan.grants and plan.queue is Queue.STEPPED,
    )
