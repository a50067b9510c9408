"""The outcome of one attempt, by proof.

Three facts decide, in this order. Did the request leave? That it did not must be proven. Is the
answer one of SES? It has SES's shape: a ``MessageId``, one result for each entry of a bulk call, or
an error code in SES's form. If the request may have left and SES did not answer, the outcome is
unknown: no send operation has an idempotency token, so the message may not be sent again.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

from ..diagnosis import codes
from ..operations import Operation

AttemptOutcome = Literal["accepted", "refused", "foreign", "unknown", "not_sent"]
"""``foreign``: something between the program and SES refused. ``not_sent``: the request provably
did not leave."""


class Ending(NamedTuple):
    """How one attempt ended."""

    outcome: AttemptOutcome
    http_status: int | None = None
    """``None`` when no answer came."""

    answer: dict[str, Any] = {}
    """The parsed answer; empty when none came or none could be read."""

    failure: Exception | None = None
    """What was raised in the place of an answer."""


def of_failure(failure: Exception, may_have_left: bool) -> Ending:
    """No answer came."""
    return Ending("unknown" if may_have_left else "not_sent", failure=failure)


def of_answer(operation: Operation, http_status: int, answer: dict[str, Any]) -> Ending:
    """An answer came, from whomever."""
    if 200 <= http_status < 300:
        # Each entry of a bulk call is accepted, or not, by a result of its own.
        message_id = answer.get("MessageId") if operation.results is None else "each its own"
        is_accepted = isinstance(message_id, str) and message_id != ""
        return Ending("accepted" if is_accepted else "unknown", http_status, answer)
    if http_status >= 300 and _is_of_ses(http_status, answer):
        return Ending("refused", http_status, answer)
    is_refusal = 300 <= http_status < 500
    return Ending("foreign" if is_refusal else "unknown", http_status, answer)


def _is_of_ses(http_status: int, answer: dict[str, Any]) -> bool:
    if not codes.is_of_ses(code_of(answer), http_status):
        return False
    # A gateway may borrow the words of SES for a server error, and may have passed the message on
    # before. SES names the request in each of its answers.
    metadata = answer.get("ResponseMetadata")
    return http_status < 500 or (isinstance(metadata, Mapping) and bool(metadata.get("RequestId")))


def of_unreadable(http_status: int | None, failure: Exception) -> Ending:
    """An answer came that botocore could not parse, so that it is none of SES.

    Args:
        http_status: of the answer; ``None`` when it is not known.
        failure: what the parser raised.
    """
    refused = http_status is not None and 300 <= http_status < 500
    return Ending("foreign" if refused else "unknown", http_status, failure=failure)


def code_of(answer: Mapping[str, Any]) -> str:
    """The code of an error answer; empty when it has none, or one that is no text."""
    error = answer.get("Error")
    code = error.get("Code") if isinstance(error, Mapping) else None
    return code if isinstance(code, str) else ""
