"""The header block of a message: where it ends, and the fields in it (RFC 5322 §2.2).

Lines end with LF or CRLF, both of which SES takes. Nothing else ends a line here: neither the
vertical tab nor U+2028, at which ``bytes.splitlines`` and ``str.splitlines`` cut.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

_EMPTY_LINE = re.compile(rb"\n\r?\n")
_EMPTY_LINE_OF_TEXT = re.compile(r"\n\r?\n")

_FIELD = re.compile(rb"([^:\n]*)(:?)([^\n]*(?:\n[ \t][^\n]*)*)\n?")

_FOLD = re.compile(r"\r?\n(?=[ \t])")


class Field(NamedTuple):
    """One header field, or what stands in the place of one."""

    name: bytes
    """As written, without the blanks that SES tolerates before the colon."""

    has_colon: bool
    start: int
    """Where the body starts in the header block, behind the colon."""

    body: bytes
    """Folded as written, without the line end behind it."""


def length(content: bytes | bytearray | str) -> int:
    """The length of the header block, the line end of its last field included.

    A message that starts with an empty line has none; one without an empty line is all header.
    """
    if isinstance(content, str):
        if content.startswith(("\n", "\r\n")):
            return 0
        found = _EMPTY_LINE_OF_TEXT.search(content)
        return found.start() + 1 if found else len(content)
    if content.startswith((b"\n", b"\r\n")):
        return 0
    match = _EMPTY_LINE.search(content)
    return match.start() + 1 if match else len(content)


def fields(block: bytes) -> Iterator[Field]:
    """The fields of a header block, in order."""
    position, end = 0, len(block)
    while position < end:
        match = _FIELD.match(block, position)
        assert match  # the pattern takes any line
        name, colon, body = match.groups()
        if not colon:
            # Without a colon the line is no field and what follows it is no continuation.
            name = name.removesuffix(b"\r")
        yield Field(name.rstrip(b" \t"), bool(colon), match.start(3), body.removesuffix(b"\r"))
        position = match.end()


def line_end(field: Field, block: bytes) -> str:
    """The line end that the field is written with; that of the block where it has none."""
    for stretch in (field.body, block[field.start :], block):
        position = stretch.find(b"\n")
        if position >= 0:
            return "\r\n" if stretch[position - 1 : position] == b"\r" else "\n"
    return "\r\n"


def unfolded(body: str) -> str:
    """A field body on one line (RFC 5322 §2.2.3), without the white space around it."""
    return _FOLD.sub("", body).strip(" \t\r\n")
