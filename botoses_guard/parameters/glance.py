"""A first look at the parameters of a send: most are right as they are.

The full look keeps the trail of every value, to change it or to complain of it. This one keeps
none, which makes it three times as fast, and it never decides against a send: whatever is not
plainly right is left to the full look.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from ..addresses import is_wire_ready
from ..operations import MAX_RECIPIENTS, Operation
from .located import Role, Step, plan_of

_is_one_line = re.compile(r"[^\r\n\0]*").fullmatch

_LARGEST_BODY = 100_000
"""Characters; all bodies of this length together have fewer bytes than any API takes."""

_MAILBOXES = "mailboxes"
_RECIPIENTS = "recipients"
_HEADER_TEXT = "header_text"
_BODY = "body"

_KINDS: Mapping[Role, str] = {
    "sender": _MAILBOXES,
    "recipients": _RECIPIENTS,
    "reply_to": _MAILBOXES,
    "return_path": _MAILBOXES,
    "header_texts": _HEADER_TEXT,
    "bodies": _BODY,
}
"""What a glance judges, and how."""


class _Branch(NamedTuple):
    """A parameter that a send may have: judged as ``kind``, else by the branches below it."""

    name: str
    kind: str | None
    below: tuple[_Branch, ...]


def glance(operation: Operation, parameters: Mapping[str, Any]) -> list[str] | None:
    """The recipients of a send whose parameters are right as they are.

    Args:
        operation: which send it is.
        parameters: its parameters as botocore got them.

    Returns:
        ``None`` when the parameters need the full look.
    """
    recipients: list[str] = []
    if _is_right(_branches_of(operation), parameters, recipients):
        if 0 < len(recipients) <= MAX_RECIPIENTS:
            return recipients
    return None


def _is_right(
    branches: tuple[_Branch, ...], node: Mapping[str, Any], recipients: list[str]
) -> bool:
    for name, kind, below in branches:
        value = node.get(name)
        if value is None:
            continue
        if kind is None:
            if type(value) is not dict or not below or not _is_right(below, value, recipients):
                return False
        elif kind is _BODY:
            if type(value) is not str or len(value) > _LARGEST_BODY:
                return False
        elif kind is _HEADER_TEXT:
            if type(value) is not str or not _is_one_line(value):
                return False
        elif type(value) is list:
            if not value:
                return False
            for mailbox in value:
                if type(mailbox) is not str or not is_wire_ready(mailbox):
                    return False
            if kind is _RECIPIENTS:
                recipients += value
        elif kind is _RECIPIENTS or type(value) is not str or not is_wire_ready(value):
            return False
    return True


@lru_cache(maxsize=None)  # bounded: there are nine operations
def _branches_of(operation: Operation) -> tuple[_Branch, ...]:
    return _below(plan_of(operation))


def _below(step: Step) -> tuple[_Branch, ...]:
    return tuple(_branch(name, below) for name, below in step.below.items())


def _branch(name: str, step: Step) -> _Branch:
    """A list of structures, a raw message or template data has no kind: there a glance ends."""
    kind = None if step.each or step.role is None else _KINDS.get(step.role)
    return _Branch(name, kind, _below(step))
