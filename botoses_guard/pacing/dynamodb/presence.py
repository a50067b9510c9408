"""How many processes share a budget, counted in the item itself.

A process writes its name and the time into the item when it beats. Names are hashes, evenly spread,
and an item holds the lowest few that were seen within a minute: as long as there are no more, they
are counted; else their density tells how many there are (Bar-Yossef et al., "Counting distinct
elements in a data stream", 2002). A process whose name is too high to be held writes nothing.
"""

from __future__ import annotations

import hashlib

from ..schedule import MICROSECONDS
from .expressions import Change
from .record import Record, peer_name

HELD = 12
"""Names in an item. With more processes the estimate is off by a third or so: the share of the rate
that it gives each of them is used while the table is out of reach, and not else."""

SILENCE = 60
"""Seconds after which a process counts no more."""

_DIGITS = 8
_NAMES: int = 16**_DIGITS


def name_of(peer: str) -> str:
    return hashlib.blake2s(peer.encode(), digest_size=_DIGITS // 2).hexdigest()


def beat(change: Change, record: Record, peer: str, now: int) -> None:
    """Show that a process is there, and drop those who are silent or one too many."""
    name, second = name_of(peer), now // MICROSECONDS
    held = sorted(_heard(record, second) | {name})[:HELD]
    if name in held:
        change.set(peer_name(name), second)
    for other in sorted(record.peers.keys() - set(held)):
        change.remove(peer_name(other))


def peers(record: Record, now: int) -> int:
    """Processes that showed themselves within a minute, counted or estimated."""
    names = sorted(_heard(record, now // MICROSECONDS))[:HELD]
    if len(names) < HELD:
        return len(names)
    return max(HELD, round((HELD - 1) * _NAMES / (int(names[-1], 16) + 1)))


def _heard(record: Record, second: int) -> set[str]:
    return {peer for peer, seen in record.peers.items() if seen > second - SILENCE}
