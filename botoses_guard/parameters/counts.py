"""How many recipients a send has, and how many SES takes."""

from __future__ import annotations

from collections import Counter
from typing import Any

from ..operations import MAX_BULK_ENTRIES, MAX_RECIPIENTS, Operation, Place
from .draft import Draft
from .located import Located

_QUOTAS = "SES developer guide, 'Service quotas', message quotas"


def check_counts(draft: Draft, operation: Operation, located: Located, recipients: int) -> None:
    """Refuse a message to nobody, and one to more than SES takes in one call.

    Args:
        draft: the parameters.
        operation: which send it is.
        located: where their values stand.
        recipients: of the whole send; those in the headers of a raw message count where the
            parameters name none.
    """
    if located["misshapen"]:
        return  # botocore refuses the call and says why; who is meant is anybody's guess
    if operation.entries:
        _check_entries(draft, located)
    else:
        named = sum(_number(addresses) for _, addresses in located["recipients"])
        _check_message(draft, operation.recipients[0][:1], named or recipients)


def _number(addresses: Any) -> int:
    """Elements that are no text count, too: botocore refuses them, each by its place."""
    return 1 if isinstance(addresses, str) else len(addresses)


def _check_entries(draft: Draft, located: Located) -> None:
    for place, entries in located["entries"]:
        if len(entries) > MAX_BULK_ENTRIES:
            rule = f"a bulk call has at most {MAX_BULK_ENTRIES} destinations"
            _too_many(draft, place, len(entries), rule)
        elif not entries:
            _nobody(draft, place)
        counts: Counter[Any] = Counter()
        for trail, addresses in located["recipients"]:
            counts[trail[len(place)]] += _number(addresses)
        for index in range(len(entries)):
            _check_message(draft, (*place, index, "Destination"), counts[index])


def _check_message(draft: Draft, trail: Place, count: int) -> None:
    if count > MAX_RECIPIENTS:
        rule = f"a message has at most {MAX_RECIPIENTS} recipients in To, Cc and Bcc together"
        _too_many(draft, trail, count, rule)
    elif not count:
        _nobody(draft, trail)


def _too_many(draft: Draft, trail: Place, count: int, rule: str) -> None:
    draft.refuse(
        trail,
        count,
        category="too_many_recipients",
        message=f"Recipient count exceeds {MAX_RECIPIENTS}.",
        rule=f"{rule}; this one has {count}",
        reference=_QUOTAS,
    )


def _nobody(draft: Draft, trail: Place) -> None:
    draft.refuse(
        trail,
        None,
        category="no_recipients",
        message="Missing required header 'To'.",
        rule="a message has at least one recipient in To, Cc or Bcc",
        reference="SES API reference, Destination",
    )
