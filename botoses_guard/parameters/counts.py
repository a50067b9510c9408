"""How many recipients a send has, and how many SES takes."""

from __future__ import annotations

from collections.abc import Sequence

from ..operations import (
    EACH,
    MAX_BULK_ENTRIES,
    MAX_RECIPIENTS,
    Operation,
    ParameterPath,
)
from .draft import Draft, Trail, leaves

_QUOTAS = "SES developer guide, 'Service quotas', message quotas"


def check_counts(draft: Draft, operation: Operation, recipients: Sequence[str]) -> None:
    """Refuse a message to nobody, and one to more than SES takes in one call."""
    if operation.entries:
        _check_entries(draft, operation, operation.entries)
    elif operation.recipients:
        _check_message(draft, _place(operation.recipients), len(recipients))


def _check_entries(draft: Draft, operation: Operation, entries: ParameterPath) -> None:
    below = [path[len(entries) + 1 :] for path in operation.recipients]
    place = _place(below)
    count = 0
    for trail, entry in draft.leaves((*entries, EACH)):
        count += 1
        _check_message(
            draft, (*trail, *place), sum(1 for path in below for _ in leaves(entry, path))
        )
    if count > MAX_BULK_ENTRIES:
        _too_many(draft, entries, count, f"a bulk call has at most {MAX_BULK_ENTRIES} destinations")
    elif not count:
        _nobody(draft, entries)


def _check_message(draft: Draft, trail: Trail, count: int) -> None:
    if count > MAX_RECIPIENTS:
        rule = f"a message has at most {MAX_RECIPIENTS} recipients in To, Cc and Bcc together"
        _too_many(draft, trail, count, rule)
    elif not count:
        _nobody(draft, trail)


def _too_many(draft: Draft, trail: Trail, count: int, rule: str) -> None:
    draft.refuse(
        trail,
        count,
        category="too_many_recipients",
        message=f"Recipient count exceeds {MAX_RECIPIENTS}.",
        rule=f"{rule}; this one has {count}",
        reference=_QUOTAS,
    )


def _nobody(draft: Draft, trail: Trail) -> None:
    draft.refuse(
        trail,
        None,
        category="no_recipients",
        message="Missing required header 'To'.",
        rule="a message has at least one recipient in To, Cc or Bcc",
        reference="SES API reference, Destination",
    )


def _place(paths: Sequence[ParameterPath]) -> ParameterPath:
    """What the lists of recipients have in common: ``Destination``."""
    return paths[0][:1]
