"""Code that was written for plain boto3 goes on catching what it caught."""

from __future__ import annotations

import gc
import threading
import weakref
from typing import Any

import boto3
import botocore.exceptions
import pytest
from botocore.exceptions import BotoCoreError, ClientError

from botoses_guard import errors
from botoses_guard.errors import SESError
from tests.errors.samples import TRANSPORT_ERRORS, answer, client, refused, unknown

MODELLED = [
    ("ses", errors.UnverifiedIdentity, "MessageRejected", "MessageRejected"),
    ("ses", errors.AccountPaused, "MessageRejected", "MessageRejected"),
    (
        "ses",
        errors.MailFromDomainNotVerified,
        "MailFromDomainNotVerifiedException",
        "MailFromDomainNotVerifiedException",
    ),
    (
        "ses",
        errors.ConfigurationSetMissing,
        "ConfigurationSetDoesNotExist",
        "ConfigurationSetDoesNotExistException",
    ),
    (
        "ses",
        errors.ConfigurationSetPaused,
        "ConfigurationSetSendingPausedException",
        "ConfigurationSetSendingPausedException",
    ),
    (
        "ses",
        errors.AccountPaused,
        "AccountSendingPausedException",
        "AccountSendingPausedException",
    ),
    ("ses", errors.TemplateMissing, "TemplateDoesNotExist", "TemplateDoesNotExistException"),
    (
        "ses",
        errors.UnverifiedIdentity,
        "FromEmailAddressNotVerified",
        "FromEmailAddressNotVerifiedException",
    ),
    ("sesv2", errors.UnverifiedIdentity, "MessageRejected", "MessageRejected"),
    ("sesv2", errors.SendRateExceeded, "TooManyRequestsException", "TooManyRequestsException"),
    ("sesv2", errors.DailyQuotaExceeded, "LimitExceededException", "LimitExceededException"),
    ("sesv2", errors.AccountPaused, "AccountSuspendedException", "AccountSuspendedException"),
    ("sesv2", errors.AccountPaused, "SendingPausedException", "SendingPausedException"),
    ("sesv2", errors.ConfigurationSetMissing, "NotFoundException", "NotFoundException"),
    ("sesv2", errors.MalformedAddress, "BadRequestException", "BadRequestException"),
]
"""Service, our class, the code on the wire, and the client's own class for it."""

NOT_MODELLED = [
    ("ses", errors.MalformedAddress, "InvalidParameterValue"),
    ("ses", errors.SendRateExceeded, "Throttling"),
    ("ses", errors.NotAuthorized, "AccessDenied"),
    ("sesv2", errors.NotAuthorized, "AccessDeniedException"),
    ("sesv2", errors.UnclassifiedError, ""),
]


@pytest.mark.parametrize(("service", "ours", "code", "theirs"), MODELLED)
def test_the_class_that_a_client_models_catches_it(
    service: str, ours: type[SESError], code: str, theirs: str
) -> None:
    with pytest.raises(getattr(client(service).exceptions, theirs)) as caught:
        raise refused(ours, code, service=service)
    assert isinstance(caught.value, ours)
    assert type(caught.value).__name__ == ours.__name__
    assert type(caught.value).__module__ == "botoses_guard.errors"


@pytest.mark.parametrize(("service", "ours", "code", "theirs"), MODELLED)
def test_only_the_class_of_its_code_catches_it(
    service: str, ours: type[SESError], code: str, theirs: str
) -> None:
    exceptions = client(service).exceptions
    caught_by = {
        name
        for name in dir(exceptions)
        if isinstance(getattr(exceptions, name), type)
        and issubclass(getattr(exceptions, name), ClientError)
        and isinstance(refused(ours, code, service=service), getattr(exceptions, name))
    }
    assert caught_by == {theirs, "ClientError"}


@pytest.mark.parametrize(("service", "ours", "code"), NOT_MODELLED)
def test_a_code_without_a_model_leaves_the_class_as_it_is(
    service: str, ours: type[SESError], code: str
) -> None:
    assert errors.of_client(ours, client(service).exceptions, code) is ours


@pytest.mark.parametrize("service", ["ses", "sesv2"])
def test_the_client_error_on_its_exceptions_is_botocores_own(service: str) -> None:
    with pytest.raises(client(service).exceptions.ClientError):
        raise refused(errors.NotAuthorized, "AccessDenied", service=service)


