"""What the guard relies on at botocore's seam, and what a user sees there, fact by fact."""

from __future__ import annotations

import copy
import logging
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError, ParamValidationError
from botocore.stub import Stubber

import botoses_guard
from botoses_guard import errors
from botoses_guard.pacing import MemoryStore
from botoses_guard.plugin import Guard
from botoses_guard.settings import load
from botoses_guard.simulator import Simulator

from .sends import SERVICES, client_of, message

everywhere = pytest.mark.parametrize("service", SERVICES)

UNICODE = ('"Büro, Zürich" <shop@bücher.example>', "Ada <ada@exämple.com>")
ON_THE_WIRE = (
    "=?utf-8?b?QsO8cm8sIFrDvHJpY2g=?= <shop@xn--bcher-kva.example>",
    "Ada <ada@xn--exmple-cua.com>",
)


def sent_parameters(ses: Simulator, number: int = 0) -> tuple[Any, Any]:
    """Sender and recipient as they came over the wire."""
    given = ses.inbox[number].parameters
    return given.get("Source", given.get("FromEmailAddress")), given["Destination"]["ToAddresses"][
        0
    ]


@everywhere
def test_addresses_go_over_the_wire_in_ascii_and_the_callers_objects_stay(service: str) -> None:
    with Simulator(rate=100) as ses:
        client, _ = client_of(ses, service)
        given = message(service, UNICODE[1], sender=UNICODE[0])
        before = copy.deepcopy(given)
        client.send_email(**given)
        assert given == before
        sender, recipient = sent_parameters(ses)
        assert (sender, recipient) == ON_THE_WIRE


@everywhere
def test_every_fault_of_a_send_is_in_one_error_and_nothing_is_sent(service: str) -> None:
    with Simulator(rate=100) as ses:
        client, guard = client_of(ses, service)
        with pytest.raises(errors.MalformedAddress) as caught:
            client.send_email(
                **message(service, "ada@example.com", "b@@c", "jörg@example.com", subject="a\nb")
            )
        error = caught.value
        assert [fault.path for fault in error.violations] == [
            "Destination.ToAddresses[1]",
            "Destination.ToAddresses[2]",
            "Message.Subject.Data" if service == "ses" else "Content.Simple.Subject.Data",
        ]
        assert error.origin == "client"
        assert error.operation_name == "SendEmail"
        assert error.response["ResponseMetadata"]["HTTPStatusCode"] == 400
        assert error.response["Error"]["Code"] == (
            "InvalidParameterValue" if service == "ses" else "BadRequestException"
        )
        assert ses.counters.requests == 0
        assert guard.snapshot().refusals == {"malformed_address": 1}


def test_a_refusal_of_the_guard_is_caught_as_the_clients_own_class() -> None:
    with Simulator(rate=100) as ses:
        client, _ = client_of(ses, "sesv2")
        with pytest.raises(client.exceptions.BadRequestException) as caught:
            client.send_email(**message("sesv2", "jörg@example.com"))
        assert isinstance(caught.value, errors.NonASCIIAddress)


def test_values_of_a_wrong_type_are_botocores_to_refuse() -> None:
    with Simulator(rate=100) as ses:
        client, _ = client_of(ses, "sesv2")
        given = message("sesv2")
        given["Destination"]["ToAddresses"] = "ada@example.com"
        with pytest.raises(ParamValidationError):
            client.send_email(**given)


def test_empty_lists_that_v1_would_refuse_are_not_sent() -> None:
    with Simulator(rate=100) as ses:
        client, _ = client_of(ses, "ses")
        given = message("ses")
        given["Destination"]["CcAddresses"] = []
        given["ReplyToAddresses"] = []
        client.send_email(**given)
        assert "CcAddresses" not in ses.inbox[0].parameters["Destination"]
        assert given["ReplyToAddresses"] == []


