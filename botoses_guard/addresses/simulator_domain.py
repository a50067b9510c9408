"""The mailbox simulator of SES."""

from __future__ import annotations

SIMULATOR = "@simulator.amazonses.com"
"""The end of each of its addresses, in lower case."""

_LENGTH = len(SIMULATOR)


def is_simulator(mailbox: str) -> bool:
    """Tell whether SES delivers to its mailbox simulator, which no quota of 24 hours counts.

    Args:
        mailbox: as :func:`.normalize` returns it, with or without a name.

    Source: SES developer guide, "Using the mailbox simulator manually".
    """
    return mailbox[-_LENGTH:].lower() == SIMULATOR or (
        mailbox[-1:] == ">" and mailbox[-_LENGTH - 1 : -1].lower() == SIMULATOR
    )
