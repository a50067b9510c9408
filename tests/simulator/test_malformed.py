"""Requests that no client of AWS writes: each is refused, none with 500, and the next is served."""

from __future__ import annotations

import gzip
import http.client
import json
import socket
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.simulator.local import ACCEPTED, CONTENT, LocalSES, send_email

V2 = "/v2/email/outbound-emails"
FORM = {"Action": "SendEmail", "Version": "2010-12-01"}


def ask(
    ses: LocalSES,
    method: str,
    path: str,
    body: bytes | str | None = None,
    headers: dict[str, str] | None = None,
) -> tuple[int, str, str]:
    """Status, type and text of the answer to one HTTP request."""
    place = urlsplit(ses.simulator.url)
    connection = http.client.HTTPConnection(place.hostname or "", place.port, timeout=10)
    try:
        connection.request(method, path, body, headers or {})
        answer = connection.getresponse()
        kind = answer.getheader("x-amzn-ErrorType") or ""
        return answer.status, kind, answer.read().decode()
    finally:
        connection.close()


JSON_BODIES = [
    b"{",
    b"\xff\xfe",
    b"[]",
    b"null",
    b'"text"',
    b"[" * 100_000,
    b"1" * 5_000,
    json.dumps({"FromEmailAddress": 5}).encode(),
    json.dumps({"FromEmailAddress": {"a": "b"}}).encode(),
    json.dumps({"FromEmailAddress": "\ud800@example.com"}).encode(),
    json.dumps({"Destination": []}).encode(),
    json.dumps({"Destination": {"ToAddresses": "ada@example.org"}}).encode(),
    json.dumps({"Destination": {"ToAddresses": [None]}}).encode(),
    json.dumps({"Content": {"Raw": {"Data": "no base64!"}}}).encode(),
    json.dumps({"Content": {"Raw": {"Data": 5}}}).encode(),
    json.dumps({"Content": {"Raw": {"Data": "é"}}}).encode(),
    json.dumps({"ListManagementOptions": "x"}).encode(),
]


@pytest.mark.parametrize("body", JSON_BODIES, ids=lambda body: body[:48].decode("latin-1"))
def test_a_body_that_is_not_json_of_its_shape_cannot_be_read(ses: LocalSES, body: bytes) -> None:
    status, kind, _ = ask(ses, "POST", V2, body)
    assert (status, kind) == (400, "SerializationException")
    assert ses.send("sesv2") == ACCEPTED


NUMBERS = [float("inf"), float("nan"), 1e999, "many", None, [1], True]


@pytest.mark.parametrize("number", NUMBERS, ids=repr)
def test_a_number_of_any_kind_is_no_failure(ses: LocalSES, number: Any) -> None:
    content = {"ConfigurationSetName": "a", "DeliveryOptions": {"MaxDeliverySeconds": number}}
    status, _, _ = ask(ses, "POST", "/v2/email/configuration-sets", json.dumps(content))
    assert status in (200, 400)


def test_a_boolean_is_true_or_false(ses: LocalSES) -> None:
    values: list[Any] = ["no", 1, [], {}]
    for value in values:
        body = json.dumps({"SendingEnabled": value})
        status, kind, _ = ask(ses, "PUT", "/v2/email/account/sending", body)
        assert (status, kind) == (400, "SerializationException")
    assert ses.send("sesv2") == ACCEPTED


FORMS = [
    ({"Source.x": "a", "Source": "b", "Source.y": "c"}, "MalformedInput"),
    ({"Destination": "text"}, "MalformedInput"),
    ({"Destination.ToAddresses.member.x": "a"}, "MalformedInput"),
    ({"Destination.ToAddresses.member.1.x": "a"}, "MalformedInput"),
    ({f"Destination.ToAddresses.member.{'9' * 5_000}": "a"}, "MalformedInput"),
    ({"Destination.ToAddresses.member": "a"}, "MalformedInput"),
    ({".": "a", "..": "b", "": "c"}, "MalformedInput"),
    ({"a.b.c": "a", "x": "b"}, "ValidationError"),
    ({"Source": "shop@example.com", "Message": "text"}, "MalformedInput"),
    ({"Action": "SendRawEmail", "RawMessage.Data": "no base64!"}, "MalformedInput"),
    ({"Action": "VerifyEmailIdentity"}, "ValidationError"),
    ({"Action": "CreateConfigurationSet"}, "ValidationError"),
    ({"Action": "PutConfigurationSetDeliveryOptions"}, "ValidationError"),
    ({"Action": "Nonsense"}, "InvalidAction"),
    ({"Action": ""}, "InvalidAction"),
    ({"Action": "SendEmail\x00<&"}, "InvalidAction"),
]


@pytest.mark.parametrize(("form", "code"), FORMS)
def test_a_form_that_is_not_of_its_shape_is_refused(
    ses: LocalSES, form: dict[str, str], code: str
) -> None:
    status, _, text = ask(ses, "POST", "/", urlencode({**FORM, **form}))
    assert status == 400
    assert f"<Code>{code}</Code>" in text
    assert ses.send("ses") == ACCEPTED


def test_an_unknown_action_is_named(ses: LocalSES) -> None:
    """As of an old version of the API: "Could not find operation X for version Y"."""
    _, _, text = ask(ses, "POST", "/", urlencode({"Action": "SendFax", "Version": "2009-10-16"}))
    assert "Could not find operation SendFax for version 2009-10-16" in text


