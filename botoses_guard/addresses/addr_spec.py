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


def domain_start(text: str, start: int, end: int) -> int:
    """Where the domain of the addr-spec ``text[start:end]`` starts.

    Raises:
        Refused: the local part cannot be sent, or there is no ``@``.
    """
    match = _LOCAL_PART.match(text, start, end)
    if match:
        return match.end()
    raise _local_part_refusal(text, text[start:end])


def _local_part_refusal(text: str, spec: str) -> Refused:
    if not spec:
        return refusal(text, "Empty address", "nothing stands between '<' and '>'", _REFERENCE)
    if spec.startswith("@"):
        return refusal(text, "Missing local name", "nothing stands before the '@'", _REFERENCE)
    if spec.startswith('"'):
        return _quoted_refusal(text, spec)
    local_part, at, _ = spec.partition("@")
    match = _NOT_ATEXT.search(local_part)
    if match:
        return _character_refusal(text, spec, local_part, match.group())
    return refusal(text, "Missing final '@domain'", "an address needs an '@'", _REFERENCE)


def _quoted_refusal(text: str, spec: str) -> Refused:
    match = _QUOTED.match(spec)
    assert match  # a quote that is not closed has not come past the tokenizer
    quoted, rest = match.group(), spec[match.end() :]
    if not quoted.isascii():
        return _non_ascii_refusal(text, spec, quoted)
    if not rest:
        return refusal(text, "Missing final '@domain'", "an address needs an '@'", _REFERENCE)
    if not rest.startswith("@"):
        return refusal(
            text,
            "Quote not at end of local address",
            "a local part is quoted as a whole or not at all",
            _REFERENCE,
            suggestion=_with_brackets(text, spec),
        )
    return refusal(text, "Missing local name", "the quoted local part is empty", _REFERENCE)


def _character_refusal(text: str, spec: str, local_part: str, character: str) -> Refused:
    if not character.isascii():
        return _non_ascii_refusal(text, spec, local_part)
    if character in " \t":
        return refusal(
            text,
            "Local address contains control or whitespace",
            "a blank stands in the local part: a name needs '<' and '>' around its address",
            _REFERENCE,
            suggestion=_with_brackets(text, spec),
        )
    if character == '"':
        return refusal(
            text,
            "Quote not at start of local address",
            "a local part is quoted as a whole or not at all",
            _REFERENCE,
        )
    return refusal(
        text,
        "Local address contains illegal character",
        f"{character!r} may stand in a local part only between quotes",
        _REFERENCE,
    )


def _with_brackets(text: str, spec: str) -> str | None:
    """``Bob bob@example.com`` → ``Bob <bob@example.com>``."""
    name, blank, address = spec.rpartition(" ")
    return f"{name} <{address}>" if blank and spec == text else None


def _non_ascii_refusal(text: str, spec: str, local_part: str) -> Refused:
    character = characters.first_non_ascii(local_part) or ""
    meant = characters.probably_meant(local_part)
    return refusal(
        text,
        "Local address contains control or whitespace",
        f"the local part holds {characters.named(character)}, {characters.kind(character)}; "
        "SES carries ASCII only there, and no encoding of it names the same mailbox",
        "RFC 5321 §2.3.11, SES API reference (no SMTPUTF8, RFC 6531)",
        category="non_ascii_address",
        suggestion=text.replace(local_part, meant, 1) if meant.isascii() else None,
    )
