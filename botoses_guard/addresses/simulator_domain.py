"""The mailbox simulator of SES."""

from __future__ import annotations

_DOMAIN = "@simulator.amazonses.com"
_LENGTH = len(_DOMAIN)


def is_simulator(mailbox: str) -> bool:
    """Whether SES delivers to its mailbox simulator, which does not count to the 24-hour quota.

    Args:
        mailbox: as :func:`.normalize` returns it, with or without a name.

    Source: SES developer guide, "Using the mailbox simulator manually".
    """
    return mailbox[-_LENGTH:].lower() == _DOMAIN or (
        mailbox[-1:] == ">" and mailbox[-_LENGTH - 1 : -1].lower() == _DOMAIN
    )
