"""How many recipients a send has, and how many SES takes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from ..operations import MAX_BULK_ENTRIES, MAX_RECIPIENTS, Operation, ParameterPath, Place
from .draft import Draft
from .located import Located

_QUOTAS = "SES developer guide, 'Service quotas', message quotas"


def check_counts(
    draft: Draft, operation: Operation, located: Located, recipients: Sequence[object]
) -> None:
    """Refuse a message to nobody, and one to more than SES takes in one call.

    Args:
        draft: the parameters.
        operation: which send it is.
        located: where their values stand.
        recipients: of the whole send; those in the headers of a raw message count where the
            parameters name none.
    """
    if operation.entries:
        _check_entries(draft, operation.entries, located)
    elif not draft.unread:  # else who is meant is anybody's guess
        named = sum(_number(value) for _, value in located["recipients"])
        _check_message(draft, operation.recipients[0][:1], named or len(recipients))


def _number(value: str | list[str | None]) -> int:
    return 1 if isinstance(value, str) else len(value)


def _check_entries(draft: Draft, path: ParameterPath, located: Located) -> None:
    [name] = path
    entries = draft.member(name)
    if not isinstance(entries, (list, tuple)):
        return
    count = len(entries)
    if count > MAX_BULK_ENTRIES:
        too_many = f"a bulk call must have at most {MAX_BULK_ENTRIES} destinations"
        _too_many(draft, (name,), count, too_many)
    elif not count:
        _nobody(draft, (name,))
    counts: Counter[int | str] = Counter()
    for place, value in located["recipients"]:
        counts[place[1]] += _number(value)
    for index in range(count):
        place = (name, index, "Destination")
        if not draft.is_unread(place):
            _check_message(draft, place, counts[index])


def _check_message(draft: Draft, place: Place, count: int) -> None:
    if count > MAX_RECIPIENTS:
        _too_many(draft, place, count, f"a message must have at most {MAX_RECIPIENTS} recipients")
    elif not count:
        _nobody(draft, place)


def _too_many(draft: Draft, place: Place, count: int, rule: str) -> None:
    draft.refuse(
        place,
        count,
        category="too_many_recipients",
        message=f"Recipient count exceeds {MAX_RECIPIENTS}.",
        rule=f"{rule}, and this one has {count}",
        reference=_QUOTAS,
    )


def _nobody(draft: Draft, place: Place) -> None:
    draft.refuse(
        place,
        None,
        category="no_recipients",
        message="Missing required header 'To'.",
        rule="a message must have at least one recipient in To, Cc or Bcc",
        reference="SES API reference, Destination",
    )