@everywhere
def test_a_stubber_compares_what_the_caller_gave(service: str) -> None:
    with Simulator(rate=100) as ses:
        client, guard = client_of(ses, service)
        given = message(service, UNICODE[1], sender=UNICODE[0])
        with Stubber(client) as stubber:
            stubber.add_response("send_email", {"MessageId": "1"}, copy.deepcopy(given))
            assert client.send_email(**given)["MessageId"] == "1"
        assert ses.counters.requests == 0
        assert guard.snapshot().waits == 0


@everywhere
def test_a_stubbers_error_is_enriched(service: str) -> None:
    with Simulator(rate=100) as ses:
        client, _ = client_of(ses, service)
        with Stubber(client) as stubber:
            stubber.add_client_error(
                "send_email", "MessageRejected", "Sending paused for this account."
            )
            with pytest.raises(errors.AccountPaused) as caught:
                client.send_email(**message(service))
        assert isinstance(caught.value, client.exceptions.MessageRejected)


def test_a_presigned_url_is_neither_counted_nor_paced() -> None:
    with Simulator(rate=100) as ses:
        client, guard = client_of(ses, "ses")
        url = client.generate_presigned_url("send_email", message("ses", "jörg@example.com"))
        assert url.startswith(ses.url)
        snapshot = guard.snapshot()
        assert (snapshot.sends, snapshot.accounts) == (0, {})


@everywhere
def test_on_limit_raise_never_sleeps_and_tells_when(service: str) -> None:
    with Simulator(rate=100) as ses:
        client, guard = client_of(ses, service, on_limit="raise", max_send_rate=0.5)
        client.send_email(**message(service))
        with pytest.raises(errors.SendRateExceeded) as caught:
            client.send_email(**message(service))
        error = caught.value
        assert error.retry_after is not None
        assert 0 < error.retry_after <= 2.2
        assert error.origin == "client"
        assert error.response["Error"]["Message"] == "Maximum sending rate exceeded."
        assert ses.counters.sends == 1
        assert guard.snapshot().waits == 0


@everywhere
def test_a_wait_over_max_wait_is_refused_at_once_and_reserves_nothing(service: str) -> None:
    with Simulator(rate=1000) as ses:
        client, guard = client_of(ses, service, max_wait=0.5, max_send_rate=0.01, rate_share=1)
        client.send_email(**message(service))
        for _ in range(3):
            with pytest.raises(errors.Throttled):
                client.send_email(**message(service))
        [standing] = guard.snapshot().accounts.values()
        assert standing.queue <= 100


@everywhere
def test_a_used_up_quota_is_refused_without_a_request(service: str) -> None:
    with Simulator(rate=1000, quota=3) as ses:
        client, guard = client_of(ses, service)
        for _ in range(3):
            client.send_email(**message(service))
        with pytest.raises(errors.DailyQuotaExceeded) as caught:
            client.send_email(**message(service))
        assert ses.counters.sends == 3
        assert caught.value.origin == "client"
        assert caught.value.retry_after is not None
        assert caught.value.retry_after > 0
        assert "(3 recipients)" in caught.value.diagnosis.advice
        [standing] = guard.snapshot().accounts.values()
        assert standing.remaining_24_hours == 0


def test_the_mailbox_simulator_does_not_count_to_the_quota() -> None:
    with Simulator(rate=1000, quota=1) as ses:
        client, _ = client_of(ses, "sesv2")
        for _ in range(3):
            client.send_email(**message("sesv2", "success@simulator.amazonses.com"))
        client.send_email(**message("sesv2"))
        assert len(ses.inbox) == 4


@everywhere
def test_the_rate_and_quota_come_from_the_account(service: str) -> None:
    with Simulator(rate=200, quota=1000) as ses:
        client, guard = client_of(ses, service)
        client.send_email(**message(service))
        [standing] = guard.snapshot().accounts.values()
        assert standing.rate == pytest.approx(190)
        assert standing.remaining_24_hours == 999


