"""The address parameters of a send."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from .. import addresses
from ..operations import Place
from ..settings import AddressMode
from .draft import Draft
from .located import Located, Role

_UNSAFE = re.compile(r"[\r\n\0]")

_REST: tuple[Role, ...] = ("return_path", "reply_to", "other_addresses")

_ADDRESS_FIELDS = frozenset(
    {"sender", "errors-to", "disposition-notification-to", "return-receipt-to"}
)
"""Fields with addresses that a caller may add; SES itself writes From, To, Cc and Reply-To."""


def check_mailboxes(
    draft: Draft, located: Located, mode: AddressMode, *, drop_empty: bool
) -> list[str]:
    """Validate and normalise every address parameter, in the order in which SES does.

    Args:
        draft: the parameters.
        located: where their values stand.
        mode: what to do with addresses.
        drop_empty: whether an empty list of addresses must not be sent.

    Returns:
        The recipients as they go on the wire.
    """
    recipients: list[str] = []
    for trail, value in located["sender"]:
        _normalize(draft, trail, value, mode)
    for trail, value in located["recipients"]:
        recipients += _normalize(draft, trail, value, mode)
    for role in _REST:
        for trail, value in located[role]:
            _normalize(draft, trail, value, mode)
    if mode != "off":
        _normalize_fields(draft, located, mode == "reject")
    if drop_empty:
        for trail, value in (*located["recipients"], *located["reply_to"]):
            if not value and not isinstance(value, str):
                draft.drop(trail)
    return recipients


def header_fields(located: Located) -> Iterator[tuple[Place, str, str]]:
    """Place, name and value of each entry of ``Headers`` and ``ReplacementHeaders``."""
    for trail, entry in located["header_fields"]:
        if isinstance(entry, dict):
            name, value = entry.get("Name"), entry.get("Value")
            if isinstance(name, str) and isinstance(value, str):
                yield trail, name, value


def _normalize(
    draft: Draft, trail: Place, value: str | Sequence[object], mode: AddressMode
) -> list[str]:
    """The mailboxes of one parameter, an address or a list of addresses, as they go on."""
    if isinstance(value, str):
        return [_mailbox(draft, trail, value, mode)]
    return [
        _mailbox(draft, (*trail, index), element, mode)
        for index, element in enumerate(value)
        if isinstance(element, str)
    ]


def _mailbox(draft: Draft, trail: Place, value: str, mode: AddressMode) -> str:
    if mode == "off":
        _check_line(draft, trail, value)
        return value
    try:
        mailbox = addresses.normalize(value, reject=mode == "reject")
    except addresses.Refused as refused:
        draft.fault(trail, refused.violation)
        return value
    if mailbox is not value:
        draft.change(trail, mailbox)
    return mailbox


def _check_line(draft: Draft, trail: Place, value: str) -> None:
    """Mode ``off`` leaves the judgement of addresses to SES, which lets line breaks through."""
    if _UNSAFE.search(value):
        draft.refuse(
            trail,
            value,
            category="malformed_address",
            message=f"Invalid email address {ascii(value)[1:-1]}.",
            rule="an address holds no CR, LF or NUL, whatever BOTOSES_GUARD_ADDRESSES says",
            reference="RFC 5322 section 2.2",
        )


def _normalize_fields(draft: Draft, located: Located, reject: bool) -> None:
    for trail, name, value in header_fields(located):
        if name.lower() not in _ADDRESS_FIELDS:
            continue
        trail = (*trail, "Value")
        try:
            normal = addresses.normalize_list(value, reject=reject)
        except addresses.Refused as refused:
            draft.fault(trail, refused.violation)
        else:
            if normal is not value:
                draft.change(trail, normal)
