"""The rolling 24 hours as an item counts them: as ``daily``, in cells of an hour."""

from __future__ import annotations

import math

from ..budget import Outcomes
from ..daily import GATE
from .expressions import Change
from .record import (
    CELL,
    CLOSED_UNTIL,
    CONFIRMED,
    HOUR,
    LANDED,
    OTHERS,
    OTHERS_UNTIL,
    RESERVED,
    TOTAL,
    TURNED,
    WINDOW,
    Record,
    cell_name,
    count_accepted,
)

YOUNGEST_TO_STAY = WINDOW - CELL
"""Microseconds. What SES refused is uncounted unless its cell is as old as this: it may leave the
window at the same moment and would then be uncounted twice. Hardly any send takes so long."""


def first_hour(now: int) -> int:
    """The oldest cell that the window touches."""
    return (now - WINDOW) // CELL


def hour_of(record: Record, now: int) -> int:
    """The cell to count in: that of this moment, or the last one if a clock was set back."""
    return max(now // CELL, record.hour or 0)


def others(record: Record, now: int) -> float:
    """Recipients of other senders in the quota, as far as the account told."""
    return float(record.numbers.get(OTHERS, 0)) if now < record.whole(OTHERS_UNTIL) else 0.0


def shut(record: Record, now: int) -> int:
    """Microseconds for which SES's word that the quota is used up is believed; 0 when it is not."""
    until = record.whole(CLOSED_UNTIL)
    return until - now if now < until <= now + GATE else 0


def room(record: Record, quota: float, now: int) -> int:
    """What :data:`.TOTAL` may be at most, whole recipients, so that ``quota`` is kept."""
    return math.floor(quota - others(record, now))


def counted(record: Record, now: int) -> int:
    """Own recipients in the window, whether or not the item was turned."""
    first = first_hour(now)
    return sum(recipients for hour, recipients in record.cells.items() if hour >= first)


def frees(record: Record, excess: int, now: int) -> int:
    """Microseconds until own cells that leave the window make room, else until the next cell."""
    for hour in sorted(hour for hour in record.cells if hour >= first_hour(now)):
        excess -= max(0, record.cells[hour])
        if excess <= 0:
            return max(1, (hour + 1) * CELL + WINDOW - now)
    return CELL


def wait(record: Record, recipients: int, quota: float | None, now: int) -> int:
    """Microseconds until ``recipients`` more fit in ``quota``; 0 when they fit now."""
    gate = shut(record, now)
    if gate or quota is None or quota < 0:
        return gate
    excess = counted(record, now) + recipients - room(record, quota, now)
    return frees(record, excess, now) if excess > 0 else 0


def remaining(record: Record, quota: float | None, now: int) -> float | None:
    """Recipients that still fit; ``None`` when there is no quota or it is unknown."""
    if quota is None or quota < 0:
        return None
    left = quota - others(record, now) - counted(record, now)
    return 0.0 if now < record.whole(CLOSED_UNTIL) else max(0.0, left)


def unseen(record: Record, sent: float, mark: int | None, now: int) -> float:
    """Recipients of other senders in the account's own figure.

    Args:
        record: the item, read after the account was asked.
        sent: the figure.
        mark: what was confirmed before the account was asked.
        now: the time.
    """
    cell, cut = divmod(now - WINDOW, CELL)
    leaving = record.cells.get(cell, 0) if cut else 0
    meanwhile = record.whole(CONFIRMED) - mark if mark is not None else 0
    included = counted(record, now) - leaving - record.in_flight - meanwhile
    return max(0.0, sent - included)


def count(change: Change, hour: int, recipients: int) -> None:
    """Count recipients as reserved."""
    for name in (TOTAL, RESERVED, cell_name(hour)):
        change.add(name, recipients)


def uncount(change: Change, recipients: int, hour: int, now: int) -> None:
    """Uncount what SES did not accept."""
    change.add(LANDED, recipients)
    if hour * CELL > now - YOUNGEST_TO_STAY:
        change.add(TOTAL, -recipients)
        change.add(cell_name(hour), -recipients)


def tell(change: Change, record: Record, outcomes: Outcomes, now: int) -> None:
    """Take what became of earlier slots, as :meth:`.Budget.hear`."""
    spent = max(0, outcomes.spent)
    if spent:
        count(change, hour_of(record, now), spent)
    for name in (CONFIRMED, LANDED):
        change.add(name, outcomes.confirmed + spent)
    for hour, recipients in outcomes.released:
        uncount(change, recipients, hour, now)
    if outcomes.accepted:
        count_accepted(change, record, outcomes.accepted, now)


def turn(record: Record, now: int, settles: bool = True) -> Change | None:
    """What is to be changed in an item because a new hour has begun; ``None`` if nothing is.

    No send is under way for longer than an hour: what was reserved before the last hour and did not
    land is taken to be lost with its process. It stays counted, but SES's own figure is taken to
    hold it.

    Args:
        record: the item.
        now: the time.
        settles: whether to write off what is lost, which fails while others land.
    """
    hour = now // CELL
    if record.hour is not None and hour < record.hour - WINDOW // CELL:
        return _gather(record, hour)
    if record.hour is None or record.hour >= hour:
        return None
    change = Change()
    change.if_equal(HOUR, record.hour)
    change.set(HOUR, hour)
    change.copy(TURNED, RESERVED)
    for cell in sorted(record.cells):
        if cell < first_hour(now):
            change.remove(cell_name(cell))
            change.add(TOTAL, -record.cells[cell])
    landed = record.whole(LANDED)
    right = min(max(landed, record.whole(TURNED)), record.whole(RESERVED))
    if settles and right != landed:
        change.if_equal(LANDED, record.numbers.get(LANDED))
        change.add(LANDED, right - landed)
    return change


def _gather(record: Record, hour: int) -> Change:
    """Count all as of this hour: the time was set back by more than a day.

    No cell would leave the window before it is there again, and the quota would be used up for as
    long.
    """
    change = Change()
    change.if_equal(HOUR, record.hour)
    change.if_equal(TOTAL, record.numbers.get(TOTAL))
    change.set(HOUR, hour)
    for cell in sorted(record.cells.keys() - {hour}):
        change.remove(cell_name(cell))
    change.set(cell_name(hour), record.whole(TOTAL))
    change.set(OTHERS_UNTIL, min(record.whole(OTHERS_UNTIL), hour * CELL + WINDOW))
    return change
