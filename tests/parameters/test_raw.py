"""The sender of a raw message, which stands in its headers or in a parameter."""

from __future__ import annotations

from typing import Any

import pytest

from .sends import RAW, SENDER, faults, prepared, send_of

WITHOUT_FROM = RAW.partition(b"\r\n")[2]
NAMED = RAW.replace(SENDER.encode(), b"The Shop <shop@example.com>")

PATHS = {"ses.SendRawEmail": "RawMessage.Data", "sesv2.SendEmail": "Content.Raw.Data"}
every_raw_send = pytest.mark.parametrize("name", sorted(PATHS))


def raw_send(name: str, content: Any, sender: str | None = None) -> dict[str, Any]:
    """A raw send, with its sender as a parameter where one is given."""
    if name == "ses.SendRawEmail":
        return {"RawMessage": {"Data": content}} | ({"Source": sender} if sender else {})
    parameters: dict[str, Any] = {"Content": {"Raw": {"Data": content}}}
    return parameters | ({"FromEmailAddress": sender} if sender else {})


@every_raw_send
def test_a_message_without_a_sender_is_refused(name: str) -> None:
    """RFC 5322 §3.6.2: a message has a From field."""
    assert faults(name, raw_send(name, WITHOUT_FROM)) == [(PATHS[name], "header_invalid")]


def with_recipient(name: str, content: Any, recipient: str) -> dict[str, Any]:
    """A raw send to one recipient beside its headers."""
    if name == "ses.SendRawEmail":
        return {"RawMessage": {"Data": content}, "Destinations": [recipient]}
    return {"Content": {"Raw": {"Data": content}}, "Destination": {"BccAddresses": [recipient]}}


@every_raw_send
def test_a_name_that_is_too_long_and_reaches_nobody_is_left_out(name: str) -> None:
    """The recipients see the names in the header."""
    long = f"{'Ada Lovelace ' * 30}<ada@example.com>"
    found = prepared(name, with_recipient(name, RAW, long))
    assert (found.violations, found.recipients) == ((), ["ada@example.com"])
    assert found.parameters == with_recipient(name, RAW, "ada@example.com")
    assert faults(name, with_recipient(name, RAW, long), "reject") != []


def test_a_name_that_is_too_long_and_would_be_seen_is_refused() -> None:
    long = f"{'Ada Lovelace ' * 30}<ada@example.com>"
    parameters = send_of("ses.SendEmail", Destination={"ToAddresses": [long]})
    assert faults("ses.SendEmail", parameters) == [
        ("Destination.ToAddresses[0]", "malformed_address")
    ]


@every_raw_send
def test_the_sender_may_stand_in_a_parameter(name: str) -> None:
    assert faults(name, raw_send(name, WITHOUT_FROM, SENDER)) == []
    assert faults(name, raw_send(name, RAW)) == []


@pytest.mark.parametrize(
    ("name", "content", "sender", "drops"),
    [
        ("sesv2.SendEmail", NAMED, SENDER, True),
        ("sesv2.SendEmail", NAMED, "The Shop <shop@example.com>", False),
        ("sesv2.SendEmail", NAMED, None, False),
        ("sesv2.SendEmail", RAW, SENDER, False),
        ("ses.SendRawEmail", NAMED, SENDER, False),
    ],
)
def test_a_parameter_without_a_name_drops_the_headers_name_in_v2(
    name: str, content: bytes, sender: str | None, drops: bool
) -> None:
    """There FromEmailAddress takes the place of the whole From header; in v1 Source does not."""
    assert prepared(name, raw_send(name, content, sender)).drops_name is drops
