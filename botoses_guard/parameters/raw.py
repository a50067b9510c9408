"""The raw message of a send, beside the parameters that stand for some of its headers."""

from __future__ import annotations

from typing import Any, Protocol

from ..errors import Violation
from ..operations import Service
from ..settings import AddressMode
from .draft import Draft
from .located import Located


class Scanned(Protocol):
    """What a scan of a raw message tells."""

    @property
    def content(self) -> Any:
        """The message as it goes on; the same object when nothing had to change."""

    @property
    def recipients(self) -> tuple[str, ...]:
        """The mailboxes of To, Cc and Bcc."""

    @property
    def size(self) -> int:
        """Bytes of the message."""

    @property
    def has_from(self) -> bool:
        """Whether it has a From header; ``True`` for what is no message at all."""

    @property
    def from_has_name(self) -> bool:
        """Whether its From header has a display name."""

    @property
    def violations(self) -> tuple[Violation, ...]:
        """Their paths are those inside the message."""


class Scanner(Protocol):
    """Reads a raw message; never raises for what stands in it."""

    def __call__(self, content: Any, *, addresses: AddressMode) -> Scanned: ...


def check_raw_message(
    draft: Draft, located: Located, mode: AddressMode, scan: Scanner
) -> Scanned | None:
    """Validate and normalise the addresses in the headers of a raw message.

    Returns:
        What the scan told; ``None`` when the send has no raw message.
    """
    for trail, content in located["raw_message"]:
        scanned = scan(content, addresses=mode)
        for violation in scanned.violations:
            draft.fault(trail, violation)
        if scanned.content is not content:
            draft.change(trail, scanned.content)
        if not scanned.has_from and not located["sender"]:
            draft.refuse(
                trail,
                None,
                category="header_invalid",
                message="Missing required header 'From'.",
                rule="a message names its sender in a From header, if not in a parameter",
                reference="RFC 5322 section 3.6.2",
            )
        return scanned
    return None


def drops_name(service: Service, located: Located, scanned: Scanned | None) -> bool:
    """Whether a sender without a name takes the place of a From header that has one."""
    return (
        service.sender_replaces_from
        and scanned is not None
        and scanned.from_has_name
        and any(isinstance(sender, str) and "<" not in sender for _, sender in located["sender"])
    )
