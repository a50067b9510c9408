"""Small changes that turn an address, or a header block, into something nobody thought of."""

from __future__ import annotations

import random
from collections.abc import Sequence

_PIECES = (
    *'ab@.,;:<>()[]"\\ \t=?-\r\n\0',
    *("é", "ü", "＠", "\u200b", "。", "\u05d0", "1", "\ud800", "😀", "xn--", "=?utf-8?q?", "?="),
)


def mutated(text: str, table: Sequence[str], chance: random.Random) -> str:
    """``text`` after one to four insertions, deletions or replacements.

    Args:
        text: where to start.
        table: other texts, of which stretches are inserted.
        chance: the source of randomness.
    """
    characters = list(text)
    for _ in range(chance.randint(1, 4)):
        position = chance.randrange(len(characters) + 1)
        kind = chance.random()
        if kind < 0.4:
            characters.insert(position, chance.choice(_PIECES))
        elif kind < 0.7:
            del characters[position : position + 1]
        elif kind < 0.85:
            characters[position : position + 1] = [chance.choice(_PIECES)]
        else:
            other = chance.choice(table)
            start = chance.randrange(len(other) + 1)
            characters[position:position] = other[start : start + chance.randint(1, 10)]
    return "".join(characters)


def mutated_block(block: bytes, table: Sequence[bytes], chance: random.Random) -> bytes:
    """A header block after one to four changes of octets, line ends and whole fields."""
    octets = bytearray(block)
    for _ in range(chance.randint(1, 4)):
        position = chance.randrange(len(octets) + 1)
        kind = chance.random()
        if kind < 0.4:
            piece = chance.choice(_PIECES).encode("utf-8", "surrogatepass")
            octets[position:position] = piece
        elif kind < 0.7:
            del octets[position : position + 1]
        elif kind < 0.85:
            octets[position:position] = chance.choice(table)
        else:
            ends = (b"\r\n", b"\n", b" ", b"\r\n ", b":", b"\xff", b"h=to")
            octets[position:position] = chance.choice(ends)
    return bytes(octets)
