"""One mailbox (RFC 5322 §3.4): what SES takes stays, what it cannot carry is encoded or refused."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

from ..errors import Category
from . import addr_spec, domain, phrase
from .characters import check_controls
from .refusal import Refused, refusal
from .tokenizer import Token, tokenize

MAX_MAILBOX = 320
"""SES: "Address length is more than 320 characters long", name, quotes and brackets included."""

_ADDR_SPEC = rf"[.{addr_spec.ATEXT}]+@[A-Za-z0-9-]{{1,63}}(?:\.[A-Za-z0-9-]{{1,63}})*"

# RFC 5322 atoms (encoded-words are atoms) or one quoted string without quoted-pairs, then the
# address. What matches goes on the wire as it is.
_NAME = rf'(?:[.{addr_spec.ATEXT}][. {addr_spec.ATEXT}]*|"[ !#-\[\]-~]*" ?)'

# Up to this length a domain cannot be over 253 characters, which the pattern does not count.
_QUICK = 254

is_wire_ready = re.compile(
    rf"(?=.{{1,{_QUICK}}}\Z)(?:{_ADDR_SPEC}|{_NAME}?<{_ADDR_SPEC}>)"
).fullmatch
"""Whether a glance shows that a mailbox goes on the wire as it is; others may, too."""

# Nothing of this length can become a mailbox of 320 characters, so nobody has to wait for the rest
# of it to be read.
_MAX_READ = 10 * MAX_MAILBOX

_NO_ADDRESS = frozenset({"blank", "comment"})


class Mailbox(NamedTuple):
    """A mailbox as it goes on the wire."""

    text: str
    addr_spec: str
    has_name: bool


def normalize(text: str, *, reject: bool = False) -> str:
    """What a send puts on the wire for one address parameter.

    A mailbox that is ASCII and that SES takes comes back as the same object: verified identities
    are case sensitive, so nothing is lower-cased, unquoted or encoded again. Blanks around the
    whole go; a display name that is not ASCII becomes encoded-words (RFC 2047), a domain that is
    not ASCII its A-labels (RFC 5890). The local part is never changed (RFC 5321 §2.3.11).

    Args:
        text: exactly one mailbox, ``user@example.com`` or ``Name <user@example.com>``.
        reject: refuse what would be changed, with the wire form as suggestion.

    Returns:
        One line of ASCII, at most 320 characters; normalising it again changes nothing.

    Raises:
        Refused: SES would refuse it, or it could not be sent safely.
    """
    if is_wire_ready(text):
        return text
    wire = _proven(text).text
    if wire == text:
        return text
    if reject:
        raise not_wire_ready(text, wire)
    return wire


def read(text: str) -> Mailbox:
    """Read one mailbox and bring it into the form that goes on the wire.

    Raises:
        Refused: as :func:`normalize`; a suggestion in it is known to pass.
    """
    return wire_ready(text) or _proven(text)


def wire_ready(text: str) -> Mailbox | None:
    """The mailbox in ``text`` when a glance shows that it goes on the wire as it is."""
    if not is_wire_ready(text):
        return None
    start = text.rfind("<") + 1
    return Mailbox(text, text[start:-1], start > 1) if start else Mailbox(text, text, False)


def not_wire_ready(text: str, wire: str) -> Refused:
    """The refusal of what would be changed, where nothing may be."""
    message = "Illegal address"
    category: Category = "malformed_address"
    if not text.isascii():
        message, category = "Domain contains control or whitespace", "non_ascii_address"
    return refusal(
        text,
        message,
        "the address is not in the form that goes on the wire, and the setting 'reject' forbids "
        "to change it",
        "RFC 2047, RFC 5890; BOTOSES_GUARD_ADDRESSES",
        category=category,
        suggestion=wire,
    )


# The sender of a program is one and the same for all its mail. Refusals are not kept.
@lru_cache(maxsize=256)
def _proven(text: str) -> Mailbox:
    """Read a mailbox, and in a refusal suggest only what passes itself."""
    try:
        return _read(text)
    except Refused as refused:
        violation = refused.violation
    suggestion = violation.suggestion
    if suggestion is not None:
        try:
            suggestion = _read(suggestion).text
        except Refused:
            suggestion = None
    raise Refused(replace(violation, suggestion=suggestion))


def _read(text: str) -> Mailbox:
    check_controls(text)
    text = text.strip(" \t")
    if len(text) > _MAX_READ:
        raise _too_long(text, text)
    tokens = tokenize(text)
    _check_one_mailbox(text, tokens)
    before, start, end, after = _split(text, tokens)
    domain_start = addr_spec.domain_start(text, start, end)
    _check_name_and_rest(text, before, after)
    wire_domain = domain.to_ascii(text[domain_start:end], text)
    wire = text
    if not text.isascii():
        changes = [*phrase.edits(text, before), (domain_start, end, wire_domain)]
        wire = phrase.applied(text, [*changes, *phrase.edits(text, after)] if after else changes)
    if len(wire) > MAX_MAILBOX:
        raise _too_long(text, wire)
    has_name = any(kind not in _NO_ADDRESS for kind, _, _ in before)
    return Mailbox(wire, text[start:domain_start] + wire_domain, has_name)


def _check_one_mailbox(text: str, tokens: list[Token]) -> None:
    """Refuse lists and groups, and a name with their separators outside quotes."""
    angles = 0
    separator = ""
    for kind, start, _ in tokens:
        if kind == "angle":
            angles += 1
            if angles > 1:
                raise refusal(
                    text,
                    "Extra route-addr",
                    "an address has one pair of '<' and '>'",
                    "RFC 5322 §3.4",
                )
        elif kind == "comma" or text[start] in ":;" and kind == "special":
            if text[start] == ":" == separator:
                raise refusal(text, "Nested group", "a group has one colon", "RFC 5322 §3.4")
            separator = separator or text[start]
    if separator:
        raise _separator_refusal(text, separator)
    if all(kind in _NO_ADDRESS for kind, _, _ in tokens):
        raise refusal(text, "Illegal address", "there is no address", "RFC 5322 §3.4")


_SEPARATED = {
    ",": ("Illegal address", "a comma separates mailboxes, and this takes one"),
    ";": (
        "Illegal semicolon, not in group",
        "a semicolon ends a group, and this takes one mailbox",
    ),
    ":": ("Local address contains illegal character", "a colon starts a group, and this takes one"),
}


def _separator_refusal(text: str, separator: str) -> Refused:
    message, rule = _SEPARATED[separator]
    name, bracket, rest = text.partition("<")
    suggestion = None
    if bracket and separator in name and not set(name) & set('@"\\('):
        rule = f"{rule}: in a display name it stands between quotes"
        suggestion = f'"{name.strip()}" <{rest}'
    elif separator != ":":
        suggestion = text.strip(" \t,;")
    return refusal(text, message, rule, "RFC 5322 §3.4", suggestion=suggestion)


def _split(text: str, tokens: list[Token]) -> tuple[list[Token], int, int, list[Token]]:
    """The tokens before the addr-spec, where it starts and ends, and the tokens after it."""
    for index, (kind, start, end) in enumerate(tokens):
        if kind == "angle":
            inner = text[start + 1 : end - 1]
            start += 1 + len(inner) - len(inner.lstrip(" \t"))
            return tokens[:index], start, start + len(inner.strip(" \t")), tokens[index + 1 :]
    first = next(i for i, token in enumerate(tokens) if token[0] not in _NO_ADDRESS)
    last = first
    while last < len(tokens) and tokens[last][0] != "comment":
        last += 1
    while tokens[last - 1][0] == "blank":
        last -= 1
    return tokens[:first], tokens[first][1], tokens[last - 1][2], tokens[last:]


def _check_name_and_rest(text: str, before: list[Token], after: list[Token]) -> None:
    for kind, start, end in before:
        if kind == "literal" or kind == "special" and "]" in text[start:end]:
            name, _, rest = text.partition("<")
            quotable = not set(name) & set('"\\(')
            raise refusal(
                text,
                "Local address contains illegal character",
                "a square bracket in a display name stands between quotes",
                "RFC 5322 §3.2.3",
                suggestion=f'"{name.strip()}" <{rest}' if quotable else None,
            )
    if any(kind not in _NO_ADDRESS for kind, _, _ in after):
        raise refusal(text, "Illegal address", "text stands behind the address", "RFC 5322 §3.4")


def _too_long(text: str, wire: str) -> Refused:
    return refusal(
        text,
        f"Address length is more than {MAX_MAILBOX} characters long: '{wire[:_MAX_READ]}'.",
        f"on the wire the mailbox has {len(wire)} characters, its name included; SES takes "
        f"{MAX_MAILBOX}",
        "RFC 5321 §4.5.3.1, as SES applies it to the whole form",
    )
