"""The parameters of each operation by their roles, as one tree for one walk."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Literal, NamedTuple

from ..operations import EACH, Operation, ParameterPath, Step, tree

Role = Literal[
    "sender",
    "recipients",
    "return_path",
    "reply_to",
    "other_addresses",
    "raw_message",
    "header_texts",
    "header_tokens",
    "field_names",
    "field_values",
    "templates",
    "template_data",
    "bodies",
    "attachments",
]

Kind = Literal["text", "texts", "blob"]
"""Of the values of a leaf: a string, a list of strings, or bytes."""

ADDRESS_FIELDS = ("sender", "errors-to", "disposition-notification-to", "return-receipt-to")
"""Fields with addresses that a caller may add; SES itself writes From, To, Cc and Reply-To."""

_ADDRESSES: frozenset[Role] = frozenset(
    {"sender", "recipients", "return_path", "reply_to", "other_addresses"}
)
_BLOBS: frozenset[Role] = frozenset({"raw_message", "attachments"})


class Leaf(NamedTuple):
    """Where a path of the table ends."""

    role: Role
    kind: Kind


@lru_cache(maxsize=None)  # bounded: there are nine operations
def tree_of(operation: Operation) -> Step:
    """The paths of ``operation``, a :class:`Leaf` at the end of each."""
    return tree(
        (path, leaf) for role, paths in _paths(operation) for path, leaf in _leaves(role, paths)
    )


def _leaves(role: Role, paths: Iterable[ParameterPath]) -> Iterable[tuple[ParameterPath, Leaf]]:
    for path in paths:
        if role in _BLOBS:
            yield path, Leaf(role, "blob")
        elif role in _ADDRESSES and path[-1] == EACH:
            # List by list, because an empty list matters, too.
            yield path[:-1], Leaf(role, "texts")
        else:
            yield path, Leaf(role, "text")


def _paths(operation: Operation) -> Iterable[tuple[Role, Iterable[ParameterPath]]]:
    yield "sender", _given(operation.sender)
    yield "recipients", operation.recipients
    yield "return_path", _given(operation.return_path)
    yield "reply_to", _given(operation.reply_to)
    yield "other_addresses", operation.other_addresses
    yield "raw_message", _given(operation.raw_message)
    yield "header_texts", operation.header_texts
    yield "header_tokens", (*operation.header_tokens, *_given(operation.configuration_set))
    yield "field_names", ((*path, EACH, "Name") for path in operation.header_fields)
    yield "field_values", ((*path, EACH, "Value") for path in operation.header_fields)
    yield "templates", operation.templates
    yield "template_data", operation.template_data
    yield "bodies", operation.bodies
    yield "attachments", operation.attachments


def _given(path: ParameterPath | None) -> tuple[ParameterPath, ...]:
    return () if path is None else (path,)
