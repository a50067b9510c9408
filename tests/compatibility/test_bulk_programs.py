"""Programs that send templates in bulk, where SES answers for each entry by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from .letters import ADA, SHOP
from .side_by_side import account, guard_of, no_guard

pytestmark = pytest.mark.usefixtures("models_are_read_once")


JOE = "joe@example.com"
WRONG = "eve@example..com"
TEMPLATE = "welcome"

Told = list[object]
"""What a program tells of each entry."""


def mailbridge(recipients: list[str]) -> Told:
    """One call of API v1; the answer tells how many were sent."""
    package = pytest.importorskip("mailbridge")
    dto = pytest.importorskip("mailbridge.dto.email_message_dto").EmailMessageDto
    messages = [
        dto(to=recipient, from_email=SHOP, template_id=TEMPLATE, template_data={"name": "Jürgen"})
        for recipient in recipients
    ]
    answer = package.MailBridge(provider="ses").send_bulk(messages)
    return [(one.success, one.metadata["success_count"]) for one in answer.responses]


def sesmio(recipients: list[str]) -> Told:
    """One call of API v2; the answer tells what became of each entry.

    Version 0.3.1 asks for a parameter that the API does not have when an entry has data.
    """
    package = pytest.importorskip("sesmio")
    entries = [package.Recipient(to=recipient) for recipient in recipients]
    results = package.SES(max_retries=0).bulk(TEMPLATE, entries, from_=SHOP).send()
    return [(one.status, one.message_id is not None, str(one.error)) for one in results]


def fare(send: Callable[[list[str]], Told], recipients: list[str], guarded: bool) -> Iterator[Any]:
    """What the program tells, and what arrived."""
    with account(templates=[TEMPLATE]) as ses, guard_of("bulk") if guarded else no_guard():
        yield send(recipients)
        for accepted in ses.inbox:
            yield accepted.recipients, accepted.parameters, accepted.template


@pytest.mark.parametrize("send", [mailbridge, sesmio], ids=lambda send: send.__name__)
def test_each_entry_fares_as_it_did(send: Callable[[list[str]], Told]) -> None:
    plain = list(fare(send, [ADA, JOE], guarded=False))
    assert len(plain) == 3
    assert list(fare(send, [ADA, JOE], guarded=True)) == plain


def test_an_entry_that_ses_fails_fails_alone() -> None:
    """sesmio refuses such an address itself."""
    plain = list(fare(mailbridge, [ADA, WRONG, JOE], guarded=False))
    assert plain[0] == [(True, 2)]
    assert list(fare(mailbridge, [ADA, WRONG, JOE], guarded=True)) == plain
