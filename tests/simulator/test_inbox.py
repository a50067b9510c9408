"""What the inbox tells of the messages that were accepted."""

from __future__ import annotations

import pytest

from botoses_guard.simulator.inbox import Accepted
from tests.simulator.local import (
    BULK,
    RAW_OPERATION,
    RECIPIENT,
    SENDER,
    TEMPLATED,
    LocalSES,
    bulk,
    raw,
    send_email,
    templated,
)

BOTH = pytest.mark.parametrize("service", ["ses", "sesv2"])


def only(ses: LocalSES) -> Accepted:
    (message,) = ses.simulator.inbox
    return message


@BOTH
def test_a_composed_message_is_told_by_its_parts(ses: LocalSES, service: str) -> None:
    answer = ses.call(service, "SendEmail", **send_email(service))
    message = only(ses)
    assert message.message_id == answer["MessageId"]
    assert (message.service, message.operation) == (service, "SendEmail")
    assert (message.source, message.recipients) == (SENDER, (RECIPIENT,))
    assert (message.subject, message.body) == ("Your order", "It is on its way.")
    assert (message.template, message.raw) == (None, None)
    assert message.region == "us-east-1"
    assert message.time == ses.clock.now


@BOTH
def test_a_message_of_html_alone_has_it_for_a_body(ses: LocalSES, service: str) -> None:
    content = {"Subject": {"Data": "s"}, "Body": {"Html": {"Data": "<p>"}}}
    changes = {"Message": content} if service == "ses" else {"Content": {"Simple": content}}
    ses.call(service, "SendEmail", **send_email(service, **changes))
    assert only(ses).body == "<p>"


@BOTH
def test_a_raw_message_is_kept_byte_for_byte(ses: LocalSES, service: str) -> None:
    content = b"From: Ada <a@x.org>\nSubject: Your\n order\nBcc: b@x.org\n\n\xff\x00"
    ses.call(service, RAW_OPERATION[service], **raw(service, content))
    message = only(ses)
    assert message.raw == content
    assert (message.source, message.recipients) == ("a@x.org", ("b@x.org",))
    assert (message.subject, message.body) == ("Your\n order".replace("\n", ""), None)


@BOTH
def test_a_raw_message_without_a_subject_has_none(ses: LocalSES, service: str) -> None:
    content = b"From: a@x.org\nTo: b@x.org\n\n"
    ses.call(service, RAW_OPERATION[service], **raw(service, content))
    assert only(ses).subject is None


@BOTH
def test_a_template_is_named(ses: LocalSES, service: str) -> None:
    ses.set_up(templates=["welcome"])
    ses.call(service, TEMPLATED[service], **templated(service))
    assert (only(ses).template, only(ses).subject) == ("welcome", None)


@BOTH
def test_each_entry_of_a_bulk_call_is_a_message(ses: LocalSES, service: str) -> None:
    ses.set_up(templates=["welcome"])
    ses.call(service, BULK[service], **bulk(service, ["a@x.org"], ["b@x.org", "c@x.org"]))
    messages = list(ses.simulator.inbox)
    assert [one.recipients for one in messages] == [("a@x.org",), ("b@x.org", "c@x.org")]
    assert {one.template for one in messages} == {"welcome"}
    assert {one.source for one in messages} == {SENDER}
    assert ses.simulator.counters.accepted == 2
    assert ses.simulator.counters.recipients == 3


@BOTH
def test_another_subject_is_no_duplicate(ses: LocalSES, service: str) -> None:
    for subject in ("Your order", "Your bill"):
        content = {"Subject": {"Data": subject}, "Body": {"Text": {"Data": "t"}}}
        changes = {"Message": content} if service == "ses" else {"Content": {"Simple": content}}
        ses.call(service, "SendEmail", **send_email(service, **changes))
    assert ses.simulator.inbox.duplicates == []


@BOTH
def test_another_template_for_the_same_entries_is_no_duplicate(ses: LocalSES, service: str) -> None:
    ses.set_up(templates=["welcome", "goodbye"])
    welcome = bulk(service, ["a@x.org"])
    goodbye = bulk(service, ["a@x.org"])
    if service == "ses":
        goodbye["Template"] = "goodbye"
    else:
        goodbye["DefaultContent"] = {"Template": {"TemplateName": "goodbye", "TemplateData": "{}"}}
    for given in (welcome, goodbye):
        ses.call(service, BULK[service], **given)
    assert ses.simulator.inbox.duplicates == []
    ses.call(service, BULK[service], **welcome)
    assert len(ses.simulator.inbox.duplicates) == 1
