"""What became of the entries of a bulk call: SES answers 200 with failures inside.

Statuses are read by what they say, not how they are written: v1 and v2 differ in case, and the
names in the API reference's prose differ from those of its enumeration (``SendBulkEmail``,
``BulkEmailEntryResult``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal, NamedTuple

from .. import diagnosis
from ..errors import BulkFailure, Diagnosis
from ..operations import OPERATIONS, Operation, ParameterPath, values_at

Fate = Literal["accepted", "throttled", "failed_for_now", "exhausted", "refused", "unknown"]
"""What a result means for its entry. Only ``throttled`` and ``failed_for_now`` are sent again."""

_FATES: Mapping[str, Fate] = {
    "success": "accepted",
    "accountthrottled": "throttled",
    "transientfailure": "failed_for_now",
    "accountdailyquotaexceeded": "exhausted",
}

_STATUSES = {
    # What SES says of an entry where it would refuse the whole call.
    "daily_quota": ("AccountDailyQuotaExceeded", "ACCOUNT_DAILY_QUOTA_EXCEEDED"),
    "send_rate": ("AccountThrottled", "ACCOUNT_THROTTLED"),
    "account_paused": ("AccountSendingPaused", "ACCOUNT_SENDING_PAUSED"),
    "service_unavailable": ("TransientFailure", "TRANSIENT_FAILURE"),
    "outcome_unknown": ("Failed", "FAILED"),
}

_INVALID = ("InvalidParameterValue", "INVALID_PARAMETER")
"""What SES says of an entry that is wrong by itself."""

UNKNOWN = "SES did not answer about this entry: it may have been accepted."
"""The text of an entry whose outcome is unknown. SES has none; its status is the one that nobody
sends again."""

Result = Mapping[str, Any]
"""One element of an answer: ``Status``, ``Error`` and ``MessageId``."""


class Entry(NamedTuple):
    """One destination of a bulk call."""

    parameters: Any
    recipients: tuple[str, ...]


def fate_of(result: Result) -> Fate:
    """What a result means for its entry."""
    status = result.get("Status")
    if not status:
        # moto, and what is built on it, gives an accepted entry no status.
        return "accepted" if result.get("MessageId") else "unknown"
    if result.get("Error") == UNKNOWN:
        return "unknown"
    return _FATES.get(str(status).replace("_", "").lower(), "refused")


def results_of(operation: Operation, answer: Mapping[str, Any], entries: int) -> list[Result]:
    """The results in the order of the entries, one for each.

    An entry without a result of its own has an unknown outcome, and says so.
    """
    results = answer.get(operation.results or "")
    results = results if isinstance(results, list) else []
    if len(results) > entries:
        results = []  # nobody knows which of them belong to the entries
    found = [
        result
        if isinstance(result, Mapping) and fate_of(result) != "unknown"
        else _unknown(operation)
        for result in results
    ]
    return found + [_unknown(operation) for _ in range(entries - len(found))]


def refused(operation: Operation, text: str) -> Result:
    """The result that SES gives an entry whose parameters are wrong."""
    return {"Status": _INVALID[operation.service.statuses_are_capitals], "Error": text}


def _unknown(operation: Operation) -> Result:
    capitals = operation.service.statuses_are_capitals
    return {"Status": _STATUSES["outcome_unknown"][capitals], "Error": UNKNOWN}


def to_send_again(results: Sequence[Result]) -> list[int]:
    """Which entries may go again; none once the daily quota is used up."""
    fates = [fate_of(result) for result in results]
    if "exhausted" in fates:
        return []
    return [index for index, fate in enumerate(fates) if fate in ("throttled", "failed_for_now")]


def failed_as_whole(last: Result, category: str, text: str) -> Result:
    """The result of an entry whose resend was refused together with all others.

    Args:
        last: what SES last said of the entry.
        category: of the refusal, or ``outcome_unknown``.
        text: SES's own.
    """
    if category not in _STATUSES:
        return last
    status = _STATUSES[category][str(last.get("Status")).isupper()]
    return {"Status": status, "Error": UNKNOWN if category == "outcome_unknown" else text}


def entries_of(operation: Operation, parameters: Mapping[str, Any]) -> list[Entry]:
    """The entries of a bulk call, each with its recipients."""
    assert operation.entries is not None
    [name] = operation.entries
    depth = len(operation.entries) + 1  # that of an entry's own members
    below = [path[depth:] for path in operation.recipients]
    return [
        Entry(entry, tuple(text for path in below for text in _texts_at(entry, path)))
        for entry in parameters.get(name) or ()
    ]


def _texts_at(entry: Any, path: ParameterPath) -> Iterator[str]:
    return (value for _, value in values_at(entry, path) if isinstance(value, str))


def only(operation: Operation, parameters: Mapping[str, Any], kept: Iterable[Entry]) -> Any:
    """The parameters of the same call for some of its entries."""
    assert operation.entries is not None
    [name] = operation.entries
    return {**parameters, name: [entry.parameters for entry in kept]}


def bulk_failures(
    response: Mapping[str, Any],
    parameters: Mapping[str, Any] | None = None,
    *,
    language: str = "en",
) -> tuple[BulkFailure, ...]:
    """The entries of a bulk call that SES did not accept.

    Args:
        response: what ``send_bulk_templated_email`` (v1) or ``send_bulk_email`` (v2) returned.
        parameters: those of the call, for the recipients of each failure.
        language: of the advice, ``en`` or ``zh-TW``.

    Returns:
        One for each entry whose ``Status`` is not a success, in the order of the entries.

    Raises:
        TypeError: ``response`` is not the answer of a bulk operation.
        ValueError: the language is unknown, or the parameters have another number of entries.

    Source: API reference, ``BulkEmailDestinationStatus`` and ``BulkEmailEntryResult``.
    """
    operation = _operation_of(response)
    results = response[operation.results or ""]
    if parameters is None:
        entries = [Entry(None, ()) for _ in results]
    else:
        entries = entries_of(operation, parameters)
    if len(entries) != len(results):
        raise ValueError(
            f"the answer is about {len(results)} entries, the parameters have {len(entries)}"
        )
    return failures_of(operation, response, entries, language)


def failures_of(
    operation: Operation, response: Mapping[str, Any], entries: Sequence[Entry], language: str
) -> tuple[BulkFailure, ...]:
    """The failures among the results that stand beside an entry."""
    results = response.get(operation.results or "")
    return tuple(
        _failure(index, result if isinstance(result, Mapping) else {}, entry, language)
        for index, (result, entry) in enumerate(zip(results or (), entries))
        if not isinstance(result, Mapping) or fate_of(result) != "accepted"
    )


def _failure(index: int, result: Result, entry: Entry, language: str) -> BulkFailure:
    return BulkFailure(
        index=index,
        status=str(result.get("Status") or ""),
        error=str(result.get("Error") or ""),
        recipients=entry.recipients,
        diagnosis=_diagnose(result, language),
    )


def _operation_of(response: Any) -> Operation:
    if isinstance(response, Mapping):
        for operation in OPERATIONS:
            if operation.results and isinstance(response.get(operation.results), list):
                return operation
    raise TypeError("not the answer of SendBulkTemplatedEmail or SendBulkEmail")


def _diagnose(result: Result, language: str) -> Diagnosis:
    if fate_of(result) != "unknown":
        return diagnosis.diagnose(result, language=language)
    status = str(result.get("Status") or "")
    return diagnosis.describe("outcome_unknown", code=status, message=UNKNOWN, language=language)