@everywhere
def test_without_permission_for_the_quota_sends_go_on_with_one_warning(
    service: str, caplog: pytest.LogCaptureFixture
) -> None:
    def deny(**_: Any) -> None:
        answer: Any = {"Error": {"Code": "AccessDenied", "Message": "User is not authorized"}}
        raise ClientError(answer, "GetSendQuota")

    with Simulator(rate=1000) as ses:
        client, guard = client_of(ses, service, quota_ttl=1)
        operation = "GetSendQuota" if service == "ses" else "GetAccount"
        client.meta.events.register(f"before-call.{service}.{operation}", deny)
        for _ in range(5):
            client.send_email(**message(service))
        assert len(ses.inbox) == 5
        [standing] = guard.snapshot().accounts.values()
        assert (standing.rate, standing.remaining_24_hours) == (None, None)
    warnings = [r for r in caplog.records if r.levelno >= logging.WARNING]
    assert len(warnings) == 1
    assert "AccessDenied" in warnings[0].getMessage()


def test_an_operation_with_a_rate_of_its_own_does_not_hold_up_the_others() -> None:
    """On a pacer's clock that stands still, the second verification alone has to wait."""
    waits: list[float] = []

    def sleep(seconds: float) -> None:
        waits.append(seconds)
        time.sleep(seconds)  # the local SES keeps the rate of one a second, too

    store = MemoryStore(lambda: 0)
    settings = load({"max_send_rate": 1000, "max_24_hour_send": -1, "rate_share": 1}, {})
    with Simulator(rate=1000, templates=["verify"]) as ses:
        client = ses.client("sesv2", session=boto3.Session())
        Guard(settings, store=store, sleep=sleep).attach(client)
        verification = {"EmailAddress": "ada@example.com", "TemplateName": "verify"}
        client.send_custom_verification_email(**verification)
        client.send_email(**message("sesv2"))
        client.send_custom_verification_email(**verification)
        assert ses.counters.throttled == 0
        assert waits == [1.0]


@everywhere
def test_bulk_sends_are_counted_in_recipients(service: str) -> None:
    with Simulator(rate=1000, templates=["welcome"]) as ses:
        client, guard = client_of(ses, service)
        entries = [
            {"Destination": {"ToAddresses": [f"a{n}@example.com", f"b{n}@example.com"]}}
            for n in range(10)
        ]
        if service == "ses":
            client.send_bulk_templated_email(
                Source="shop@example.com",
                Template="welcome",
                DefaultTemplateData="{}",
                Destinations=entries,
            )
        else:
            client.send_bulk_email(
                FromEmailAddress="shop@example.com",
                DefaultContent={"Template": {"TemplateName": "welcome", "TemplateData": "{}"}},
                BulkEmailEntries=entries,
            )
        assert guard.snapshot().recipients == 20
        assert ses.counters.recipients == 20


def test_recipients_of_a_raw_message_are_counted_from_its_headers() -> None:
    raw = (
        "From: Büro <shop@example.com>\r\nTo: a@example.com, b@bücher.example\r\n"
        "Bcc: c@example.com\r\nSubject: s\r\n\r\nbody\r\n"
    ).encode()
    with Simulator(rate=1000) as ses:
        client, guard = client_of(ses, "ses")
        client.send_raw_email(RawMessage={"Data": raw})
        assert guard.snapshot().recipients == 3
        assert ses.inbox[0].recipients == (
            "a@example.com",
            "b@xn--bcher-kva.example",
            "c@example.com",
        )


def test_64_threads_share_one_bucket_and_lose_no_slot() -> None:
    with Simulator(rate=400) as ses:
        client, guard = client_of(ses, "sesv2")
        start = threading.Barrier(64)

        def send(number: int) -> None:
            start.wait()
            for again in range(3):
                client.send_email(**message("sesv2", f"c{number}.{again}@example.com"))

        with ThreadPoolExecutor(64) as pool:
            list(pool.map(send, range(64)))
        recipients = [one.recipients for one in ses.inbox]
        assert len(set(recipients)) == len(recipients) == 192
        assert ses.counters.throttled == 0
        assert guard.snapshot().accepted == 192


