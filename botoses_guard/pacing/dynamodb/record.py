"""One budget as an item: an attribute for each number, so that conditions can look at them.

An item stays below 1 KB, one write unit, whatever happened in a day: names are short, a cell of the
24-hour count is an hour, and it names a dozen processes at most.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from ..backend import BackendFailure
from ..congestion import Congestion
from ..inquiry import Inquiry
from ..schedule import HOSTS_DIFFER, MICROSECONDS
from .expressions import Change, Number

KEY = "k"
TTL = "ttl"
"""Seconds since 1970 after which DynamoDB may delete the item."""

LIFE = 49 * 3600
"""Seconds that an unused item stays: longer than anything in it counts. A wait is a day at most,
and so is what a large message leaves of the queue behind it, but for the slowest accounts."""

NEXT = "n"
"""When the next recipient may go; microseconds since 1970, as all times here but that of peers."""

LATEST = "w"
"""When the queue was last used."""

VERSION = "v"
"""Counts the changes of what is changed rarely: others, gate and congestion. A reservation holds
only while this is what its arithmetic went by."""

TOTAL = "t"
"""Own recipients of the last 24 hours: the sum of all cells."""

HOUR = "h"
"""The hour in which the count was last turned, since 1970."""

RESERVED = "r"
"""All recipients that were ever reserved, as far as they count to the quota."""

LANDED = "l"
"""Those of them whose outcome is known, or who were lost with their process."""

TURNED = "m"
"""What :data:`RESERVED` was when the count was turned."""

CONFIRMED = "f"
"""Recipients that SES accepted, or may have, ever."""

OTHERS = "o"
OTHERS_UNTIL = "ou"
CLOSED_UNTIL = "g"

CONGESTION = ("xa", "xr", "xs", "xd", "as", "an", "ab")
"""As :meth:`.Congestion.numbers`; the last three are what SES accepted while no rate is known:
second, recipients in it and in the one before."""

SECOND, ACCEPTED, ACCEPTED_BEFORE = CONGESTION[4:]

INQUIRY = ("qr", "qd", "qs", "qt", "qa")
"""As :meth:`.Inquiry.numbers`."""

TOLD, TAKEN = INQUIRY[3:]

CELL = 3600 * MICROSECONDS
"""A cell leaves the window whole, so that room shows up to an hour late: 4 % of a day. Cells of
five minutes would be 289 attributes, and each write would cost four units."""

WINDOW = 24 * 3600 * MICROSECONDS

_CELL = "c"
_PEER = "p"


def cell_name(hour: int) -> str:
    return f"{_CELL}{hour}"


def peer_name(peer: str) -> str:
    return f"{_PEER}{peer}"


class Record:
    """What an item says; an empty one is that of a budget that nobody used."""

    __slots__ = ("numbers", "cells", "peers")

    def __init__(self, item: Mapping[str, Any] | None) -> None:
        """
        Args:
            item: as DynamoDB answers it; ``None`` when there should have been one.

        Raises:
            BackendFailure: it is no budget.
        """
        self.numbers: dict[str, Number] = {}
        self.cells: dict[int, int] = {}
        """Recipients by the number of the hour."""
        self.peers: dict[str, int] = {}
        """When a process last showed itself, in seconds since 1970."""
        if item is None:
            raise BackendFailure("not a budget")
        try:
            for name, value in item.items():
                if name != KEY:
                    self._take(name, value["N"])
        except (AttributeError, KeyError, TypeError, ValueError):
            raise BackendFailure("not a budget") from None

    def _take(self, name: str, text: str) -> None:
        if name[0] == _CELL and name[1:].isdigit():
            self.cells[int(name[1:])] = int(text)
        elif name[0] == _PEER:
            self.peers[name[1:]] = int(text)
        else:
            self.numbers[name] = int(text) if text.lstrip("-").isdigit() else float(text)

    def whole(self, name: str) -> int:
        """An attribute that is a whole number; 0 if it is missing."""
        return int(self.numbers.get(name, 0))

    @property
    def next(self) -> int:
        return self.whole(NEXT)

    @property
    def version(self) -> int | None:
        return self._whole_or_none(VERSION)

    @property
    def hour(self) -> int | None:
        return self._whole_or_none(HOUR)

    def _whole_or_none(self, name: str) -> int | None:
        return int(self.numbers[name]) if name in self.numbers else None

    @property
    def in_flight(self) -> int:
        """Recipients whose outcome is not known."""
        return max(0, self.whole(RESERVED) - self.whole(LANDED))

    @property
    def congestion(self) -> Congestion:
        """A copy: a change of it is in no item before :func:`put_cut`."""
        congestion = Congestion()
        if SECOND in self.numbers or CONGESTION[0] in self.numbers:
            cut_at, cut_rate = (self.numbers.get(name) for name in CONGESTION[:2])
            rest = (self.numbers.get(name, 0) for name in CONGESTION[2:])
            congestion.restore(
                (
                    -1 if cut_at is None else int(cut_at),
                    math.nan if cut_rate is None else float(cut_rate),
                    *rest,
                )
            )
        return congestion

    @property
    def inquiry(self) -> Inquiry:
        """A copy: a change of it is in no item before :func:`put_inquiry`."""
        inquiry = Inquiry()
        quota = (float(self.numbers.get(name, math.nan)) for name in INQUIRY[:3])
        inquiry.restore((*quota, self.whole(TOLD), self.whole(TAKEN)))
        return inquiry


def set_back(record: Record, now: int) -> int:
    """Tell by how many microseconds the time was set back since the queue was last used.

    0 when it was not, or when that may be the difference between the clocks of two hosts.
    """
    back = record.whole(LATEST) - now
    return back if back > HOSTS_DIFFER else 0


def latest_time(record: Record, now: int) -> int:
    """The time by which to judge throttles: this host's, or that of one a little ahead of it.

    What a host that is ahead has cut or counted is not to come, as it would be for a clock that was
    set back: without this, two hosts would undo and repeat each other's work around each second.
    """
    latest = max(record.whole(CONGESTION[0]), record.whole(SECOND) * MICROSECONDS)
    return latest if now < latest <= now + HOSTS_DIFFER else now


def put_cut(change: Change, congestion: Congestion) -> None:
    """Write what the rate is. What SES accepted is counted apart, by :func:`count_accepted`."""
    _put(change, CONGESTION[:4], congestion.numbers()[:4])


def count_accepted(change: Change, record: Record, recipients: int, now: int) -> None:
    """Count what SES accepted while no rate is known, as :meth:`.Congestion.accepted`."""
    second = latest_time(record, now) // MICROSECONDS
    before = record.numbers.get(SECOND)
    if second == before:
        change.add(ACCEPTED, recipients)
    else:
        follows = before is not None and second == before + 1
        change.set(ACCEPTED_BEFORE, record.whole(ACCEPTED) if follows else 0)
        change.set(ACCEPTED, recipients)
        change.set(SECOND, second)
    # Of several who find that a second has begun, one begins it.
    change.if_equal(SECOND, before)


def put_inquiry(change: Change, inquiry: Inquiry) -> None:
    """Write what the account said and who asks, all of it."""
    _put(change, INQUIRY, inquiry.numbers())


def _put(change: Change, names: tuple[str, ...], numbers: tuple[float, ...]) -> None:
    for name, number in zip(names, numbers, strict=True):
        change.set(name, int(number) if isinstance(number, bool) else number)
