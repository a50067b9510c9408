"""The entries of a bulk call: each is settled with the pacer, and some of them are sent again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from .. import addresses, bulk, retry
from ..bulk import Entry, Result
from ..diagnosis import diagnose
from ..errors import BulkFailure, OutcomeUnknown, SESError
from ..operations import Operation
from ..pacing import Pacer
from .invocation import SendInvocation, resending

Resend = Callable[[Operation, Mapping[str, Any]], dict[str, Any]]
"""Calls an operation with parameters and returns its answer."""

_SETTLE: Mapping[bulk.Fate, Callable[[Pacer, Any], object]] = {
    "accepted": Pacer.accepted,
    "throttled": Pacer.throttled,
    "failed_for_now": Pacer.rejected,
    "exhausted": Pacer.exhausted,
    "refused": Pacer.rejected,
}


class BulkSend:
    """What is done with the answers of one bulk operation on one client."""

    def __init__(
        self,
        operation: Operation,
        resend: Resend,
        again: Callable[[str, SendInvocation], retry.Decision],
        sleep: Callable[[float], None],
    ) -> None:
        """
        Args:
            operation: the bulk operation.
            resend: calls it again.
            again: what to do after a refusal of a category.
            sleep: waits for a number of seconds.
        """
        self._operation = operation
        self._resend = resend
        self._again = again
        self._sleep = sleep

    def settle(self, invocation: SendInvocation, answer: Mapping[str, Any]) -> int:
        """Tell the pacer what became of each entry's part of the slot.

        Returns:
            How many recipients SES accepted.
        """
        entries = bulk.entries_of(self._operation, invocation.prepared.parameters)
        results = bulk.results_of(self._operation, answer, len(entries))
        fates = [bulk.fate_of(result) for result in results] or ["accepted"] * len(entries)
        slot, invocation.slot = invocation.slot, None
        for fate, outcome in _SETTLE.items():
            recipients = _recipients(entries, (at for at, met in enumerate(fates) if met == fate))
            if recipients and slot and invocation.pacer:
                counted = len(recipients) - sum(map(addresses.is_simulator, recipients))
                demand = slot.demand._replace(recipients=len(recipients), quota_recipients=counted)
                outcome(invocation.pacer, slot._replace(demand=demand))
        return len(_recipients(entries, (at for at, met in enumerate(fates) if met == "accepted")))

    def complete(
        self, invocation: SendInvocation, answer: dict[str, Any]
    ) -> tuple[BulkFailure, ...]:
        """Send again what may pass, and merge what comes of it into ``answer``.

        Returns:
            The entries that stay failed.
        """
        parameters = invocation.prepared.parameters
        entries = bulk.entries_of(self._operation, parameters)
        results = bulk.results_of(self._operation, answer, len(entries))
        if not results:
            return ()
        while invocation.pacer is not None:  # a Stubber's answer is final
            indices = bulk.to_send_again(results)
            if not indices or not self._waits(invocation, [results[index] for index in indices]):
                break
            kept = bulk.only(self._operation, parameters, (entries[index] for index in indices))
            if not self._send_again(invocation, kept, indices, results):
                break
        answer[self._operation.results or ""] = results
        answer.get("ResponseMetadata", {})["RetryAttempts"] = max(0, invocation.made - 1)
        return bulk.bulk_failures(answer, parameters)

    def _waits(self, invocation: SendInvocation, results: Iterable[Result]) -> bool:
        """Wait before entries go again; returns whether they may."""
        fates = {bulk.fate_of(result) for result in results}
        category = "service_unavailable" if "failed_for_now" in fates else "send_rate"
        decision = self._again(category, invocation)
        if decision.action != "retry":
            return False
        self._sleep(decision.delay)
        return True

    def _send_again(
        self,
        invocation: SendInvocation,
        parameters: Mapping[str, Any],
        indices: Sequence[int],
        results: list[Result],
    ) -> bool:
        """Send some entries again; returns whether there was an answer about each of them."""
        try:
            with resending(invocation):
                answer = self._resend(self._operation, parameters)
        except (BotoCoreError, ClientError) as error:
            # The entries that were accepted before may not be lost with this call.
            category = _category_of(error)
            text = error.diagnosis.message if isinstance(error, SESError) else str(error)
            for index in indices:
                results[index] = bulk.failed_as_whole(results[index], category, text)
            return False
        invocation.made += 1 + answer.get("ResponseMetadata", {}).get("RetryAttempts", 0)
        merged = bulk.results_of(self._operation, answer, len(indices))
        for index, result in zip(indices, merged):
            results[index] = result
        return bool(merged)


def _recipients(entries: Sequence[Entry], indices: Iterable[int]) -> list[str]:
    return [recipient for index in indices for recipient in entries[index].recipients]


def _category_of(error: Exception) -> str:
    if isinstance(error, OutcomeUnknown):
        return "outcome_unknown"
    if isinstance(error, SESError):
        return error.diagnosis.category
    return diagnose(error).category if isinstance(error, ClientError) else "unreachable"
