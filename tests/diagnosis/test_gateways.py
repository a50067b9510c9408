"""Answers of something between the program and SES: a proxy, a firewall, a load balancer."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError
from hypothesis import given
from hypothesis import strategies as st

from botoses_guard.diagnosis import describe, diagnose
from botoses_guard.diagnosis.codes import CODES, SMTP, V1, V2, has_row, is_known, is_of_ses
from botoses_guard.errors.wording import LANGUAGES

every_language = pytest.mark.parametrize("language", LANGUAGES)

HTML = "<html><head><title>Blocked</title></head><body>Too many requests</body></html>"

FOREIGN_CODES: tuple[Any, ...] = (
    "",
    None,
    "403",
    14,
    "INTERNAL",
    "internal_error",
    "service_unavailable",
    "Forbidden",
    "rate limit exceeded",
    "Unknown",
)
"""What botocore makes of the body of a gateway: the status in digits, or a code of its own."""

FOREIGN_TEXTS = (
    "",
    None,
    HTML,
    "Too many requests",
    "Service Unavailable",
    "Rate exceeded",
    "Request Entity Too Large: message size exceeds limit",
    "User is not authorized to access this resource",
    "Internal error",
    "Access denied: file type not allowed",
)


def answer(code: object, message: object, status: int) -> dict[str, Any]:
    return {
        "Error": {"Code": code, "Message": message},
        "ResponseMetadata": {"HTTPStatusCode": status},
    }


@pytest.mark.parametrize("status", [301, 302, 307, 400, 403, 404, 407, 408, 413, 429, 451])
@pytest.mark.parametrize("code", FOREIGN_CODES)
@pytest.mark.parametrize("message", FOREIGN_TEXTS)
def test_a_refusal_without_a_code_of_ses_was_not_said_by_ses(
    code: object, message: object, status: int
) -> None:
    found = diagnose(answer(code, message, status))
    assert (found.category, found.retryable) == ("other", False)
    assert "not SES" in found.advice
    assert f"HTTP {status}" in found.advice
    assert found.code == ("" if code is None else str(code))
    assert found.message == (message or "")


@pytest.mark.parametrize("status", [500, 502, 503, 504, 520, 599])
@pytest.mark.parametrize("code", [*FOREIGN_CODES, "BadGateway", "InternalServerErrorException"])
@pytest.mark.parametrize("message", FOREIGN_TEXTS)
def test_a_server_error_without_a_code_of_ses_leaves_the_outcome_unknown(
    code: object, message: object, status: int
) -> None:
    found = diagnose(answer(code, message, status))
    assert (found.category, found.retryable) == ("outcome_unknown", False)
    assert "may have" in found.advice
    assert f"HTTP {status}" in found.advice


@pytest.mark.parametrize(
    ("code", "status", "category"),
    [
        ("ServiceUnavailable", 503, "service_unavailable"),
        ("ServiceUnavailableException", 503, "service_unavailable"),
        ("InternalFailure", 500, "service_unavailable"),
        ("InternalServiceErrorException", 500, "service_unavailable"),
        ("Throttling", 503, "systemic_throttle"),
        ("TooManyRequestsException", 429, "systemic_throttle"),
        ("AccessDenied", 403, "not_authorized"),
        ("RequestEntityTooLargeException", 413, "too_large"),
        ("SomethingNewException", 403, "not_authorized"),
        ("SomethingNewException", 400, "other"),
    ],
)
def test_a_code_of_ses_makes_it_an_answer_of_ses(code: str, status: int, category: str) -> None:
    found = diagnose(answer(code, "x", status))
    assert found.category == category
    assert "not SES" not in found.advice


@pytest.mark.parametrize(
    ("message", "category"),
    [
        ("Email address is not verified.", "unverified_identity"),
        ("Sending paused for this account.", "account_paused"),
        ("Address blacklisted.", "suppressed"),
    ],
)
def test_words_that_only_ses_says_are_its_words_where_the_code_was_lost(
    message: str, category: str
) -> None:
    assert diagnose(answer("", message, 400)).category == category


@pytest.mark.parametrize("status", [301, 403])
def test_an_answer_without_an_error_is_a_gateways(status: int) -> None:
    """botocore parses XML that is not SES's into no error at all."""
    said = {"ResponseMetadata": {"HTTPStatusCode": status}}
    for form in (said, ClientError(said, "SendEmail")):  # type: ignore[arg-type]
        found = diagnose(form)
        assert (found.category, found.code, found.message) == ("other", "", "")
        assert "not SES" in found.advice


@pytest.mark.parametrize(
    ("code", "category"), [("403", "other"), ("502", "outcome_unknown"), ("503", "outcome_unknown")]
)
def test_the_text_of_such_an_error_is_told_like_the_error(code: str, category: str) -> None:
    error = ClientError(answer(code, "Proxy", int(code)), "SendEmail")  # type: ignore[arg-type]
    assert diagnose(str(error)).category == category
    assert diagnose({"Error": {"Code": code, "Message": "Proxy"}}).category == category


@every_language
def test_what_parsing_left_of_a_gateways_answer_is_described_alike(language: str) -> None:
    for category, status in (("other", 403), ("outcome_unknown", 502)):
        parsed = answer(str(status), "Blocked", status)
        described = describe(
            category,  # type: ignore[arg-type]
            code=str(status),
            message="Blocked",
            language=language,
            origin="gateway",
            http_status=status,
        )
        assert described == diagnose(parsed, language=language)


@every_language
def test_the_advice_says_what_to_look_at(language: str) -> None:
    found = diagnose(answer("403", HTML, 403), language=language)
    for name in ("HTTPS_PROXY", "endpoint_url", "AWS_ENDPOINT_URL"):
        assert name in found.advice


@pytest.mark.parametrize("code", ["", "403", "503", "554", "INTERNAL", "internal_error", "Failed"])
def test_these_are_no_codes_of_ses(code: str) -> None:
    assert not is_known(code)
    assert not has_row(code)


@pytest.mark.parametrize("code", ["ThrottledByEdge", "ConflictException", "AlreadyExists"])
def test_a_code_in_the_form_of_aws_is_known_without_a_row(code: str) -> None:
    assert is_known(code)
    assert not has_row(code)


def test_every_code_of_an_answer_in_the_table_is_known_in_both_spellings() -> None:
    for row in CODES:
        if {V1, V2, "aws"} & {*row.services}:
            for code in row.codes:
                for spelling in (code, f"{code.removesuffix('Exception')}Exception"):
                    assert has_row(spelling) and is_known(spelling)
        elif row.services == (SMTP,):
            assert not any(map(has_row, row.codes))


@given(st.text(max_size=40))
def test_any_text_may_be_asked_for(code: str) -> None:
    assert is_known(code) >= has_row(code)
    assert is_of_ses(code, 400) is is_known(code)
    assert is_of_ses(code, 500) is has_row(code)
