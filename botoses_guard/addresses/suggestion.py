"""Texts that may have been meant in the place of one that is refused.

None is ever sent: whoever wrote the address decides. Each guess is read like any other text, and
the first that passes is shown as the violation's suggestion.
"""

from __future__ import annotations

import re
from binascii import a2b_base64, a2b_qp
from collections.abc import Iterator

from .characters import has_controls, probably_meant
from .phrase import quoted

_MAILTO = re.compile(r"\Amailto:", re.IGNORECASE)
_AT = re.compile(r"[ \t]*@+[ \t]*")
_DOTS = re.compile(r"[ \t]*\.[. \t]*")

# Read without email.header, which loads codecs when it is called: see domain.
_UTF_8_WORD = re.compile(r"=\?utf-8\?[bq]\?[!->@-~]*\?=", re.IGNORECASE)


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
    words = text.split(" ")
    if all(_UTF_8_WORD.fullmatch(word) for word in words):
        yield from _decoded(words)


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
    if '"' in address:  # blanks and dots in quotes are meant
        return address
    if address.startswith("'") and address.endswith("'"):
        address = address[1:-1]
    local_part, at, domain = _AT.sub("@", address).rpartition("@")
    return f"{local_part}{at}{_DOTS.sub('.', domain).lstrip('.')}"


def _decoded(words: list[str]) -> Iterator[str]:
    """Decode a mailbox that was encoded as a whole, where only its name may be."""
    octets = b""
    try:
        for word in words:
            _, _, encoding, payload, _ = word.split("?")
            octets += a2b_base64(payload) if encoding in "bB" else a2b_qp(payload, header=True)
        yield octets.decode()
    except ValueError:  # not base64, or not UTF-8
        return
