"""The first look: it passes only what the full look would pass, and finds the same recipients."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from botoses_guard.operations import Step
from botoses_guard.parameters.glance import glance
from botoses_guard.parameters.roles import tree_of

from .sends import BY_NAME, RECIPIENT, every_send, prepared, send_of, with_value


class Text(str):
    """A string that a glance does not trust, so that the full look is taken."""


mailboxes = st.sampled_from(
    [
        RECIPIENT,
        "Ada <ada@example.com>",
        "success@simulator.amazonses.com",
        "Zoë <zoe@example.com>",
        "ada@bücher.example",
        "no address",
        "",
        "a@b.c\n",
        "x" * 300 + "@example.com",
    ]
)
lists = st.lists(mailboxes, max_size=4) | st.just([RECIPIENT] * 51)
texts = st.sampled_from(["Your order", "", "日本", "a\nb", "a\0"])


@settings(deadline=None)
@given(
    source=mailboxes,
    destination=st.fixed_dictionaries(
        {"ToAddresses": lists}, optional={"CcAddresses": lists, "BccAddresses": lists}
    ),
    reply_to=lists,
    return_path=mailboxes,
    subject=texts,
    length=st.sampled_from([0, 10, 100_000, 100_001]),
)
def test_both_looks_agree(
    source: str,
    destination: dict[str, list[str]],
    reply_to: list[str],
    return_path: str,
    subject: str,
    length: int,
) -> None:
    """A glance never decides against a send, and never for one that the full look refuses."""
    parameters: dict[str, Any] = {
        "Source": source,
        "Destination": destination,
        "ReplyToAddresses": reply_to,
        "ReturnPath": return_path,
        "Message": {"Subject": {"Data": subject}, "Body": {"Text": {"Data": "x" * length}}},
    }
    seen = glance(BY_NAME["ses.SendEmail"], parameters)
    full = prepared("ses.SendEmail", {**parameters, "Source": Text(source)})
    if seen is not None:
        assert full.violations == ()
        assert full.recipients == seen
        assert full.parameters == parameters
    assert prepared("ses.SendEmail", parameters).violations == full.violations


@pytest.mark.parametrize(
    ("name", "seen"),
    [
        ("ses.SendEmail", True),
        ("sesv2.SendEmail", True),
        ("ses.SendTemplatedEmail", True),
        ("ses.SendBounce", False),
        ("ses.SendCustomVerificationEmail", False),
        ("ses.SendRawEmail", False),
        ("ses.SendBulkTemplatedEmail", False),
        ("sesv2.SendBulkEmail", False),
    ],
)
def test_the_common_sends_need_no_full_look(name: str, seen: bool) -> None:
    assert (glance(BY_NAME[name], send_of(name)) is not None) is seen


def test_tags_and_header_fields_need_no_full_look() -> None:
    parameters = send_of("sesv2.SendEmail", EmailTags=[{"Name": "campaign", "Value": "spring"}])
    headers = [{"Name": "List-Unsubscribe", "Value": "<https://example.com/>"}]
    parameters["Content"]["Simple"]["Headers"] = headers
    assert glance(BY_NAME["sesv2.SendEmail"], parameters) == [RECIPIENT]
    headers[0]["Name"] = "Errors-To"
    assert glance(BY_NAME["sesv2.SendEmail"], parameters) is None


ODD: list[Any] = [
    None,
    "",
    [],
    {},
    5,
    b"text",
    "a\nb",
    "a\0b",
    Text("text"),
    ("text",),
    [None],
    [[]],
    [{}],
    [Text(RECIPIENT)],
    ["no address"],
]


def steps_of(name: str) -> list[Step]:
    """Every inner step and every end of the paths of an operation."""
    steps = [tree_of(BY_NAME[name])]
    for step in steps:
        steps += [below for _, below in step.members] + ([step.each] if step.each else [])
    return steps[1:]


@every_send
def test_a_glance_leaves_to_the_full_look_whatever_is_odd(name: str) -> None:
    for step in steps_of(name):
        may_have_lines = step.tag is not None and step.tag.role in ("bodies", "templates")
        for value in ODD:
            if not (may_have_lines and type(value) is str and value):
                parameters = with_value(send_of(name), step.path, value)
                assert glance(BY_NAME[name], parameters) is None, (step.path, value)
