"""Walks the AWS page "Amazon SES email sending errors" over HTTP, by v1 and v2, and by SMTP."""

from __future__ import annotations

import smtplib
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from botocore.exceptions import ClientError

import botoses_guard
from botoses_guard import errors
from botoses_guard.errors import Diagnosis
from botoses_guard.simulator import Simulator

from .page import ENTRIES, GUIDE, ROWS, Code, Row
from .sending import guarded_client, message, plain_client
from .wordings import LANGUAGES

in_every_language = pytest.mark.parametrize("language", LANGUAGES)
every_row = pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.entry}: {row.case}")
every_send = pytest.mark.parametrize(
    ("row", "service"),
    [
        pytest.param(row, service, id=f"{row.entry}: {row.case}, {service}")
        for row in ROWS
        for service in row.codes
    ],
)


@pytest.fixture
def ses() -> Iterator[Simulator]:
    with Simulator() as simulator:
        yield simulator


def bring_about(ses: Simulator, row: Row, code: Code) -> None:
    """Put the local SES into the row's trouble."""
    for name, value in row.account.items():
        setattr(ses.account, name, value)
    if row.told:
        ses.faults.error(code.code, row.text, code.http_status, times=row.requests)


def raised_by(client: Any, row: Row, service: str) -> ClientError:
    with pytest.raises(ClientError) as caught:
        client.send_email(**message(service, row.sender, row.recipients, **row.parameters))
    return caught.value


def guarded(ses: Simulator, row: Row, service: str, language: str = "en") -> errors.SESError:
    """What a guarded client raises in the row's trouble."""
    bring_about(ses, row, row.codes[service])
    client, _ = guarded_client(ses, service, row.region, language=language, **row.settings)
    error = raised_by(client, row, service)
    assert isinstance(error, errors.SESError)
    return error


def diagnosis_of(row: Row, service: str, language: str) -> Diagnosis:
    """The whole diagnosis that the row expects, so that nothing it does not name may be in it."""
    return Diagnosis(
        category=row.error.category,
        code=row.codes[service].code,
        message=row.text,
        retryable=row.error.retryable,
        advice=row.advice.sentence(language),
        documentation_url=GUIDE + row.page,
        **row.names,
        **row.compares,
    )


def test_every_entry_of_the_page_has_its_rows() -> None:
    assert tuple(dict.fromkeys(row.entry for row in ROWS)) == ENTRIES


@every_send
@in_every_language
def test_the_caller_learns_what_is_wrong(
    ses: Simulator, row: Row, service: str, language: str
) -> None:
    """Category, code, SES's own text, what it names, and the next step in the caller's language."""
    error = guarded(ses, row, service, language)
    assert error.diagnosis == diagnosis_of(row, service, language)
    first, _, explanation = str(error).partition("\n")
    assert first == (
        f"An error occurred ({row.codes[service].code}) when calling the SendEmail operation: "
        f"{row.text}"
    )
    assert explanation.endswith(row.advice.sentence(language))


@every_send
def test_the_advice_is_there_in_the_other_language_too(
    ses: Simulator, row: Row, service: str
) -> None:
    """A program in English whose reader is not asks again, with the error alone in hand."""
    error = guarded(ses, row, service, "en")
    again = botoses_guard.diagnose(error, language="zh-TW")
    assert again == diagnosis_of(row, service, "zh-TW")


@every_send
def test_nothing_is_sent_and_no_request_is_made_in_vain(
    ses: Simulator, row: Row, service: str
) -> None:
    """What is hopeless takes one request or none; what may pass takes all that are allowed."""
    code = row.codes[service]
    error = guarded(ses, row, service)
    assert len(ses.inbox) == 0
    assert ses.counters.requests == row.requests
    assert ses.counters.operations == Counter(
        {f"{service}.SendEmail": row.requests} if row.requests else {}
    )
    assert ses.counters.refused == Counter({code.code: row.requests} if row.requests else {})
    assert [
        (attempt.number, attempt.http_status, attempt.code, attempt.category)
        for attempt in error.attempts
    ] == [
        (number, code.http_status, code.code, row.error.category)
        for number in range(1, row.requests + 1)
    ]
    assert error.response["ResponseMetadata"]["RetryAttempts"] == max(0, row.requests - 1)


@every_send
def test_every_way_to_catch_it_works(ses: Simulator, row: Row, service: str) -> None:
    """``except ClientError``, ``except client.exceptions.X`` and ``except botoses_guard...``."""
    code = row.codes[service]
    bring_about(ses, row, code)
    client, _ = guarded_client(ses, service, row.region, **row.settings)
    error = raised_by(client, row, service)
    assert isinstance(error, row.error)
    modelled = {code.modelled} if code.modelled else set()
    assert {
        name
        for name in client.meta.service_model.shape_names
        if name in dir(client.exceptions) and isinstance(error, getattr(client.exceptions, name))
    } == modelled
    groups = (errors.Throttled, errors.NotRetryable, errors.ServiceUnavailable)
    assert [isinstance(error, group) for group in groups] == [
        row.error.retryable,
        not row.error.retryable,
        False,
    ]


@every_send
def test_the_caller_learns_who_refused_and_when_to_try_again(
    ses: Simulator, row: Row, service: str
) -> None:
    error = guarded(ses, row, service)
    assert error.origin == ("service" if row.requests else "client")
    assert error.operation_name == "SendEmail"
    assert error.recipients == row.recipients
    if row.retry_within is None:
        assert error.retry_after is None
    else:
        assert error.retry_after is not None
        assert 0 <= error.retry_after <= row.retry_within


@every_send
def test_a_plain_client_gets_the_same_code_and_text(ses: Simulator, row: Row, service: str) -> None:
    """Also where the guard refuses: it does so in SES's words, not in words of its own."""
    code = row.codes[service]
    bring_about(ses, row, code)
    plain = raised_by(plain_client(ses, service, row.region), row, service)
    assert not isinstance(plain, errors.SESError)
    bring_about(ses, row, code)
    error = guarded(ses, row, service)
    for name in ("Code", "Message"):
        assert error.response["Error"][name] == plain.response["Error"][name]
    status = plain.response["ResponseMetadata"]["HTTPStatusCode"]
    assert error.response["ResponseMetadata"]["HTTPStatusCode"] == status == code.http_status


@every_row
@in_every_language
def test_smtp_tells_the_same_trouble(row: Row, language: str) -> None:
    """As the line of a reply, and as :mod:`smtplib` raises it: the fields that the text names."""
    code, _, text = row.smtp.partition(" ")
    advice = row.smtp_advice or row.advice
    expected = Diagnosis(
        category=row.error.category,
        code=code,
        message=text,
        retryable=row.error.retryable,
        advice=advice.sentence(language),
        documentation_url=GUIDE + (row.smtp_page or row.page),
        **row.names,
        **row.smtp_names,
    )
    reply = smtplib.SMTPDataError(int(code), text.encode())
    assert botoses_guard.diagnose(row.smtp, language=language) == expected
    assert botoses_guard.diagnose(reply, language=language) == expected


def test_smtp_credentials_of_the_old_signature_are_throttled_by_rate() -> None:
    """Maximum SigV2 SMTP sending rate exceeded: an entry of the page that only SMTP has."""
    found = botoses_guard.diagnose(
        "454 Throttling failure: Maximum SigV2 SMTP sending rate exceeded"
    )
    assert (found.category, found.retryable) == ("send_rate", True)
