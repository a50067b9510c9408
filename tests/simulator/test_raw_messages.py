"""What the local SES answers to raw messages, v1 and v2."""

from __future__ import annotations

from typing import Any

import pytest

from tests.simulator.local import ACCEPTED, RAW_OPERATION, LocalSES, raw

BOTH = ("ses", "sesv2")
INVALID = {"ses": "InvalidParameterValue", "sesv2": "BadRequestException"}


def message(*fields: str, end: str = "\r\n", body: str = "Hello\r\n") -> bytes:
    """A message of these header fields, with a sender and a recipient unless they name some."""
    names = {field.partition(":")[0].strip().lower() for field in fields}
    given = ["From: shop@example.com"] * ("from" not in names)
    given += ["To: ada@example.org"] * (not names & {"to", "cc", "bcc", "x-no-recipient"})
    return (end.join([*given, *fields]) + end + end + body).encode()


REFUSED: list[tuple[bytes, str]] = [
    (b"", "Missing required header 'From'."),
    (b"To: ada@example.org\r\n\r\nHello", "Missing required header 'From'."),
    (b"\r\nFrom: shop@example.com\r\nTo: ada@example.org\r\n\r\n",
     "Missing required header 'From'."),
    (message("X-No-Recipient: 1"), "Missing required header 'To'."),
    (message("To: nobody:;"), "Missing required header 'To'."),
    (message("Subject: a", "Subject: b"), "Duplicate header 'Subject'."),
    (message("From: a@example.com", "from: b@example.com"), "Duplicate header 'from'."),
    (message("DKIM-Signature: a", "DKIM-Signature: b"), "Duplicate header 'DKIM-Signature'."),
    (message("Content-Type: text/plain", "Content-Type: text/html"),
     "Duplicate header 'Content-Type'."),
    (message("List-Unsubscribe: <a>", "List-Unsubscribe: <b>"),
     "Duplicate header 'List-Unsubscribe'."),
    (b" From: shop@example.com\r\n\r\n", "Empty header names are illegal."),
    (b": x\r\nFrom: shop@example.com\r\n\r\n", "Empty header names are illegal."),
    (message("<html lang=en>"), "Illegal header '<html lang=en>'."),
    (message("From: shop"), "Invalid From address provided."),
    (message("From: shöp@example.com"), "Invalid From address provided."),
    (message("To: ada@büro.example"), "Domain contains control or whitespace"),
    (message("Cc: ada"), "Missing final '@domain'"),
    (message("Bcc: @example.org"), "Missing local name"),
    (message("Reply-To: ada@"), "Missing domain"),
    (message("To: " + ", ".join(f"ada+{number}@example.org" for number in range(51))),
     "Recipient count exceeds 50."),
]  # fmt: skip


@pytest.mark.parametrize("service", BOTH)
@pytest.mark.parametrize(("content", "message"), REFUSED)
def test_a_raw_message_is_refused_in_the_words_of_ses(
    ses: LocalSES, service: str, content: bytes, message: str
) -> None:
    answer = ses.answer(service, RAW_OPERATION[service], **raw(service, content))
    assert answer == (400, INVALID[service], message)
    assert not len(ses.simulator.inbox)


RECIPIENTS: list[tuple[bytes, tuple[str, ...]]] = [
    (message(), ("ada@example.org",)),
    (message(end="\n"), ("ada@example.org",)),
    (message("To: a@x.org", "To: b@x.org", "Cc: c@x.org", "Bcc: d@x.org"),
     ("a@x.org", "b@x.org", "c@x.org", "d@x.org")),
    (message("To: friends: a@x.org, B <b@x.org>;, c@x.org"), ("a@x.org", "b@x.org", "c@x.org")),
    (message('To: "Lovelace, Ada" <a@x.org>,\r\n (a comment, too) b@x.org'),
     ("a@x.org", "b@x.org")),
    (message("To : a@x.org"), ("a@x.org",)),
    (message("To: a@x.org", "Resent-To: b@x.org"), ("a@x.org",)),
    (message("Received: by a", "Received: by b"), ("ada@example.org",)),
]  # fmt: skip


@pytest.mark.parametrize("service", BOTH)
@pytest.mark.parametrize(("content", "recipients"), RECIPIENTS)
def test_recipients_are_those_of_to_cc_and_bcc(
    ses: LocalSES, service: str, content: bytes, recipients: tuple[str, ...]
) -> None:
    """ "Don't include these fields more than once": To, Cc and Bcc are not among them."""
    assert ses.answer(service, RAW_OPERATION[service], **raw(service, content)) == ACCEPTED
    [accepted] = ses.simulator.inbox
    assert sorted(accepted.recipients) == sorted(recipients)
    assert accepted.raw == content


@pytest.mark.parametrize("service", BOTH)
def test_a_bare_cr_ends_a_line_and_smuggles_a_recipient(ses: LocalSES, service: str) -> None:
    """To JavaMail a CR alone ends a line."""
    content = message("Subject: Hello\rBcc: eve@example.net", "To: ada@example.org")
    assert ses.answer(service, RAW_OPERATION[service], **raw(service, content)) == ACCEPTED
    [accepted] = ses.simulator.inbox
    assert set(accepted.recipients) == {"ada@example.org", "eve@example.net"}


GIVEN: dict[str, dict[str, Any]] = {
    "ses": {"Destinations": ["given@example.org"]},
    "sesv2": {"Destination": {"ToAddresses": ["given@example.org"]}},
}


@pytest.mark.parametrize("service", BOTH)
def test_recipients_in_parameters_win_over_those_in_headers(ses: LocalSES, service: str) -> None:
    given = raw(service, message(), **GIVEN[service])
    assert ses.answer(service, RAW_OPERATION[service], **given) == ACCEPTED
    [accepted] = ses.simulator.inbox
    assert accepted.recipients == ("given@example.org",)


SENDER = {"ses": "Source", "sesv2": "FromEmailAddress"}
WITHOUT_FROM = b"To: ada@example.org\r\n\r\nHello\r\n"


@pytest.mark.parametrize("service", BOTH)
def test_a_sender_in_parameters_stands_in_for_from(ses: LocalSES, service: str) -> None:
    given = raw(service, WITHOUT_FROM, **{SENDER[service]: "given@example.com"})
    assert ses.answer(service, RAW_OPERATION[service], **given) == ACCEPTED
    [accepted] = ses.simulator.inbox
    assert accepted.source == "given@example.com"


@pytest.mark.parametrize("service", BOTH)
@pytest.mark.parametrize("field", ["From", "Sender", "Return-Path", "Source"])
def test_every_sender_in_the_headers_is_verified(ses: LocalSES, service: str, field: str) -> None:
    """From, Source, Sender, Return-Path are verified (developer guide, "Verified identities")."""
    ses.set_up(verified=["example.com"])
    content = message(f"{field}: eve@example.net")
    assert ses.answer(service, RAW_OPERATION[service], **raw(service, content)) == (
        400,
        "MessageRejected",
        "Email address is not verified. The following identities failed the check in region "
        "US-EAST-1: eve@example.net",
    )
