"""The errors of one client in the guard's terms: with SES's code and text, and what they mean."""

from __future__ import annotations

import http.client
from collections.abc import Mapping, Sequence
from typing import Any

from botocore.exceptions import BotoCoreError
from botocore.parsers import ResponseParserError

from .. import diagnosis, errors
from ..errors import (
    Attempt,
    BulkFailure,
    BulkSendFailed,
    Category,
    Diagnosis,
    Origin,
    OutcomeUnknown,
    SESError,
)
from ..operations import Operation, Refusal
from ..pacing import Refused, Standing
from .invocation import SendInvocation
from .outcome import Ending, code_of

_RATE_TEXT = "Maximum sending rate exceeded."
_QUOTA_TEXT = "Daily message quota exceeded."

_STORE_REFUSAL = Refusal("ServiceUnavailable", 503)
_STORE_TEXT = "The store of the pacing state is out of reach."

_OF_BOTOCORE = (BotoCoreError, ResponseParserError)
"""The classes which an unknown outcome is an instance of as well, for ``except`` clauses."""

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

    def of_violations(self, send: SendInvocation) -> SESError:
        """The guard refuses the parameters; SES's word for the first fault stands for all."""
        violations = send.prepared.violations
        refusal = send.of.service.invalid_parameter
        found = diagnosis.of_violations(
            violations, code=refusal.code, language=self._language, operation=send.of
        )
        return self._error(
            found,
            _local_answer(refusal, found.message),
            send,
            origin="client",
            violations=violations,
        )

    def of_refused_slot(
        self, send: SendInvocation, refused: Refused, standing: Standing | None
    ) -> SESError:
        """The pacer has no slot in the time that the send may wait."""
        refusal, message = _words_for(send.of, refused)
        found = diagnosis.describe(
            refused.category,
            code=refusal.code,
            message=message,
            language=self._language,
            retry_after=refused.retry_after,
            rate=standing.rate if standing else None,
            quota=_quota_of(send),
            store=refused.store or None,
            reason=refused.reason or None,
            origin="client",
        )
        return self._error(
            found,
            _local_answer(refusal, message, len(send.attempts)),
            send,
            origin="client",
            retry_after=refused.retry_after,
        )

    def diagnose(self, send: SendInvocation, answer: Mapping[str, Any]) -> Diagnosis:
        """Say what an error answer of SES means."""
        return diagnosis.diagnose(
            answer,
            language=self._language,
            parameters=send.parameters,
            operation=send.of,
        )

    def of_answer(
        self,
        send: SendInvocation,
        answer: Mapping[str, Any],
        found: Diagnosis,
        retry_after: float | None = None,
    ) -> SESError:
        """SES refused."""
        if retry_after is not None and found.category == "daily_quota":
            quota = _quota_of(send)
            found = diagnosis.with_facts(
                found, self._language, retry_after=retry_after, quota=quota
            )
        return self._error(found, answer, send, retry_after=retry_after)

    def of_foreign_refusal(self, send: SendInvocation, number: int, ending: Ending) -> SESError:
        """Something between the program and SES refused; code and text are plain botocore's."""
        answer = _foreign_answer(ending)
        error = answer["Error"]
        found = diagnosis.describe(
            "other",
            code=str(error["Code"]),
            message=str(error["Message"]),
            language=self._language,
            origin="gateway",
            http_status=ending.http_status,
        )
        answer["ResponseMetadata"]["RetryAttempts"] = number - 1
        send.attempts += (self.attempt(send, number, ending, "other"),)
        return self._error(found, answer, send)

    def of_unknown_outcome(self, send: SendInvocation, ending: Ending) -> OutcomeUnknown:
        """No answer of SES came back: the transport failed, or something else answered."""
        failure = ending.failure
        if failure is not None:
            message, code, status = str(failure), _NO_CODE, ending.http_status or 0
        else:
            error = ending.answer.get("Error")
            error = error if isinstance(error, Mapping) else {}
            message = str(error.get("Message") or "")
            code, status = code_of(ending.answer) or _NO_CODE, ending.http_status or 0
        found = diagnosis.describe(
            "outcome_unknown",
            code=code,
            message=message,
            language=self._language,
            origin="service" if ending.http_status is None else "gateway",
            http_status=ending.http_status,
        )
        ours: type[OutcomeUnknown] = OutcomeUnknown
        if isinstance(failure, _OF_BOTOCORE):
            ours = errors.of_transport(OutcomeUnknown, type(failure))
        unknown = ours(
            _local_answer(Refusal(code, status), message, len(send.attempts) - 1),
            send.operation,
            diagnosis=found,
            attempts=send.attempts,
            recipients=send.prepared.recipients,
        )
        if failure is not None:
            # What botocore's own exceptions keep beside their text.
            unknown.__dict__["kwargs"] = getattr(failure, "kwargs", {})
        return unknown

    def of_bulk_failures(
        self,
        send: SendInvocation,
        answer: Mapping[str, Any],
        failures: Sequence[BulkFailure],
    ) -> BulkSendFailed:
        """Entries of a bulk call were not accepted."""
        first = failures[0]
        code, found = first.status, first.diagnosis
        entries = "entry was" if len(failures) == 1 else "entries were"
        message = f"{len(failures)} {entries} not accepted. First: {first.error or first.status}"
        error = errors.of_client(BulkSendFailed, self._exceptions, code)(
            {**answer, "Error": {"Type": "Sender", "Code": code, "Message": message}},
            send.operation,
            diagnosis=found,
            attempts=send.attempts,
            recipients=[recipient for failed in failures for recipient in failed.recipients],
        )
        error.failures = tuple(failures)
        error.bulk_response = answer
        return error

    def attempt(
        self, send: SendInvocation, number: int, ending: Ending, category: Category
    ) -> Attempt:
        """What one attempt came to that was not accepted; its slot is not settled yet."""
        if ending.failure is not None:
            code = type(ending.failure).__name__
        else:
            code = code_of(ending.answer)
        waited = send.slot.wait if send.slot else 0.0
        return Attempt(number, waited, ending.http_status, code, category)

    def _error(
        self,
        found: Diagnosis,
        response: Mapping[str, Any],
        send: SendInvocation,
        *,
        origin: Origin = "service",
        **details: Any,
    ) -> SESError:
        ours = errors.BY_CATEGORY[found.category]
        error = errors.of_client(ours, self._exceptions, found.code)
        return error(
            response,
            send.operation,
            diagnosis=found,
            origin=origin,
            attempts=send.attempts,
            recipients=send.prepared.recipients,
            **details,
        )


