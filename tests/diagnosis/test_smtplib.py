"""What :mod:`smtplib` raises names the mailbox where SES's reply does not."""

from __future__ import annotations

import smtplib

import pytest

from botoses_guard.diagnosis import diagnose

ILLEGAL = b"Transaction failed: Local address starts with dot"


@pytest.mark.parametrize(
    ("error", "category", "address"),
    [
        (
            smtplib.SMTPRecipientsRefused({".ann@example.com": (554, ILLEGAL)}),
            "malformed_address",
            ".ann@example.com",
        ),
        (
            smtplib.SMTPSenderRefused(554, ILLEGAL, ".shop@example.com"),
            "malformed_address",
            ".shop@example.com",
        ),
        (
            smtplib.SMTPSenderRefused(
                554, b"Transaction failed: User name is missing: '@x.example'", "shop@example.com"
            ),
            "malformed_address",
            "@x.example",
        ),
        (
            smtplib.SMTPRecipientsRefused(
                {"ann@example.com": (554, b"Message rejected: Address blacklisted.")}
            ),
            "suppressed",
            "ann@example.com",
        ),
        (
            smtplib.SMTPSenderRefused(
                454, b"Throttling failure: Maximum sending rate exceeded.", "shop@example.com"
            ),
            "send_rate",
            None,
        ),
        (smtplib.SMTPDataError(554, ILLEGAL), "malformed_address", None),
    ],
)
def test_the_refused_mailbox_is_named_where_the_trouble_is_an_address(
    error: smtplib.SMTPException, category: str, address: str | None
) -> None:
    found = diagnose(error)
    assert found.category == category
    assert found.address == address
