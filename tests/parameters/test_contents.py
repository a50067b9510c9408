"""Header texts, header fields, template data and sizes."""

from __future__ import annotations

from typing import Any

import pytest

from botoses_guard.operations import OPERATIONS, SES, SESV2
from botoses_guard.settings import AddressMode

from .sends import BY_NAME, RAW, faults, prepared, send_of, shown, with_value

HEADER_TEXTS = [
    pytest.param(name, steps, id=f"{name}:{shown(steps)}")
    for name, operation in BY_NAME.items()
    for steps in operation.header_texts
]
HEADER_FIELDS = [
    pytest.param(name, steps, id=f"{name}:{shown(steps)}")
    for name, operation in BY_NAME.items()
    for steps in operation.header_fields
]
TEMPLATE_DATA = [
    pytest.param(name, steps, id=f"{name}:{shown(steps)}")
    for name, operation in BY_NAME.items()
    for steps in operation.template_data
]

UNSAFE = ["a\nBcc: x@y.z", "a\rb", "a\r\nb", "a\0b", "\n", "a\r\n "]
SAFE = ["", "a", "ä", "日本", "a\tb", "a: b", "\u2028", "a\x0bb"]


@pytest.mark.parametrize("mode", ["normalize", "reject", "off"])
@pytest.mark.parametrize(("name", "steps"), HEADER_TEXTS)
def test_a_header_text_is_one_line(name: str, steps: Any, mode: AddressMode) -> None:
    """RFC 5322 §2.2: a line break would begin another header, in whatever mode."""
    for text in UNSAFE:
        parameters = with_value(send_of(name), steps, text)
        assert faults(name, parameters, mode) == [(shown(steps), "header_invalid")]
    for text in SAFE:
        parameters = with_value(send_of(name), steps, text)
        found = prepared(name, parameters, mode)
        assert found.violations == ()
        assert found.parameters is parameters


@pytest.mark.parametrize("mode", ["normalize", "reject", "off"])
@pytest.mark.parametrize(("name", "steps"), HEADER_FIELDS)
def test_a_header_field_has_a_name_and_one_line(name: str, steps: Any, mode: AddressMode) -> None:
    """RFC 5322 §3.6.8: a field name is printable ASCII without a colon."""

    def with_field(field: object) -> Any:
        return with_value(send_of(name), steps, [{"Name": "X-First", "Value": "1"}, field])

    for text in UNSAFE:
        assert faults(name, with_field({"Name": "X-Ours", "Value": text}), mode) == [
            (f"{shown(steps)}[1].Value", "header_invalid")
        ]
    for field_name in ("", "X Ours", "X-Ours:", "X\n", "Ünsere", "X\x7f", "X-Ours "):
        assert faults(name, with_field({"Name": field_name, "Value": "1"}), mode) == [
            (f"{shown(steps)}[1].Name", "header_invalid")
        ]
    for field_name in ("X-Ours", "List-Unsubscribe", "!#$%&'*+", "x"):
        assert faults(name, with_field({"Name": field_name, "Value": "1: 2"}), mode) == []


@pytest.mark.parametrize(("name", "steps"), HEADER_FIELDS)
def test_address_fields_that_the_caller_adds_are_normalised(name: str, steps: Any) -> None:
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
def test_a_bad_address_in_a_field_says_which_one(name: str, steps: Any) -> None:
    fields = [{"Name": "Sender", "Value": "a@example.com, no address"}]
    [(path, category)] = faults(name, with_value(send_of(name), steps, fields))
    assert path.startswith(f"{shown(steps)}[0].Value: mailbox 2")
    assert category == "malformed_address"


@pytest.mark.parametrize("text", ["{}", '{"a": 1}', ' {"a": {"b": [1, null]}}\n', '{"ä": "日"}'])
@pytest.mark.parametrize(("name", "steps"), TEMPLATE_DATA)
def test_template_data_is_a_json_object(name: str, steps: Any, text: str) -> None:
    parameters = with_value(send_of(name), steps, text)
    assert prepared(name, parameters).parameters is parameters
    assert faults(name, parameters) == []


@pytest.mark.parametrize(
    "text",
    ["{", "[]", "null", "1", '"a"', "{'a': 1}", '{"a": 1,}', "name=Ada", "{} {}", "\ufeff{}", " "],
)
@pytest.mark.parametrize(("name", "steps"), TEMPLATE_DATA)
def test_other_template_data_is_refused(name: str, steps: Any, text: str) -> None:
    """SES would accept some of it, and send nothing."""
    parameters = with_value(send_of(name), steps, text)
    assert faults(name, parameters) == [(shown(steps), "template_render")]


