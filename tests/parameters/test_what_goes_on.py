"""What goes on is what was looked at, whatever the caller gave."""

from __future__ import annotations

import copy
import io
from collections import UserDict, UserList
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from botocore.exceptions import ParamValidationError
from hypothesis import given, settings
from hypothesis import strategies as st

from botoses_guard.operations import EACH, OPERATIONS, Operation, Step, values_at
from botoses_guard.parameters import prepare
from botoses_guard.parameters.roles import tree_of

from .odd_types import HASHING, LISTS, STRUCTURES, Elements, Text, serialised, strings_in
from .sends import BY_NAME, RAW, RECIPIENT, SENDER, send_of, with_value

INJECTED = "a@b.c\nBcc: mallory@example.com"
ODD: list[Callable[[], Any]] = [
    lambda: None,
    lambda: 5,
    lambda: 5.5,
    lambda: True,
    object,
    lambda: b"text",
    lambda: INJECTED.encode(),
    lambda: INJECTED,
    lambda: Text(RECIPIENT),
    lambda: Text(INJECTED),
    lambda: [INJECTED],
    lambda: iter([INJECTED]),
    lambda: {INJECTED: INJECTED},
    lambda: UserDict({"Data": INJECTED, "Name": INJECTED}),
    lambda: io.StringIO(INJECTED),
    lambda: UserList(INJECTED),
    lambda: Elements([{"Name": INJECTED, "Value": INJECTED}]),
    lambda: memoryview(INJECTED.encode()),
]


def ordinary(step: Step) -> Any:
    """A value for the end of a path."""
    role, kind = step.tag
    if kind == "blob":
        return RAW
    by_role = {"template_data": "{}", "field_names": "X-Ours", "sender": SENDER}
    text = by_role.get(role, "text" if "header" in role or role == "bodies" else RECIPIENT)
    return [text] if kind == "texts" else text


def steps_of(operation: Operation) -> list[Step]:
    steps = [tree_of(operation)]
    for step in steps:
        steps += [below for _, below in step.members] + ([step.each] if step.each else [])
    return steps[1:]


def replaced(node: Any, steps: tuple[str, ...], replace: Callable[[Any], Any]) -> Any:
    """A copy of plain ``node`` with another value at the first place of a path."""
    if not steps:
        return replace(node)
    made = copy.copy(node)
    step: Any = 0 if steps[0] == EACH else steps[0]
    made[step] = replaced(node[step], steps[1:], replace)
    return made


def wrapped(value: Any, choice: int) -> Any:
    """``value`` in another type that holds the same, or in the place of it something odd."""
    if isinstance(value, list):
        kinds = LISTS.keys() if value == [RECIPIENT] else LISTS.keys() - HASHING
        made: list[Callable[[Any], Any]] = [LISTS[kind] for kind in sorted(kinds)]
    elif isinstance(value, dict):
        made = list(STRUCTURES.values())
    else:
        made = [Text if isinstance(value, str) else memoryview]
    choice %= len(made) + len(ODD)
    return made[choice](value) if choice < len(made) else ODD[choice - len(made)]()


def sent_recipients(operation: Operation, body: dict[str, Any]) -> list[str]:
    """The recipients in what botocore wrote."""
    if operation.service.name == "sesv2":
        paths = operation.recipients
        return [value for steps in paths for _, value in values_at(body, steps)]
    names = {".".join(steps).replace(EACH, "member") for steps in operation.recipients}
    return [
        text
        for key, text in body.items()
        if ".".join("member" if part.isdigit() else part for part in key.split(".")).replace(
            "member.member", "member"
        )
        in names
        and text
    ]


@pytest.mark.parametrize("validated", [True, False])
@pytest.mark.parametrize("operation", OPERATIONS, ids=list(BY_NAME))
@settings(deadline=None, max_examples=50)
@given(data=st.data())
def test_what_goes_on_is_what_was_looked_at(
    operation: Operation, validated: bool, data: st.DataObject
) -> None:
    """Whatever is in the parameters: it is refused, or sent as it was checked and counted."""
    name = f"{operation.service.name}.{operation.name}"
    steps = steps_of(operation)
    parameters = send_of(name)
    for step in steps:
        if step.plain is None:
            parameters = with_value(parameters, step.path, ordinary(step))
    # The innermost first: nothing is below what has been wrapped.
    may_have_lines = {"bodies", "templates"}
    looked_at = [step for step in steps if not step.tag or step.tag.role not in may_have_lines]
    chosen = data.draw(st.lists(st.sampled_from(looked_at), max_size=4, unique=True))
    for step in sorted(chosen, key=lambda step: len(step.path), reverse=True):
        wrap = partial(wrapped, choice=data.draw(st.integers(0, 40)))
        parameters = replaced(parameters, step.path, wrap)
    found = prepare(operation, parameters, "normalize", validated=validated)
    if not found.violations:
        try:
            body = serialised(operation, found.parameters, validated=validated)
        except (KeyError, ParamValidationError):
            return  # a member that the operation does not have, or a wrong type
        assert not any("\nBcc" in text for text in strings_in(body))
        if sent := sent_recipients(operation, body):
            assert sorted(sent) == sorted(found.recipients)