@everywhere
def test_no_log_record_holds_an_address_a_subject_or_a_body(
    service: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="botoses_guard")
    with Simulator(rate=1000, verified=["shop@example.com"]) as ses:
        client, _ = client_of(ses, service)
        client.send_email(**message(service, subject="secret subject"))
        ses.faults.throttle(1)
        client.send_email(**message(service, subject="secret subject"))
        for given in (
            message(service, "jörg@example.com"),
            message(service, sender="stranger@example.com"),
        ):
            with pytest.raises(errors.SESError):
                client.send_email(**given)
        ses.faults.exhaust_quota(1)
        with pytest.raises(errors.DailyQuotaExceeded):
            client.send_email(**message(service))
    own = [record.getMessage() for record in caplog.records if record.name.startswith("botoses")]
    assert own
    assert not [text for text in own if "@" in text.replace("@127.0.0.1", "") or "secret" in text]


def test_a_trouble_for_a_person_is_logged_as_an_error_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with Simulator(rate=1000, paused_by_aws=True) as ses:
        client, guard = client_of(ses, "sesv2")
        for _ in range(3):
            with pytest.raises(errors.AccountPaused):
                client.send_email(**message("sesv2"))
        assert guard.snapshot().refusals == {"account_paused": 3}
    assert len([r for r in caplog.records if r.levelno == logging.ERROR]) == 1


def test_advice_comes_in_the_language_of_the_settings() -> None:
    with Simulator(rate=1000, paused_by_aws=True) as ses:
        client, _ = client_of(ses, "sesv2", language="zh-TW")
        with pytest.raises(errors.AccountPaused) as caught:
            client.send_email(**message("sesv2"))
        assert "帳戶" in caught.value.diagnosis.advice
        assert "帳戶" in str(caught.value)


def test_unregister_takes_effect_for_the_next_send() -> None:
    with Simulator(rate=1000) as ses:
        client, guard = client_of(ses, "sesv2")
        guard.unregister()
        with pytest.raises(ClientError) as caught:
            client.send_email(**message("sesv2", "jörg@example.com"))
        assert not isinstance(caught.value, errors.SESError)
        assert ses.counters.sends == 1


def test_normalize_address_tells_what_a_send_would_put_on_the_wire() -> None:
    assert botoses_guard.normalize_address(UNICODE[1]) == ON_THE_WIRE[1]
    plain = "ada@example.com"
    assert botoses_guard.normalize_address(plain) is plain
    with pytest.raises(errors.InvalidAddress) as caught:
        botoses_guard.normalize_address("jörg@example.com")
    assert isinstance(caught.value, ValueError)
    assert caught.value.violations[0].path == "text"
    with pytest.raises(TypeError):
        botoses_guard.normalize_address(None)  # type: ignore[arg-type]


RAW = b"From: Shop <shop@example.com>\r\nTo: ada@example.com\r\nSubject: s\r\n\r\nbody\r\n"


def test_a_sender_without_a_name_over_a_named_from_header_is_warned_of_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with Simulator(rate=1000) as ses:
        client, _ = client_of(ses, "sesv2")
        for _ in range(2):
            client.send_email(FromEmailAddress="shop@example.com", Content={"Raw": {"Data": RAW}})
        client.send_email(
            FromEmailAddress="Shop <shop@example.com>", Content={"Raw": {"Data": RAW}}
        )
    assert len([r for r in caplog.records if "display name" in r.getMessage()]) == 1


@everywhere
def test_a_raw_message_without_a_sender_is_refused_before_it_is_sent(service: str) -> None:
    with Simulator(rate=1000) as ses:
        client, _ = client_of(ses, service)
        raw = RAW.partition(b"\r\n")[2]
        with pytest.raises(errors.InvalidHeader, match=r"Missing required header 'From'\."):
            if service == "ses":
                client.send_raw_email(RawMessage={"Data": raw})
            else:
                client.send_email(Content={"Raw": {"Data": raw}})
        assert ses.counters.requests == 0
        if service == "ses":
            client.send_raw_email(Source="shop@example.com", RawMessage={"Data": raw})
            assert len(ses.inbox) == 1