@pytest.mark.parametrize(
    ("text", "accepted"),
    [
        ('{"a": ' + "9" * 10_000 + "}", True),
        ('{"a": ' + "[" * 100_000 + "]" * 100_000 + "}", False),
        ('{"a": NaN}', True),
    ],
    ids=["many digits", "deep", "NaN"],
)
def test_template_data_of_any_size_is_judged_without_a_crash(text: str, accepted: bool) -> None:
    parameters = send_of("ses.SendTemplatedEmail", TemplateData=text)
    assert (faults("ses.SendTemplatedEmail", parameters) == []) is accepted


def test_template_data_is_shown_cut() -> None:
    parameters = send_of("ses.SendTemplatedEmail", TemplateData="x" * 10_000)
    [violation] = prepared("ses.SendTemplatedEmail", parameters).violations
    assert len(violation.value) < 120


def largest_raw(largest: int) -> int:
    """Bytes that base64 turns into the largest message: 4 for every 3."""
    return largest // 4 * 3


def test_the_sizes_are_the_published_ones() -> None:
    """ "Maximum message size": 10 MB for the v1 API, 40 MB for v2."""
    sizes = {operation.service.name: operation.service.message_bytes for operation in OPERATIONS}
    assert sizes == {"ses": 10_485_760, "sesv2": 41_943_040}


@pytest.mark.parametrize(
    ("name", "largest", "path"),
    [
        ("ses.SendRawEmail", SES.message_bytes, "RawMessage.Data"),
        ("sesv2.SendEmail", SESV2.message_bytes, "Content.Raw.Data"),
    ],
)
@pytest.mark.parametrize(("over", "refused"), [(0, False), (1, True)])
def test_a_raw_message_counts_after_base64(
    name: str, largest: int, path: str, over: int, refused: bool
) -> None:
    raw = RAW + b"x" * (largest_raw(largest) + over - len(RAW))
    parameters: Any = {"RawMessage": {"Data": raw}}
    if name == "sesv2.SendEmail":
        parameters = {"Content": {"Raw": {"Data": raw}}}
    assert faults(name, parameters) == ([(path, "too_large")] if refused else [])


@pytest.mark.parametrize("kind", [bytes, bytearray, bytes.decode])
def test_a_raw_message_of_any_type_is_counted(kind: Any) -> None:
    raw = RAW + b"x" * largest_raw(SES.message_bytes)
    assert faults("ses.SendRawEmail", {"RawMessage": {"Data": kind(raw)}}) == [
        ("RawMessage.Data", "too_large")
    ]


LARGEST = SES.message_bytes


@pytest.mark.parametrize(
    ("text", "html", "refused"),
    [
        ("x" * LARGEST, None, False),
        ("x" * (LARGEST + 1), None, True),
        ("x" * (LARGEST // 2), "x" * (LARGEST // 2), False),
        ("x" * (LARGEST // 2), "x" * (LARGEST // 2 + 1), True),
        ("日" * (LARGEST // 3), None, False),
        ("日" * (LARGEST // 3 + 1), None, True),
        ("😀" * (LARGEST // 8), "😀" * (LARGEST // 8), False),
        ("😀" * (LARGEST // 8), "😀" * (LARGEST // 8 + 1), True),
    ],
    ids=lambda value: value[:1] + str(len(value)) if isinstance(value, str) else str(value),
)
def test_the_bodies_count_together_in_utf_8(text: str, html: str | None, refused: bool) -> None:
    body = {"Text": {"Data": text}} | ({"Html": {"Data": html}} if html else {})
    parameters = send_of("ses.SendEmail", Message={"Subject": {"Data": "s"}, "Body": body})
    expected = [("Message.Body.Text.Data", "too_large")] if refused else []
    assert faults("ses.SendEmail", parameters) == expected


def test_attachments_count_after_base64() -> None:
    largest = SESV2.message_bytes
    attachment = {"FileName": "a.pdf", "RawContent": bytes(largest_raw(largest))}
    content = {"Subject": {"Data": "s"}, "Body": {}, "Attachments": [attachment]}
    parameters = send_of("sesv2.SendEmail", Content={"Simple": content})
    assert faults("sesv2.SendEmail", parameters) == []
    content["Body"] = {"Text": {"Data": "x"}}
    [violation] = prepared("sesv2.SendEmail", parameters).violations
    assert violation.category == "too_large"
    assert f"more than {largest} bytes long: '{largest + 1}'" in violation.message


def test_a_lone_surrogate_is_counted_and_left_to_botocore() -> None:
    body = {"Text": {"Data": "\ud800" * (LARGEST // 3 + 1)}}
    parameters = send_of("ses.SendEmail", Message={"Subject": {"Data": "s"}, "Body": body})
    assert [category for _, category in faults("ses.SendEmail", parameters)] == ["too_large"]
