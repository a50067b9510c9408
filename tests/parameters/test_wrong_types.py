"""What has a wrong type, where botocore checks types after the guard."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.validate import ParamValidator

from botoses_guard.operations import OPERATIONS, Operation
from botoses_guard.settings import AddressMode

from .sends import BY_NAME, RECIPIENT, prepared, send_of, single_addresses, with_value
from .test_prepare import in_every_mode, input_of, nodes

WRONG: list[Any] = [None, 5, 1.5, True, b"ada@example.com", ..., {"a": 1}, ["a"], "a@b.c"]


def wrongly_shaped(operation: Operation) -> Iterator[tuple[dict[str, Any], str]]:
    """Valid parameters with one node replaced by something of another type."""
    name = f"{operation.service.name}.{operation.name}"
    shape = input_of(operation)
    full = send_of(name)
    for steps in single_addresses(operation):
        full = with_value(full, steps, RECIPIENT)
    for steps in operation.header_texts:
        full = with_value(full, steps, "text")
    for steps in operation.header_fields:
        full = with_value(full, steps, [{"Name": "Sender", "Value": RECIPIENT}])
    for trail, _ in list(nodes(full))[1:]:
        for value in WRONG:
            changed = replaced(full, trail, value)
            report = ParamValidator().validate(changed, shape)
            if "Invalid type" in report.generate_report():
                yield changed, ".".join(map(str, trail))


def replaced(node: Any, trail: tuple[Any, ...], value: Any) -> Any:
    if not trail:
        return value
    made = copy.copy(node)
    made[trail[0]] = replaced(node[trail[0]], trail[1:], value)
    return made


@pytest.mark.parametrize("operation", OPERATIONS, ids=list(BY_NAME))
@in_every_mode
def test_what_has_a_wrong_type_is_left_to_botocore(operation: Operation, mode: AddressMode) -> None:
    """botocore says what is wrong with it; the guard neither crashes nor guesses."""
    name = f"{operation.service.name}.{operation.name}"
    count = 0
    for parameters, where in wrongly_shaped(operation):
        assert prepared(name, parameters, mode).violations == (), where
        count += 1
    assert count >= len(WRONG)
