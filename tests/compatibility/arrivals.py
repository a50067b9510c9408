"""A message that arrived, as its reader sees it."""

from __future__ import annotations

import email.message
import email.policy
import re
from collections.abc import Iterable, Iterator, Mapping
from email.header import decode_header, make_header
from email.message import EmailMessage, Message
from typing import Any, NamedTuple

from botoses_guard.simulator.inbox import Accepted

_MADE_ANEW = frozenset(("content-type", "date", "message-id"))
"""Fields that differ from message to message; the content types are read part by part."""

_ADDRESSES = frozenset(("bcc", "cc", "from", "reply-to", "to"))

_MAILBOX = re.compile(r'(?:"(?:\\.|[^"\\])*"|[^,"])+')
"""One of a list: a comma in quotes does not end it."""

_IN_BRACKETS = re.compile(r"(.*)<([^<>]*)>", re.DOTALL)


class Mailbox(NamedTuple):
    """A name, decoded, and an address."""

    name: str
    address: str


class Part(NamedTuple):
    """A body or an attachment."""

    content_type: str
    file_name: str | None
    content: str | bytes


class Arrival(NamedTuple):
    """A message that arrived."""

    recipients: tuple[str, ...]
    sender: str
    """Who gets its bounces."""

    fields: tuple[tuple[str, object], ...]
    """Header fields, decoded; of address fields the mailboxes."""

    parts: tuple[Part, ...]
    asked: tuple[tuple[str, str], ...]
    """What is asked of SES beside the message: tags, configuration set, Reply-To."""


def arrival_of(accepted: Accepted) -> Arrival:
    """What the recipients of ``accepted`` see, whether SES composed it or not."""
    given, raw = accepted.parameters, accepted.raw
    source = given.get("Source", given.get("FromEmailAddress"))
    return Arrival(
        recipients=accepted.recipients,
        sender=_mailbox_of(source).address if isinstance(source, str) else "",
        fields=tuple(_composed(given) if raw is None else _fields_of(raw)),
        parts=tuple(_bodies_of(given) if raw is None else _parts_of(raw)),
        asked=tuple(_asked(given)),
    )


def _fields_of(raw: bytes) -> Iterator[tuple[str, object]]:
    for name, body in email.message_from_bytes(raw).items():
        if name.lower() in _ADDRESSES:
            yield name, tuple(map(_mailbox_of, _MAILBOX.findall(body)))
        elif name.lower() not in _MADE_ANEW:
            yield name, _decoded(body)


def _composed(given: Mapping[str, Any]) -> Iterator[tuple[str, object]]:
    """The header that SES composes of parameters."""
    simple, destination = _simple(given), given["Destination"]
    for name, mailboxes in (
        ("From", [given.get("Source", given.get("FromEmailAddress"))]),
        ("To", destination.get("ToAddresses", ())),
        ("Cc", destination.get("CcAddresses", ())),
        ("Reply-To", given.get("ReplyToAddresses", ())),
    ):
        if mailboxes:
            yield name, tuple(map(_mailbox_of, mailboxes))
    yield "Subject", _decoded(simple["Subject"]["Data"])
    for header in simple.get("Headers", ()):
        yield header["Name"], _decoded(header["Value"])


def _mailbox_of(text: str) -> Mailbox:
    found = _IN_BRACKETS.fullmatch(_unfolded(text).strip())
    if found is None:
        return Mailbox("", text.strip())
    name = found[1].strip()
    if name.startswith('"') and name.endswith('"'):
        name = re.sub(r"\\(.)", r"\1", name[1:-1])
    return Mailbox(_decoded(name), found[2])


def _decoded(text: object) -> str:
    return str(make_header(decode_header(_unfolded(str(text))))).rstrip()


def _unfolded(text: str) -> str:
    """RFC 5322 section 2.2.3."""
    return re.sub(r"\r?\n(?=[ \t])", "", text)


def _parts_of(raw: bytes) -> Iterator[Part]:
    message: Message = email.message_from_bytes(raw, EmailMessage, policy=email.policy.default)
    for part in message.walk():
        if not part.is_multipart():
            assert isinstance(part, EmailMessage)
            yield Part(part.get_content_type(), part.get_filename(), part.get_content())


def _bodies_of(given: Mapping[str, Any]) -> Iterator[Part]:
    for name, body in sorted(_simple(given)["Body"].items()):
        yield Part({"Text": "text/plain", "Html": "text/html"}[name], None, body["Data"])


def _simple(given: Mapping[str, Any]) -> Any:
    return given["Message"] if "Message" in given else given["Content"]["Simple"]


def _asked(given: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    tags: Iterable[Mapping[str, str]] = given.get("Tags", given.get("EmailTags", ()))
    for tag in tags:
        yield f"tag {tag['Name']}", tag["Value"]
    if "ConfigurationSetName" in given:
        yield "configuration set", given["ConfigurationSetName"]
    if "Raw" in given.get("Content", ()):
        for mailbox in given.get("ReplyToAddresses", ()):
            yield "reply-to", _mailbox_of(mailbox).address
