"""The lexical tokens of an address field (RFC 5322 §3.2), over one unfolded line of text.

Each token is recognised in one step, so the time taken grows with the length of the text and not
with what stands in it. The order of the checks is JavaMail's, which is what SES answers with: the
first bracket or quote that is never closed is reported, before any address is looked at.
"""

from __future__ import annotations

import re

from .refusal import Refused, refusal

Token = tuple[str, int, int]
"""Kind, start and end of a stretch of text; the kinds are the groups of the pattern below, and
``comment``."""

# "atom" takes everything that is not a special of RFC 5322 §3.2.3, dots and non-ASCII included: a
# phrase may be `Bob Jr.` (obs-phrase, §4.1) and a name is not yet encoded. Quoted
# strings without a blank between them are one token; so is a run of commas, since empty elements
# of a list mean nothing (obs-addr-list, §4.4). Each loop below starts
# with a character that the loop before it cannot take, so that no text makes the matching
# backtrack twice.
_TOKEN = re.compile(
    r"""
      (?P<atom>[^ \t"(),:;<>@\[\]\\]+)
    | (?P<blank>[ \t]+)
    | (?P<angle><[^">\\]*(?:(?:\\.|"[^"\\]*(?:\\.[^"\\]*)*")[^">\\]*)*>)
    | (?P<quoted>(?:"[^"\\]*(?:\\.[^"\\]*)*")+)
    | (?P<comma>,[, \t]*)
    | (?P<literal>\[[^\]\\]*(?:\\.[^\]\\]*)*\])
    | (?P<special>[@\\\]]+|[;:()<>"\[])
    """,
    re.VERBOSE | re.DOTALL,
)

_PARENTHESES = re.compile(r"\\.|\(+|\)+", re.DOTALL)

_QUOTING = re.compile(r'\\(.)|"', re.DOTALL)
_QUOTED_PAIR = re.compile(r"\\(.)", re.DOTALL)

_UNPAIRED = {
    "(": ("Missing ')'", "a comment must be closed", "RFC 5322 §3.2.2"),
    ")": (
        "Missing '('",
        "a closing parenthesis must have an opening one before it",
        "RFC 5322 §3.2.2",
    ),
    '"': ("Missing '\"'", "a quoted string must be closed", "RFC 5322 §3.2.4"),
    "<": ("Missing '>'", "an angle bracket must be closed", "RFC 5322 §3.4"),
    ">": (
        "Missing '<'",
        "a closing angle bracket must have an opening one before it",
        "RFC 5322 §3.4",
    ),
    "[": ("Missing ']'", "a square bracket must be closed", "RFC 5322 §3.4.1"),
}


def tokenize(text: str) -> list[Token]:
    """Cut ``text`` into tokens, without gaps.

    Raises:
        Refused: quotes, comments or brackets do not pair.
    """
    tokens: list[Token] = []
    position, end = 0, len(text)
    while position < end:
        match = _TOKEN.match(text, position)
        assert match and match.lastgroup  # every character belongs to some token
        kind, stop = match.lastgroup, match.end()
        if kind == "special" and text[position] in _UNPAIRED:
            stop = _comment_end(text, position) if text[position] == "(" else 0
            if not stop:
                raise _unpaired(text, position)
            kind = "comment"
        tokens.append((kind, position, stop))
        position = stop
    return tokens


def _comment_end(text: str, start: int) -> int:
    """Return the end of the comment that opens at ``start``, nested ones included; or 0."""
    depth = 0
    for match in _PARENTHESES.finditer(text, start):
        run = match.end() - match.start()
        if text[match.start()] == "(":
            depth += run
        elif text[match.start()] == ")":
            if run >= depth:
                return match.start() + depth
            depth -= run
    return 0


def _unpaired(text: str, position: int) -> Refused:
    character = text[position]
    if character == "<" and _QUOTED_PAIR.sub("", text[position:]).count('"') % 2:
        character = '"'  # it hides the closing bracket
    message, rule, reference = _UNPAIRED[character]
    return refusal(text, message, rule, reference)


def unquoted(text: str) -> str:
    """Return the content of quoted strings that follow each other without a blank."""
    return _QUOTING.sub(r"\1", text)


def comment_content(text: str) -> str:
    """Return the content of a comment, the parentheses of comments nested in it included."""
    return _QUOTED_PAIR.sub(r"\1", text[1:-1])
