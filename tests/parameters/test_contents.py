"""Template data and sizes."""

from __future__ import annotations

import base64
import io
import json
from typing import Any

import pytest

from botoses_guard.operations import OPERATIONS, SES, SESV2, path
from botoses_guard.parameters import prepare

from .sends import BY_NAME, RAW, faults, prepared, send_of, shown, with_value

TEMPLATE_DATA = [
    pytest.param(name, steps, id=f"{name}:{shown(steps)}")
    for name, operation in BY_NAME.items()
    for steps in operation.template_data
]


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
        ('{"a": 0.' + "9" * 10_000 + "e99999}", True),
    ],
    ids=["many digits", "deep", "many decimals"],
)
def test_template_data_of_any_size_is_judged_without_a_crash(text: str, accepted: bool) -> None:
    parameters = send_of("ses.SendTemplatedEmail", TemplateData=text)
    assert (faults("ses.SendTemplatedEmail", parameters) == []) is accepted


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity"])
@pytest.mark.parametrize(("name", "steps"), TEMPLATE_DATA)
def test_what_json_dumps_writes_for_no_number_is_refused(
    name: str, steps: Any, number: str
) -> None:
    """RFC 8259 §6: "Numeric values that cannot be represented ... are not permitted"."""
    data = json.dumps({"price": {"each": [float(number)]}})
    found = prepared(name, with_value(send_of(name), steps, data))
    [violation] = found.violations
    assert (violation.path, violation.category) == (shown(steps), "template_render")
    assert violation.rule == (
        f"template data must be a JSON object, and JSON has no {number}: pass allow_nan=False to "
        "json.dumps"
    )


def test_template_data_is_shown_cut() -> None:
    parameters = send_of("ses.SendTemplatedEmail", TemplateData="x" * 10_000)
    [violation] = prepared("ses.SendTemplatedEmail", parameters).violations
    assert len(violation.value) <= 120


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


INLINE = {
    "sesv2.SendEmail": "Content.Template.TemplateContent",
    "sesv2.SendBulkEmail": "DefaultContent.Template.TemplateContent",
}


@pytest.mark.parametrize("name", sorted(INLINE))
@pytest.mark.parametrize("over", [0, 1])
def test_the_parts_of_an_inline_template_count(name: str, over: int) -> None:
    largest = SESV2.message_bytes
    content = {"Subject": "s", "Text": "x" * (largest // 2), "Html": "x" * (largest // 2 + over)}
    top, _ = INLINE[name].split(".", 1)
    parameters = with_value(send_of(name, **{top: {}}), path(INLINE[name]), content)
    assert faults(name, parameters) == [(f"{INLINE[name]}.Text", "too_large")] * over


def test_an_attachment_of_text_counts_in_utf_8_and_base64() -> None:
    """botocore encodes it so."""
    largest = SESV2.message_bytes
    attachment = {"FileName": "a.txt", "RawContent": "ä" * (largest_raw(largest) // 2)}
    content = {"Subject": {"Data": "s"}, "Body": {}, "Attachments": [attachment]}
    parameters = send_of("sesv2.SendEmail", Content={"Simple": content})
    assert faults("sesv2.SendEmail", parameters) == []
    attachment["RawContent"] += "ää"
    place = "Content.Simple.Attachments[0].RawContent"
    assert faults("sesv2.SendEmail", parameters) == [(place, "too_large")]


@pytest.mark.parametrize("file", [io.BytesIO(b"text"), io.StringIO("text")])
def test_an_attachment_in_a_file_is_read_and_counted(file: Any) -> None:
    """botocore's validation takes a file there, which it then fails to encode."""
    largest = SESV2.message_bytes
    attachments = [{"FileName": "a.txt", "RawContent": file}]
    body = {"Text": {"Data": "x" * (largest - len(base64.b64encode(b"text")))}}
    content = {"Subject": {"Data": "s"}, "Body": body, "Attachments": attachments}
    parameters = send_of("sesv2.SendEmail", Content={"Simple": content})
    found = prepare(BY_NAME["sesv2.SendEmail"], parameters, "normalize")
    assert found.violations == ()
    [attachment] = found.parameters["Content"]["Simple"]["Attachments"]
    assert attachment["RawContent"] in (b"text", "text")
    body["Text"]["Data"] += "x"
    file.seek(0)
    found = prepare(BY_NAME["sesv2.SendEmail"], parameters, "normalize")
    assert [violation.category for violation in found.violations] == ["too_large"]
    assert attachments[0]["RawContent"] is file


def test_the_explanation_of_a_bounce_has_as_many_lines_as_it_likes() -> None:
    parameters = send_of("ses.SendBounce", Explanation="Nobody\r\nlives here.\n")
    assert prepared("ses.SendBounce", parameters).parameters is parameters
