"""The errors of one client in the guard's terms: with SES's code and text, and what they mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .. import diagnosis, errors
from ..errors import (
    Attempt,
    BulkFailure,
    BulkSendFailed,
    Diagnosis,
    Origin,
    OutcomeUnknown,
    SESError,
)
from ..operations import Operation, Refusal
from ..pacing import Refused
from ..parameters import Prepared
from .invocation import SendInvocation

_RATE_TEXT = "Maximum sending rate exceeded."
_QUOTA_TEXT = "Daily message quota exceeded."

_STORE_REFUSAL = Refusal("ServiceUnavailable", 503)
_STORE_TEXT = "The store of the pacing state is out of reach."

_NO_CODE = "OutcomeUnknown"
"""The code where there is no answer: one that no retry handler takes for a throttle or timeout."""


class Explanation:
    """Makes exceptions that ``except client.exceptions.X`` catches as well."""

    def __init__(self, exceptions: Any, language: str) -> None:
        """
        Args:
            exceptions: the ``exceptions`` of the client.
            language: of the advice.
        """
        self._exceptions = exceptions
        self._language = language

    def of_violations(self, operation: Operation, prepared: Prepared) -> SESError:
        """The guard refuses the parameters; SES's word for the first fault stands for all."""
        first = prepared.violations[0]
        refusal = operation.service.invalid_parameter
        found = diagnosis.describe(
            first.category,
            code=refusal.code,
            message=first.message,
            language=self._language,
            parameters=(first.path,),
        )
        return self._error(
            found,
            _local_answer(refusal, first.message),
            operation,
            origin="client",
            violations=prepared.violations,
            recipients=prepared.recipients,
        )

    def of_refused_slot(
        self, operation: Operation, invocation: SendInvocation, refused: Refused
    ) -> SESError:
        """The pacer has no slot in the time that the send may wait."""
        refusal, message = _words_for(operation, refused)
        standing = None
        if invocation.pacer and refused.category != "store_unavailable":
            standing = invocation.pacer.standing()
        found = diagnosis.describe(
            refused.category,
            code=refusal.code,
            message=message,
            language=self._language,
            retry_after=refused.retry_after,
            rate=standing.rate if standing else None,
            quota=_quota_of(invocation),
            origin="client",
        )
        return self._error(
            found,
            _local_answer(refusal, message, len(invocation.attempts)),
            operation,
            origin="client",
            retry_after=refused.retry_after,
            attempts=invocation.attempts,
            recipients=invocation.prepared.recipients,
        )

    def diagnose(
        self, operation: Operation, invocation: SendInvocation, parsed: Mapping[str, Any]
    ) -> Diagnosis:
        """What an error answer of SES means."""
        return diagnosis.diagnose(
            parsed,
            language=self._language,
            parameters=invocation.prepared.parameters,
            operation=operation,
        )

    def of_answer(
        self,
        operation: Operation,
        invocation: SendInvocation,
        parsed: Mapping[str, Any],
        found: Diagnosis,
        retry_after: float | None = None,
    ) -> SESError:
        """SES refused."""
        if retry_after is not None and found.category == "daily_quota":
            quota = _quota_of(invocation)
            found = diagnosis.with_facts(
                found, self._language, retry_after=retry_after, quota=quota
            )
        return self._error(
            found,
            parsed,
            operation,
            retry_after=retry_after,
            attempts=invocation.attempts,
            recipients=invocation.prepared.recipients,
        )

    def of_unknown_outcome(
        self,
        operation: Operation,
        invocation: SendInvocation,
        cause: Exception | Mapping[str, Any],
    ) -> OutcomeUnknown:
        """No answer of SES came back: ``cause`` is the transport's error, or a gateway's answer."""
        if isinstance(cause, Exception):
            transport: type[Exception] | None = type(cause)
            message, code, status = str(cause), _NO_CODE, 0
        else:
            transport = None
            answer = cause.get("Error", {})
            message, code = answer.get("Message") or "", answer.get("Code") or _NO_CODE
            status = cause.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        found = diagnosis.describe(
            "outcome_unknown", code=code, message=message, language=self._language
        )
        error = (errors.of_transport(OutcomeUnknown, transport) if transport else OutcomeUnknown)(
            _local_answer(Refusal(code, status), message, len(invocation.attempts) - 1),
            operation.name,
            diagnosis=found,
            attempts=invocation.attempts,
            recipients=invocation.prepared.recipients,
        )
        if isinstance(cause, Exception):
            # What botocore's own exceptions keep beside their text.
            error.__dict__["kwargs"] = getattr(cause, "kwargs", {})
        return error

    def of_bulk_failures(
        self,
        operation: Operation,
        invocation: SendInvocation,
        parsed: Mapping[str, Any],
        failures: Sequence[BulkFailure],
    ) -> BulkSendFailed:
        """Entries of a bulk call were not accepted."""
        first = failures[0]
        code, found = first.status, first.diagnosis
        entries = "entry was" if len(failures) == 1 else "entries were"
        message = f"{len(failures)} {entries} not accepted. First: {first.error or first.status}"
        error = errors.of_client(BulkSendFailed, self._exceptions, code)(
            {**parsed, "Error": {"Type": "Sender", "Code": code, "Message": message}},
            operation.name,
            diagnosis=found,
            attempts=invocation.attempts,
            recipients=[recipient for failed in failures for recipient in failed.recipients],
        )
        error.failures = tuple(failures)
        error.bulk_response = parsed
        return error

    def _error(
        self,
        found: Diagnosis,
        response: Mapping[str, Any],
        operation: Operation,
        *,
        origin: Origin = "service",
        **details: Any,
    ) -> SESError:
        ours = errors.BY_CATEGORY[found.category]
        error = errors.of_client(ours, self._exceptions, found.code)
        return error(response, operation.name, diagnosis=found, origin=origin, **details)


def _quota_of(invocation: SendInvocation) -> float | None:
    """The account's quota for 24 hours; ``None`` when there is none or it is unknown."""
    quota = invocation.pacer.quota if invocation.pacer else None
    return None if quota is None or quota < 0 else quota


def _words_for(operation: Operation, refused: Refused) -> tuple[Refusal, str]:
    """Code and text of SES where the guard refuses in its place."""
    service = operation.service
    if refused.category == "daily_quota":
        return service.daily_quota, _QUOTA_TEXT
    if refused.category == "send_rate":
        return service.send_rate, _RATE_TEXT
    return _STORE_REFUSAL, _STORE_TEXT


def attempt_of(
    invocation: SendInvocation, number: int, status: int | None, code: str, category: str
) -> Attempt:
    """What became of the attempt under way."""
    waited = invocation.slot.wait if invocation.slot else 0.0
    return Attempt(number, waited, status, code, category)


def _local_answer(refusal: Refusal, message: str, retries: int = 0) -> dict[str, Any]:
    """An answer such as SES gives: tracing tools read its ``ResponseMetadata``."""
    return {
        "Error": {"Type": "Sender", "Code": refusal.code, "Message": message},
        "ResponseMetadata": {
            "RequestId": "",
            "HTTPStatusCode": refusal.http_status,
            "HTTPHeaders": {},
            "RetryAttempts": max(0, retries),
        },
    }
