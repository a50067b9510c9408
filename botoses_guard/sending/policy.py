"""The policy of one send: reserve, judge each attempt, send again or not, and what is told."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NoReturn, cast

from ..errors import Category, SESError
from ..operations import Operation
from ..pacing import Outcome, Refused, Slot, Standing
from ..parameters import prepare
from ..settings import Settings
from ..telemetry import INTERRUPTED, Telemetry
from . import bulk_send, retry
from .explanation import Explanation
from .invocation import SendInvocation
from .outcome import Ending
from .remainder import Remainder
from .steps import Look, Plan, Reserve, Settle, Sleep

_SETTLED: dict[str, Outcome] = {"send_rate": "throttled", "daily_quota": "exhausted"}
"""What a refusal of a category means for its slot; every other one was just rejected."""


class Sending:
    """The policy of the sends of one client."""

    def __init__(
        self,
        settings: Settings,
        telemetry: Telemetry,
        explanation: Explanation,
        clock: Callable[[], float],
        uniform: Callable[[], float],
        total_max_attempts: int | None,
        validated: bool,
    ) -> None:
        """
        Args:
            settings: of the guard.
            telemetry: told of each send, once.
            explanation: makes the errors of the client.
            clock: seconds of a clock that no one sets.
            uniform: a random number in [0, 1).
            total_max_attempts: HTTP requests of one call by the client's own configuration;
                ``None`` when that says nothing.
            validated: whether botocore checks the types of parameters after the guard.
        """
        self._settings = settings
        self._telemetry = telemetry
        self._explain = explanation
        self._clock = clock
        self._uniform = uniform
        self._limits = retry.Limits(settings.max_attempts, total_max_attempts)
        self._validated = validated

    def begin(
        self, operation: Operation, parameters: dict[str, Any], remainder: Remainder | None = None
    ) -> SendInvocation:
        """Begin a send: its parameters are checked, normalised in place, and counted.

        Args:
            operation: which send it is.
            parameters: the dictionary that botocore serialises next.
            remainder: the entries of a bulk call that this send is to send again.

        Raises:
            SESError: SES would refuse the parameters.
        """
        self._telemetry.begun()
        if remainder is not None:
            parameters.clear()
            parameters.update(remainder.parameters)
        prepared = prepare(
            operation, parameters, self._settings.addresses, validated=self._validated
        )
        send = SendInvocation(operation, prepared, parameters, self._telemetry)
        if remainder is not None:
            send.resends(remainder.part_of)
            remainder.resend = send
        if prepared.violations:
            self._refuse(send, self._explain.of_violations(send))
        if prepared.drops_name:
            self._telemetry.name_dropped()
        if prepared.with_refused is not None:
            send.refused = bulk_send.refused(
                operation, prepared.with_refused, prepared.refused_entries
            )
        if prepared.parameters is not parameters:
            parameters.clear()
            parameters.update(prepared.parameters)
        return send

    def demand(
        self, send: SendInvocation, longest_wait: float = math.inf
    ) -> tuple[int, int, float]:
        """What the next attempt of a send asks of its pacer, for :meth:`admitted` to hear of.

        Args:
            send: which has its pacer.
            longest_wait: seconds that this attempt may wait at most, whatever the settings say.

        Returns:
            Recipients, those of them that count to the 24-hour quota, and seconds to wait at most.
        """
        prepared = send.prepared
        recipients, counted = len(prepared.recipients), prepared.quota_recipients
        if send.deadline is None:  # the time of a send begins with its first wait
            send.deadline = self._clock() + self._settings.max_wait
            return recipients, counted, min(self._settings.max_wait, longest_wait)
        remaining = send.deadline - self._clock()
        return recipients, counted, max(0.0, min(remaining, longest_wait))

    def admitted(self, send: SendInvocation, answer: Slot | Refused) -> Plan[None] | None:
        """Let the next attempt of a send go by the answer of its pacer.

        Returns:
            Where that takes time, a plan for the rest; it raises an :class:`SESError` when no slot
            is free in the time that the send may wait.
        """
        if isinstance(answer, Refused):
            return self._refuse_slot(send, answer)
        send.slot = answer
        return self._wait(send, answer.wait) if answer.wait else None

    def _refuse_slot(self, send: SendInvocation, refused: Refused) -> Plan[None]:
        standing = None
        if refused.category != "store_unavailable":
            standing = yield from self._look(send)
        self._refuse(send, self._explain.of_refused_slot(send, refused, standing))

    def _wait(self, send: SendInvocation, seconds: float) -> Plan[None]:
        try:
            yield Sleep(seconds)
        except BaseException:  # Ctrl-C, a greenlet's timeout: the attempt never leaves
            yield from self._settle(send, "given_back")
            raise
        self._waited(send, seconds)

    def judge(self, send: SendInvocation, number: int, ending: Ending) -> Plan[float | None] | None:
        """Settle an attempt by its outcome, and decide what follows.

        Args:
            send: which made the attempt.
            number: of the attempt as botocore counts, from 1.
            ending: of the attempt.

        Returns:
            Where that takes time, a plan for the rest, which may raise an :class:`SESError`; its
            result are the seconds after which the guard sends again, and ``None`` leaves the rest
            to botocore.
        """
        # In this order: whatever breaks in from here on, such as a task's time limit, finds the
        # outcome told.
        send.outcome = ending.outcome
        if ending.outcome == "unknown":
            send.unknown = ending
        send.under_way = False
        send.made += 1
        if ending.outcome != "accepted":
            self._telemetry.attempted()
            if ending.outcome == "not_sent":
                # Sending it again is botocore's, and the slot is kept for that.
                return None
            return self._judge_failure(send, number, ending)
        if send.of.results is not None:
            return self._accept_entries(send, ending.answer)
        slot, send.slot = send.slot, None
        if slot is not None and send.pacer is not None:
            send.pacer.settle(slot, "accepted")  # a store only notes it, which takes no time
        send.told = True
        self._telemetry.accepted(send, len(send.prepared.recipients))
        return None

    def _accept_entries(self, send: SendInvocation, answer: dict[str, Any]) -> Plan[None]:
        accepted = yield from bulk_send.settle(send, answer)
        if send.part_of is not None:
            self._telemetry.resent(accepted)
            return
        send.told = True
        if bulk_send.is_unanswered(send):  # a 200 that says nothing of any entry
            self._telemetry.attempted()
            self._telemetry.unknown(send, len(send.prepared.recipients), "NoResults")
        else:
            self._telemetry.accepted(send, accepted)

    def _judge_failure(
        self, send: SendInvocation, number: int, ending: Ending
    ) -> Plan[float | None]:
        if ending.outcome == "refused":
            return (yield from self._refused(send, number, ending))
        if ending.outcome == "foreign":
            error = self._explain.of_foreign_refusal(send, number, ending)
            yield from self._settle(send, "rejected")
            if send.unknown is not None:
                self._raise_unknown(send, send.unknown)
            self._refuse(send, error)
        send.attempts += (self._explain.attempt(send, number, ending, "outcome_unknown"),)
        # What may have been accepted counts as if it were.
        yield from self._settle(send, "accepted")
        if not self._settings.resend_on_timeout or _is_final(ending):
            self._raise_unknown(send, ending)
        return None

    def _refused(self, send: SendInvocation, number: int, ending: Ending) -> Plan[float | None]:
        found = self._explain.diagnose(send, ending.answer)
        category = found.category
        send.attempts += (self._explain.attempt(send, number, ending, category),)
        if category in ("send_rate", "systemic_throttle"):
            self._telemetry.throttled()
        yield from self._settle(send, _SETTLED.get(category, "rejected"))
        decision = self.again(send, category)
        if decision.action == "leave":
            return None
        if decision.action == "retry":
            delay = yield from self._queue(send, category, decision.delay)
            if delay is not None:
                return delay
        metadata = ending.answer.setdefault("ResponseMetadata", {})
        metadata["RetryAttempts"] = number - 1
        if send.unknown is not None:  # an earlier attempt, which botocore sent again
            self._raise_unknown(send, send.unknown)
        if found.retryable:
            # As botocore does; it becomes a part of the error's text.
            metadata["MaxAttemptsReached"] = True
        retry_after = yield from self._retry_after(send, category, decision.delay)
        self._refuse(send, self._explain.of_answer(send, ending.answer, found, retry_after))

    def again(self, send: SendInvocation, category: Category) -> retry.Decision:
        """Decide whether a send goes again after a refusal of a category."""
        assert send.deadline is not None  # it was admitted
        remaining = send.deadline - self._clock()
        return retry.after_refusal(category, send.made, self._limits, remaining, self._uniform)

    def _queue(self, send: SendInvocation, category: Category, delay: float) -> Plan[float | None]:
        """Take a place behind those that wait already, which botocore sleeps until.

        Returns:
            Seconds until it is due; ``None`` when the queue is too long for this send.
        """
        if category != "send_rate" or send.pacer is None:
            return delay
        answer = yield Reserve(send.pacer, *self.demand(send))
        slot = cast("Slot | Refused", answer)
        if isinstance(slot, Refused):
            return None
        send.slot = slot
        if slot.wait:
            self._waited(send, slot.wait)
        # The delay spreads those that were throttled together where the queue does not.
        return max(slot.wait, delay)

    def _retry_after(
        self, send: SendInvocation, category: Category, delay: float
    ) -> Plan[float | None]:
        """Tell after how many seconds the same send may pass, where that is known."""
        if send.pacer is None or category not in _SETTLED:
            return None
        standing = yield from self._look(send)
        if category == "daily_quota":
            return standing.shut
        return max(standing.queue, delay)

    def conclude(
        self, send: SendInvocation, http_status: int, answer: dict[str, Any]
    ) -> Plan[None] | None:
        """End a send that botocore has an answer for; entries of a bulk call may go again.

        Args:
            send: which ends.
            http_status: of the answer.
            answer: which the caller gets, merged in place.

        Returns:
            Where that takes time, a plan for the rest.

        Raises:
            SESError: the answer is an error. The plan raises one where entries failed and the
                settings say so.
        """
        send.told = True  # but for what is an error; an answer of a Stubber is no send
        if send.unknown is not None and send.outcome != "accepted":
            self._raise_unknown(send, send.unknown)  # botocore sent it again as often as it does
        if http_status >= 300:
            found = self._explain.diagnose(send, answer)
            self._refuse(send, self._explain.of_answer(send, answer, found))
        metadata = answer.get("ResponseMetadata")
        if metadata and "MaxAttemptsReached" in metadata:
            # botocore says so of the last attempt that it would make, also when that succeeds.
            del metadata["MaxAttemptsReached"]
        if send.of.results is not None and send.part_of is None:
            return self._complete(send, answer)
        return None

    def _complete(self, send: SendInvocation, answer: dict[str, Any]) -> Plan[None]:
        failures = yield from bulk_send.complete(self, send, answer, self._settings.language)
        if failures:
            self._telemetry.failed(len(failures))
            if self._settings.bulk_failures == "raise":
                raise self._explain.of_bulk_failures(send, answer, failures)

    def fail(self, send: SendInvocation, failure: Exception, unreadable: Ending) -> Plan[None]:
        """End a send that an exception ends, whichever.

        Args:
            send: which ends.
            failure: what reached the caller's side of botocore.
            unreadable: how the attempt under way ended, if one is: its answer was not parsed.

        Raises:
            SESError: in the place of ``failure``, where that does not tell the outcome.
        """
        if send.ended:
            return
        if send.under_way:
            plan = self.judge(send, len(send.attempts) + 1, unreadable)
            assert plan is not None  # no answer was read, so that none was accepted
            yield from plan
        if send.outcome == "accepted":  # a handler of the user raised after that
            yield from self._settle(send, "accepted")
            if not send.told:
                send.told = True
                self._telemetry.accepted(send, len(send.prepared.recipients))
            return
        if send.unknown is not None:
            yield from self._settle(send, "accepted")
            self._raise_unknown(send, send.unknown)
        yield from self._settle(send, "given_back")
        if not send.told:
            send.told = True
            recipients = len(send.prepared.recipients)
            self._telemetry.not_sent(send, recipients, type(failure).__name__)

    def _settle(self, send: SendInvocation, outcome: Outcome) -> Plan[None]:
        """Tell the pacer the outcome of the attempt under way, once."""
        slot, send.slot = send.slot, None
        if slot is not None and send.pacer is not None:
            yield Settle(send.pacer, slot, outcome)

    def _look(self, send: SendInvocation) -> Plan[Standing]:
        assert send.pacer is not None
        return cast(Standing, (yield Look(send.pacer)))

    def _waited(self, send: SendInvocation, seconds: float) -> None:
        send.waits += 1
        send.waited += seconds
        self._telemetry.waited(seconds)

    def _refuse(self, send: SendInvocation, error: SESError) -> NoReturn:
        send.ended = send.told = True
        if send.part_of is None:  # else the bulk call that it is part of goes on
            found = error.diagnosis
            recipients = len(send.prepared.recipients)
            self._telemetry.refused(send, recipients, found.category, found.code)
        raise error

    def _raise_unknown(self, send: SendInvocation, ending: Ending) -> NoReturn:
        error = self._explain.of_unknown_outcome(send, ending)
        send.ended = send.told = True
        code = send.attempts[-1].code if send.attempts else INTERRUPTED
        recipients = len(send.prepared.recipients)
        self._telemetry.unknown(send, recipients, code, ends=send.part_of is None)
        raise error from ending.failure


def _is_final(ending: Ending) -> bool:
    """Whether botocore would not send again, whatever the settings say: it takes any 2xx for a
    success."""
    return ending.http_status is not None and ending.http_status < 500
