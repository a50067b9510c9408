"""The entries of a bulk call: each is settled with the pacer, and some of them are sent again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from .. import addresses
from ..errors import BulkFailure, Category, SESError, Violation
from ..operations import Operation
from ..pacing import Outcome
from . import bulk_results
from .bulk_results import Entry, Result
from .invocation import SendInvocation
from .remainder import Remainder
from .steps import Call, Plan, Settle, Sleep

if TYPE_CHECKING:
    from .policy import Sending

_SETTLED: Mapping[bulk_results.Fate, Outcome] = {
    "accepted": "accepted",
    "unknown": "accepted",
    "throttled": "throttled",
    "failed_for_now": "rejected",
    "exhausted": "exhausted",
    "refused": "rejected",
}
"""The outcome of an entry's part of the slot, by its fate."""


def refused(
    operation: Operation, parameters: Mapping[str, Any], faults: Mapping[int, Sequence[Violation]]
) -> list[tuple[int, Entry, Result]]:
    """The entries that the guard does not let go, each with the result that SES would give it.

    Args:
        operation: the bulk operation.
        parameters: as the caller gave them.
        faults: by the index of their entry.
    """
    entries = bulk_results.entries_of(operation, parameters)
    return [
        (index, entries[index], bulk_results.refused(operation, violations[0].message))
        for index, violations in sorted(faults.items())
    ]


def settle(send: SendInvocation, answer: Mapping[str, Any]) -> Plan[int]:
    """Tell the pacer the outcome of each entry's part of the slot, and keep the results.

    Returns:
        How many recipients SES accepted.
    """
    entries = bulk_results.entries_of(send.of, send.parameters)
    send.results = bulk_results.results_of(send.of, answer, len(entries))
    fates = [bulk_results.fate_of(result) for result in send.results]
    slot, send.slot = send.slot, None
    for fate, outcome in _SETTLED.items():
        recipients = _recipients(entries, (at for at, met in enumerate(fates) if met == fate))
        if recipients and slot is not None and send.pacer is not None:
            counted = len(recipients) - sum(map(addresses.is_simulator, recipients))
            demand = slot.demand._replace(recipients=len(recipients), quota_recipients=counted)
            yield Settle(send.pacer, slot._replace(demand=demand), outcome)
    return len(_recipients(entries, (at for at, met in enumerate(fates) if met == "accepted")))


def is_unanswered(send: SendInvocation) -> bool:
    """Whether the answer said nothing of any entry."""
    return all(bulk_results.fate_of(result) == "unknown" for result in send.results)


def complete(
    sending: Sending, send: SendInvocation, answer: dict[str, Any], language: str
) -> Plan[tuple[BulkFailure, ...]]:
    """Send again what may pass, and merge what comes of it into ``answer``.

    Returns:
        The entries that stay failed.
    """
    entries = bulk_results.entries_of(send.of, send.parameters)
    if send.outcome is None:  # a Stubber's answer is final, whatever it is
        return bulk_results.failures_of(send.of, answer, entries, language)
    results = list(send.results)
    yield from _resend(sending, send, entries, results)
    for index, entry, result in send.refused:
        entries.insert(index, entry)
        results.insert(index, result)
    answer[send.of.results or ""] = results
    answer.setdefault("ResponseMetadata", {})["RetryAttempts"] = max(0, send.made - 1)
    return bulk_results.failures_of(send.of, answer, entries, language)


def _resend(
    sending: Sending, send: SendInvocation, entries: Sequence[Entry], results: list[Result]
) -> Plan[None]:
    """Send again what may pass, for as long as the send may; ``results`` change in place."""
    while True:
        indices = bulk_results.to_send_again(results)
        if not indices:
            return
        fates = {bulk_results.fate_of(results[index]) for index in indices}
        decision = sending.again(send, _category_of(fates))
        if decision.action != "retry":
            return
        yield Sleep(decision.delay)
        kept = bulk_results.only(send.of, send.parameters, (entries[index] for index in indices))
        answered = yield from _send_again(Remainder(kept, send), indices, results)
        if not answered:
            return


def _category_of(fates: Iterable[bulk_results.Fate]) -> Category:
    return "service_unavailable" if "failed_for_now" in fates else "send_rate"


def _send_again(remainder: Remainder, indices: Sequence[int], results: list[Result]) -> Plan[bool]:
    """Send some entries again; returns whether SES answered about them."""
    failure: Exception | None = None
    try:
        yield Call(remainder)
    except Exception as error:
        # Whatever it is, the results of the entries that were accepted before are the caller's.
        failure = error
    resend = remainder.resend
    if resend is not None:
        remainder.part_of.made = resend.made
        if resend.outcome == "accepted":  # a handler of the user may have raised after that
            for index, result in zip(indices, resend.results):
                results[index] = result
            return failure is None
    for index in indices:
        results[index] = _failed(results[index], resend, failure)
    return False


def _failed(last: Result, resend: SendInvocation | None, failure: Exception | None) -> Result:
    """The result of an entry whose resend SES did not answer entry by entry."""
    if resend is None:
        return last
    if resend.under_way or resend.unknown is not None:
        return bulk_results.failed_as_whole(last, "outcome_unknown", bulk_results.UNKNOWN)
    if resend.ended and isinstance(failure, SESError):
        found = failure.diagnosis
        return bulk_results.failed_as_whole(last, found.category, found.message)
    return last


def _recipients(entries: Sequence[Entry], indices: Iterable[int]) -> list[str]:
    return [recipient for index in indices for recipient in entries[index].recipients]
