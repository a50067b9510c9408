"""The address parameters of a send."""

from __future__ import annotations

import re

from .. import addresses
from ..operations import Place
from ..settings import AddressMode
from .draft import Draft
from .located import Located
from .roles import Role

_UNSAFE = re.compile(r"[\r\n\0]")

_REST: tuple[Role, ...] = ("return_path", "reply_to", "other_addresses")


def check_mailboxes(
    draft: Draft, located: Located, mode: AddressMode, *, drop_empty: bool
) -> list[tuple[Place, str]]:
    """Validate and normalise every address parameter, in the order in which SES does.

    Args:
        draft: the parameters.
        located: where their values stand.
        mode: what to do with addresses.
        drop_empty: whether an empty list of addresses must not be sent.

    Returns:
        The recipients as they go on the wire, with their places.
    """
    recipients: list[tuple[Place, str]] = []
    for place, value in located["sender"]:
        _normalize(draft, place, value, mode)
    # The header of a raw message has names of its own; those beside it reach nobody.
    envelope = bool(located["raw_message"])
    for place, value in located["recipients"]:
        recipients += _normalize(draft, place, value, mode, envelope)
    for role in _REST:
        for place, value in located[role]:
            _normalize(draft, place, value, mode)
    if drop_empty:
        for place, value in (*located["recipients"], *located["reply_to"]):
            if not value and not isinstance(value, str):
                draft.drop(place)
    return recipients


def _normalize(
    draft: Draft,
    place: Place,
    value: str | list[str | None],
    mode: AddressMode,
    envelope: bool = False,
) -> list[tuple[Place, str]]:
    """The mailboxes of one parameter, an address or a list of addresses, as they go on."""
    if isinstance(value, str):
        return [(place, _mailbox(draft, place, value, mode, envelope))]
    below = (((*place, index), element) for index, element in enumerate(value))
    return [
        (place, _mailbox(draft, place, element, mode, envelope))
        for place, element in below
        if element is not None
    ]


def _mailbox(draft: Draft, place: Place, value: str, mode: AddressMode, envelope: bool) -> str:
    if mode == "off":
        _check_line(draft, place, value)
        return value
    try:
        mailbox = addresses.normalize(value, reject=mode == "reject", envelope=envelope)
    except addresses.Refused as refused:
        draft.fault(place, refused.violation)
        return value
    if mailbox is not value:
        draft.change(place, mailbox)
    return mailbox


def _check_line(draft: Draft, place: Place, value: str) -> None:
    """Mode ``off`` leaves the judgement of addresses to SES, which lets line breaks through."""
    if _UNSAFE.search(value):
        draft.refuse(
            place,
            value,
            category="malformed_address",
            message=f"Invalid email address {addresses.shown(value)[1:-1]}.",
            rule="an address must not hold CR, LF or NUL, whatever BOTOSES_GUARD_ADDRESSES says",
            reference="RFC 5322 section 2.2",
        )
