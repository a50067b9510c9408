"""The mailboxes in a list as SES writes it, and in an address parameter."""

from __future__ import annotations

import re

_BARE = re.compile(r'[^\s"]+@[^\s"]+')
_ELLIPSES = ("...", "…")
_AROUND_A_WORD = "<>,;:'\"`()."


def mailboxes_in(text: str) -> tuple[str, ...]:
    """The mailboxes of a list, in its order and each once.

    A display name may hold commas, so the list is not split at them: what is in angle brackets is
    an address, and what stands before a bracket is its name unless it is an address followed by a
    comma.

    Args:
        text: ``Ann Mathon <ann@example.com>, orders@example.com``.

    Returns:
        Addresses without names. After the last bracket anything without a blank counts, since an
        identity may be a domain.
    """
    found: list[str] = []
    pieces: list[str] = []
    opened = ""
    for part in text.split(","):
        piece = f"{opened},{part}" if opened else part.strip()
        opened = ""
        if "<" not in piece:
            if piece.strip("."):
                pieces.append(piece)
        elif piece[-1] == ">":
            if pieces:
                found += filter(_BARE.fullmatch, pieces)
                pieces = []
            found.append(piece[piece.rindex("<") + 1 : -1].strip())
        else:
            opened = piece
    for piece in pieces:
        if " " not in piece or piece[0] == '"':
            found.append(piece)
    return tuple(dict.fromkeys(found))


def listed(text: str) -> tuple[tuple[str, ...], bool]:
    """The mailboxes of SES's list, and whether it is cut.

    SES puts an ellipsis directly after the last identity when it cannot show all ("Amazon SES
    email sending errors").
    """
    text = text.strip()
    if text.endswith(_ELLIPSES):
        ellipsis = next(filter(text.endswith, _ELLIPSES))
        return mailboxes_in(text.removesuffix(ellipsis)), True
    return mailboxes_in(text.removesuffix(".")), False


def first_in(text: str) -> tuple[str, ...]:
    """The first word of ``text`` with an @, alone; empty when there is none."""
    if "@" in text:
        for word in text.split():
            word = word.strip(_AROUND_A_WORD)
            if "@" in word:
                return (word,)
    return ()
