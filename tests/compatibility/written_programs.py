"""Programs that are too large to install here, or are an example: what they ask of boto3."""

from __future__ import annotations

from email.header import Header
from email.message import EmailMessage
from email.utils import formataddr, parseaddr
from typing import Any

import boto3

from botoses_guard.simulator import Simulator

from .letters import DATE, Letter
from .mime_messages import header_of, mime_message
from .program import Program, Send, fields


def _lists_of(letter: Letter) -> dict[str, list[str]]:
    """``Destination``, without empty lists: API v1 has no way to write one."""
    lists = {"ToAddresses": letter.to, "CcAddresses": letter.cc, "BccAddresses": letter.bcc}
    return {name: list(mailboxes) for name, mailboxes in lists.items() if mailboxes}


def _airflow(ses: Simulator) -> Send:
    """``SesHook.send_email``: a MIME message as text, all of its recipients beside it."""
    client: Any = boto3.client("ses")

    def send(letter: Letter) -> object:
        message = mime_message(letter)
        message["Date"] = DATE
        return client.send_raw_email(
            Source=letter.sender,
            Destinations=[*letter.to, *letter.cc, *letter.bcc],
            RawMessage={"Data": message.as_string()},
        )

    return send


def _custodian(ses: Simulator) -> Send:
    """``c7n-mailer``: a MIME message as text and nothing else, so that SES reads it."""
    client: Any = boto3.client("ses")
    return lambda letter: client.send_raw_email(
        RawMessage={"Data": mime_message(letter).as_string()}
    )


def _lemur(ses: Simulator) -> Send:
    """Lemur's notifications: a composed message for several people, in HTML alone."""
    client: Any = boto3.client("ses")

    def send(letter: Letter) -> object:
        return client.send_email(
            Source=letter.sender,
            Destination={"ToAddresses": list(letter.to)},
            Message={
                "Subject": {"Data": letter.subject, "Charset": "UTF-8"},
                "Body": {"Html": {"Data": letter.text, "Charset": "UTF-8"}},
            },
        )

    return send


def _aws_example(ses: Simulator) -> Send:
    """``SesMailSender`` of the examples that AWS keeps for Python."""
    client: Any = boto3.client("ses")

    def send(letter: Letter) -> object:
        bodies = {"Text": letter.text, "Html": letter.html}
        arguments: dict[str, Any] = {
            "Source": letter.sender,
            "Destination": _lists_of(letter),
            "Message": {
                "Subject": {"Data": letter.subject},
                "Body": {name: {"Data": body} for name, body in bodies.items() if body},
            },
        }
        if letter.reply_to:
            arguments["ReplyToAddresses"] = list(letter.reply_to)
        if letter.tags:
            arguments["Tags"] = [{"Name": name, "Value": value} for name, value in letter.tags]
        if letter.configuration_set:
            arguments["ConfigurationSetName"] = letter.configuration_set
        return client.send_email(**arguments)

    return send


def _gov_uk_notify(ses: Simulator) -> Send:
    """Notifications: a composed message of API v2 with header fields, domains in ASCII."""
    client: Any = boto3.client("sesv2")

    def in_ascii(mailbox: str) -> str:
        local_part, _, domain = mailbox.partition("@")
        return f"{local_part}@{domain.encode('idna').decode()}"

    def send(letter: Letter) -> object:
        bodies = {"Text": {"Data": letter.text}}
        if letter.html:
            bodies["Html"] = {"Data": letter.html}
        headers = [{"Name": name, "Value": value} for name, value in letter.headers]
        return client.send_email(
            FromEmailAddress=letter.sender,
            Destination={
                "ToAddresses": [in_ascii(mailbox) for mailbox in letter.to],
                "CcAddresses": [],
                "BccAddresses": [],
            },
            Content={
                "Simple": {
                    "Subject": {"Data": letter.subject},
                    "Body": bodies,
                    "Headers": headers,
                }
            },
            ReplyToAddresses=[in_ascii(mailbox) for mailbox in letter.reply_to],
        )

    return send


def _report(ses: Simulator) -> Send:
    """A report with a table in HTML and a sheet, by the newer class of the standard library."""
    client: Any = boto3.client("sesv2")

    def send(letter: Letter) -> object:
        message = EmailMessage()
        for field, text in header_of(letter):
            message[field] = text
        message.set_content(letter.text)
        if letter.html:
            message.add_alternative(letter.html, subtype="html")
        for name, content, content_type in letter.attachments:
            main, _, sub = content_type.partition("/")
            message.add_attachment(content, maintype=main, subtype=sub, filename=name)
        return client.send_email(
            FromEmailAddress=letter.sender,
            Destination=_lists_of(letter),
            Content={"Raw": {"Data": message.as_bytes()}},
        )

    return send


def _header_encode(ses: Simulator) -> Send:
    """Names through ``email.header.Header``, which folds long ones, into parameters."""
    client: Any = boto3.client("ses")

    def encoded(mailbox: str) -> str:
        name, address = parseaddr(mailbox)
        return formataddr((Header(name, "utf-8").encode(), address))

    def send(letter: Letter) -> object:
        return client.send_email(
            Source=encoded(letter.sender),
            Destination={
                name: [encoded(mailbox) for mailbox in mailboxes]
                for name, mailboxes in _lists_of(letter).items()
            },
            Message={
                "Subject": {"Data": Header(letter.subject, "utf-8").encode()},
                "Body": {"Text": {"Data": letter.text}},
            },
        )

    return send


_OF_MIME = fields("html cc reply_to attachments headers")

WRITTEN_PROGRAMS = (
    Program("Airflow's SesHook", _airflow, _OF_MIME | fields("bcc")),
    Program("Cloud Custodian's c7n-mailer", _custodian, _OF_MIME),
    Program("Lemur", _lemur),
    Program(
        "SesMailSender of AWS's examples",
        _aws_example,
        fields("html cc bcc reply_to tags configuration_set"),
    ),
    Program("GOV.UK Notify", _gov_uk_notify, fields("html reply_to headers")),
    Program("a report by EmailMessage", _report, _OF_MIME | fields("bcc")),
    Program("names by Header.encode", _header_encode, fields("cc bcc")),
)