def _foreign_answer(ending: Ending) -> dict[str, Any]:
    """What plain botocore puts into its ``ClientError``; where its parser failed, the status."""
    answer = dict(ending.answer)
    error = answer.get("Error")
    error = error if isinstance(error, Mapping) else {}
    if ending.failure is not None:
        status = ending.http_status or 0
        error = {"Code": str(status), "Message": http.client.responses.get(status, "")}
    # botocore's own words for what is missing.
    answer["Error"] = {"Code": "Unknown", "Message": "Unknown", **error}
    metadata = answer.get("ResponseMetadata")
    answer["ResponseMetadata"] = {
        "HTTPStatusCode": ending.http_status,
        "HTTPHeaders": {},
        **(metadata if isinstance(metadata, Mapping) else {}),
    }
    return answer


def _quota_of(send: SendInvocation) -> float | None:
    """The account's quota for 24 hours; ``None`` when there is none or it is unknown."""
    quota = send.pacer.quota if send.pacer else None
    return None if quota is None or quota < 0 else quota


def _words_for(operation: Operation, refused: Refused) -> tuple[Refusal, str]:
    """Code and text of SES where the guard refuses in its place."""
    service = operation.service
    if refused.category == "daily_quota":
        return service.daily_quota, _QUOTA_TEXT
    if refused.category == "send_rate":
        return service.send_rate, _RATE_TEXT
    return _STORE_REFUSAL, _STORE_TEXT


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
