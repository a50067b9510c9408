"""The forms in which an answer comes: one trouble is told alike in all of them."""

from __future__ import annotations

import smtplib
from typing import Any

import pytest
from botocore.exceptions import ClientError
from hypothesis import given
from hypothesis import strategies as st

from botoses_guard import errors
from botoses_guard.diagnosis import diagnose

PAUSED = "Sending paused for this account. For more information, look into your inbox."
REPLY = f"Message rejected: {PAUSED}"

FORMS: list[tuple[str, object]] = [
    ("a parsed answer", {"Error": {"Code": "MessageRejected", "Message": PAUSED}}),
    (
        "an error of a client",
        ClientError({"Error": {"Code": "MessageRejected", "Message": PAUSED}}, "SendEmail"),
    ),
    (
        "its text",
        "An error occurred (MessageRejected) when calling the SendEmail operation "
        f"(reached max retries: 4): {PAUSED}",
    ),
    (
        "its text in a log",
        "botocore.exceptions.ClientError: An error occurred (MessageRejected) when calling the "
        f"SendRawEmail operation: {PAUSED}",
    ),
    ("an entry of a bulk answer, v1", {"Status": "MessageRejected", "Error": PAUSED}),
    ("an entry of a bulk answer, v2", {"Status": "MESSAGE_REJECTED", "Error": PAUSED}),
    ("a reply", f"554 {REPLY}"),
    ("a reply in bytes", f"554 {REPLY}\r\n".encode()),
    ("a reply with an enhanced status code", f"554 5.7.1 {REPLY}"),
    (
        "a reply of several lines",
        "554-Message rejected: Sending paused for this account. For more\r\n"
        "554 information, look into your inbox.\r\n",
    ),
    ("a text without a code", PAUSED),
    ("what smtplib raises", smtplib.SMTPDataError(554, REPLY.encode())),
    ("its lines", smtplib.SMTPDataError(554, REPLY.replace(" For", "\nFor").encode())),
    ("its text", str(smtplib.SMTPDataError(554, REPLY.encode()))),
    ("a refused sender", smtplib.SMTPSenderRefused(554, REPLY.encode(), "a@example.com")),
    (
        "refused recipients",
        smtplib.SMTPRecipientsRefused({"a@example.com": (554, REPLY.encode())}),
    ),
]


@pytest.mark.parametrize("said", [form for _, form in FORMS], ids=[name for name, _ in FORMS])
def test_a_trouble_is_told_alike_in_every_form(said: object) -> None:
    found = diagnose(said)
    assert found.category == "account_paused"
    assert found.code in ("MessageRejected", "MESSAGE_REJECTED", "554", "")
    assert "Sending paused" in found.message
    assert found.retryable is False


@pytest.mark.parametrize(
    "said",
    [
        None,
        7,
        [],
        {},
        {"MessageId": "0100"},
        {"Status": "Success", "MessageId": "0100"},
        {"Status": "SUCCESS", "MessageId": "0100", "Error": None},
        smtplib.SMTPServerDisconnected("gone"),
        OSError("gone"),
    ],
    ids=repr,
)
def test_what_is_no_refusal_is_a_type_error_that_says_what_is_accepted(said: object) -> None:
    with pytest.raises(TypeError, match="takes a botocore ClientError"):
        diagnose(said)


def test_an_unknown_language_is_named_with_those_that_there_are() -> None:
    with pytest.raises(ValueError, match="en, zh-TW; not in 'de'"):
        diagnose("554 x", language="de")


