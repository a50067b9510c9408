"""Display names and comments: the parts of a mailbox that may be encoded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from . import encoded_word
from .tokenizer import Token, comment_content, unquoted

Edit = tuple[int, int, str]
"""Put this in the place of ``text[start:end]``."""


def edits(text: str, tokens: Iterable[Token]) -> Iterator[Edit]:
    """What makes the phrase and the comments in ``tokens`` ASCII; nothing when they are.

    A phrase is encoded as a whole, its quotes and commas inside the encoded-words, never an
    encoded-word inside quotes (RFC 2047 §5 (3)). Encoded-words that stand in it already are
    kept, whatever their charset.
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
    """``text`` after ``changes``, which are in order and do not overlap."""
    pieces = []
    position = 0
    for start, end, replacement in changes:
        pieces += [text[position:start], replacement]
        position = end
    pieces.append(text[position:])
    return "".join(pieces)


def encoded(text: str, tokens: Iterable[Token]) -> str:
    """``text`` with the phrase and comments in ``tokens`` encoded where they must be."""
    return text if text.isascii() else applied(text, edits(text, tokens))


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
    if text[start:end].isascii():
        return
    words = _encoded_words(text, tokens)
    # RFC 2047 §5 (3): white space separates an encoded-word from any special.
    before = " " if start and text[start - 1] not in " \t" else ""
    after = " " if text[end : end + 1] not in {"", " ", "\t"} else ""
    yield start, end, f"{before}{words}{after}"


def _encoded_words(text: str, tokens: list[Token]) -> str:
    words: list[str] = []
    typed: list[str] = []
    for kind, start, end in tokens:
        value = text[start:end]
        if kind == "atom" and encoded_word.ENCODED_WORD.fullmatch(value):
            _flush(typed, words)
            words.append(value)
        else:
            typed.append(unquoted(value) if kind == "quoted" else value)
    _flush(typed, words)
    return " ".join(words)


def _flush(typed: list[str], words: list[str]) -> None:
    """Encode what was typed between two encoded-words, its blanks too.

    A reader drops the white space between encoded-words (RFC 2047 §6.2).
    """
    name = "".join(typed)
    typed.clear()
    if name.strip(" \t"):
        words.append(encoded_word.encode(name))
