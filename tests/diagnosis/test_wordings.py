"""Wordings that no row was written from: what a category says, it may say in other words."""

from __future__ import annotations

from typing import Any

import pytest

from botoses_guard.diagnosis import diagnose
from botoses_guard.errors import BY_CATEGORY

WORDINGS: dict[str, tuple[str, ...]] = {
    "unverified_identity": (
        'Email address not verified "Acme, Inc." <shop@example.org>',
        "Email addresses are not verified: ann@example.org",
        "The sender is not verified",
        "Sender address has not been verified.",
        "The recipient address is not yet verified.",
        "Unverified email address",
        "Domain is not verified",
    ),
    "account_paused": (
        "Sending is paused for account 123456789012",
        "Email sending is disabled for your entire Amazon SES account.",
        "Email sending has been disabled for this account",
        "The account's ability to send messages has been permanently restricted.",
        "It can't be sent because the account's ability to send is currently paused.",
        "Your Amazon SES account has been shut down",
        "Account sending paused",
    ),
    "config_set_paused": (
        "Email sending is disabled for the configuration set.",
        "Sending paused for this configuration set",
        "Configuration set orders-2 is paused",
    ),
    "config_set_missing": (
        "The configuration set orders does not exist",
        "Configuration set does not exist: orders",
        "No configuration set found: orders",
    ),
    "template_missing": (
        "Email template welcome not found",
        "The template 'welcome' doesn't exist.",
        "No such template: welcome",
    ),
    "template_render": (
        "Template data is not valid JSON",
        "Invalid template data",
        "Attribute 'order.number' is not present in the rendering data.",
    ),
    "no_recipients": (
        "Missing required header 'To'",
        "Destination cannot be empty",
        "Recipients list is empty",
        "ToAddresses must not be empty",
        "You must specify at least one destination address",
        "Error: need RCPT command",
        "1 validation error detected: Value null at 'destination' failed to satisfy constraint: "
        "Member must not be null",
        "1 validation error detected: Value at 'destination.toAddresses' failed to satisfy "
        "constraint: Member must not be empty",
    ),
    "too_many_recipients": (
        "Too many destinations.",
        "Error: too many recipients",
        "The number of recipients exceeds the maximum of 50",
        "The message exceeds the maximum number of 50 recipients",
    ),
    "too_large": (
        "Message length is more than 41943040 bytes long: '43000000'.",
        "Message size exceeds fixed limit",
        "Message is too large",
    ),
    "non_ascii_address": (
        "Email address contains non-ASCII characters",
        "A non-ASCII character stands in it",
    ),
    "malformed_address": (
        "Invalid email address: shop",
        "Invalid address",
        "Illegal email address",
        "Email address is invalid",
        "Address contains illegal characters in user name: '<\"shop\"@example.org>'.",
        "Domain name contains illegal characters: 'x_y.example'",
        "Invalid domain name: 'example..org'.",
        "Invalid RCPT command",
        "Missing final '@domain' in string ``shop''",
        "Quoted local address contains newline without whitespace",
        "Domain literal end not at end of domain",
        "Address is null",
        "Nested group",
    ),
    "header_invalid": (
        "Duplicate header 'To'.",
        "The header name 'Two Words' is invalid",
        "Invalid header value 'a\nb'",
        "Could not parse MIME message",
        "In Content-Type string <x>, expected '/', got null",
        'In parameter list <; x>, expected parameter name, got "null"',
        "Expected MIME type, got null",
        "Unknown encoding: utf8",
        "2 validation errors detected: Value at 'content.template.headers.1.member.value' failed "
        "to satisfy constraint: Member must satisfy regular expression pattern: [ -~]*",
    ),
    "mail_from_not_verified": (
        "The sender's MAIL FROM domain is not verified",
        "MX record of MAIL FROM domain not found",
        "Your custom MAIL FROM domain bounce.example.org has no MX record",
    ),
    "suppressed": ("Recipient is on the account suppression list", "Address is blacklisted"),
    "attachment_blocked": (
        "Illegal filename 'run.exe'.",
        "Unsupported attachment type: .exe",
        "Attachment run.exe has a file extension that is not allowed",
    ),
    "not_authorized": (
        "User: arn:aws:iam::123456789012:user/daily quota is not authorized to perform: "
        "ses:SendEmail on resource: arn:aws:ses:eu-west-1:123456789012:identity/example.org "
        "with an explicit deny",
    ),
    "other": (
        "Invalid ARN <sending paused for this account>.",
        "Invalid tag value <daily message quota>: only alphanumeric ASCII characters are allowed.",
        "The tag name must be specified.",
        "Something that SES never said",
    ),
}
"""By category; names, numbers and punctuation are made up."""

THROTTLES: dict[str, tuple[str, ...]] = {
    "daily_quota": (
        "Daily sending quota exceeded",
        "Sending quota exceeded",
        "Maximum 24-hour sending quota exceeded",
        "You have exceeded your 24 hour sending limit",
    ),
    "send_rate": (
        "Maximum send rate exceeded",
        "Sending rate exceeded",
        "Sending rate limit exceeded",
        "Maximum SigV4 SMTP sending rate exceeded.",
    ),
    "systemic_throttle": (
        "Rate exceeded",
        "Too many requests",
        "Request was denied due to request throttling",
        "Resources are busy",
        "",
    ),
}


def texts_of(table: dict[str, tuple[str, ...]]) -> list[tuple[str, str]]:
    return [(category, text) for category, texts in table.items() for text in texts]


def answer(code: str, message: str) -> dict[str, Any]:
    return {
        "Error": {"Code": code, "Message": message},
        "ResponseMetadata": {"HTTPStatusCode": 400},
    }


@pytest.mark.parametrize(
    "code", ["InvalidParameterValue", "MessageRejected", "BadRequestException"]
)
@pytest.mark.parametrize(("category", "text"), texts_of(WORDINGS))
def test_the_text_decides_under_a_code_that_says_nothing(
    code: str, category: str, text: str
) -> None:
    assert diagnose(answer(code, text)).category == category


@pytest.mark.parametrize("before", ["554 ", "554 5.7.1 ", "554 Transaction failed: "])
@pytest.mark.parametrize(("category", "text"), texts_of(WORDINGS))
def test_a_mail_server_says_the_same(before: str, category: str, text: str) -> None:
    assert diagnose(f"{before}{text}").category == category


@pytest.mark.parametrize("code", ["Throttling", "ThrottlingException", "TooManyRequestsException"])
@pytest.mark.parametrize(("category", "text"), texts_of(THROTTLES))
def test_any_text_of_a_throttle_that_names_neither_rate_nor_quota_is_systemic(
    code: str, category: str, text: str
) -> None:
    """What else throttles is not the account's ("Amazon SES email sending errors")."""
    assert diagnose(answer(code, text)).category == category
    assert diagnose(f"454 Throttling failure: {text}").category == category


@pytest.mark.parametrize(("category", "text"), texts_of(WORDINGS))
def test_case_and_the_final_period_mean_nothing(category: str, text: str) -> None:
    for said in (text.upper(), text.lower(), text.rstrip("."), f"{text}."):
        assert diagnose(answer("BadRequestException", said)).category == category


def test_the_categories_without_a_wording_here_are_told_by_their_codes() -> None:
    assert set(BY_CATEGORY) - {*WORDINGS, *THROTTLES} == {
        "expired_credentials",
        "service_unavailable",
        # of which SES says nothing
        "store_unavailable",
        "outcome_unknown",
    }
