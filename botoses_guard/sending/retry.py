"""When a send that SES refused goes again.

Only what surely was not accepted is sent again, and of that only what may pass without anybody
changing anything.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, NamedTuple

Action = Literal["retry", "raise", "leave"]

_ACTIONS: dict[str, Action] = {
    "send_rate": "retry",
    "systemic_throttle": "retry",
    "service_unavailable": "retry",
    # botocore refreshes credentials and corrects its clock in its own retries.
    "expired_credentials": "leave",
}

_THROTTLES = ("send_rate", "systemic_throttle")

_FIRST_DELAY = {
    # The slot of the next attempt paces a rate throttle; the delay only spreads the senders.
    "send_rate": 0.25,
    "systemic_throttle": 1.0,
    "service_unavailable": 1.0,
}
"""Seconds before the second attempt; each further delay is twice as long."""

LONGEST_DELAY = 20.0
"""Seconds (botocore's own cap for backoff)."""

_MOST_DOUBLINGS = 10
"""More lead beyond the cap from any first delay, and in the end beyond what a float holds."""


class Limits(NamedTuple):
    """How many HTTP requests one send may make."""

    max_attempts: int
    """For a throttle: the guard's own setting."""

    total_max_attempts: int | None = None
    """For every other refusal, where the client's ``Config(retries=...)`` bounds it further."""

    def of(self, category: str) -> int:
        if category in _THROTTLES or self.total_max_attempts is None:
            return self.max_attempts
        return min(self.max_attempts, self.total_max_attempts)


class Decision(NamedTuple):
    """What becomes of a send after one attempt."""

    action: Action
    delay: float = 0.0
    """Seconds before the next attempt, or after which a later call may pass."""


def after_refusal(
    category: str,
    attempts: int,
    limits: Limits,
    remaining: float,
    uniform: Callable[[], float],
) -> Decision:
    """Decide what to do after SES refused.

    Args:
        category: of the diagnosis.
        attempts: HTTP requests made so far.
        limits: HTTP requests that a send may make.
        remaining: seconds that the send may still wait.
        uniform: a random number in [0, 1).
    """
    action = _ACTIONS.get(category, "raise")
    if action != "retry":
        return Decision(action)
    # Half of each delay is random: senders that were refused together must not come back together.
    doublings = min(attempts - 1, _MOST_DOUBLINGS)
    delay = min(LONGEST_DELAY, _FIRST_DELAY[category] * 2**doublings)
    delay *= 0.5 + 0.5 * uniform()
    if attempts >= limits.of(category) or delay > remaining:
        return Decision("raise", delay)
    return Decision("retry", delay)
