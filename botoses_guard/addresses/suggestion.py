"""Texts that may have been meant in the place of one that is refused.

None is ever sent: whoever wrote the address decides. Each guess is read like any other text, and
the first that passes is shown as the violation's suggestion.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.errors import MessageError
from email.header import decode_header, make_header

from .characters import has_controls, probably_meant
from .encoded_word import ENCODED_WORD
from .phrase import quoted

_MAILTO = re.compile(r"\Amailto:", re.IGNORECASE)
_AT = re.compile(r"[ \t]*@+[ \t]*")
_DOTS = re.compile(r"[ \t]*\.[. \t]*")


def guesses(text: str) -> Iterator[str]:
    """Yield what may have been meant by ``text``, the nearest first.

    Nothing is guessed for text with a control character inside: what follows a line break may be
    an injected header field.
    """
    text = text.strip("\r\n \t")
    if has_controls(text):
        return
    name, bracket, rest = text.rpartition("<")
    name = name.strip("< \t")
    rest, _, tail = rest.partition(">")
    if "@" in tail:  # another mailbox
        return
    given = probably_meant(rest).strip(" ")
    for address in (given, _repaired(given)):
        if name:
            yield from _named(name, address)
        else:
            yield address
            if not bracket:
                yield from _with_brackets(address)
    if all(ENCODED_WORD.fullmatch(word) for word in text.split(" ")):
        yield from _decoded(text)


def _named(name: str, address: str) -> Iterator[str]:
    """Take the name as it stands, then between quotes unless it may hold another mailbox."""
    yield f"{name} <{address}>"
    bare = name.replace(r"\"", "").replace('"', "").strip()
    if bare and "@" not in name and "=?" not in name:
        yield f"{quoted(bare)} <{address}>"


def _with_brackets(text: str) -> Iterator[str]:
    """``Bob bob@example.com`` → ``Bob <bob@example.com>``."""
    name, blank, address = text.rpartition(" ")
    if blank and not set(name) & set("@,;:<>"):
        yield f"{name} <{address}>"


def _repaired(address: str) -> str:
    """Take out what slips into or beside an address when it is typed or copied."""
    address = _MAILTO.sub("", address.lstrip('<"( ,;:')).rstrip('>") ,;:.')
    if address.startswith("'") and address.endswith("'"):
        address = address[1:-1]
    local_part, at, domain = _AT.sub("@", address).rpartition("@")
    return f"{local_part}{at}{_DOTS.sub('.', domain).lstrip('.')}"


def _decoded(text: str) -> Iterator[str]:
    """Decode a mailbox that was encoded as a whole, where only its name may be."""
    try:
        yield str(make_header(decode_header(text)))
    except (MessageError, LookupError, ValueError):  # its charset or its octets are none
        return
