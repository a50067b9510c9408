"""The tables of texts and codes: every row tells one thing, and only that."""

from __future__ import annotations

from typing import Any

import botocore.session
import pytest
from hypothesis import given
from hypothesis import strategies as st

from botoses_guard.diagnosis import diagnose
from botoses_guard.diagnosis.codes import CODES, CodeRow, key_of
from botoses_guard.diagnosis.text_row import TextRow
from botoses_guard.diagnosis.texts import TEXTS
from botoses_guard.errors import BY_CATEGORY
from botoses_guard.operations import SES, SESV2, Service
from botoses_guard.simulator.answers import QUOTA, RATE, Refused

EXAMPLES = [(row, example) for row in TEXTS for example in row.examples]


def answer(code: str | None, message: str | None, status: int | None = 400) -> dict[str, Any]:
    return {
        "Error": {"Code": code, "Message": message},
        "ResponseMetadata": {"HTTPStatusCode": status},
    }


@pytest.mark.parametrize(("row", "example"), EXAMPLES, ids=[text[:60] for _, text in EXAMPLES])
def test_an_example_is_matched_by_its_row_and_by_no_other(row: TextRow, example: str) -> None:
    lowered = example.lower()
    assert [other for other in TEXTS if other.matcher.match(lowered)] == [row]
    assert row.matches(lowered)


@pytest.mark.parametrize(("row", "example"), EXAMPLES, ids=[text[:60] for _, text in EXAMPLES])
def test_an_example_is_told_under_every_code_that_its_row_names(row: TextRow, example: str) -> None:
    for service, code in row.under.items():
        said = f"{code} {example}" if service == "smtp" else answer(code, example)
        found = diagnose(said)
        if row.category == "non_ascii_address" and service == "smtp":
            # A mail server is given ASCII: there the same words are about a blank.
            assert found.category in ("non_ascii_address", "malformed_address")
        else:
            assert found.category == row.category


@pytest.mark.parametrize("row", TEXTS, ids=lambda row: f"{row.category}: {row.examples[0][:30]}")
def test_a_text_row_says_what_it_is(row: TextRow) -> None:
    assert row.category in BY_CATEGORY
    assert row.evidence in ("log", "recorded", "documentation", "emulator")
    assert row.examples
    assert set(row.under) <= {"ses", "sesv2", "smtp"}


@pytest.mark.parametrize("row", CODES, ids=lambda row: row.codes[0])
def test_a_code_row_says_what_it_is(row: CodeRow) -> None:
    assert row.category in BY_CATEGORY
    assert row.evidence in ("model", "documentation", "log", "emulator", "guard")
    assert set(row.services) <= {"ses", "sesv2", "smtp", "bulk", "aws"}
    assert (row.hides or frozenset()) <= set(BY_CATEGORY)


def test_the_spellings_of_a_code_mean_the_same() -> None:
    owners: dict[str, CodeRow] = {}
    for row in CODES:
        for code in row.codes:
            owner = owners.setdefault(key_of(code), row)
            assert (owner.category, owner.hides) == (row.category, row.hides)


def test_every_category_has_a_row() -> None:
    told = {row.category for row in TEXTS} | {row.category for row in CODES}
    assert told == set(BY_CATEGORY) - {"store_unavailable"}  # the guard's own


@pytest.mark.parametrize("service", [SES, SESV2], ids=lambda service: service.name)
def test_rate_and_quota_have_the_codes_that_the_guard_itself_and_the_simulator_give(
    service: Service,
) -> None:
    """SES's own code for v2's daily quota is not public, so all must tell the same story."""
    codes: dict[str, str] = {
        row.category: row.under[service.name] for row in TEXTS if service.name in row.under
    }
    for category, refusal, trouble, text in (
        ("send_rate", service.send_rate, "rate", RATE),
        ("daily_quota", service.daily_quota, "quota", QUOTA),
    ):
        simulated = Refused(trouble, text).answer(service.name)
        assert codes[category] == refusal.code == simulated.code
        assert simulated.status == refusal.http_status
        assert diagnose(answer(refusal.code, text, refusal.http_status)).category == category


@pytest.mark.parametrize("service", ["ses", "sesv2"])
def test_every_error_that_a_send_operation_models_is_in_the_table(service: str) -> None:
    """Amazon SES API reference, "Errors" of the send operations, by botocore's service models."""
    model = botocore.session.get_session().get_service_model(service)
    known = {key_of(code) for row in CODES for code in row.codes}
    for name in model.operation_names:
        if name.startswith("Send"):
            shapes: list[Any] = model.operation_model(name).error_shapes
            for shape in shapes:
                assert key_of(shape.error_code or shape.name) in known, (name, shape.name)


@pytest.mark.parametrize(
    ("service", "operation", "results"),
    [
        ("ses", "SendBulkTemplatedEmail", "Status"),
        ("sesv2", "SendBulkEmail", "BulkEmailEntryResults"),
    ],
)
def test_every_status_of_a_bulk_entry_is_in_the_table(
    service: str, operation: str, results: str
) -> None:
    model = botocore.session.get_session().get_service_model(service)
    shape: Any = model.operation_model(operation).output_shape
    statuses = shape.members[results].member.members["Status"].enum
    known = {key_of(code) for row in CODES for code in row.codes}
    unknown = {status for status in statuses if key_of(status) not in known}
    assert {key_of(status) for status in unknown} <= {"success", "invalidsendingpoolname"}


words_of_ses = st.sampled_from([example for _, example in EXAMPLES])


@pytest.mark.parametrize(
    ("code", "text", "category"),
    [
        ("InvalidParameterValue", "Illegal header '{}'.", "header_invalid"),
        ("InvalidParameterValue", "Duplicate header '{}'.", "header_invalid"),
        (
            "InvalidParameterValue",
            "Invalid tag value <{}>: only alphanumeric ASCII characters, '_', and '-' are allowed.",
            "other",
        ),
        (
            "MessageRejected",
            "Email address is not verified. The following identities failed the check in region "
            "EU-WEST-1: {} <orders@example.com>",
            "unverified_identity",
        ),
        ("InvalidParameterValue", "Invalid email address <{}>.", "malformed_address"),
        ("TemplateDoesNotExist", "Template {} does not exist.", "template_missing"),
        ("AccessDenied", "User `{}' is not authorized to perform `ses:X'", "not_authorized"),
    ],
)
@given(callers=words_of_ses)
def test_words_of_the_caller_are_not_taken_for_words_of_ses(
    code: str, text: str, category: str, callers: str
) -> None:
    assert diagnose(answer(code, text.format(callers))).category == category
