"""The entries of a bulk call: SES answers each by itself, so one that is refused stops no other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Mapping
from typing import Any

from ..errors import Violation
from ..operations import Operation, Place
from .draft import Draft

RefusedEntries = Mapping[int, tuple[Violation, ...]]
"""The faults of each entry that has some, by its index among those that the caller gave."""


def refused_entries(operation: Operation, draft: Draft) -> RefusedEntries:
    """Find the entries that are refused while the others go.

    Returns:
        Nothing where no entry can go: a fault is the whole call's, every entry has one, or
        botocore refuses the call for something of a wrong type.
    """
    if operation.entries is None or not draft.faults or () in draft.unread:
        return {}
    found: dict[int, list[Violation]] = defaultdict(list)
    for place, violation in draft.faults:
        index = entry_of(operation, place)
        if index is None:
            return {}
        found[index].append(violation)
    [name] = operation.entries
    if len(found) == len(draft.member(name)):
        return {}
    return {index: tuple(violations) for index, violations in found.items()}


def entry_of(operation: Operation, place: Place) -> int | None:
    """The index of the entry in which ``place`` is; ``None`` outside of them."""
    if operation.entries is None or len(place) < 2 or place[:1] != operation.entries:
        return None
    index = place[1]
    assert isinstance(index, int)
    return index


def without(
    operation: Operation, parameters: Mapping[str, Any], refused: Container[int]
) -> Mapping[str, Any]:
    """The parameters of the same call for the entries that are not refused."""
    assert operation.entries is not None
    [name] = operation.entries
    kept = [entry for index, entry in enumerate(parameters[name]) if index not in refused]
    return {**parameters, name: kept}
