"""Reading the results of bulk calls."""

from __future__ import annotations

from typing import Any

import pytest

import botoses_guard
from botoses_guard.operations import OPERATIONS, Operation
from botoses_guard.sending import bulk_results as bulk

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
        ("", "unknown"),
        (None, "unknown"),
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


V1_BULK, V2_BULK = (operation for operation in OPERATIONS if operation.results)
ACCEPTED = {"Status": "SUCCESS", "MessageId": "1"}


@pytest.mark.parametrize("operation", [V1_BULK, V2_BULK], ids=lambda of: of.name)
@pytest.mark.parametrize(
    ("results", "fates"),
    [
        ([ACCEPTED, ACCEPTED], ["accepted", "accepted"]),
        ([{"MessageId": "1"}, ACCEPTED], ["accepted", "accepted"]),
        ([ACCEPTED], ["accepted", "unknown"]),
        ([ACCEPTED, None], ["accepted", "unknown"]),
        ([ACCEPTED, "text"], ["accepted", "unknown"]),
        ([ACCEPTED, {}], ["accepted", "unknown"]),
        ([ACCEPTED, {"Status": None}], ["accepted", "unknown"]),
        ([], ["unknown", "unknown"]),
        (None, ["unknown", "unknown"]),
        ({}, ["unknown", "unknown"]),
        ("text", ["unknown", "unknown"]),
        ([ACCEPTED, ACCEPTED, ACCEPTED], ["unknown", "unknown"]),
    ],
)
def test_an_entry_without_a_result_of_its_own_is_unknown(
    operation: Operation, results: Any, fates: list[str]
) -> None:
    assert operation.results is not None
    found = bulk.results_of(operation, {operation.results: results}, 2)
    assert [bulk.fate_of(result) for result in found] == fates


def test_an_unknown_entry_says_so_in_the_words_of_its_api() -> None:
    """Its status is the one that nobody sends again."""
    for operation, status in ((V1_BULK, "Failed"), (V2_BULK, "FAILED")):
        [result] = bulk.results_of(operation, {}, 1)
        assert result["Status"] == status
        answer = {operation.results or "": [result]}
        [failure] = botoses_guard.bulk_failures(answer)
        assert failure.diagnosis.category == "outcome_unknown"
        assert not failure.diagnosis.retryable


@pytest.mark.parametrize("entry", [None, "text", {}, {"Status": None}])
def test_entries_that_plain_botocore_hands_out_without_a_result_are_failures(entry: Any) -> None:
    [failure] = botoses_guard.bulk_failures({"BulkEmailEntryResults": [entry]})
    assert failure.diagnosis.category == "outcome_unknown"
