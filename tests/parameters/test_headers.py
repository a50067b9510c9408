"""Header texts, identifiers in headers, and header fields: each is one line."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from botoses_guard.addresses import unfold
from botoses_guard.operations import EACH, Operation, ParameterPath
from botoses_guard.settings import AddressMode

from .sends import BY_NAME, faults, prepared, send_of, shown, with_value


def texts_of(operation: Operation) -> list[ParameterPath]:
    """Free text: folding white space may stand in it."""
    fields = [(*steps, EACH, "Value") for steps in operation.header_fields]
    return [*operation.header_texts, *fields]


def tokens_of(operation: Operation) -> list[ParameterPath]:
    configuration_set = operation.configuration_set
    return [*operation.header_tokens, *([configuration_set] if configuration_set else ())]


TEXTS = [
    pytest.param(name, steps, id=f"{name}:{shown(steps)}")
    for name, operation in BY_NAME.items()
    for steps in texts_of(operation)
]
TOKENS = [
    pytest.param(name, steps, id=f"{name}:{shown(steps)}")
    for name, operation in BY_NAME.items()
    for steps in tokens_of(operation)
]
HEADER_FIELDS = [
    pytest.param(name, steps, id=f"{name}:{shown(steps)}")
    for name, operation in BY_NAME.items()
    for steps in operation.header_fields
]

UNSAFE = [
    "a\nBcc: x@y.z",
    "a\rb",
    "a\r b",
    "a\r\nb",
    "a\n\n b",
    "a\n\n",
    "a\r\r",
    "a\0b",
    "a\n \0",
    "\0",
    "\nBcc: x@y.z",
]
FOLDED = {
    "Your\r\n order": "Your order",
    "Your\n\torder": "Your order",
    "Your \n  order": "Your  order",
    "\r\n =?utf-8?q?=C3=A4?=\r\n =?utf-8?q?=C3=B6?=": " =?utf-8?q?=C3=A4?= =?utf-8?q?=C3=B6?=",
    "a\n \n b": "a b",
    "Your order\n": "Your order",
    "Your order\r\n": "Your order",
    "Your order\r": "Your order",
    "Your order\n ": "Your order",
    "\n": "",
}
SAFE = ["", "a", "ä", "日本", "a\tb", "a: b", "\u2028", "a\x0bb"]


def with_text(name: str, steps: ParameterPath, text: str) -> Any:
    """A send with ``text`` there, and what it takes beside it."""
    parameters = with_value(send_of(name), steps, text)
    if steps[-2:] == (EACH, "Value"):
        parameters = with_value(parameters, (*steps[:-1], "Name"), "X-Ours")
    return parameters


@pytest.mark.parametrize("mode", ["normalize", "reject", "off"])
@pytest.mark.parametrize(("name", "steps"), [*TEXTS, *TOKENS])
def test_what_becomes_a_header_is_one_line(
    name: str, steps: ParameterPath, mode: AddressMode
) -> None:
    """RFC 5322 §2.2: a line break would begin another header, in whatever mode."""
    for text in UNSAFE:
        assert faults(name, with_text(name, steps, text), mode) == [
            (shown(steps), "header_invalid")
        ]
    for text in SAFE:
        parameters = with_text(name, steps, text)
        found = prepared(name, parameters, mode)
        assert found.violations == ()
        assert found.parameters is parameters


@pytest.mark.parametrize(("name", "steps"), TEXTS)
def test_folded_text_is_put_on_one_line(name: str, steps: ParameterPath) -> None:
    """RFC 5322 §2.2.3. ``Header.encode()``, Django and Flask-Mail fold."""
    for text, line in FOLDED.items():
        found = prepared(name, with_text(name, steps, text))
        assert found.violations == ()
        assert found.parameters == with_text(name, steps, line)


@pytest.mark.parametrize("mode", ["reject", "off"])
@pytest.mark.parametrize(("name", "steps"), TEXTS)
def test_other_modes_change_nothing(name: str, steps: ParameterPath, mode: AddressMode) -> None:
    for text in FOLDED:
        parameters = with_text(name, steps, text)
        assert faults(name, parameters, mode) == [(shown(steps), "header_invalid")]


@pytest.mark.parametrize(("name", "steps"), TOKENS)
def test_an_identifier_is_never_folded(name: str, steps: ParameterPath) -> None:
    for text in FOLDED:
        assert faults(name, with_text(name, steps, text)) == [(shown(steps), "header_invalid")]


@settings(deadline=None)
@given(st.text(alphabet="ab \t\r\n", max_size=12))
def test_what_is_unfolded_is_one_line_with_the_same_words(text: str) -> None:
    line = unfold(text)
    if line is None:
        assert "\n" in text or "\r" in text
    else:
        assert "\n" not in line and "\r" not in line
        assert line.split() == text.split()
        assert unfold(line) == line


@pytest.mark.parametrize("mode", ["normalize", "reject", "off"])
@pytest.mark.parametrize(("name", "steps"), HEADER_FIELDS)
def test_a_header_field_has_a_name(name: str, steps: ParameterPath, mode: AddressMode) -> None:
    """RFC 5322 §3.6.8: a field name is printable ASCII without a colon."""

    def with_field(field: object) -> Any:
        return with_value(send_of(name), steps, [{"Name": "X-First", "Value": "1"}, field])

    for field_name in ("", "X Ours", "X-Ours:", "X\n", "Ünsere", "X\x7f", "X-Ours "):
        for field in ({"Name": field_name, "Value": "1"}, {"Name": field_name}):
            assert faults(name, with_field(field), mode) == [
                (f"{shown(steps)}[1].Name", "header_invalid")
            ]
    for field_name in ("X-Ours", "List-Unsubscribe", "!#$%&'*+", "x"):
        assert faults(name, with_field({"Name": field_name, "Value": "1: 2"}), mode) == []
    assert faults(name, with_field({"Value": "1\n2"}), mode) == [
        (f"{shown(steps)}[1].Value", "header_invalid")
    ]


@pytest.mark.parametrize(("name", "steps"), HEADER_FIELDS)
def test_address_fields_that_the_caller_adds_are_normalised(
    name: str, steps: ParameterPath
) -> None:
    fields = [
        {"Name": "X-Contact", "Value": "ada@bücher.example"},
        {"Name": "Disposition-Notification-To", "Value": "Ada <ada@bücher.example>, b@example.com"},
    ]
    parameters = with_value(send_of(name), steps, fields)
    wire = [
        fields[0],
        {**fields[1], "Value": "Ada <ada@xn--bcher-kva.example>, b@example.com"},
    ]
    assert prepared(name, parameters).parameters == with_value(parameters, steps, wire)
    assert faults(name, parameters, "reject") == [(f"{shown(steps)}[1].Value", "non_ascii_address")]
    assert prepared(name, parameters, "off").parameters is parameters


@pytest.mark.parametrize(("name", "steps"), HEADER_FIELDS)
def test_a_folded_address_field_is_put_on_one_line(name: str, steps: ParameterPath) -> None:
    field = {"Name": "Sender", "Value": "Ada\r\n Lovelace <ada@bücher.example>"}
    wire = {"Name": "Sender", "Value": "Ada Lovelace <ada@xn--bcher-kva.example>"}
    parameters = with_value(send_of(name), steps, [field])
    assert prepared(name, parameters).parameters == with_value(parameters, steps, [wire])


@pytest.mark.parametrize(("name", "steps"), HEADER_FIELDS)
def test_a_bad_address_in_a_field_says_which_one(name: str, steps: ParameterPath) -> None:
    fields = [{"Name": "Sender", "Value": "a@example.com, no address"}]
    [(place, category)] = faults(name, with_value(send_of(name), steps, fields))
    assert place.startswith(f"{shown(steps)}[0].Value: mailbox 2")
    assert category == "malformed_address"
