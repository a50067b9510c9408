"""The mailbox simulator of SES."""

from __future__ import annotations

_DOMAIN = "@simulator.amazonses.com"
_LENGTH = len(_DOMAIN)


def is_simulator(mailbox: str) -> bool:
    """Tell whether SES delivers to its mailbox simulator, which no quota of 24 hours counts.

    Args:
        mailbox: as :func:`.normalize` returns it, with or without a name.

    Source: SES developer guide, "Using the mailbox simulator manually".
    """
    return mailbox[-_LENGTH:].lower() == _DOMAIN or (
        mailbox[-1:] == ">" and mailbox[-_LENGTH - 1 : -1].lower() == _DOMAIN
    )
