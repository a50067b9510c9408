"""Errors of every kind, with every field filled, as a send raises them."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import boto3
from botocore.exceptions import (
    BotoCoreError,
    ConnectionClosedError,
    HTTPClientError,
    ReadTimeoutError,
)

from botoses_guard import errors
from botoses_guard.errors import Attempt, Category, Diagnosis, SESError, Violation

TRANSPORT_ERRORS: tuple[BotoCoreError, ...] = (
    ReadTimeoutError(endpoint_url="https://email.eu-west-1.amazonaws.com/"),
    ConnectionClosedError(endpoint_url="https://email.eu-west-1.amazonaws.com/"),
    HTTPClientError(error=OSError(104, "Connection reset by peer")),
)
"""What botocore raises once the request may have gone out."""


@lru_cache
def client(service: str) -> Any:
    """A client, made once: its ``exceptions`` are what matters here."""
    session = boto3.Session(
        aws_access_key_id="test", aws_secret_access_key="test", region_name="eu-west-1"
    )
    return session.client(service)  # type: ignore[call-overload]


def answer(code: str, message: str, status: int = 400) -> dict[str, Any]:
    """A parsed answer, with all that botocore puts beside the error."""
    return {
        "Error": {"Type": "Sender", "Code": code, "Message": message},
        "ResponseMetadata": {
            "RequestId": "11111111-2222-3333-4444-555555555555",
            "HTTPStatusCode": status,
            "HTTPHeaders": {"x-amzn-requestid": "11111111-2222-3333-4444-555555555555"},
            "RetryAttempts": 0,
        },
    }


def fields(category: Category, code: str, message: str) -> dict[str, Any]:
    """A value for every field that an error has beside its answer."""
    return {
        "diagnosis": Diagnosis(
            category=category,
            code=code,
            message=message,
            retryable=False,
            identities=("orders@example.com", "bücher.example"),
            identities_truncated=True,
            region="eu-west-1",
            configuration_set="orders",
            template="welcome",
            advice="Verify the address, or send from a verified one.",
            documentation_url="https://docs.aws.amazon.com/ses/latest/dg/",
        ),
        "origin": "service",
        "retry_after": 1.5,
        "attempts": (
            Attempt(1, 0.0, 400, "Throttling", "send_rate"),
            Attempt(2, 0.75, 400, code, category),
        ),
        "violations": (
            Violation(
                path="Destination.ToAddresses[0]",
                value="'orders@'",
                rule="the domain is missing",
                reference="RFC 5322 section 3.4.1",
                category="malformed_address",
                message="Missing domain",
            ),
        ),
        "recipients": ("jane@example.com", "joe@example.com"),
    }


def refused(
    ours: type[SESError], code: str, *, service: str = "ses", operation: str = "SendEmail"
) -> SESError:
    """An error with every field filled, of a class that the client models if it has one."""
    message = "The text of SES."
    made = errors.of_client(ours, client(service).exceptions, code)
    return made(answer(code, message), operation, **fields(ours.category, code, message))


def unknown(cause: BotoCoreError) -> Any:
    """What becomes of ``cause`` when the message may have been accepted."""
    made = errors.of_transport(errors.OutcomeUnknown, type(cause))
    error: Any = made(
        answer("OutcomeUnknown", str(cause), 0),
        "SendEmail",
        **fields("outcome_unknown", "OutcomeUnknown", str(cause)),
    )
    error.kwargs = cause.kwargs
    return error


def refuse_in_a_worker(service: str, code: str) -> None:
    """Raise, for a parent process to catch."""
    raise refused(errors.BY_CATEGORY["config_set_missing"], code, service=service)


EVERY_KIND: tuple[SESError, ...] = (
    *(refused(ours, "NotModelled") for ours in errors.BY_CATEGORY.values()),
    refused(errors.UnverifiedIdentity, "MessageRejected"),
    refused(errors.AccountPaused, "AccountSendingPausedException"),
    refused(errors.ConfigurationSetMissing, "ConfigurationSetDoesNotExist"),
    refused(errors.SendRateExceeded, "TooManyRequestsException", service="sesv2"),
    refused(errors.MalformedAddress, "BadRequestException", service="sesv2"),
    refused(errors.TemplateMissing, "NotFoundException", service="sesv2"),
    *(unknown(cause) for cause in TRANSPORT_ERRORS),
)
"""Plain classes, classes that a client models too, and those that are botocore's as well."""

FIELDS = (
    "args",
    "response",
    "operation_name",
    "diagnosis",
    "origin",
    "retry_after",
    "attempts",
    "violations",
    "recipients",
    "parameters_path",
)


def fields_of(error: SESError) -> dict[str, Any]:
    """The public fields, for comparison."""
    return {name: getattr(error, name) for name in FIELDS}
