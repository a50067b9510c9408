"""One mailbox (RFC 5322 §3.4): what SES takes stays, what it cannot carry is encoded or refused."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache, reduce
from typing import NamedTuple

from ..errors import Category
from . import addr_spec, domain, phrase, suggestion
from .characters import check_controls
from .refusal import Refused, refusal
from .tokenizer import Token, tokenize
from .unfolding import unfold

MAX_MAILBOX = 320
"""SES: "Address length is more than 320 characters long", name, quotes and brackets included."""

_ATEXT = addr_spec.ATEXT
_LABEL = "[A-Za-z0-9-]{1,63}"

# The first labels are written out: a branch takes half the time of a repeat.
_LABELS = reduce(lambda more, _: rf"{_LABEL}(?:\.{more}|)", range(4), rf"{_LABEL}(?:\.{_LABEL})*")

_ADDR_SPEC = rf"[.{_ATEXT}]+@{_LABELS}"

# Nothing, RFC 5322 atoms (encoded-words are atoms) or one quoted string without quoted-pairs: the
# name before an address in brackets. What matches goes on the wire as it is.
_NAMES = ("", rf"[.{_ATEXT}][. {_ATEXT}]*", r'"[ !#-\[\]-~]*" ?')

# Up to this length a domain cannot be over 253 characters, which the pattern does not count.
_QUICK = 254

is_wire_ready = re.compile(
    # "Not one more than" is a comparison of lengths; "up to the end" would walk there.
    rf"(?!(?s:.{{{_QUICK + 1}}}))(?:"
    + "|".join([_ADDR_SPEC, *(f"{name}<{_ADDR_SPEC}>" for name in _NAMES)])
    + ")"
).fullmatch
"""Tell whether a glance shows that a mailbox goes on the wire as it is; others may, too."""

# Nothing of this length can become a mailbox of 320 characters, so nobody has to wait for the rest
# of it to be read.
_MAX_READ = 10 * MAX_MAILBOX

_NO_ADDRESS = frozenset({"blank", "comment"})


class Mailbox(NamedTuple):
    """A mailbox as it goes on the wire."""

    text: str
    addr_spec: str
    has_name: bool


def normalize(text: str, *, reject: bool = False, envelope: bool = False) -> str:
    """Bring one address parameter into the form that a send puts on the wire.

    A mailbox that is ASCII and that SES takes comes back as the same object: verified identities
    are case sensitive, so nothing is lower-cased, unquoted or encoded again. Blanks around the
    whole and a line break at its end go, folding white space becomes one blank (RFC 5322 §2.2.3).
    A display name that is not ASCII becomes encoded-words (RFC 2047), one with specials a quoted
    string, a domain that is not ASCII its A-labels (RFC 5890). The local part is never changed
    (RFC 5321 §2.3.11).

    Args:
        text: exactly one mailbox, ``user@example.com`` or ``Name <user@example.com>``.
        reject: refuse what would be changed, with the wire form as suggestion.
        envelope: the mailbox is a recipient of the envelope alone, where its name reaches nobody:
            leave the name out if the mailbox is too long with it.

    Returns:
        One line of ASCII, at most 320 characters; normalising it again changes nothing.

    Raises:
        Refused: SES would refuse it, or it could not be sent safely.
    """
    if is_wire_ready(text):
        return text
    wire = _proven(text, envelope).text
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
    return wire_ready(text) or _proven(text, False)


def wire_ready(text: str) -> Mailbox | None:
    """Return the mailbox in ``text`` if a glance shows that it goes on the wire as it is."""
    if not is_wire_ready(text):
        return None
    start = text.rfind("<") + 1
    return Mailbox(text, text[start:-1], start > 1) if start else Mailbox(text, text, False)


def not_wire_ready(text: str, wire: str) -> Refused:
    """Refuse what would be changed, where nothing may be."""
    message = "Illegal address"
    category: Category = "malformed_address"
    if not text.isascii():
        message, category = "Domain contains control or whitespace", "non_ascii_address"
    return refusal(
        text,
        message,
        "an address must be given in its wire form when BOTOSES_GUARD_ADDRESSES is 'reject'",
        "RFC 2047, RFC 5890; BOTOSES_GUARD_ADDRESSES",
        category=category,
        suggestion=wire,
    )


# The sender of a program is one and the same for all its mail. Refusals are not kept.
@lru_cache(maxsize=256)
def _proven(text: str, envelope: bool) -> Mailbox:
    """Read a mailbox, and in a refusal suggest only what passes itself."""
    line = unfold(text)
    if line is not None:
        text = line
    try:
        return _read(text, envelope)
    except Refused as refused:
        violation = refused.violation
    suggested = _suggestion(text) if len(text) <= MAX_MAILBOX else None
    raise Refused(replace(violation, suggestion=suggested))


def _suggestion(text: str) -> str | None:
    for guess in suggestion.guesses(text):
        try:
            return _read(guess, False).text
        except Refused:
            continue
    return None


def _read(text: str, envelope: bool) -> Mailbox:
    check_controls(text)
    text = text.strip(" \t")
    if len(text) > _MAX_READ:
        raise _too_long(text, text, [], text)
    tokens = tokenize(text)
    _check_one_mailbox(text, tokens)
    before, start, end, after = _split(text, tokens)
    domain_start = addr_spec.domain_start(text, start, end)
    _check_name_and_rest(text, before, after)
    wire_domain = domain.to_ascii(text[domain_start:end], text)
    address = text[start:domain_start] + wire_domain
    changes = [*phrase.edits(text, before), (domain_start, end, wire_domain)]
    wire = phrase.applied(text, [*changes, *phrase.edits(text, after)] if after else changes)
    if len(wire) > MAX_MAILBOX:
        if envelope and len(address) <= MAX_MAILBOX:
            return Mailbox(address, address, False)
        raise _too_long(text, wire, before, address)
    has_name = any(kind not in _NO_ADDRESS for kind, _, _ in before)
    return Mailbox(wire, address, has_name)


def _check_one_mailbox(text: str, tokens: list[Token]) -> None:
    """Refuse lists and groups, and a name with commas or semicolons outside quotes.

    A colon in a name is not in doubt: a group that it might open has the same one member.
    """
    angles = 0
    separators = ""
    for kind, start, _ in tokens:
        if kind == "angle":
            angles += 1
            if angles > 1:
                rule = "an address must have one pair of '<' and '>'"
                raise refusal(text, "Extra route-addr", rule, "RFC 5322 §3.4")
        elif kind == "comma" or text[start] in ":;" and kind == "special":
            separators += text[start]
    if separators.strip(":") or separators and not angles:
        raise _separator_refusal(text, separators)
    if all(kind in _NO_ADDRESS for kind, _, _ in tokens):
        rule = "a mailbox must have an address"
        raise refusal(text, "Illegal address", rule, "RFC 5322 §3.4")


_SEPARATED = {
    ",": ("Illegal address", "a comma, which separates mailboxes"),
    ";": ("Illegal semicolon, not in group", "a semicolon, which ends a group"),
    ":": ("Local address contains illegal character", "a colon, which starts a group"),
}


def _separator_refusal(text: str, separators: str) -> Refused:
    if separators.startswith("::"):
        rule = "a value must be one mailbox, not a group within a group"
        return refusal(text, "Nested group", rule, "RFC 5322 §3.4")
    message, _ = _SEPARATED[separators[0]]
    _, separator = _SEPARATED[separators.strip(":")[:1] or ":"]
    rule = f"a value must be one mailbox, without {separator}, outside quotes"
    return refusal(text, message, rule, "RFC 5322 §3.4")


def _split(text: str, tokens: list[Token]) -> tuple[list[Token], int, int, list[Token]]:
    """Return the tokens before the addr-spec, its start and end, and the tokens after it."""
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
    if phrase.in_doubt(text, before):
        raise refusal(
            text,
            "Local address contains illegal character",
            "a display name must not contain ',', ';', '<' or '>' outside quotes",
            "RFC 5322 §3.2.3",
        )
    if any(kind not in _NO_ADDRESS for kind, _, _ in after):
        rule = "text behind the address must stand in a comment"
        raise refusal(text, "Illegal address", rule, "RFC 5322 §3.4")


def _too_long(text: str, wire: str, before: list[Token], address: str) -> Refused:
    rule = (
        f"a mailbox must have at most {MAX_MAILBOX} characters on the wire, its name included, "
        f"and this one has {len(wire)}"
    )
    fitting = phrase.longest(text, before, MAX_MAILBOX - len(f" <{address}>"))
    if fitting and fitting[0] < fitting[1]:
        rule += ": its name must have at most {} characters instead of {}".format(*fitting)
    return refusal(
        text,
        f"Address length is more than {MAX_MAILBOX} characters long: '{wire[:_MAX_READ]}'.",
        rule,
        "RFC 5321 §4.5.3.1, as SES applies it to the whole form",
    )
