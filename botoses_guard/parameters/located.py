"""The values of one send, each with its place and of the type that its role has."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from ..operations import Operation, Place, walk
from .draft import Draft
from .reading import Reading
from .roles import Role, tree_of

Located = Mapping[Role, list[tuple[Place, Any]]]
"""The values of each role with their places, in order; a list of addresses is one value."""


def locate(draft: Draft, operation: Operation, validated: bool) -> Located:
    """Sort the values of a send by their roles, each read once.

    Args:
        draft: the parameters.
        operation: which send it is.
        validated: whether botocore checks types afterwards.

    Returns:
        Values of the type that their role has; what has another is noted in the draft.
    """
    reading = Reading(draft, validated)
    located: dict[Role, list[tuple[Place, Any]]] = defaultdict(list)
    for step, indices, value in walk(tree_of(operation), draft.parameters, reading.container):
        place = step.place(indices) if indices else step.path
        if step.plain is not None:
            reading.wrong(step.plain, place, value)
            continue
        role, kind = step.tag
        if kind != "text" or type(value) is not str:
            value = reading.value(kind, place, value)
            if value is None:
                continue
        located[role].append((place, value))
    return located
