"""The parameters of one send while they are looked through: what changes, and what is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, cast

from .. import addresses
from ..errors import Category, Violation
from ..operations import Place, shown

_DROPPED = object()


class Draft:
    """The parameters of one send, with the changes and faults found so far."""

    __slots__ = ("parameters", "faults", "unread", "_changes")

    def __init__(self, parameters: Mapping[str, Any]) -> None:
        self.parameters = parameters
        self.faults: list[tuple[Place, Violation]] = []
        self.unread: list[Place] = []
        """Where something of a wrong type stands, of which nothing is known but its place."""
        self._changes: dict[Place, Any] = {}

    def change(self, place: Place, value: Any) -> None:
        """Put ``value`` at ``place``; a dictionary or list among the changes comes before what is
        changed inside it, and is the draft's own.
        """
        self._changes[place] = value

    def drop(self, place: Place) -> None:
        """Take the member at ``place`` out of its structure."""
        self._changes[place] = _DROPPED

    def fault(self, place: Place, violation: Violation) -> None:
        """Add a fault that was found in the value at ``place``."""
        inner = violation.path
        path = f"{shown(place)}: {inner}" if inner else shown(place)
        self.faults.append((place, replace(violation, path=path)))

    def refuse(
        self,
        place: Place,
        value: str | int | None,
        category: Category,
        message: str,
        rule: str,
        reference: str,
    ) -> None:
        """Add the fault of the value at ``place``."""
        self.fault(
            place,
            Violation(
                path="",
                value=addresses.shown(value) if isinstance(value, str) else ascii(value),
                rule=rule,
                reference=reference,
                category=category,
                message=message,
            ),
        )

    def is_unread(self, place: Place) -> bool:
        """Whether something of a wrong type stands at ``place``, above it or below it."""
        return any(
            unread[: len(place)] == place or place[: len(unread)] == unread
            for unread in self.unread
        )

    def member(self, name: str) -> Any:
        """The parameter ``name`` as it was read; ``None`` when there is none."""
        top = self._changes.get((), self.parameters)
        given = top.get(name) if isinstance(top, Mapping) else None
        return self._changes.get((name,), given)

    def changed(self) -> Mapping[str, Any]:
        """The parameters with all changes made in copies; the same object without any."""
        if not self._changes:
            return self.parameters
        top: dict[Any, Any] = {"": self.parameters}
        own: dict[int, Any] = {}  # what is no longer the caller's
        for place, value in self._changes.items():
            node, last = top, cast(Any, "")
            for step in place:
                below = node[last]
                if id(below) not in own:
                    below = node[last] = dict(below) if isinstance(below, dict) else list(below)
                    own[id(below)] = below
                node, last = below, step
            if value is _DROPPED:
                node.pop(last, None)
                continue
            node[last] = value
            if type(value) in (dict, list):
                own[id(value)] = value
        changed: Mapping[str, Any] = top[""]
        return changed
