"""Faults that only one operation meets, or only entries of bulk calls."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from typing import Any

import pytest
from botocore.exceptions import ReadTimeoutError

from tests.simulator.local import ACCEPTED, BULK, LocalSES, bulk, one_attempt

BOTH = pytest.mark.parametrize("service", ["ses", "sesv2"])
QUOTA = {"ses": "GetSendQuota", "sesv2": "GetAccount"}


@BOTH
def test_an_operation_that_is_no_send_meets_its_own_faults(ses: LocalSES, service: str) -> None:
    faults = ses.simulator.faults
    faults.of(QUOTA[service]).error("AccessDenied", "User is not authorized.", 403)
    faults.throttle()
    assert len(faults) == 2
    denied = (403, "AccessDenied", "User is not authorized.")
    assert ses.answer(service, QUOTA[service]) == denied
    assert ses.answer(service, QUOTA[service]) == ACCEPTED
    assert ses.send(service) != ACCEPTED
    assert ses.send(service) == ACCEPTED


@BOTH
def test_the_faults_of_an_operation_go_before_those_of_any_send(
    ses: LocalSES, service: str
) -> None:
    faults = ses.simulator.faults
    faults.respond(503)
    faults.of("SendEmail").respond(500)
    assert [ses.send(service)[0] for _ in range(3)] == [500, 503, 200]


def test_a_quota_that_is_never_answered(ses: LocalSES) -> None:
    ses.simulator.faults.of("GetSendQuota").hang_after_accept()
    client = ses.simulator.client("ses", config=one_attempt(read_timeout=0.1))
    with pytest.raises(ReadTimeoutError):
        client.get_send_quota()


def test_an_operation_that_does_not_exist_is_a_mistake(ses: LocalSES) -> None:
    with pytest.raises(ValueError, match="'GetSendQouta' is no operation of ses or sesv2"):
        ses.simulator.faults.of("GetSendQouta")


def statuses(ses: LocalSES, service: str, entries: int) -> list[tuple[str, str | None]]:
    given = bulk(service, *([f"a{number}@x.org"] for number in range(entries)))
    answer = ses.call(service, BULK[service], **given)
    results = answer["Status" if service == "ses" else "BulkEmailEntryResults"]
    return [(result["Status"], result.get("Error")) for result in results]


@BOTH
def test_entries_are_throttled_inside_an_answer_of_200(ses: LocalSES, service: str) -> None:
    ses.set_up(templates=["welcome"])
    ses.simulator.faults.throttle_entries(2, after=1)
    good = ("Success" if service == "ses" else "SUCCESS", None)
    throttled = "AccountThrottled" if service == "ses" else "ACCOUNT_THROTTLED"
    refused = (throttled, "Maximum sending rate exceeded.")
    assert statuses(ses, service, 4) == [good, refused, refused, good]
    assert [one.recipients for one in ses.simulator.inbox] == [("a0@x.org",), ("a3@x.org",)]
    assert statuses(ses, service, 1) == [good]


@BOTH
def test_entries_fail_for_no_reason_of_the_caller_s(ses: LocalSES, service: str) -> None:
    ses.set_up(templates=["welcome"])
    ses.simulator.faults.fail_entries()
    status = "TransientFailure" if service == "ses" else "TRANSIENT_FAILURE"
    assert statuses(ses, service, 1) == [(status, "An internal failure has occurred.")]


def test_a_reset_forgets_them_all(ses: LocalSES) -> None:
    faults = ses.simulator.faults
    faults.throttle_entries()
    faults.of("GetAccount").throttle()
    ses.simulator.reset()
    assert len(faults) == 0
    assert ses.answer("sesv2", "GetAccount") == ACCEPTED


def order(ses: LocalSES, given: Any) -> tuple[int, Any]:
    """Status and answer of a request for faults."""
    request = urllib.request.Request(
        f"{ses.simulator.url}/_simulator/faults", json.dumps(given).encode(), method="POST"
    )
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.load(error)


def test_both_kinds_are_ordered_over_http(ses: LocalSES) -> None:
    given = {"of": {"GetSendQuota": {"throttle": 2}}, "throttle_entries": {"times": 1, "after": 3}}
    assert order(ses, given) == (200, {})
    assert len(ses.simulator.faults) == 6
    assert ses.answer("ses", "GetSendQuota")[1] == "Throttling"


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"of": {"GetSendQouta": {"throttle": 1}}}, "'GetSendQouta' is no operation"),
        ({"of": ["GetSendQuota"]}, "the body is a JSON object"),
        ({"of": {"GetSendQuota": {"throtle": 1}}}, "'throtle' is no fault"),
        ({"throttle": 1, "of": {"GetSendQuota": {"throttle": 0}}}, "throttle.times"),
        ({"throttle_entries": {"after": -1}}, "throttle_entries.after is from 0"),
        ({"throttle_entries": {"after": 0.5}}, "throttle_entries.after is from 0"),
    ],
)
def test_what_is_not_understood_orders_nothing(ses: LocalSES, given: Any, reason: str) -> None:
    status, answer = order(ses, given)
    assert status == 400
    assert reason in answer["error"]
    assert len(ses.simulator.faults) == 0
