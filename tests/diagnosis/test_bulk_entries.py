"""The entries of a bulk operation's answer, in which a 200 hides failures."""

from __future__ import annotations

from typing import Any

import botocore.session
import pytest

from botoses_guard.diagnosis import diagnose

STATUSES = {
    "MessageRejected": "other",
    "MESSAGE_REJECTED": "other",
    "MailFromDomainNotVerified": "mail_from_not_verified",
    "MAIL_FROM_DOMAIN_NOT_VERIFIED": "mail_from_not_verified",
    "ConfigurationSetDoesNotExist": "config_set_missing",
    "CONFIGURATION_SET_NOT_FOUND": "config_set_missing",
    "CONFIGURATION_SET_DOES_NOT_EXIST": "config_set_missing",
    "TemplateDoesNotExist": "template_missing",
    "TEMPLATE_NOT_FOUND": "template_missing",
    "TEMPLATE_DOES_NOT_EXIST": "template_missing",
    "AccountSuspended": "account_paused",
    "ACCOUNT_SUSPENDED": "account_paused",
    "AccountThrottled": "send_rate",
    "ACCOUNT_THROTTLED": "send_rate",
    "AccountDailyQuotaExceeded": "daily_quota",
    "ACCOUNT_DAILY_QUOTA_EXCEEDED": "daily_quota",
    "InvalidSendingPoolName": "other",
    "INVALID_SENDING_POOL_NAME": "other",
    "AccountSendingPaused": "account_paused",
    "ACCOUNT_SENDING_PAUSED": "account_paused",
    "ConfigurationSetSendingPaused": "config_set_paused",
    "CONFIGURATION_SET_SENDING_PAUSED": "config_set_paused",
    "InvalidParameterValue": "other",
    "INVALID_PARAMETER_VALUE": "other",
    "INVALID_PARAMETER": "other",
    "TransientFailure": "service_unavailable",
    "TRANSIENT_FAILURE": "service_unavailable",
    "Failed": "other",
    "FAILED": "other",
}
"""What each status means beside no text; the API reference of v2 also writes some of v1's."""

OPERATIONS = [
    ("ses", "SendBulkTemplatedEmail", "Status"),
    ("sesv2", "SendBulkEmail", "BulkEmailEntryResults"),
]


def statuses_of(service: str, operation: str, results: str) -> set[str]:
    """As botocore's service model lists them."""
    model = botocore.session.get_session().get_service_model(service)
    shape: Any = model.operation_model(operation).output_shape
    return set(shape.members[results].member.members["Status"].enum)


@pytest.mark.parametrize(("service", "operation", "results"), OPERATIONS)
def test_every_status_but_success_has_a_meaning(service: str, operation: str, results: str) -> None:
    modelled = statuses_of(service, operation, results)
    assert {status for status in modelled - {*STATUSES} if status.lower() != "success"} == set()


@pytest.mark.parametrize("beside", [{}, {"Error": None}, {"Error": ""}], ids=str)
@pytest.mark.parametrize(("status", "category"), STATUSES.items())
def test_a_status_tells_its_category_beside_no_text(
    status: str, category: str, beside: dict[str, Any]
) -> None:
    found = diagnose({"Status": status, "MessageId": None, **beside})
    assert (found.category, found.code, found.message) == (category, status, "")
    assert found.retryable == (category in ("send_rate", "service_unavailable"))
    assert found.advice


@pytest.mark.parametrize(
    "status",
    [
        "MessageRejected",
        "MESSAGE_REJECTED",
        "Failed",
        "FAILED",
        "InvalidParameterValue",
        "INVALID_PARAMETER",
    ],
)
@pytest.mark.parametrize(
    ("text", "category"),
    [
        (
            "Email address is not verified. The following identities failed the check in region "
            "US-EAST-1: ada@example.com",
            "unverified_identity",
        ),
        ("Missing final '@domain'", "malformed_address"),
        ("Local address contains control or whitespace", "non_ascii_address"),
        ("Address blacklisted.", "suppressed"),
        ("Something that SES never said", "other"),
    ],
)
def test_the_text_decides_beside_a_status_that_says_nothing(
    status: str, text: str, category: str
) -> None:
    assert diagnose({"Status": status, "Error": text}).category == category


@pytest.mark.parametrize(
    ("status", "text", "category"),
    [
        ("AccountThrottled", "Maximum sending rate exceeded.", "send_rate"),
        ("ACCOUNT_THROTTLED", "Daily message quota exceeded.", "daily_quota"),
        ("ACCOUNT_DAILY_QUOTA_EXCEEDED", "Maximum sending rate exceeded.", "daily_quota"),
        ("TEMPLATE_NOT_FOUND", "Email address is not verified.", "template_missing"),
        ("MAIL_FROM_DOMAIN_NOT_VERIFIED", "Address blacklisted.", "mail_from_not_verified"),
    ],
)
def test_a_status_that_says_something_keeps_its_meaning(
    status: str, text: str, category: str
) -> None:
    assert diagnose({"Status": status, "Error": text}).category == category


@pytest.mark.parametrize(
    ("status", "error", "names"),
    [
        (
            "TEMPLATE_NOT_FOUND",
            "Template welcome does not exist.",
            {"template": "welcome"},
        ),
        (
            "ConfigurationSetDoesNotExist",
            "Configuration set <orders> does not exist.",
            {"configuration_set": "orders"},
        ),
    ],
)
def test_what_the_text_of_an_entry_names_is_read(
    status: str, error: str, names: dict[str, str]
) -> None:
    found = diagnose({"Status": status, "Error": error})
    assert {name: getattr(found, name) for name in names} == names


@pytest.mark.parametrize("status", ["Success", "SUCCESS"])
@pytest.mark.parametrize("beside", [{"MessageId": "0100"}, {"Error": None}, {"Error": ""}], ids=str)
def test_an_entry_that_succeeded_is_a_type_error(status: str, beside: dict[str, Any]) -> None:
    with pytest.raises(TypeError, match="of an entry that succeeded"):
        diagnose({"Status": status, **beside})


@pytest.mark.parametrize(
    "answer",
    [
        {"Status": [{"Status": "Failed", "Error": "x"}], "ResponseMetadata": {}},
        {"Status": []},
        {"BulkEmailEntryResults": [{"Status": "FAILED", "Error": "x"}]},
    ],
    ids=str,
)
def test_a_whole_bulk_answer_is_a_type_error_that_asks_for_its_entries(
    answer: dict[str, Any],
) -> None:
    with pytest.raises(TypeError, match="give its failed entries one by one"):
        diagnose(answer)
