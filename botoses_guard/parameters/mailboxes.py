"""The address parameters of a send."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from .. import addresses
from ..operations import EACH, Operation, ParameterPath
from ..settings import AddressMode
from .draft import Draft, Trail

_UNSAFE = re.compile(r"[\r\n\0]")


def check_mailboxes(draft: Draft, operation: Operation, mode: AddressMode) -> list[str]:
    """Validate and normalise every address parameter, in the order in which SES does.

    Returns:
        The recipients as they go on the wire.
    """
    recipients: list[str] = []
    if operation.sender:
        _normalize(draft, operation, operation.sender, mode)
    for path in operation.recipients:
        recipients += _normalize(draft, operation, path, mode)
    for path in (operation.return_path, operation.reply_to, *operation.other_addresses):
        if path:
            _normalize(draft, operation, path, mode)
    if operation.header_fields and mode != "off":
        _normalize_fields(draft, operation, mode == "reject")
    return recipients


def header_fields(draft: Draft, operation: Operation) -> Iterator[tuple[Trail, str, str]]:
    """Trail, name and value of each entry of ``Headers`` and ``ReplacementHeaders``."""
    for path in operation.header_fields:
        for trail, entry in draft.leaves((*path, EACH)):
            if isinstance(entry, Mapping):
                name, value = entry.get("Name"), entry.get("Value")
                if isinstance(name, str) and isinstance(value, str):
                    yield trail, name, value


def _normalize(
    draft: Draft, operation: Operation, path: ParameterPath, mode: AddressMode
) -> list[str]:
    if path[-1] != EACH:
        return [
            _mailbox(draft, trail, value, mode)
            for trail, value in draft.leaves(path)
            if isinstance(value, str)
        ]
    mailboxes = []
    for trail, values in draft.leaves(path[:-1]):
        if not isinstance(values, (list, tuple)):
            continue
        if not values and not operation.service.takes_empty_lists:
            draft.drop(trail)
        for index, value in enumerate(values):
            if isinstance(value, str):
                mailboxes.append(_mailbox(draft, (*trail, index), value, mode))
    return mailboxes


def _mailbox(draft: Draft, trail: Trail, value: str, mode: AddressMode) -> str:
    if mode == "off":
        if _UNSAFE.search(value):
            draft.refuse(
                trail,
                value,
                category="malformed_address",
                message=f"Invalid email address {ascii(value)[1:-1]}.",
                rule="an address holds no CR, LF or NUL, whatever BOTOSES_GUARD_ADDRESSES says",
                reference="RFC 5322 section 2.2",
            )
        return value
    try:
        mailbox = addresses.normalize(value, reject=mode == "reject")
    except addresses.Refused as refused:
        draft.fault(trail, refused.violation)
        return value
    if mailbox is not value:
        draft.change(trail, mailbox)
    return mailbox


_ADDRESS_FIELDS = frozenset(
    {"sender", "errors-to", "disposition-notification-to", "return-receipt-to"}
)
"""Fields with addresses that a caller may add; SES itself writes From, To, Cc and Reply-To."""


def _normalize_fields(draft: Draft, operation: Operation, reject: bool) -> None:
    for trail, name, value in header_fields(draft, operation):
        if name.lower() not in _ADDRESS_FIELDS:
            continue
        try:
            normal = addresses.normalize_list(value, reject=reject)
        except addresses.Refused as refused:
            draft.fault((*trail, "Value"), refused.violation)
        else:
            if normal is not value:
                draft.change((*trail, "Value"), normal)
