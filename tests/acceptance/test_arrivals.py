"""Where the page names a remedy that the guard applies by itself: the message arrives."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

import pytest

from botoses_guard import errors
from botoses_guard.simulator import Simulator

from .row import NONE, RECIPIENT, SENDER
from .sending import SERVICES, SUBJECT, guarded_client, guarded_client_at_rest, message
from .wordings import LANGUAGES, Wording

everywhere = pytest.mark.parametrize("service", SERVICES)


@pytest.fixture
def ses() -> Iterator[Simulator]:
    with Simulator() as simulator:
        yield simulator


class Arrival(NamedTuple):
    """A send that SES, or the guard, would have had reason to refuse."""

    says: str
    """The page's own words, shortly."""

    case: str
    sender: str = SENDER
    recipient: str = RECIPIENT
    sent_sender: str = SENDER
    sent_recipient: str = RECIPIENT
    """As they go over the wire."""

    account: Mapping[str, Any] = NONE
    fault: Callable[[Simulator], None] | None = None
    refusals: int = 0
    """Requests that SES refuses before it accepts one."""


ARRIVALS = (
    Arrival(
        "you must encode the domain using Punycode",
        "the domain of a recipient",
        recipient="ada@exämple.net",
        sent_recipient="ada@xn--exmple-cua.net",
    ),
    Arrival(
        "send to or from email addresses that contain Unicode characters in the domain",
        "the domain of the sender, verified as it goes over the wire",
        sender="shop@bücher.example",
        sent_sender="shop@xn--bcher-kva.example",
        account={"verified": ["xn--bcher-kva.example"]},
    ),
    Arrival(
        'encode the "friendly from" name using MIME encoded-word syntax',
        "the friendly from name",
        sender="Zoë <shop@example.com>",
        sent_sender="=?utf-8?q?Zo=C3=AB?= <shop@example.com>",
    ),
    Arrival(
        "every recipient email address except for ... the mailbox simulator",
        "the mailbox simulator, from the sandbox",
        recipient="success@simulator.amazonses.com",
        sent_recipient="success@simulator.amazonses.com",
        account={"sandbox": True, "verified": ["example.com"]},
    ),
    Arrival(
        "you can continue to send email, but will need to reduce your send rate",
        "a sending rate that was exceeded once",
        fault=lambda ses: ses.faults.throttle(1),
        refusals=1,
    ),
    Arrival(
        "there might be a system-wide problem",
        "a systemic throttle that is over",
        fault=lambda ses: ses.faults.throttle_systemic(1),
        refusals=1,
    ),
)


@everywhere
@pytest.mark.parametrize("row", ARRIVALS, ids=lambda row: row.case)
def test_the_message_arrives_once(ses: Simulator, row: Arrival, service: str) -> None:
    for name, value in row.account.items():
        setattr(ses.account, name, value)
    if row.fault:
        row.fault(ses)
    client, guard = guarded_client(ses, service)
    answer = client.send_email(**message(service, row.sender, [row.recipient]))
    [arrived] = ses.inbox
    assert answer["MessageId"] == arrived.message_id
    assert arrived.source == row.sent_sender
    assert arrived.parameters["Destination"] == {"ToAddresses": [row.sent_recipient]}
    assert arrived.subject == SUBJECT
    assert ses.counters.requests == row.refusals + 1
    assert ses.counters.refused_total == row.refusals
    assert guard.snapshot().throttles == row.refusals


def raw_message(**fields: str) -> bytes:
    """A message with header fields, ``Return_Path`` for ``Return-Path``."""
    header = {"From": SENDER, "To": RECIPIENT, "Subject": SUBJECT, **fields}
    lines = [f"{name.replace('_', '-')}: {body}" for name, body in header.items()]
    return "\r\n".join([*lines, "", "It is on its way."]).encode()


UNVERIFIED = "mallory@example.org"


@everywhere
@pytest.mark.parametrize(
    ("fields", "role"),
    [
        ({"From": UNVERIFIED}, "sender"),
        ({"Sender": UNVERIFIED}, "sender"),
        ({"Return_Path": UNVERIFIED}, "return_path"),
    ],
    ids=lambda given: given if isinstance(given, str) else next(iter(given)),
)
def test_the_error_could_apply_to_from_sender_or_return_path(
    ses: Simulator, service: str, fields: dict[str, str], role: str
) -> None:
    ses.account.verified = ["example.com"]
    client, _ = guarded_client(ses, service)
    with pytest.raises(errors.UnverifiedIdentity) as caught:
        if service == "ses":
            client.send_raw_email(RawMessage={"Data": raw_message(**fields)})
        else:
            client.send_email(Content={"Raw": {"Data": raw_message(**fields)}})
    found = caught.value.diagnosis
    assert (found.identities, found.identity_roles) == ((UNVERIFIED,), (role,))
    assert found.sandbox_likely is False
    assert ses.counters.requests == 1


@everywhere
def test_an_identity_must_be_verified_in_each_region(ses: Simulator, service: str) -> None:
    """Verification status is separate for each AWS Region."""
    ses.account.verified = []
    here, _ = guarded_client(ses, service, "eu-central-1")
    there, _ = guarded_client(ses, service, "us-west-2")
    verify = {"ses": "verify_email_identity", "sesv2": "create_email_identity"}[service]
    name = {"ses": "EmailAddress", "sesv2": "EmailIdentity"}[service]
    getattr(here, verify)(**{name: SENDER})
    here.send_email(**message(service, SENDER, [RECIPIENT]))
    with pytest.raises(errors.UnverifiedIdentity) as caught:
        there.send_email(**message(service, SENDER, [RECIPIENT]))
    assert caught.value.diagnosis.region == "us-west-2"
    assert [arrived.region for arrived in ses.inbox] == ["eu-central-1"]


@everywhere
@pytest.mark.parametrize("language", LANGUAGES)
def test_after_the_daily_quota_the_guard_waits_for_the_next_period(
    ses: Simulator, service: str, language: str
) -> None:
    """You will have to wait until the next 24-hour period: SES is not asked again and again."""
    ses.account.quota = 1
    client = guarded_client_at_rest(ses, service, language)
    client.send_email(**message(service, SENDER, [RECIPIENT]))
    caught = []
    for _ in range(2):
        with pytest.raises(errors.DailyQuotaExceeded) as refused:
            client.send_email(**message(service, SENDER, [RECIPIENT]))
        caught.append(refused.value)
    assert (len(ses.inbox), ses.counters.requests) == (1, 2)
    by_ses, by_guard = caught
    assert (by_ses.origin, by_guard.origin) == ("service", "client")
    assert by_guard.response["Error"]["Code"] == by_ses.response["Error"]["Code"]
    assert by_guard.response["Error"]["Message"] == by_ses.response["Error"]["Message"]
    assert (by_ses.retry_after, by_guard.retry_after) == (600, 600)
    ten_minutes = Wording("duration.minutes", {"count": "10"})
    expected = Wording("daily_quota", {"retry_after": ten_minutes})
    assert by_ses.diagnosis.advice == by_guard.diagnosis.advice
    assert by_guard.diagnosis.advice == expected.sentence(language)