def test_a_program_that_looks_at_the_code_finds_what_ses_says() -> None:
    caught = ""
    try:
        raise refused(errors.UnverifiedIdentity, "MessageRejected")
    except ClientError as error:
        caught = error.response["Error"]["Code"]
        assert error.response["ResponseMetadata"]["HTTPStatusCode"] == 400
        assert error.operation_name == "SendEmail"
    assert caught == "MessageRejected"


@pytest.mark.parametrize("cause", TRANSPORT_ERRORS, ids=lambda cause: type(cause).__name__)
def test_an_unknown_outcome_is_caught_as_what_botocore_raised_and_as_ours(
    cause: BotoCoreError,
) -> None:
    error = unknown(cause)
    for caught in (type(cause), BotoCoreError, ClientError, errors.OutcomeUnknown, SESError):
        with pytest.raises(caught):
            raise error
    assert not isinstance(error, (errors.NotRetryable, errors.ServiceUnavailable))
    assert error.diagnosis.retryable is False


def test_a_read_timeout_is_a_read_timeout_of_every_library_below_botocore() -> None:
    """botocore's class is a subclass of ``urllib3``'s, and so is ours."""
    error = unknown(TRANSPORT_ERRORS[0])
    theirs = botocore.exceptions.ReadTimeoutError.__mro__
    assert set(theirs) <= set(type(error).__mro__)
    assert error.kwargs == TRANSPORT_ERRORS[0].kwargs


def test_a_transport_error_made_without_its_cause_can_be_read_like_botocores() -> None:
    made = errors.of_transport(errors.OutcomeUnknown, botocore.exceptions.ReadTimeoutError)
    error: Any = made(answer("OutcomeUnknown", "No answer.", 0), "SendEmail")
    assert error.kwargs == {}
    assert error.request is None


def test_a_combined_class_is_made_once_for_each_class_of_client() -> None:
    first, second = client("ses").exceptions, client("sesv2").exceptions
    keys: list[tuple[type[SESError], Any]] = [
        (errors.UnverifiedIdentity, first),
        (errors.AccountPaused, first),
        (errors.UnverifiedIdentity, second),
    ]
    made = [errors.of_client(ours, exceptions, "MessageRejected") for ours, exceptions in keys]
    again = [errors.of_client(ours, exceptions, "MessageRejected") for ours, exceptions in keys]
    assert made == again
    assert len(set(made)) == 3
    transport = errors.of_transport(errors.OutcomeUnknown, type(TRANSPORT_ERRORS[0]))
    assert transport is errors.of_transport(errors.OutcomeUnknown, type(TRANSPORT_ERRORS[0]))


def test_two_clients_of_one_session_share_the_combined_class() -> None:
    session = boto3.Session(
        aws_access_key_id="test", aws_secret_access_key="test", region_name="eu-west-1"
    )
    one, other = session.client("ses"), session.client("ses", region_name="us-east-1")
    assert errors.of_client(
        errors.UnverifiedIdentity, one.exceptions, "MessageRejected"
    ) is errors.of_client(errors.UnverifiedIdentity, other.exceptions, "MessageRejected")


def test_threads_that_meet_get_one_class() -> None:
    session = boto3.Session(
        aws_access_key_id="test", aws_secret_access_key="test", region_name="eu-west-1"
    )
    exceptions = session.client("ses").exceptions
    start = threading.Barrier(8)
    made: list[type[SESError]] = []

    def make() -> None:
        start.wait()
        made.append(errors.of_client(errors.UnverifiedIdentity, exceptions, "MessageRejected"))

    threads = [threading.Thread(target=make) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 8 and len(set(made)) == 1


def test_combined_classes_go_with_the_client_that_they_were_made_for() -> None:
    session = boto3.Session(
        aws_access_key_id="test", aws_secret_access_key="test", region_name="eu-west-1"
    )
    exceptions = session.client("sesv2").exceptions
    made = weakref.ref(errors.of_client(errors.MalformedAddress, exceptions, "BadRequestException"))
    assert made() is not None
    del session, exceptions
    # The first round frees the client, and with it the table's hold on the class.
    gc.collect()
    gc.collect()
    assert made() is None
