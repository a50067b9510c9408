"""A first look at the parameters of a send: most are right as they are.

The full look keeps the place of every value, to change it or to complain of it. This one keeps
none and is a single frame. It never decides against a send: whatever is not plainly right is left
to the full look.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from ..addresses import is_wire_ready
from ..operations import MAX_RECIPIENTS, Operation, Step
from .contents import is_json_object
from .roles import ADDRESS_FIELDS, Role, tree_of

_LARGEST_BODY = 100_000
"""Characters; all bodies of this length together have fewer bytes than any API takes."""

_LOOKS_RIGHT: Mapping[Role, Callable[[str], object]] = {
    "sender": is_wire_ready,
    "recipients": is_wire_ready,
    "return_path": is_wire_ready,
    "reply_to": is_wire_ready,
    "other_addresses": is_wire_ready,
    "header_texts": str.isprintable,
    "header_tokens": str.isprintable,
    "field_names": re.compile(rf"(?!(?i:{'|'.join(ADDRESS_FIELDS)})\Z)[!-9;-~]+").fullmatch,
    "field_values": str.isprintable,
    "templates": len,
    "template_data": is_json_object,
    "bodies": re.compile(rf"(?s:.{{1,{_LARGEST_BODY}}})").fullmatch,
}
"""What is true of a string only if the full look finds nothing to do. All but one take no frame."""


_Branch = tuple[str, Any, Any, Callable[[Any], object], bool, tuple[Any, ...]]
"""A parameter that a send may have, or one in a structure: its name, what it is (``str``, ``dict``
or ``list``; ``None`` where a glance is not enough), what the elements of the list are, what looks
right of the string or of each element, whether they are recipients, and the branches below.

No :class:`~typing.NamedTuple`: unpacking a plain tuple is much faster.
"""


def glance(operation: Operation, parameters: Mapping[str, Any]) -> list[str] | None:
    """The recipients of a send whose parameters are right as they are.

    Args:
        operation: which send it is.
        parameters: its parameters as botocore got them.

    Returns:
        ``None`` when the parameters need the full look.
    """
    recipients: list[str] = []
    pending: list[tuple[tuple[_Branch, ...], Any]] = [(_branches_of(operation), parameters)]
    for branches, node in pending:  # it grows; a function that calls itself is slower
        for name, wanted, each, looks_right, are_recipients, below in branches:
            if name not in node:
                continue
            value = node[name]
            if type(value) is not wanted or not value or wanted is str and not looks_right(value):
                return None
            if wanted is dict:
                pending.append((below, value))
            elif wanted is list:
                for element in value:
                    if type(element) is not each or not looks_right(element):
                        return None
                if are_recipients:
                    recipients += value
                pending += [(below, element) for element in value] if below else ()
    return recipients if 0 < len(recipients) <= MAX_RECIPIENTS else None


@lru_cache(maxsize=None)  # bounded: there are nine operations
def _branches_of(operation: Operation) -> tuple[_Branch, ...]:
    if operation.entries is None:
        return _below(tree_of(operation))
    # Each entry has recipients of its own to be counted.
    return (_never(operation.entries[0]),)


def _below(step: Step) -> tuple[_Branch, ...]:
    return tuple(_branch(name, below) for name, below in step.members)


def _branch(name: str, step: Step) -> _Branch:
    if step.plain is dict:
        return name, dict, None, len, False, _below(step)
    if step.each is not None:
        return name, list, dict, len, False, _below(step.each)
    role, kind = step.tag
    if kind == "texts":
        return name, list, str, _LOOKS_RIGHT[role], role == "recipients", ()
    if kind == "blob" or role == "recipients":
        return _never(name)
    return name, str, None, _LOOKS_RIGHT[role], False, ()


def _never(name: str) -> _Branch:
    return name, None, None, len, False, ()
