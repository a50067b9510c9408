"""Display names and comments: the parts of a mailbox that may be encoded or quoted."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from . import encoded_word
from .addr_spec import ATEXT
from .tokenizer import Token, comment_content, unquoted

Edit = tuple[int, int, str]
"""Put this in the place of ``text[start:end]``."""


# A separator of mailboxes or an angle bracket between square brackets: readers for which those
# mean nothing see another mailbox there.
_DOUBTFUL = re.compile("[,;<>]")

# An encoded-word in "Q" that has specials in it, for which RFC 2047 §5 (3) wants their code.
_LOOSE_WORD = re.compile(r"""=\?[\w*-]+\?[Qq]\?[!#-'*+./0-9:=@-~-]*\?=(?=[ \t"(<]|\Z)""", re.ASCII)
_FORGOTTEN = re.compile(r"[\[\]\\:]")

_ATOMS = re.compile(rf"[. {ATEXT}]+")
_ESCAPED = re.compile(r'(["\\])')


def edits(text: str, tokens: Iterable[Token]) -> Iterator[Edit]:
    """Yield what makes the phrase and the comments in ``tokens`` ASCII and the phrase legal.

    A phrase is encoded as a whole, its quotes and commas inside the encoded-words, never an
    encoded-word inside quotes (RFC 2047 §5 (3)). Encoded-words that stand in it already are
    kept, whatever their charset; specials that their encoder forgot get their code. A phrase with
    a special outside quotes (RFC 5322 §3.2.3) is quoted as a whole; an ``@`` and dots alone are
    left, since SES takes them.
    """
    run: list[Token] = []
    for token in tokens:
        if token[0] == "comment":
            yield from _phrase(text, run)
            yield from _comment(text, token)
            run = []
        else:
            run.append(token)
    yield from _phrase(text, run)


def applied(text: str, changes: Iterable[Edit]) -> str:
    """Apply ``changes``, which are in order and do not overlap, to ``text``."""
    pieces = []
    position = 0
    for start, end, replacement in changes:
        pieces += [text[position:start], replacement]
        position = end
    pieces.append(text[position:])
    return "".join(pieces)


def in_doubt(text: str, tokens: Iterable[Token]) -> bool:
    """Tell whether a reader might find another mailbox in the phrase in ``tokens``."""
    return any(
        kind == "angle" or kind == "literal" and _DOUBTFUL.search(text, start, end) is not None
        for kind, start, end in tokens
    )


def quoted(name: str) -> str:
    """Write ``name`` as a quoted string."""
    content = _ESCAPED.sub(r"\\\1", name)
    return f'"{content}"'


def longest(text: str, tokens: Sequence[Token], room: int) -> tuple[int, int] | None:
    """Count the characters of the display name that fit, and all that it has.

    Args:
        text: the mailbox.
        tokens: those before its address.
        room: characters that the name may take on the wire.

    Returns:
        ``None`` if there is no name, or one with encoded-words, of which no part can be taken.
    """
    words = [token for token in tokens if token[0] != "comment"]
    if any(_is_encoded_word(text, token) for token in words):
        return None
    name = _typed(text, words).strip(" \t")
    lengths = range(1, len(name) + 1)
    fitting = bisect_right(lengths, room, key=lambda length: len(_written(name[:length])))
    return (fitting, len(name)) if name else None


def _comment(text: str, token: Token) -> Iterator[Edit]:
    _, start, end = token
    comment = text[start:end]
    if not comment.isascii():
        yield start, end, f"({encoded_word.encode(comment_content(comment))})"


def _phrase(text: str, tokens: list[Token]) -> Iterator[Edit]:
    if tokens and tokens[0][0] == "blank":
        tokens = tokens[1:]
    if tokens and tokens[-1][0] == "blank":
        tokens = tokens[:-1]
    if not tokens:
        return
    start, end = tokens[0][1], tokens[-1][2]
    written = text[start:end]
    if written.isascii() and not any(_is_special(text, token) for token in tokens):
        return
    parts = list(_joined(text, tokens)) if "=?" in written else tokens
    if "=?" in written and any(_is_encoded_word(text, part) for part in parts):
        words = _encoded_words(text, parts)
    else:
        words = _encoded_or_quoted(_typed(text, parts))
    # RFC 2047 §5 (3): white space separates an encoded-word from any special.
    before = " " if start and text[start - 1] not in " \t" else ""
    after = " " if text[end : end + 1] not in {"", " ", "\t"} else ""
    yield start, end, f"{before}{words}{after}"


def _joined(text: str, tokens: Iterable[Token]) -> Iterator[Token]:
    """Make one token of an encoded-word that was cut at the specials in it."""
    joined = 0
    for kind, start, end in tokens:
        if start >= joined:
            match = _LOOSE_WORD.match(text, start) if kind == "atom" else None
            joined = match.end() if match else end
            yield kind, start, joined


def _is_special(text: str, token: Token) -> bool:
    kind, start, end = token
    return kind == "literal" or kind == "special" and text[start:end].strip("@") != ""


def _is_encoded_word(text: str, token: Token) -> bool:
    kind, start, end = token
    return kind == "atom" and encoded_word.ENCODED_WORD.fullmatch(text, start, end) is not None


def _typed(text: str, tokens: Iterable[Token]) -> str:
    """Return the content of a phrase, out of its quotes."""
    return "".join(
        unquoted(text[start:end]) if kind == "quoted" else text[start:end]
        for kind, start, end in tokens
    )


def _encoded_words(text: str, tokens: list[Token]) -> str:
    """Encode a phrase; the text between two encoded-words with its blanks.

    A reader drops the white space between encoded-words (RFC 2047 §6.2).
    """
    words: list[str] = []
    for is_word, group in groupby(tokens, key=lambda token: _is_encoded_word(text, token)):
        run = list(group)
        name = _typed(text, run)
        if is_word:
            words.append(_FORGOTTEN.sub(lambda special: f"={ord(special[0]):02X}", name))
        elif name.strip(" \t"):
            words.append(encoded_word.encode(name))
    return " ".join(words)


def _encoded_or_quoted(name: str) -> str:
    return quoted(name) if name.isascii() else encoded_word.encode(name)


def _written(name: str) -> str:
    """Write ``name`` as a caller would: atoms need neither quotes nor encoding."""
    return name if _ATOMS.fullmatch(name) else _encoded_or_quoted(name)
