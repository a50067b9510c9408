"""The bridge: botocore's events on one side, the guard's own types on the other.

This is the way of one send. Each handler takes what it needs out of botocore's arguments, calls
down once, and turns the answer into what botocore does next: it goes on, sleeps, or raises.

==========================  =====================================================================
``before-parameter-build``  the parameters are checked and normalised, the recipients counted
``before-send``             a slot for them is reserved and waited for; once per HTTP attempt
``needs-retry``             the answer is judged: it is good, the send goes again, or it is an error
``after-call``              what ``needs-retry`` did not see, or left to botocore, is enriched;
                            entries of a bulk call that may pass now are sent again
``after-call-error``        an answer that botocore could not read leaves the outcome unknown
==========================  =====================================================================
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from botocore.exceptions import BotoCoreError
from botocore.parsers import ResponseParserError

from .. import raw_message, retry
from ..errors import SESError
from ..operations import Operation
from ..pacing import Pacer, Refused, Slot
from ..parameters import prepare
from ..settings import Settings
from ..telemetry import Telemetry
from .bulk_send import BulkSend, Resend
from .explanation import Explanation, attempt_of
from .invocation import SendInvocation, current_invocation, invocation_of, take_resent

__all__ = ["Parts", "SendHandlers"]


class Parts(NamedTuple):
    """What the handlers of one guard share."""

    settings: Settings
    telemetry: Telemetry
    clock: Callable[[], float]
    """Seconds of a clock that no one sets."""

    sleep: Callable[[float], None]
    uniform: Callable[[], float]
    """A random number in [0, 1)."""


class SendHandlers:
    """The handlers of one send operation on one client."""

    def __init__(
        self,
        operation: Operation,
        parts: Parts,
        explanation: Explanation,
        pacer_of: Callable[[Operation, Any], Pacer],
        resend: Resend,
    ) -> None:
        """
        Args:
            operation: the send operation.
            parts: what the guard's handlers share.
            explanation: makes the errors of the client.
            pacer_of: the pacer for the operation and a signed request.
            resend: calls the operation again, for some entries of a bulk call.
        """
        self._operation = operation
        self._settings = parts.settings
        self._telemetry = parts.telemetry
        self._clock = parts.clock
        self._sleep = parts.sleep
        self._uniform = parts.uniform
        self._explain = explanation
        self._pacer_of = pacer_of
        self._bulk = BulkSend(operation, resend, self._again, parts.sleep)
        self._is_bulk = operation.results is not None

    def before_parameter_build(
        self, params: dict[str, Any], context: dict[str, Any], **_: Any
    ) -> None:
        if context.get("is_presign_request"):
            return
        prepared = prepare(self._operation, params, self._settings.addresses, raw_message.scan)
        deadline = self._clock() + self._settings.max_wait
        invocation = SendInvocation(self._operation.name, prepared, deadline, take_resent())
        if prepared.violations:
            error = self._explain.of_violations(self._operation, prepared)
            raise self._refused(invocation, error)
        if prepared.drops_name:
            self._telemetry.name_dropped()
        if prepared.parameters is not params:
            # The event takes no return value: this dictionary goes on, and it is botocore's own.
            params.clear()
            params.update(prepared.parameters)
        invocation.begin(context)

    def before_send(self, request: Any, **_: Any) -> None:
        invocation = current_invocation()
        if invocation is None:
            return
        if invocation.pacer is None:
            invocation.pacer = self._pacer_of(self._operation, request)
        if invocation.slot is not None:
            return  # reserved after a throttle, and waited for by botocore
        slot = self._reserve(invocation, invocation.pacer)
        if isinstance(slot, Refused):
            error = self._explain.of_refused_slot(self._operation, invocation, slot)
            raise self._refused(invocation, error)
        if slot.wait:
            self._wait(invocation, invocation.pacer, slot)
        invocation.slot = slot

    def _reserve(self, invocation: SendInvocation, pacer: Pacer) -> Slot | Refused:
        prepared = invocation.prepared
        return pacer.reserve(
            len(prepared.recipients),
            prepared.quota_recipients,
            max(0.0, invocation.deadline - self._clock()),
        )

    def _wait(self, invocation: SendInvocation, pacer: Pacer, slot: Slot) -> None:
        try:
            self._sleep(slot.wait)
        except BaseException:  # Ctrl-C, a greenlet's timeout: the send never leaves
            pacer.give_back(slot)
            raise
        self._waited(invocation, slot.wait)

    def _waited(self, invocation: SendInvocation, seconds: float) -> None:
        invocation.waits += 1
        invocation.waited += seconds
        self._telemetry.waited(seconds)

    def needs_retry(
        self,
        response: tuple[Any, dict[str, Any]] | None,
        attempts: int,
        caught_exception: Exception | None,
        request_dict: dict[str, Any],
        **_: Any,
    ) -> float | None:
        invocation = invocation_of(request_dict["context"])
        if invocation is None:
            return None
        invocation.made += 1
        if response is None:
            self._after_failure(invocation, attempts, caught_exception)
            return None
        http_response, parsed = response
        if http_response.status_code >= 300:
            status = http_response.status_code
            delay = self._after_error(invocation, attempts, status, parsed)
            if delay is not None:
                _hide(http_response, parsed)
            return delay
        self._after_success(invocation, parsed)
        return None

    def _after_success(self, invocation: SendInvocation, parsed: dict[str, Any]) -> None:
        if self._is_bulk:
            accepted = self._bulk.settle(invocation, parsed)
        else:
            accepted = len(invocation.prepared.recipients)
            slot, invocation.slot = invocation.slot, None
            if slot is not None and invocation.pacer is not None:
                invocation.pacer.accepted(slot)
        if invocation.resends:
            self._telemetry.resent(accepted)
        else:
            self._telemetry.accepted(invocation, accepted)

    def _after_failure(
        self, invocation: SendInvocation, attempts: int, failure: Exception | None
    ) -> None:
        """No answer came. What surely never reached SES is botocore's to send again."""
        if isinstance(failure, SESError):  # the guard's own, from before_send
            raise failure
        if not isinstance(failure, BotoCoreError) or not retry.is_unknown_failure(failure):
            self._telemetry.attempted()
            self._settle(invocation, Pacer.rejected)
            return
        self._settle_unknown(invocation, attempts, failure)
        if not self._settings.resend_on_timeout:
            raise self._unknown(invocation, failure) from failure

    def _settle_unknown(
        self, invocation: SendInvocation, attempts: int, failure: Exception
    ) -> None:
        """An attempt that may have been accepted counts as if it were."""
        self._telemetry.attempted()
        code = type(failure).__name__
        invocation.attempts.append(
            attempt_of(invocation, attempts, None, code, "service_unavailable")
        )
        self._settle(invocation, Pacer.accepted)

    def _after_error(
        self, invocation: SendInvocation, attempts: int, status: int, parsed: dict[str, Any]
    ) -> float | None:
        """An error answer came."""
        self._telemetry.attempted()
        code = parsed.get("Error", {}).get("Code") or ""
        found = self._explain.diagnose(self._operation, invocation, parsed)
        invocation.attempts.append(attempt_of(invocation, attempts, status, code, found.category))
        parsed.setdefault("ResponseMetadata", {})["RetryAttempts"] = attempts - 1
        if retry.is_unknown_status(status, code):
            self._settle(invocation, Pacer.accepted)
            if self._settings.resend_on_timeout:
                return None
            raise self._unknown(invocation, parsed)
        self._settle_refusal(invocation, found.category)
        decision = self._again(found.category, invocation)
        if decision.action == "retry" and found.category == "send_rate":
            decision = self._queue(invocation, decision)
        if decision.action == "raise":
            if found.retryable:
                # As botocore does; it becomes a part of the error's text.
                parsed["ResponseMetadata"]["MaxAttemptsReached"] = True
            retry_after = self._retry_after(invocation, found.category)
            raise self._refused(
                invocation,
                self._explain.of_answer(self._operation, invocation, parsed, found, retry_after),
            )
        return decision.delay if decision.action == "retry" else None

    def _again(self, category: str, invocation: SendInvocation) -> retry.Decision:
        return retry.after_refusal(
            category,
            invocation.made,
            self._settings.max_attempts,
            invocation.deadline - self._clock(),
            self._uniform,
        )

    def _queue(self, invocation: SendInvocation, decision: retry.Decision) -> retry.Decision:
        """Take a place behind those that wait already; botocore sleeps until it is due."""
        if invocation.pacer is None:
            return decision
        slot = self._reserve(invocation, invocation.pacer)
        if isinstance(slot, Refused):
            return retry.Decision("raise")
        invocation.slot = slot
        if slot.wait:
            self._waited(invocation, slot.wait)
        # The delay spreads those that were throttled together where the queue does not.
        return retry.Decision("retry", max(slot.wait, decision.delay))

    def _settle_refusal(self, invocation: SendInvocation, category: str) -> None:
        if category in ("send_rate", "systemic_throttle"):
            self._telemetry.throttled()
        if category == "send_rate":
            self._settle(invocation, Pacer.throttled)
        elif category == "daily_quota":
            self._settle(invocation, Pacer.exhausted)
        else:
            self._settle(invocation, Pacer.rejected)

    @staticmethod
    def _settle(invocation: SendInvocation, outcome: Callable[[Pacer, Slot], object]) -> None:
        """Tell the pacer what became of the attempt under way, once."""
        slot, invocation.slot = invocation.slot, None
        if invocation.pacer and slot:
            outcome(invocation.pacer, slot)

    @staticmethod
    def _retry_after(invocation: SendInvocation, category: str) -> float | None:
        """Seconds after which the same send may pass, where the pacer can tell."""
        if invocation.pacer is None:
            return None
        standing = invocation.pacer.standing()
        return {"send_rate": standing.queue, "daily_quota": standing.shut}.get(category)

    def after_call(
        self, http_response: Any, parsed: dict[str, Any], context: dict[str, Any], **_: Any
    ) -> None:
        invocation = invocation_of(context)
        if invocation is None:
            return
        if http_response.status_code >= 300:
            found = self._explain.diagnose(self._operation, invocation, parsed)
            error = self._explain.of_answer(self._operation, invocation, parsed, found)
            raise self._refused(invocation, error)
        if self._is_bulk and not invocation.resends:
            self._complete(invocation, parsed)

    def _complete(self, invocation: SendInvocation, parsed: dict[str, Any]) -> None:
        failures = self._bulk.complete(invocation, parsed)
        if failures:
            self._telemetry.failed(len(failures))
            if self._settings.bulk_failures == "raise":
                raise self._explain.of_bulk_failures(self._operation, invocation, parsed, failures)

    def after_call_error(self, exception: Exception, context: dict[str, Any], **_: Any) -> None:
        """An answer without a body of SES, such as a gateway's, may break botocore's parser.

        That happens between ``before-send`` and ``needs-retry``, which then never comes.
        """
        invocation = invocation_of(context)
        if invocation is None or not isinstance(exception, ResponseParserError):
            return
        invocation.made += 1
        self._settle_unknown(invocation, len(invocation.attempts) + 1, exception)
        raise self._unknown(invocation, exception) from exception

    def _refused(self, invocation: SendInvocation, error: SESError) -> SESError:
        if not invocation.resends:  # else the bulk call that it is part of goes on
            recipients = len(invocation.prepared.recipients)
            found = error.diagnosis
            self._telemetry.refused(invocation, recipients, found.category, found.code)
        return error

    def _unknown(self, invocation: SendInvocation, cause: Exception | dict[str, Any]) -> SESError:
        error = self._explain.of_unknown_outcome(self._operation, invocation, cause)
        recipients = len(invocation.prepared.recipients)
        code = invocation.attempts[-1].code
        self._telemetry.unknown(invocation, recipients, code, ends=not invocation.resends)
        return error


def _hide(http_response: Any, parsed: dict[str, Any]) -> None:
    """Keep botocore's own handlers, which hear of an answer next, from acting upon it.

    In adaptive mode they would slow the client down as well, beyond any deadline, and in the others
    use up the budget of retries that other calls may need. The answer is dropped with the retry.
    """
    http_response.status_code = 400
    parsed["Error"] = {**parsed.get("Error", {}), "Code": "HandledByBotosesGuard"}
