"""The addr-spec ``local_part@domain`` (RFC 5322 §3.4.1, RFC 5321 §4.1.2).

The checks run in the order of JavaMail's ``InternetAddress``, so that a refusal has the words with
which SES answers. They are stricter where JavaMail lets pass what cannot arrive.
"""

from __future__ import annotations

import re

from . import characters
from .refusal import Refused, refusal

ATEXT = r"A-Za-z0-9!#$%&'*+/=?^_`{|}~-"
"""RFC 5322 §3.2.3, for use inside brackets of a regular expression."""

# Dots may stand anywhere: `a..b@docomo.ne.jp` is a real address, and SES takes it. Between quotes
# every ASCII character that is not a control may stand, a quoted-pair hides quote and backslash.
_LOCAL_PART = re.compile(rf'(?:[.{ATEXT}]+|"(?:[ \t!#-\[\]-~]|\\[ \t-~])+")@')

_QUOTED = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)
_NOT_ATEXT = re.compile(rf"[^.@{ATEXT}]")

_REFERENCE = "RFC 5322 §3.4.1, RFC 5321 §4.1.2"

_NO_LOCAL_PART = "a local part must stand before the '@'"
_NO_AT = "an address must have an '@' between its local part and its domain"
_HALF_QUOTED = "a local part must be quoted as a whole or not at all"


def domain_start(text: str, start: int, end: int) -> int:
    """Find the start of the domain in the addr-spec ``text[start:end]``.

    Raises:
        Refused: the local part cannot be sent, or there is no ``@``.
    """
    match = _LOCAL_PART.match(text, start, end)
    if match:
        return match.end()
    raise _local_part_refusal(text, text[start:end])


def _local_part_refusal(text: str, spec: str) -> Refused:
    if not spec:
        return refusal(
            text, "Empty address", "an address must stand between '<' and '>'", _REFERENCE
        )
    if spec.startswith("@"):
        return refusal(text, "Missing local name", _NO_LOCAL_PART, _REFERENCE)
    if spec.startswith('"'):
        return _quoted_refusal(text, spec)
    local_part, at, _ = spec.partition("@")
    match = _NOT_ATEXT.search(local_part)
    if match:
        return _character_refusal(text, local_part, match.group())
    return refusal(text, "Missing final '@domain'", _NO_AT, _REFERENCE)


def _quoted_refusal(text: str, spec: str) -> Refused:
    match = _QUOTED.match(spec)
    assert match  # a quote that is not closed has not come past the tokenizer
    quoted, rest = match.group(), spec[match.end() :]
    if not quoted.isascii():
        return _non_ascii_refusal(text, quoted)
    if not rest:
        return refusal(text, "Missing final '@domain'", _NO_AT, _REFERENCE)
    if not rest.startswith("@"):
        return refusal(text, "Quote not at end of local address", _HALF_QUOTED, _REFERENCE)
    rule = "a quoted local part must not be empty"
    return refusal(text, "Missing local name", rule, _REFERENCE)


def _character_refusal(text: str, local_part: str, character: str) -> Refused:
    if not character.isascii():
        return _non_ascii_refusal(text, local_part)
    if character in " \t":
        return refusal(
            text,
            "Local address contains control or whitespace",
            "a local part must not contain a blank outside quotes; behind a name the address must "
            "stand between '<' and '>'",
            _REFERENCE,
        )
    if character == '"':
        return refusal(text, "Quote not at start of local address", _HALF_QUOTED, _REFERENCE)
    return refusal(
        text,
        "Local address contains illegal character",
        f"a local part must not contain {character!r} outside quotes",
        _REFERENCE,
    )


def _non_ascii_refusal(text: str, local_part: str) -> Refused:
    character = characters.first_non_ascii(local_part) or ""
    kind = characters.kind(character)
    rule = f"a local part must be ASCII; it contains {characters.named(character)}, {kind}"
    if kind == characters.NOT_ASCII:
        rule += ": no encoding of it names the same mailbox, and SES does not support SMTPUTF8"
    return refusal(
        text,
        "Local address contains control or whitespace",
        rule,
        "RFC 5321 §2.3.11, SES API reference (no SMTPUTF8, RFC 6531)",
        category="non_ascii_address",
    )
