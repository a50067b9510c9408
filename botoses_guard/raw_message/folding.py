"""Folding of an address field that is written anew."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

MAX_LINE = 76
"""RFC 2047 §2, for a line with an encoded-word; under the 78 that RFC 5322 §2.1.1 recommends."""

# What stands in quotes is no encoded-word, and may be a local part.
_BETWEEN_WORDS = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|(?<=\?=)( )(?==\?|<)')


def folded(name_length: int, pieces: Iterable[str], line_end: str) -> str:
    """Fold a field body into lines of at most :data:`MAX_LINE` characters where that is possible.

    Lines are cut between mailboxes; inside one only when it does not fit a line, and then between
    its encoded-words. A fold never stands elsewhere: some readers lose a comma or a quote there.

    Args:
        name_length: characters before the colon on the first line.
        pieces: the wire form of the list, to be separated by blanks.
        line_end: CRLF or LF.

    Returns:
        The body with the blank after the colon and without the final line end.
    """
    written: list[str] = []
    column = name_length + 1
    for part in _parts(pieces):
        if written and column + 1 + len(part) > MAX_LINE:
            written.append(line_end)
            column = 0
        written.append(f" {part}")
        column += 1 + len(part)
    return "".join(written)


def _parts(pieces: Iterable[str]) -> Iterator[str]:
    for piece in pieces:
        start = 0
        if len(piece) >= MAX_LINE:
            for match in _BETWEEN_WORDS.finditer(piece):
                if match[1]:
                    yield piece[start : match.start()]
                    start = match.end()
        yield piece[start:]
