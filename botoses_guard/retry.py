"""What to do after an answer, or after none: send again, raise, or leave it to botocore.

No send operation of SES has an idempotency token. So only what surely was not accepted is sent
again, and of that only what may pass without anybody changing anything.
"""

from __future__ import annotations

import ssl
from collections.abc import Callable
from typing import Literal, NamedTuple

from botocore.exceptions import (
    ConnectTimeoutError,
    EndpointConnectionError,
    HTTPClientError,
    ProxyConnectionError,
    SSLError,
)

Action = Literal["retry", "raise", "leave"]

_ACTIONS: dict[str, Action] = {
    "send_rate": "retry",
    "systemic_throttle": "retry",
    "service_unavailable": "retry",
    # botocore refreshes credentials and corrects its clock in its own retries.
    "expired_credentials": "leave",
}

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

_GATEWAY = (502, 504)
"""Statuses of something between the client and SES, which knows nothing of what SES did."""


class Decision(NamedTuple):
    """What becomes of a send after one attempt."""

    action: Action
    delay: float = 0.0
    """Seconds before the next attempt."""


def after_refusal(
    category: str,
    attempts: int,
    max_attempts: int,
    remaining: float,
    uniform: Callable[[], float],
) -> Decision:
    """What to do after SES refused.

    Args:
        category: of the diagnosis.
        attempts: HTTP requests made so far.
        max_attempts: HTTP requests that a send may make.
        remaining: seconds that the send may still wait.
        uniform: a random number in [0, 1).
    """
    action = _ACTIONS.get(category, "raise")
    if action != "retry":
        return Decision(action)
    if attempts >= max_attempts:
        return Decision("raise")
    # Half of each delay is random: senders that were refused together must not come back together.
    doublings = min(attempts - 1, _MOST_DOUBLINGS)
    delay = min(LONGEST_DELAY, _FIRST_DELAY[category] * 2**doublings)
    delay *= 0.5 + 0.5 * uniform()
    return Decision("retry", delay) if delay <= remaining else Decision("raise")


def is_unknown_status(http_status: int, code: str) -> bool:
    """Whether an error answer leaves open if the message was accepted.

    Args:
        http_status: of the answer.
        code: of the answer's error. botocore puts the status, in digits, where an answer of a
            server error has no body of SES.
    """
    return http_status in _GATEWAY or (
        http_status >= 500 and http_status != 503 and (not code or code.isdecimal())
    )


def is_unknown_failure(failure: Exception) -> bool:
    """Whether a failure of the transport leaves open if the message was accepted.

    The request has not reached SES when the name did not resolve, or the connection, its TLS or
    the proxy failed: that is botocore's to retry.
    """
    if isinstance(failure, SSLError):
        return _is_broken_stream(failure)
    if isinstance(failure, (EndpointConnectionError, ConnectTimeoutError, ProxyConnectionError)):
        return False
    return isinstance(failure, HTTPClientError)


_BROKEN_STREAM = ("DECRYPTION_FAILED_OR_BAD_RECORD_MAC", "BAD_RECORD_TYPE", "WRONG_SSL_VERSION")
"""OpenSSL's reasons that come with records after the handshake."""


def _is_broken_stream(failure: SSLError) -> bool:
    """TLS that broke after it stood: the request may have been read by then."""
    cause: BaseException | None = failure
    while cause is not None:
        if isinstance(cause, (ssl.SSLEOFError, ssl.SSLZeroReturnError)):
            return True
        # An error that was not made by OpenSSL itself, such as pyOpenSSL's, has no reason.
        if isinstance(cause, ssl.SSLError) and getattr(cause, "reason", None) in _BROKEN_STREAM:
            return True
        cause = cause.__cause__ or cause.__context__
    return False
