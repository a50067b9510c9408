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

# RFC 5322 §2.2: a name is printable ASCII without the colon; SES tolerates blanks behind it. Any
# other line is an "odd" one, up to its first colon. Groups: name, odd text in its place, body.
_FIELD = re.compile(rb"(?:([!-9;-~]+)[ \t]*:|([^:\n]*):?)([^\n]*(?:\n[ \t][^\n]*)*)\n?")

_FOLD = re.compile(r"\r?\n(?=[ \t])")


class Field(NamedTuple):
    """One header field, or what stands in the place of one."""

    name: bytes
    """As written; empty for a line that is no field."""

    odd: bytes | None
    """The text in the place of a name in such a line."""

    start: int
    """The start of the body in the header block, behind the colon."""

    body: bytes
    """Folded as written, with the CR of the line end behind it."""

    @property
    def end(self) -> int:
        """The start of the line end behind the body in the header block."""
        return self.start + len(self.body.removesuffix(b"\r"))


def length(content: bytes | bytearray | str) -> int:
    """Measure the header block, the line end of its last field included.

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


def fields(block: bytes, watched: frozenset[bytes]) -> Iterator[Field]:
    """Yield the fields of a header block with a name in ``watched``, and the lines without name.

    Args:
        block: the header block.
        watched: names in lower case.
    """
    for match in _FIELD.finditer(block):
        name, odd, body = match.groups()
        if name is None:
            if match.end() > match.start():  # nothing follows the last line
                yield Field(b"", odd, match.start(3), body)
        elif name.lower() in watched:
            yield Field(name, None, match.start(3), body)


def is_unsafe(octets: bytes) -> bool:
    """Tell whether there is a NUL, or a CR without LF, which some readers take for a line end."""
    return octets.count(b"\r") != octets.count(b"\r\n") or b"\x00" in octets


def all_names(block: bytes) -> frozenset[bytes]:
    """Return the names of all fields, in lower case."""
    return frozenset((match[1] or b"").lower() for match in _FIELD.finditer(block))


def line_end(field: Field, block: bytes) -> str:
    """Return the line end that the field is written with; that of the block if it has none."""
    for stretch in (field.body, block[field.start :], block):
        position = stretch.find(b"\n")
        if position >= 0:
            return "\r\n" if stretch[position - 1 : position] == b"\r" else "\n"
    return "\r\n"


def unfolded(body: str) -> str:
    """Put a field body on one line (RFC 5322 §2.2.3), without the white space around it."""
    return (_FOLD.sub("", body) if "\n" in body else body).strip(" \t\r\n")
