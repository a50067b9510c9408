"""Folded text, as a header field has it, on one line (RFC 5322 §2.2.3).

Programs that make header fields fold long names and subjects, and hand the folded text on as a
parameter: Django, Flask-Mail and ``email.header.Header`` do.
"""

from __future__ import annotations

import re

_FOLD = re.compile(r"(?:\r?\n[ \t]+)+")

# What is left of reading a line from a file. A lone CR is what a line ends with that was cut at LF.
_LAST_BREAK = re.compile(r"(?:\r?\n|\r)[ \t]*\Z")


def unfold(text: str) -> str | None:
    """Put folded text on one line.

    A line break, LF or CRLF, with the blanks that follow it becomes one blank; a line break at
    the very end of the text is removed. Any other line break would start another header field or
    end the header block.

    Returns:
        The text without CR and LF, the same object if it has none; ``None`` if it contains a line
        break that is not folding white space.
    """
    if "\n" not in text and "\r" not in text:
        return text
    line = _FOLD.sub(" ", _LAST_BREAK.sub("", text))
    return None if "\n" in line or "\r" in line else line
