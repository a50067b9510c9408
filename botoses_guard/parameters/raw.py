"""The raw message of a send, beside the parameters that stand for some of its headers."""

from __future__ import annotations

from ..operations import Service
from ..raw_message import Scan, scan
from ..settings import AddressMode
from .draft import Draft
from .located import Located


def check_raw_message(draft: Draft, located: Located, mode: AddressMode) -> Scan | None:
    """Validate and normalise the addresses in the headers of a raw message.

    Returns:
        What the scan told; ``None`` when the send has no raw message.
    """
    for place, content in located["raw_message"]:
        scanned = scan(content, addresses=mode)
        for violation in scanned.violations:
            draft.fault(place, violation)
        if scanned.content is not content:
            draft.change(place, scanned.content)
        if not scanned.has_from and not located["sender"]:
            draft.refuse(
                place,
                None,
                category="header_invalid",
                message="Missing required header 'From'.",
                rule="a message must name its sender in a From header, if not in a parameter",
                reference="RFC 5322 section 3.6.2",
            )
        return scanned
    return None


def drops_name(service: Service, located: Located, scanned: Scan | None) -> bool:
    """Whether a sender without a name takes the place of a From header that has one."""
    return (
        service.sender_replaces_from
        and scanned is not None
        and scanned.from_has_name
        and any("<" not in sender for _, sender in located["sender"])
    )
