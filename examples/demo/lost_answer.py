"""One message that SES accepts and whose answer never comes."""

from __future__ import annotations

from dataclasses import dataclass

from botoses_guard.simulator import Simulator

from .program import MakeClient, Sight, message, send

READ_TIMEOUT = 1
"""Seconds that the program waits for an answer."""


@dataclass(frozen=True)
class Outcome:
    """What came of the send."""

    requests: int
    """HTTP requests for it."""

    copies: int
    """Messages in the recipient's inbox."""

    sight: Sight


def lose_the_answer(make_client: MakeClient) -> Outcome:
    """Send one message by a connection that hangs once SES has accepted."""
    with Simulator() as ses:
        client = make_client(ses, read_timeout=READ_TIMEOUT)
        ses.faults.hang_after_accept()
        sight = send(client, message("ada@example.com"))
        return Outcome(ses.counters.sends, len(ses.inbox), sight)
