"""The parameters of one send while they are looked through: what changes, and what is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ..errors import Category, Violation
from ..operations import Place, shown

SHOWN = 100
"""Characters of a value that a violation shows."""

_DROPPED = object()


class Draft:
    """The parameters of one send, with the changes and faults found so far."""

    __slots__ = ("parameters", "violations", "_changes")

    def __init__(self, parameters: Mapping[str, Any]) -> None:
        self.parameters = parameters
        self.violations: list[Violation] = []
        self._changes: dict[Place, Any] = {}

    def change(self, trail: Place, value: Any) -> None:
        self._changes[trail] = value

    def drop(self, trail: Place) -> None:
        self._changes[trail] = _DROPPED

    def fault(self, trail: Place, violation: Violation) -> None:
        """Add a fault that was found in the value at ``trail``."""
        inner = violation.path
        path = f"{shown(trail)}: {inner}" if inner else shown(trail)
        self.violations.append(replace(violation, path=path))

    def refuse(
        self, trail: Place, value: Any, category: Category, message: str, rule: str, reference: str
    ) -> None:
        """Add the fault of the value at ``trail``."""
        text = ascii(value)
        self.violations.append(
            Violation(
                path=shown(trail),
                value=text if len(text) <= SHOWN else text[:SHOWN] + "...",
                rule=rule,
                reference=reference,
                category=category,
                message=message,
            )
        )

    def changed(self) -> Mapping[str, Any]:
        """The parameters with all changes made in copies; the same object without any."""
        parameters = self.parameters
        for trail, value in self._changes.items():
            parameters = _replaced(parameters, trail, value, self.parameters)
        return parameters


def _replaced(node: Any, trail: Place, value: Any, original: Any) -> Any:
    """``node`` with ``value`` at ``trail``, copying what is still the caller's own."""
    step, below = trail[0], trail[1:]
    mine = _copied(node) if node is original else node
    if below:
        mine[step] = _replaced(mine[step], below, value, original[step])
    elif value is _DROPPED:
        del mine[step]
    else:
        mine[step] = value
    return mine


def _copied(node: Any) -> Any:
    return list(node) if isinstance(node, (list, tuple)) else dict(node)
