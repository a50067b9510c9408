"""The request that was answered, read for what the answer leaves out.

SES lists identities without saying what the message used them for, and says what is wrong with an
address without saying with which.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from email.parser import BytesHeaderParser
from typing import Any, NamedTuple

from ..errors import IdentityRole
from ..operations import Operation, ParameterPath, shown, values_at
from .identities import mailboxes_in

_LONGEST_HEADER = 100_000
"""Bytes of a raw message that are looked through for its addresses."""

_RAW_FIELDS: tuple[tuple[str, IdentityRole], ...] = (
    ("From", "sender"),
    ("Sender", "sender"),
    ("Return-Path", "return_path"),
    ("To", "recipient"),
    ("Cc", "recipient"),
    ("Bcc", "recipient"),
)


class Located(NamedTuple):
    """One address of a request."""

    role: IdentityRole
    path: str
    text: str
    """The whole mailbox, with its name."""

    address: str


def addresses_of(parameters: Mapping[str, Any], operation: Operation) -> list[Located]:
    """The addresses of a request, in the order in which SES checks them."""
    found: list[Located] = []
    paths: list[tuple[IdentityRole, ParameterPath | None]] = [("sender", operation.sender)]
    paths += [("recipient", path) for path in operation.recipients]
    paths += [("return_path", operation.return_path), ("unknown", operation.reply_to)]
    paths += [("unknown", path) for path in operation.other_addresses]
    for role, path in paths:
        for place, value in values_at(parameters, path) if path else ():
            if isinstance(value, str):
                found += _located(role, shown(place), value)
    if operation.raw_message:
        for place, value in values_at(parameters, operation.raw_message):
            found += _in_raw_message(shown(place), value)
    return found


def roles_of(identities: Iterable[str], located: list[Located]) -> tuple[IdentityRole, ...]:
    """What the request uses each identity for; a sender that also receives is a sender."""
    return tuple(_role_of(identity.lower(), located) for identity in identities)


def _role_of(identity: str, located: list[Located]) -> IdentityRole:
    domain = f"@{identity}"
    roles = {
        place.role
        for place in located
        if place.address.lower() == identity or place.address.lower().endswith(domain)
    }
    for role in _PRECEDENCE:
        if role in roles:
            return role
    return "unknown"


_PRECEDENCE: tuple[IdentityRole, ...] = ("sender", "return_path", "recipient")


def suspects(text: str, located: list[Located]) -> list[Located]:
    """The addresses that explain a text of SES (JavaMail's) about one that it does not name."""
    lowered = text.lower()
    for opening, explains in _EXPLANATIONS:
        if lowered.startswith(opening):
            return [place for place in located if explains(place)]
    return []


def _local_part(place: Located) -> str:
    local, at, _ = place.address.rpartition("@")
    return local if at else place.address


def _domain(place: Located) -> str:
    return place.address.rpartition("@")[2] if "@" in place.address else ""


_NOT_PRINTABLE_ASCII = re.compile(r"[^!-~]")
_SPECIAL = re.compile(r'[()<>,;:\\"\[\]]|[^!-~]')
_NOT_IN_DOMAIN = re.compile(r"[^A-Za-z0-9.-]")

_EXPLANATIONS: tuple[tuple[str, Callable[[Located], bool]], ...] = (
    (
        "local address contains control",
        lambda place: bool(_NOT_PRINTABLE_ASCII.search(_local_part(place))),
    ),
    ("local address contains dot-dot", lambda place: ".." in _local_part(place)),
    ("local address contains", lambda place: bool(_SPECIAL.search(_local_part(place)))),
    ("local address starts", lambda place: _local_part(place).startswith(".")),
    ("local address ends", lambda place: _local_part(place).endswith(".")),
    ("domain contains control", lambda place: bool(_NOT_PRINTABLE_ASCII.search(_domain(place)))),
    ("domain contains dot-dot", lambda place: ".." in _domain(place)),
    ("domain contains", lambda place: bool(_NOT_IN_DOMAIN.search(_domain(place)))),
    ("domain starts", lambda place: _domain(place).startswith(".")),
    ("domain ends", lambda place: _domain(place).endswith(".")),
    ("missing local name", lambda place: place.address.startswith("@")),
    ("missing final '@domain'", lambda place: "@" not in place.address),
    ("missing domain", lambda place: place.address.endswith(("@", "."))),
    ("missing '\"'", lambda place: place.text.count('"') % 2 == 1),
    ("missing '", lambda place: place.text.count("<") != place.text.count(">")),
    ("address length", lambda place: len(place.text) > 320),
    ("invalid email address", lambda place: "@" not in place.address),
    ("empty address", lambda place: not place.address),
)
"""What each text says of an address, the longer openings first."""


def is_non_ascii(located: Iterable[Located]) -> bool:
    return any(not place.address.isascii() for place in located)


def _located(role: IdentityRole, path: str, text: str) -> Iterator[Located]:
    """A parameter may hold several mailboxes; one that is malformed is taken whole."""
    mailboxes = mailboxes_in(text) if text.count("@") > 1 else ()
    if not mailboxes:
        _, bracket, inside = text.rpartition("<")
        mailboxes = (inside.removesuffix(">") if bracket else text.strip(),)
    for address in mailboxes:
        yield Located(role, path, text, address)


def _in_raw_message(path: str, message: Any) -> Iterator[Located]:
    if not isinstance(message, (bytes, bytearray)):
        return
    fields = BytesHeaderParser().parsebytes(bytes(message[:_LONGEST_HEADER]), headersonly=True)
    for name, role in _RAW_FIELDS:
        for body in fields.get_all(name, []):
            yield from _located(role, f"{path}: header '{name}'", str(body))