@pytest.mark.parametrize(
    ("said", "category"),
    [
        ({"Error": {"Code": None, "Message": None}}, "other"),
        ({"Error": {"Code": "BadRequestException", "Message": None}}, "other"),
        ({"Error": {"Code": "SerializationException"}}, "other"),
        ({"Error": {}}, "other"),
        ({"Error": None}, "other"),
        ({"Error": {"Code": "", "Message": ""}, "ResponseMetadata": None}, "other"),
        ({"Error": {"Code": "Throttling", "Message": None}}, "systemic_throttle"),
        ({"Error": {"Code": 429, "Message": 7}}, "other"),
        ({"Status": "ACCOUNT_THROTTLED"}, "send_rate"),
        ({"Status": "Failed", "Error": None}, "other"),
        ({"Status": None}, "other"),
        ("", "other"),
        (b"", "other"),
        ("554", "other"),
        ("250 Ok 0100", "other"),
        (b"554 \xff\xfe", "other"),
        (smtplib.SMTPDataError(451, ""), "service_unavailable"),
        (smtplib.SMTPRecipientsRefused({}), "other"),
    ],
    ids=repr,
)
def test_what_is_missing_or_null_does_not_disturb(said: object, category: str) -> None:
    assert diagnose(said).category == category


@pytest.mark.parametrize(
    ("code", "category"),
    [
        ("OutcomeUnknown", "outcome_unknown"),
        ("ProvisionedThroughputThrottled", "systemic_throttle"),
        ("EC2ThrottledException", "systemic_throttle"),
        ("InternalServiceFault", "other"),
        ("InternalServerErrorException", "service_unavailable"),
        ("AccessDeniedByPolicy", "not_authorized"),
        ("AuthFailureSignature", "expired_credentials"),
        ("Unheard", "other"),
    ],
)
def test_a_code_that_no_row_has_is_told_by_its_name(code: str, category: str) -> None:
    assert diagnose({"Error": {"Code": code, "Message": "x"}}).category == category


@pytest.mark.parametrize("filler", ["x", " ", "a@", ",", "<", "<,", "quota ", "\n", "é", "…"])
@pytest.mark.parametrize("code", ["MessageRejected", "Unheard"])
def test_a_megabyte_of_text_is_read_and_kept_whole(filler: str, code: str) -> None:
    opening = (
        "Email address is not verified. The following identities failed the check in region X: "
    )
    message = (opening + filler * 1_000_000)[:1_000_000]
    found = diagnose({"Error": {"Code": code, "Message": message}})
    assert found.message == message
    assert diagnose(message).category == "unverified_identity"


@given(code=st.none() | st.text() | st.integers(), message=st.none() | st.text())
def test_any_code_and_message_have_a_category_and_advice(
    code: str | int | None, message: str | None
) -> None:
    said: dict[str, Any] = {"Error": {"Code": code, "Message": message}}
    for form in (said, f"{code} {message}", {"Status": code or "x", "Error": message}):
        found = diagnose(form)
        assert found.category in errors.BY_CATEGORY
        assert found.advice


def test_an_error_of_the_guard_has_its_own_diagnosis() -> None:
    said = FORMS[0][1]
    assert isinstance(said, dict)
    found = diagnose(said)
    error = errors.AccountPaused(said, "SendEmail", diagnosis=found)
    assert diagnose(error) == found


def test_an_error_of_the_guard_is_advised_anew_in_another_language() -> None:
    said = {"Error": {"Code": "ConfigurationSetDoesNotExist", "Message": "x"}}
    answer: dict[str, Any] = {**said, "ConfigurationSetName": "orders"}
    error = errors.ConfigurationSetMissing(answer, "SendEmail", diagnosis=diagnose(answer))
    assert diagnose(error, language="zh-TW").advice == diagnose(answer, language="zh-TW").advice
    assert "orders" in diagnose(error, language="zh-TW").advice
    assert diagnose(error, language="en") == error.diagnosis


@pytest.mark.parametrize("made", [*errors.BY_CATEGORY.values(), errors.OutcomeUnknown])
def test_an_error_of_the_guard_without_a_diagnosis_is_told_by_its_class(
    made: type[errors.SESError],
) -> None:
    found = diagnose(made({"Error": {"Code": "X", "Message": "y"}}, "SendEmail"))
    assert (found.category, found.retryable) == (made.category, made.retryable)
    assert found.advice
