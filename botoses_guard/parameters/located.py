"""Where the values of one send stand in its parameters, found in one pass."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any, Literal

from ..operations import EACH, Operation, ParameterPath, Place

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
    "misshapen",
]

Located = Mapping[Role, list[tuple[Place, Any]]]
"""The values of each role, with their trails; a list of addresses is one value."""

_ADDRESSES: frozenset[Role] = frozenset(
    {"sender", "recipients", "return_path", "reply_to", "other_addresses"}
)


def _is_anything(value: object) -> bool:
    return True


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_list(value: object) -> bool:
    return isinstance(value, (list, tuple))


def _is_blob(value: object) -> bool:
    return isinstance(value, (bytes, bytearray, str)) or hasattr(value, "read")


class Step:
    """A place in the parameters that leads to values: which one is here, and what lies below."""

    __slots__ = ("role", "fits", "each", "below")

    def __init__(self) -> None:
        self.role: Role | None = None
        self.fits: Callable[[object], bool] = _is_anything
        """Whether a value has the shape that the service model wants here."""
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

    What is ``None`` or of another shape than the service model is found as ``misshapen`` and as
    nothing else: botocore refuses it.
    """
    found: Located = defaultdict(list)
    _collect(plan_of(operation), parameters, (), found)
    return found


def _collect(step: Step, node: Any, trail: Place, found: Located) -> None:
    if step.each is not None and _is_list(node):
        for index, element in enumerate(node):
            _note(step.each, element, (*trail, index), found)
    elif step.each is None and isinstance(node, dict):
        for name, below in step.below.items():
            if name in node:
                _note(below, node[name], (*trail, name), found)
    else:
        found["misshapen"].append((trail, node))


def _note(step: Step, node: Any, trail: Place, found: Located) -> None:
    if node is None or not step.fits(node):
        found["misshapen"].append((trail, node))
        return
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
            # Addresses are taken list by list, because an empty list matters, too.
            is_list = role in _ADDRESSES and path[-1] == EACH
            step = root.at(path[:-1] if is_list else path)
            step.role = role
            step.fits = _is_list if is_list else _fits(role)
    return root


def _fits(role: Role) -> Callable[[object], bool]:
    if role in _ADDRESSES:
        return _is_text
    return _is_blob if role == "raw_message" else _is_anything


def _paths(operation: Operation) -> Iterable[tuple[Role, Iterable[ParameterPath]]]:
    yield "sender", _given(operation.sender)
    yield "recipients", operation.recipients
    yield "return_path", _given(operation.return_path)
    yield "reply_to", _given(operation.reply_to)
    yield "other_addresses", operation.other_addresses
    yield "entries", _given(operation.entries)
    yield "raw_message", _given(operation.raw_message)
    yield "header_texts", operation.header_texts
    yield "header_fields", ((*path, EACH) for path in operation.header_fields)
    yield "template_data", operation.template_data
    yield "bodies", operation.bodies


def _given(path: ParameterPath | None) -> tuple[ParameterPath, ...]:
    return () if path is None else (path,)
