"""Walks the AWS page "Amazon SES email sending errors" over HTTP, by v1 and v2, and by SMTP."""

from __future__ import annotations

import smtplib
from typing import cast

import pytest

import botoses_guard
from botoses_guard import errors
from botoses_guard.errors import Diagnosis

from .page import ENTRIES, ROWS
from .row import GUIDE, Row
from .walk import Walk, walk, walk_unguarded
from .wordings import LANGUAGES

SENDS = [(row, service) for row in ROWS for service in row.codes]


def title(row: Row) -> str:
    return f"{row.entry}: {row.case}"


@pytest.fixture(
    scope="module",
    params=[
        pytest.param((row, service, language), id=f"{title(row)}, {service}, {language}")
        for row, service in SENDS
        for language in LANGUAGES
    ],
)
def walked(request: pytest.FixtureRequest) -> Walk:
    """Each row by each service and in each language, gone through once for all tests."""
    return walk(*cast(tuple[Row, str, str], request.param))


def test_every_entry_of_the_page_has_its_rows() -> None:
    assert tuple(dict.fromkeys(row.entry for row in ROWS)) == ENTRIES


def test_the_caller_learns_what_is_wrong(walked: Walk) -> None:
    """Category, code, SES's own text, all that it names, and the next step."""
    assert walked.error.diagnosis == walked.diagnosis(walked.language)


def test_the_text_of_the_exception_is_sess_and_then_the_advice(walked: Walk) -> None:
    first, _, explanation = str(walked.error).partition("\n")
    opening = f"An error occurred ({walked.code.code}) when calling the SendEmail operation"
    retries = walked.row.requests - 1
    tried = f" (reached max retries: {retries})" if retries > 0 else ""
    assert first == f"{opening}{tried}: {walked.row.text}"
    assert explanation.endswith(walked.row.advice.sentence(walked.language))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_advice_is_to_be_had_in_the_other_language(walked: Walk, language: str) -> None:
    """A program whose reader has another language asks again, with the error alone in hand."""
    again = botoses_guard.diagnose(walked.error, language=language)
    assert again == walked.diagnosis(language)


def test_nothing_is_sent_and_no_request_is_made_in_vain(walked: Walk) -> None:
    """What is hopeless takes one request or none, what may pass takes all that are allowed."""
    requests = walked.row.requests
    assert walked.arrived == 0
    assert walked.requests == requests
    assert walked.operations == ({f"{walked.service}.SendEmail": requests} if requests else {})
    assert walked.refused == ({walked.code.code: requests} if requests else {})


def test_the_caller_learns_of_each_request(walked: Walk) -> None:
    code, requests = walked.code, walked.row.requests
    category = walked.row.error.category
    assert [
        (attempt.number, attempt.http_status, attempt.code, attempt.category)
        for attempt in walked.error.attempts
    ] == [(number, code.http_status, code.code, category) for number in range(1, requests + 1)]
    answer = walked.error.response["ResponseMetadata"]
    assert answer["HTTPStatusCode"] == code.http_status
    assert answer["RetryAttempts"] == max(0, requests - 1)


def test_every_way_to_catch_it_works(walked: Walk) -> None:
    """``except client.exceptions.X`` for the X of the code and no other, and the guard's own."""
    error, exceptions, modelled = walked.error, walked.exceptions, walked.code.modelled
    assert isinstance(error, walked.row.error)
    assert error.retryable is walked.row.error.retryable
    assert isinstance(error, errors.Throttled) is error.retryable
    assert isinstance(error, errors.NotRetryable) is not error.retryable
    names = [name for name in dir(exceptions) if name[0].isupper() and name != "ClientError"]
    caught_by = [name for name in names if isinstance(error, getattr(exceptions, name))]
    assert caught_by == ([modelled] if modelled else [])


def test_the_caller_learns_who_refused_and_when_to_try_again(walked: Walk) -> None:
    error, within = walked.error, walked.row.retry_within
    assert error.origin == ("service" if walked.row.requests else "client")
    assert error.operation_name == "SendEmail"
    assert error.recipients == walked.row.recipients
    if within is None:
        assert error.retry_after is None
    else:
        assert error.retry_after is not None
        assert 0 <= error.retry_after <= within


@pytest.mark.parametrize(
    ("row", "service"),
    [pytest.param(row, service, id=f"{title(row)}, {service}") for row, service in SENDS],
)
def test_a_plain_client_is_told_the_same_and_no_more(row: Row, service: str) -> None:
    """So code for plain boto3 goes on, also where the guard refuses in SES's place."""
    plain = walk_unguarded(row, service)
    code = row.codes[service]
    assert not isinstance(plain, errors.SESError)
    assert plain.response["Error"]["Code"] == code.code
    assert plain.response["Error"]["Message"] == row.text
    assert plain.response["ResponseMetadata"]["HTTPStatusCode"] == code.http_status


@pytest.mark.parametrize("row", ROWS, ids=title)
@pytest.mark.parametrize("language", LANGUAGES)
def test_smtp_tells_the_same_trouble(row: Row, language: str) -> None:
    """As the line of a reply, and as :mod:`smtplib` raises it: the fields that the text names."""
    code, _, text = row.smtp_reply.partition(" ")
    expected = Diagnosis(
        category=row.error.category,
        code=code,
        message=text,
        retryable=row.error.retryable,
        advice=(row.smtp_advice or row.advice).sentence(language),
        documentation_url=GUIDE + (row.smtp_page or row.page),
        **row.names,
        **row.smtp_names,
    )
    raised = smtplib.SMTPDataError(int(code), text.encode())
    assert botoses_guard.diagnose(row.smtp_reply, language=language) == expected
    assert botoses_guard.diagnose(raised, language=language) == expected


def test_smtp_credentials_of_the_old_signature_have_a_rate_of_their_own() -> None:
    """ "Maximum SigV2 SMTP sending rate exceeded", the one text of the page that is SMTP's."""
    reply = "454 Throttling failure: Maximum SigV2 SMTP sending rate exceeded"
    found = botoses_guard.diagnose(reply)
    assert (found.category, found.retryable) == ("send_rate", True)
