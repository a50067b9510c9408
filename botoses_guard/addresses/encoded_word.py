"""Encoded-words (RFC 2047): the form of a name or comment that is not ASCII."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable, Iterator

ENCODED_WORD = re.compile(r"=\?[!->@-~]+\?[BbQq]\?[!->@-~]*\?=")
"""One encoded-word as RFC 2047 §2 writes it, whatever its charset."""

MAX_ENCODED_WORD = 75
"""RFC 2047 §2: "An 'encoded-word' may not be more than 75 characters long"."""

_ROOM = MAX_ENCODED_WORD - len("=?utf-8?q??=")

# RFC 2047 §5 (3): inside a phrase only these stand for themselves in "Q". They are safe in a
# comment too (§5 (2)).
_SAFE = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!*+-/"
_Q = tuple(
    "_" if octet == 0x20 else chr(octet) if octet in _SAFE else f"={octet:02X}"
    for octet in range(256)
)


def encode(text: str) -> str:
    """Write ``text`` as encoded-words in UTF-8, joined by single spaces.

    The shorter of the encodings "B" and "Q" is taken, "Q" when they are equal. No character is
    cut in two (RFC 2047 §5: each encoded-word is decoded by itself).
    """
    octets = text.encode()
    quoted = "".join([_Q[octet] for octet in octets])
    based = b64encode(octets).decode("ascii")
    if len(quoted) <= _ROOM and len(quoted) <= len(based):
        return f"=?utf-8?q?{quoted}?="
    if len(based) <= _ROOM and len(based) < len(quoted):
        return f"=?utf-8?b?{based}?="
    return min(_in_words(text, _q), _in_words(text, _b), key=len)


def _in_words(text: str, encoding: Callable[[str], tuple[str, Iterator[str]]]) -> str:
    letter, payloads = encoding(text)
    return " ".join(f"=?utf-8?{letter}?{payload}?=" for payload in payloads)


def _q(text: str) -> tuple[str, Iterator[str]]:
    encoded = ("".join([_Q[octet] for octet in character.encode()]) for character in text)
    return "q", _filled(encoded, _ROOM)


def _b(text: str) -> tuple[str, Iterator[str]]:
    # Latin-1 carries octets as characters, so that one loop fills words of either encoding.
    octets = (character.encode().decode("latin-1") for character in text)
    words = _filled(octets, _ROOM // 4 * 3)
    return "b", (b64encode(word.encode("latin-1")).decode("ascii") for word in words)


def _filled(pieces: Iterator[str], room: int) -> Iterator[str]:
    """Join ``pieces``, none of them cut, into strings of at most ``room`` characters."""
    word: list[str] = []
    length = 0
    for piece in pieces:
        if length + len(piece) > room:
            yield "".join(word)
            word, length = [], 0
        word.append(piece)
        length += len(piece)
    yield "".join(word)
