"""aws-error-utils, which tells the errors of boto3 apart by their code."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from botoses_guard.simulator import Simulator
from tests.seam.sends import SERVICES, message

from .outcomes import NOT_VERIFIED, client_of, local_ses

aws_error_utils: Any = pytest.importorskip("aws_error_utils")

everywhere = pytest.mark.parametrize("service", SERVICES)

THROTTLES = {"ses": "Throttling", "sesv2": "TooManyRequestsException"}


def refuse(ses: Simulator, service: str) -> None:
    client = client_of(ses, service, guarded=True)
    client.send_email(**message(service, sender=NOT_VERIFIED))


@everywhere
def test_errors_by_their_code(service: str) -> None:
    with local_ses() as ses:
        try:
            refuse(ses, service)
        except aws_error_utils.errors.Throttling:
            pytest.fail("another code")
        except aws_error_utils.errors.MessageRejected as error:
            assert error.message.startswith("Email address is not verified.")


@everywhere
def test_an_error_that_was_caught_has_the_fields_set_on_it(service: str) -> None:
    with local_ses() as ses:
        try:
            refuse(ses, service)
        except aws_error_utils.catch_aws_error("MessageRejected") as error:
            assert error.code == "MessageRejected"
            assert error.http_status_code == 400
            assert error.operation_name == "SendEmail"
            assert error.diagnosis.category == "unverified_identity"


@everywhere
def test_another_operation_is_not_caught(service: str) -> None:
    with local_ses() as ses, pytest.raises(ClientError):
        try:
            refuse(ses, service)
        except aws_error_utils.catch_aws_error("MessageRejected", operation_name="SendRawEmail"):
            pytest.fail("SendEmail was called")


@everywhere
def test_the_fields_of_an_answer(service: str) -> None:
    with local_ses() as ses:
        client = client_of(ses, service, guarded=True)
        ses.faults.throttle(1)
        with pytest.raises(ClientError) as caught:
            client.send_email(**message(service))
        fields = aws_error_utils.get_aws_error_info(caught.value)
        assert fields.code == THROTTLES[service]
        assert fields.message == "Maximum sending rate exceeded."
        assert fields.operation_name == "SendEmail"
        assert fields.http_status_code == (400 if service == "ses" else 429)
        assert aws_error_utils.aws_error_matches(caught.value, *THROTTLES.values())


@everywhere
def test_the_fields_of_an_answer_that_the_guard_made(service: str) -> None:
    with local_ses() as ses:
        client = client_of(ses, service, guarded=True)
        with pytest.raises(ClientError) as caught:
            client.send_email(**message(service, "ada@example..com"))
        fields = aws_error_utils.get_aws_error_info(caught.value)
        assert fields.code in ("InvalidParameterValue", "BadRequestException")
        assert fields.http_status_code == 400


def test_an_unknown_outcome_has_a_code_that_no_one_takes_for_another() -> None:
    with local_ses() as ses:
        client = client_of(ses, "sesv2", guarded=True)
        ses.faults.hang_after_accept(1)
        try:
            client.send_email(**message("sesv2"))
        except aws_error_utils.catch_aws_error(*THROTTLES.values(), "RequestTimeout"):
            pytest.fail("a program that sends again on this would send twice")
        except aws_error_utils.errors.OutcomeUnknown as error:
            assert error.http_status_code == 0
