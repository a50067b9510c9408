"""Reading the results of bulk calls."""

from __future__ import annotations

from typing import Any

import pytest

import botoses_guard
from botoses_guard import bulk

V1 = {
    "Status": [
        {"Status": "Success", "MessageId": "1"},
        {"Status": "AccountThrottled", "Error": "Maximum sending rate exceeded."},
        {"Status": "TemplateDoesNotExist", "Error": "Template news does not exist."},
        {"Status": "Failed"},
    ]
}
V2 = {
    "BulkEmailEntryResults": [
        {"Status": "SUCCESS", "MessageId": "1"},
        {"Status": "TEMPLATE_DOES_NOT_EXIST", "Error": "Template news does not exist."},
    ]
}


@pytest.mark.parametrize(
    ("status", "fate"),
    [
        ("Success", "accepted"),
        ("SUCCESS", "accepted"),
        ("AccountThrottled", "throttled"),
        ("ACCOUNT_THROTTLED", "throttled"),
        ("TransientFailure", "failed_for_now"),
        ("TRANSIENT_FAILURE", "failed_for_now"),
        ("AccountDailyQuotaExceeded", "exhausted"),
        ("ACCOUNT_DAILY_QUOTA_EXCEEDED", "exhausted"),
        ("MESSAGE_REJECTED", "refused"),
        ("CONFIGURATION_SET_DOES_NOT_EXIST", "refused"),
        ("FAILED", "refused"),
        ("a word of next year", "refused"),
        ("", "refused"),
        (None, "refused"),
    ],
)
def test_a_status_in_any_spelling(status: str | None, fate: str) -> None:
    assert bulk.fate_of({"Status": status}) == fate


def test_failures_have_their_place_and_what_they_mean() -> None:
    found = botoses_guard.bulk_failures(V1)
    assert [(failure.index, failure.diagnosis.category) for failure in found] == [
        (1, "send_rate"),
        (2, "template_missing"),
        (3, "other"),
    ]
    assert found[1].diagnosis.template == "news"
    [failure] = botoses_guard.bulk_failures(V2)
    assert (failure.index, failure.status) == (1, "TEMPLATE_DOES_NOT_EXIST")
    assert failure.diagnosis.category == "template_missing"


def test_advice_is_in_the_language_asked_for() -> None:
    english, chinese = (
        botoses_guard.bulk_failures(V2, language=language)[0].diagnosis.advice
        for language in ("en", "zh-TW")
    )
    assert english.isascii()
    assert not chinese.isascii()


def test_recipients_come_from_the_parameters_of_the_call() -> None:
    parameters = {
        "BulkEmailEntries": [
            {"Destination": {"ToAddresses": ["a@example.com"]}},
            {
                "Destination": {
                    "ToAddresses": ["b@example.com"],
                    "CcAddresses": ["c@example.com"],
                    "BccAddresses": ["d@example.com"],
                }
            },
        ]
    }
    [failure] = botoses_guard.bulk_failures(V2, parameters)
    assert failure.recipients == ("b@example.com", "c@example.com", "d@example.com")


def test_parameters_of_another_call_are_refused() -> None:
    with pytest.raises(ValueError, match="about 2 entries, the parameters have 1"):
        botoses_guard.bulk_failures(V2, {"BulkEmailEntries": [{"Destination": {}}]})


@pytest.mark.parametrize(
    "response", [None, "text", {}, {"MessageId": "1"}, {"Status": "Success"}, [V1]]
)
def test_what_is_no_answer_of_a_bulk_call_is_refused(response: Any) -> None:
    with pytest.raises(TypeError, match="SendBulkEmail"):
        botoses_guard.bulk_failures(response)


def test_a_full_quota_stops_the_others() -> None:
    results = [{"Status": "AccountThrottled"}, {"Status": "AccountDailyQuotaExceeded"}]
    assert bulk.to_send_again(results) == []
    assert bulk.to_send_again(results[:1]) == [0]
