"""Where the values of one send stand in its parameters, found in one pass."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, Literal

from ..operations import EACH, Operation, ParameterPath

Trail = tuple[str | int, ...]
"""Where one value stands: keys and indices from the top of the parameters down."""

Role = Literal[
    "sender",
    "recipients",
    "return_path",
    "reply_to",
    "other_addresses",
    "entries",
    "raw_message",
    "header_texts",
    "header_fields",
    "template_data",
    "bodies",
]

Located = Mapping[Role, list[tuple[Trail, Any]]]
"""The values of each role, with their trails; a list of addresses is one value."""


class Step:
    """A place in the parameters that leads to values: which one is here, and what lies below."""

    __slots__ = ("role", "each", "below")

    def __init__(self) -> None:
        self.role: Role | None = None
        self.each: Step | None = None
        self.below: dict[str, Step] = {}

    def at(self, path: ParameterPath) -> Step:
        step = self
        for name in path:
            if name == EACH:
                step.each = step.each or Step()
                step = step.each
            else:
                step = step.below.setdefault(name, Step())
        return step


def locate(operation: Operation, parameters: Mapping[str, Any]) -> Located:
    """Find every value of ``operation`` that is in ``parameters``.

    What is absent, ``None`` or of another shape than the service model is not found: botocore
    refuses the latter.
    """
    found: Located = defaultdict(list)
    _collect(plan_of(operation), parameters, (), found)
    return found


def _collect(step: Step, node: Any, trail: Trail, found: Located) -> None:
    if step.each is not None:
        if isinstance(node, (list, tuple)):
            for index, element in enumerate(node):
                _note(step.each, element, (*trail, index), found)
    elif isinstance(node, dict):
        for name, below in step.below.items():
            value = node.get(name)
            if value is not None:
                _note(below, value, (*trail, name), found)


def _note(step: Step, node: Any, trail: Trail, found: Located) -> None:
    if step.role is not None:
        found[step.role].append((trail, node))
    if step.each is not None or step.below:
        _collect(step, node, trail, found)


@lru_cache(maxsize=None)  # bounded: there are nine operations
def plan_of(operation: Operation) -> Step:
    """The paths of ``operation`` as a tree."""
    root = Step()
    for role, paths in _paths(operation):
        for path in paths:
            root.at(path).role = role
    return root


def _paths(operation: Operation) -> Iterable[tuple[Role, Iterable[ParameterPath]]]:
    yield "sender", _given(operation.sender)
    yield "recipients", (_list(path) for path in operation.recipients)
    yield "return_path", _given(operation.return_path)
    yield "reply_to", (_list(path) for path in _given(operation.reply_to))
    yield "other_addresses", operation.other_addresses
    yield "entries", _given(operation.entries)
    yield "raw_message", _given(operation.raw_message)
    yield "header_texts", operation.header_texts
    yield "header_fields", ((*path, EACH) for path in operation.header_fields)
    yield "template_data", operation.template_data
    yield "bodies", operation.bodies


def _given(path: ParameterPath | None) -> tuple[ParameterPath, ...]:
    return () if path is None else (path,)


def _list(path: ParameterPath) -> ParameterPath:
    """Addresses are taken list by list, because an empty list matters, too."""
    return path[:-1] if path[-1] == EACH else path
