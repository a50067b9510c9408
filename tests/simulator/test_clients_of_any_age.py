"""Clients of another botocore than the simulator's, by the requests that they write."""

from __future__ import annotations

import http.client
import json
from typing import Any

import pytest

from tests.simulator.local import LocalSES


def request(ses: LocalSES, method: str, path: str) -> tuple[int, Any]:
    connection = http.client.HTTPConnection(ses.simulator.url.removeprefix("http://"))
    try:
        connection.request(method, path, headers={"Content-Type": "application/json"})
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())
    finally:
        connection.close()


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/v2/email/identities?PageSize=10"), ("POST", "/v2/email/list-identities")],
)
def test_identities_are_listed_where_either_age_asks(ses: LocalSES, method: str, path: str) -> None:
    ses.set_up(verified=["example.com"])
    status, answer = request(ses, method, path)
    assert status == 200
    assert [one["IdentityName"] for one in answer["EmailIdentities"]] == ["example.com"]


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/v2/email/configuration-sets"), ("POST", "/v2/email/list-configuration-sets")],
)
def test_sets_are_listed_where_either_age_asks(ses: LocalSES, method: str, path: str) -> None:
    ses.set_up(configuration_sets=["spring"])
    assert request(ses, method, path) == (200, {"ConfigurationSets": ["spring"]})


def test_what_an_account_and_a_set_send_can_be_asked(ses: LocalSES) -> None:
    ses.set_up(configuration_sets=["spring"], paused=True)
    named = {"ConfigurationSetName": "spring"}
    assert ses.call("ses", "GetAccountSendingEnabled") == {"Enabled": False}
    found = ses.call("ses", "DescribeConfigurationSet", **named)
    assert found["ConfigurationSet"] == {"Name": "spring"}
    ses.call("sesv2", "PutConfigurationSetSendingOptions", SendingEnabled=False, **named)
    found = ses.call("sesv2", "GetConfigurationSet", **named)
    assert found == {"ConfigurationSetName": "spring", "SendingOptions": {"SendingEnabled": False}}
    missing = {"ConfigurationSetName": "autumn"}
    for service, operation in (
        ("ses", "DescribeConfigurationSet"),
        ("sesv2", "GetConfigurationSet"),
    ):
        message = ses.answer(service, operation, **missing)[2]
        assert message == "Configuration set <autumn> does not exist."