def test_v1_reads_a_get(ses: LocalSES) -> None:
    query = urlencode({"Action": "GetSendQuota", "Version": "2010-12-01"})
    status, _, text = ask(ses, "GET", f"/?{query}")
    assert status == 200 and "<MaxSendRate>1000.0</MaxSendRate>" in text


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/v2/email/outbound-faxes"),
        ("GET", V2),
        ("DELETE", "/v2/email/account"),
        ("GET", "/v2/"),
    ],
)
def test_an_unknown_operation_of_v2_is_no_operation(ses: LocalSES, method: str, path: str) -> None:
    status, kind, _ = ask(ses, method, path, "{}")
    assert (status, kind) == (404, "UnknownOperationException")


def test_a_member_that_must_be_there_is_named(ses: LocalSES) -> None:
    status, kind, text = ask(ses, "POST", V2, json.dumps({"Content": {"Simple": {"Body": {}}}}))
    assert (status, kind) == (400, "BadRequestException")
    assert json.loads(text)["message"] == (
        "1 validation error detected: Value at 'content.simple.subject' failed to satisfy "
        "constraint: Member must not be null"
    )


def test_a_body_that_is_not_what_its_encoding_says(ses: LocalSES) -> None:
    packed = gzip.compress(json.dumps(send_email("sesv2")).encode())
    assert ask(ses, "POST", V2, packed, {"Content-Encoding": "gzip"})[0] == 200
    assert ask(ses, "POST", V2, b"no gzip", {"Content-Encoding": "gzip"})[0] == 400
    assert ses.send("sesv2") == ACCEPTED


def test_a_request_cut_in_its_body_is_forgotten(ses: LocalSES) -> None:
    place = urlsplit(ses.simulator.url)
    with socket.create_connection((place.hostname, place.port)) as connection:
        head = f"POST {V2} HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n"
        connection.sendall(head.encode() + b"{")
    assert ses.send("sesv2") == ACCEPTED
    assert len(ses.simulator.inbox) == 1


METRICS = "/v2/email/metrics/batch"


@pytest.mark.parametrize(
    ("dimensions", "expected"),
    [({"ISP": "Example"}, (404, "UnknownOperationException")),
     ({}, (400, "BadRequestException")),
     (["ISP"], (400, "SerializationException"))],
)  # fmt: skip
def test_a_map_is_a_map(ses: LocalSES, dimensions: Any, expected: tuple[int, str]) -> None:
    query = {
        "Id": "1",
        "Namespace": "VDM",
        "Metric": "SEND",
        "Dimensions": dimensions,
        "StartDate": "2026-01-01",
        "EndDate": "2026-01-02",
    }
    assert ask(ses, "POST", METRICS, json.dumps({"Queries": [query]}))[:2] == expected


@pytest.mark.parametrize("service", ["ses", "sesv2"])
def test_a_bug_of_the_simulator_is_an_internal_failure(
    ses: LocalSES, caplog: pytest.LogCaptureFixture, service: str
) -> None:
    """Not a connection that breaks, which a guard might take for an unknown outcome."""
    ses.set_up(rate="fast")
    internal = (500, "InternalFailure", "An internal failure has occurred.")
    assert ses.send(service) == internal
    assert "the simulator failed in SendEmail" in caplog.text
    ses.set_up()
    assert ses.send(service) == ACCEPTED


def test_what_xml_cannot_hold_is_replaced_in_an_answer(ses: LocalSES) -> None:
    """XML 1.0 has no control characters but TAB, LF and CR (section 2.2)."""
    mailbox = f'"{"x" * 320}\x01\ufffe\r&" <ada@example.org>'
    given = {"Destination": {"ToAddresses": [mailbox]}}
    answer = ses.answer("ses", "SendEmail", **send_email("ses", **given))
    assert answer[2].startswith("Address length is more than 320 characters long: '\"x")
    assert answer[2].endswith("x\ufffd\ufffd\r&\" <ada@example.org>'.")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)
MEMBERS = ["FromEmailAddress", "Destination", "ReplyToAddresses", "Content", "EmailTags"]


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.sampled_from(MEMBERS), json_values))
def test_no_json_makes_it_fail(ses: LocalSES, content: dict[str, Any]) -> None:
    complete = {"Content": {"Simple": CONTENT}, **content}
    assert ask(ses, "POST", V2, json.dumps(complete))[0] in (200, 400, 404)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(["SendEmail", "SendRawEmail", "SendBulkTemplatedEmail", "CreateTemplate"]),
    st.dictionaries(
        st.sampled_from(
            [
                "Source",
                "Destination.ToAddresses.member.1",
                "Message.Subject.Data",
                "Message.Body.Text.Data",
                "RawMessage.Data",
                "Destinations.member.1.Destination.ToAddresses",
                "Template.TemplateName",
            ]
        )
        | st.text(alphabet="Soure.member1", max_size=20),
        st.text(max_size=20),
    ),
)
def test_no_form_makes_it_fail(ses: LocalSES, action: str, form: dict[str, str]) -> None:
    body = urlencode({**form, "Action": action})
    assert ask(ses, "POST", "/", body)[0] in (200, 400)
