"""A first look at the parameters of a send: most are right as they are.

The full look keeps the trail of every value, to change it or to complain of it. This one keeps
none, which makes it three times as fast, and it never decides against a send: whatever is not
plainly right is left to the full look.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from ..addresses import is_wire_ready
from ..operations import MAX_RECIPIENTS, Operation
from .located import Role, Step, plan_of

_is_one_line = re.compile(r"[^\r\n\0]*").fullmatch

_LARGEST_BODY = 100_000
"""Characters; all bodies of this length together have fewer bytes than any API takes."""

_Judge = Callable[[Any, list[str]], bool]
"""Whether a value is right as it is; adds the recipients that it holds to a list."""


def _is_mailboxes(value: Any, recipients: list[str]) -> bool:
    if type(value) is str:
        return is_wire_ready(value) is not None
    if type(value) is not list or not value:
        return False
    for mailbox in value:
        if type(mailbox) is not str or not is_wire_ready(mailbox):
            return False
    return True


def _is_recipients(value: Any, recipients: list[str]) -> bool:
    if type(value) is not list or not _is_mailboxes(value, recipients):
        return False
    recipients += value
    return True


def _is_header_text(value: Any, recipients: list[str]) -> bool:
    return type(value) is str and _is_one_line(value) is not None


def _is_body(value: Any, recipients: list[str]) -> bool:
    return type(value) is str and len(value) <= _LARGEST_BODY


_JUDGES: Mapping[Role, _Judge] = {
    "sender": _is_mailboxes,
    "recipients": _is_recipients,
    "reply_to": _is_mailboxes,
    "return_path": _is_mailboxes,
    "header_texts": _is_header_text,
    "bodies": _is_body,
}
"""What a glance judges, and how."""


class _Branch(NamedTuple):
    """A parameter that a send may have: judged by ``judge``, else by the branches below it."""

    name: str
    judge: _Judge | None
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
    for name, judge, below in branches:
        value = node.get(name)
        if value is None:
            continue
        if judge is not None:
            if not judge(value, recipients):
                return False
        elif type(value) is not dict or not below or not _is_right(below, value, recipients):
            return False
    return True


@lru_cache(maxsize=None)  # bounded: there are nine operations
def _branches_of(operation: Operation) -> tuple[_Branch, ...]:
    return _below(plan_of(operation))


def _below(step: Step) -> tuple[_Branch, ...]:
    return tuple(_branch(name, below) for name, below in step.below.items())


def _branch(name: str, step: Step) -> _Branch:
    """A list of structures, a raw message or template data has no judge: there a glance ends."""
    judge = None if step.each or step.role is None else _JUDGES.get(step.role)
    return _Branch(name, judge, _below(step))
