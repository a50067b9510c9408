"""A budget as bytes, for a store that keeps no more than that of it.

The bytes go between processes of one host, in its own byte order. They end with the ring of the
24-hour count, and begin with a checksum over all the rest: a wrong number could hold a queue for
hours, or let it run free.
"""

from __future__ import annotations

import struct
from zlib import crc32

from ..budget import Budget
from ..congestion import Congestion
from ..daily import CELLS, DailyCount
from ..inquiry import Inquiry
from ..schedule import Schedule

FORMAT = 1
"""A change of what a budget remembers is another format."""

_PARTS = (Schedule, Congestion, DailyCount, Inquiry)
_COUNTS = [len(part().numbers()) for part in _PARTS]
_CONGESTION, _DAILY, _INQUIRY = (sum(_COUNTS[:ahead]) for ahead in (1, 2, 3))

_HEAD = struct.Struct("=II")
_BODY = struct.Struct("=8s" + "".join(part.NUMBERS for part in _PARTS))
_RING = _HEAD.size + _BODY.size

SIZE = _RING + 8 * CELLS
"""Bytes of a record: 2,504."""


class UnknownRecord(ValueError):
    """The bytes are no budget, or one of another version."""


def pack(budget: Budget, boot: bytes) -> bytes:
    """All that ``budget`` remembers, as of the boot that is called ``boot`` (eight bytes)."""
    body = (
        _BODY.pack(
            boot,
            *budget.schedule.numbers(),
            *budget.congestion.numbers(),
            *budget.daily.numbers(),
            *budget.inquiry.numbers(),
        )
        + budget.daily.ring.tobytes()
    )
    return _HEAD.pack(FORMAT, crc32(body)) + body


def unpack(record: object, boot: bytes) -> Budget:
    """The budget that was packed.

    Of another boot only the 24-hour count is left: the other times are of a clock that began anew.

    Args:
        record: from :func:`pack`, or whatever stands where one should.
        boot: name of this boot.

    Raises:
        UnknownRecord: this is not one.
    """
    if not isinstance(record, bytes) or len(record) != SIZE:
        raise UnknownRecord("not a budget")
    known, checksum = _HEAD.unpack_from(record)
    if known != FORMAT or checksum != crc32(memoryview(record)[_HEAD.size :]):
        raise UnknownRecord("not a budget")
    booted, *numbers = _BODY.unpack_from(record, _HEAD.size)
    budget = Budget()
    budget.daily.restore(tuple(numbers[_DAILY:_INQUIRY]), record[_RING:])
    if booted == boot:
        budget.schedule.restore(tuple(numbers[:_CONGESTION]))
        budget.congestion.restore(tuple(numbers[_CONGESTION:_DAILY]))
        budget.inquiry.restore(tuple(numbers[_INQUIRY:]))
    return budget
