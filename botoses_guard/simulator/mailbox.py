"""An address as SES judges it: JavaMail's ``InternetAddress`` before 1.6, and its words.

Independent of the guard's own grammar, which it is there to judge.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

LONGEST = 320
"""Characters of the whole form, name and brackets included."""

_LOCAL_ILLEGAL = frozenset('()<>,;:\\"[]@')
_DOMAIN_CHARACTER = re.compile(r"[A-Za-z0-9.-]")


class WrongAddress(Exception):
    """SES refuses the address; the message is SES's."""


def addr_spec_of(text: str) -> str:
    """The address inside one mailbox.

    Raises:
        WrongAddress: SES refuses it.
    """
    if not text.strip():
        raise WrongAddress("Invalid email address .")
    if len(text.encode("utf-16-le")) // 2 > LONGEST:
        raise WrongAddress(f"Address length is more than {LONGEST} characters long: '{text}'.")
    address = _inside_brackets(_without_comments(text.strip(" \t")))
    _check(address)
    return address


def mailboxes_of(field: str) -> list[str]:
    """The addresses of a header field: a list of mailboxes and groups.

    Raises:
        WrongAddress: SES refuses one.
    """
    unfolded = re.sub(r"\r?\n(?=[ \t])", "", field)
    found = []
    for part in _split(_without_comments(unfolded)):
        mailbox = part.strip(" \t\r\n")
        if mailbox:
            found.append(addr_spec_of(mailbox))
    return found


def _unquoted(text: str) -> Iterator[tuple[int, str]]:
    """Each character outside quoted strings, with its position.

    Raises:
        WrongAddress: a quoted string does not end.
    """
    quoted, position = False, 0
    while position < len(text):
        character = text[position]
        if character == "\\":
            position += 1
        elif character == '"':
            quoted = not quoted
        elif not quoted:
            yield position, character
        position += 1
    if quoted:
        raise WrongAddress("Missing '\"'")


def _split(text: str) -> list[str]:
    """Cut at the commas between mailboxes; a group gives its members."""
    parts, start, angle = [], 0, False
    for position, character in _unquoted(text):
        if character in "<>":
            angle = character == "<"
        elif character in ",;" and not angle:
            parts.append(text[start:position])
            start = position + 1
        elif character == ":" and not angle:
            start = position + 1
    return [*parts, text[start:]]


def _without_comments(text: str) -> str:
    """Comments away, as JavaMail skips them; quoted strings stay."""
    if "(" not in text and ")" not in text:
        return text
    kept, depth, quoted, position = [], 0, False, 0
    while position < len(text):
        character = text[position]
        if character == "\\" and (quoted or depth):
            if not depth:
                kept.append(text[position : position + 2])
            position += 2
            continue
        if character == '"' and not depth:
            quoted = not quoted
        if not quoted and character in "()":
            depth += 1 if character == "(" else -1
            if depth < 0:
                raise WrongAddress("Missing '('")
        elif not depth:
            kept.append(character)
        position += 1
    if depth:
        raise WrongAddress("Missing ')'")
    return "".join(kept).strip(" \t")


def _inside_brackets(text: str) -> str:
    """What stands between ``<`` and ``>``, or the whole when there are none."""
    start, end = -1, -1
    for position, character in _unquoted(text):
        if character == "<":
            if start >= 0:
                raise WrongAddress("Extra route-addr")
            start = position + 1
        elif character == ">":
            if start < 0:
                raise WrongAddress("Missing '<'")
            end = position
        elif character in ",;:" and (start < 0 or end >= 0):
            _refuse_separator(character)
    if start < 0:
        return text
    if end < 0:
        raise WrongAddress("Missing '>'")
    if text[end + 1 :].strip():
        raise WrongAddress("Illegal address")
    return text[start:end]


def _refuse_separator(character: str) -> None:
    if character == ";":
        raise WrongAddress("Illegal semicolon, not in group")
    if character == ":":
        raise WrongAddress("Local address contains illegal character")
    raise WrongAddress("Illegal address")


def _check(address: str) -> None:
    local, at, domain = _cut(address)
    if not at:
        if any(_is_control_or_blank(character) for character in address):
            raise WrongAddress("Local address contains control or whitespace")
        raise WrongAddress("Missing final '@domain'")
    if not local:
        raise WrongAddress("Missing local name")
    _check_local(local, address)
    if not domain:
        raise WrongAddress("Missing domain")
    _check_domain(domain)


def _cut(address: str) -> tuple[str, str, str]:
    """At the first ``@`` that is not quoted."""
    if address.startswith('"'):
        end = _end_of_quote(address)
        if end < 0:
            raise WrongAddress("Unterminated quote")
        if address[end : end + 1] not in ("@", ""):
            raise WrongAddress("Quote not at end of local address")
        return address[:end], address[end : end + 1], address[end + 1 :]
    return address.partition("@")


def _end_of_quote(address: str) -> int:
    position = 1
    while position < len(address):
        if address[position] == "\\":
            position += 1
        elif address[position] == '"':
            return position + 1
        position += 1
    return -1


def _check_local(local: str, address: str) -> None:
    if local.startswith('"'):
        if "\r" in local or "\n" in local:
            raise WrongAddress(f"Invalid email address {address}.")
        if not local.isascii():
            raise WrongAddress("Local address contains control or whitespace")
        return
    for character in local:
        if _is_control_or_blank(character):
            raise WrongAddress("Local address contains control or whitespace")
        if character in _LOCAL_ILLEGAL:
            raise WrongAddress("Local address contains illegal character")


def _check_domain(domain: str) -> None:
    if domain.startswith("."):
        raise WrongAddress("Domain starts with dot")
    if domain.startswith("[") and domain.endswith("]"):
        return
    for before, character in zip(" " + domain, domain):
        if _is_control_or_blank(character):
            raise WrongAddress("Domain contains control or whitespace")
        if not _DOMAIN_CHARACTER.match(character):
            raise WrongAddress("Domain contains illegal character")
        if before == character == ".":
            raise WrongAddress("Domain contains dot-dot")
    if domain.endswith("."):
        raise WrongAddress("Domain ends with dot")


def _is_control_or_blank(character: str) -> bool:
    """JavaMail takes every character beyond ASCII for one, too."""
    return character <= " " or character >= "\x7f"
