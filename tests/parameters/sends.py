"""One small, valid send of each of the nine operations, and how to change it."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import pytest

from botoses_guard.operations import EACH, OPERATIONS, Operation, ParameterPath
from botoses_guard.parameters import Prepared, prepare
from botoses_guard.settings import AddressMode

SENDER = "shop@example.com"
RECIPIENT = "ada@example.com"
RAW = (
    b"From: shop@example.com\r\nTo: ada@example.com, grace@example.com\r\n"
    b"Subject: Your order\r\n\r\nIt is on its way.\r\n"
)

_TO = {"ToAddresses": [RECIPIENT]}
_CONTENT = {"Subject": {"Data": "Your order"}, "Body": {"Text": {"Data": "It is on its way."}}}
_VERIFICATION = {"EmailAddress": RECIPIENT, "TemplateName": "welcome"}

_SENDS: dict[str, dict[str, Any]] = {
    "ses.SendEmail": {"Source": SENDER, "Destination": _TO, "Message": _CONTENT},
    "ses.SendRawEmail": {"RawMessage": {"Data": RAW}},
    "ses.SendTemplatedEmail": {
        "Source": SENDER,
        "Destination": _TO,
        "Template": "order",
        "TemplateData": "{}",
    },
    "ses.SendBulkTemplatedEmail": {
        "Source": SENDER,
        "Template": "order",
        "DefaultTemplateData": "{}",
        "Destinations": [{"Destination": _TO, "ReplacementTemplateData": "{}"}],
    },
    "ses.SendBounce": {
        "OriginalMessageId": "1",
        "BounceSender": SENDER,
        "BouncedRecipientInfoList": [{"Recipient": RECIPIENT, "BounceType": "DoesNotExist"}],
    },
    "ses.SendCustomVerificationEmail": _VERIFICATION,
    "sesv2.SendEmail": {
        "FromEmailAddress": SENDER,
        "Destination": _TO,
        "Content": {"Simple": _CONTENT},
    },
    "sesv2.SendBulkEmail": {
        "FromEmailAddress": SENDER,
        "DefaultContent": {"Template": {"TemplateName": "order", "TemplateData": "{}"}},
        "BulkEmailEntries": [{"Destination": _TO}],
    },
    "sesv2.SendCustomVerificationEmail": _VERIFICATION,
}

BY_NAME = {f"{operation.service.name}.{operation.name}": operation for operation in OPERATIONS}

every_send = pytest.mark.parametrize("name", sorted(BY_NAME))

to_lists = pytest.mark.parametrize(
    "name", ["ses.SendEmail", "ses.SendTemplatedEmail", "sesv2.SendEmail"]
)
"""The operations with one ``Destination``."""


def send_of(name: str, **changes: Any) -> dict[str, Any]:
    """Valid parameters of an operation, ``Source="..."`` and so on changed."""
    return {**copy.deepcopy(_SENDS[name]), **changes}


def prepared(name: str, parameters: Any, mode: AddressMode = "normalize") -> Prepared:
    """Prepare, and see that the caller's own objects stay what they were."""
    before = copy.deepcopy(parameters)
    found = prepare(BY_NAME[name], parameters, mode)
    assert parameters == before
    return found


def faults(name: str, parameters: Any, mode: AddressMode = "normalize") -> list[tuple[str, str]]:
    """Path and category of each fault: of the whole call, or of its entries."""
    found = prepared(name, parameters, mode)
    of_entries = found.refused_entries.values()
    violations = [*found.violations, *(fault for faults in of_entries for fault in faults)]
    return [(violation.path, violation.category) for violation in violations]


def with_value(parameters: Any, steps: ParameterPath, value: Any) -> Any:
    """A copy of ``parameters`` with ``value`` at ``steps``, and what it takes on the way there."""
    if not steps:
        return value
    step, below = steps[0], steps[1:]
    if step == EACH:
        elements = list(parameters or [None])
        return [with_value(elements[0], below, value), *elements[1:]]
    node = dict(parameters or {})
    return {**node, step: with_value(node.get(step), below, value)}


def shown(steps: ParameterPath) -> str:
    """The path of the first value at ``steps``, as violations show it."""
    return ".".join(steps).replace(f".{EACH}", "[0]")


def single_addresses(operation: Operation) -> Iterator[ParameterPath]:
    """Where one address stands, or the first of a list."""
    single = (operation.sender, operation.return_path, operation.reply_to)
    yield from (steps for steps in single if steps)
    yield from operation.recipients
    yield from operation.other_addresses
