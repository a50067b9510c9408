"""The settings of the account may be changed at any time; what requests created stays."""

from __future__ import annotations

import pytest

from botoses_guard.simulator.account import Account
from tests.simulator.local import ACCEPTED, SENDER, TEMPLATED, LocalSES, send_email, templated

BOTH = pytest.mark.parametrize("service", ["ses", "sesv2"])


@BOTH
def test_identities_named_later_hold_from_the_next_send_on(ses: LocalSES, service: str) -> None:
    assert ses.send(service) == ACCEPTED
    ses.simulator.account.verified = ["other@example.com"]
    assert ses.send(service)[1] == "MessageRejected"
    ses.simulator.account.verified = [SENDER]
    assert ses.send(service) == ACCEPTED
    ses.simulator.account.verified = None
    assert ses.send(service) == ACCEPTED


@BOTH
def test_an_identity_that_a_request_verified_stays(ses: LocalSES, service: str) -> None:
    ses.set_up(verified=["other@example.com"])
    ses.call("ses", "VerifyEmailIdentity", EmailAddress=SENDER)
    ses.simulator.account.verified = ["third@example.com"]
    assert ses.send(service) == ACCEPTED
    assert ses.call("ses", "ListIdentities") == {"Identities": [SENDER, "third@example.com"]}


@BOTH
def test_an_identity_that_a_request_deleted_stays_away(ses: LocalSES, service: str) -> None:
    ses.set_up(verified=[SENDER])
    ses.call("ses", "DeleteIdentity", Identity=SENDER)
    assert ses.send(service)[1] == "MessageRejected"


@BOTH
def test_sets_and_templates_named_later_are_there(ses: LocalSES, service: str) -> None:
    named = {"ConfigurationSetName": "spring"}
    given = send_email(service, **named)
    assert ses.answer(service, "SendEmail", **given) != ACCEPTED
    ses.simulator.account.configuration_sets = ["spring"]
    ses.simulator.account.templates = ["welcome"]
    assert ses.answer(service, "SendEmail", **given) == ACCEPTED
    assert ses.answer(service, TEMPLATED[service], **templated(service)) == ACCEPTED
    ses.simulator.account.configuration_sets = []
    assert ses.answer(service, "SendEmail", **given) != ACCEPTED


@BOTH
def test_what_was_sent_is_not_forgotten(ses: LocalSES, service: str) -> None:
    ses.send(service, recipients=3)
    ses.simulator.account.verified = [SENDER]
    assert ses.call("ses", "GetSendQuota")["SentLast24Hours"] == 3


@pytest.mark.parametrize(
    "setting", ["verified", "mail_from_failed", "configuration_sets", "templates"]
)
def test_one_text_is_no_list_of_names(setting: str) -> None:
    with pytest.raises(TypeError, match=setting):
        setattr(Account(), setting, "shop@example.com")


def test_names_may_come_from_any_iterable() -> None:
    account = Account(verified=(f"{name}@example.com" for name in "ab"))
    for _ in range(2):
        assert account.region("us-east-1").identities == {"a@example.com", "b@example.com"}
