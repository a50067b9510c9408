"""A letter as a MIME message, as scripts build it with the standard library."""

from __future__ import annotations

from email.mime.application import MIMEApplication
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText

from .letters import Letter


def mime_message(letter: Letter) -> MIMEBase:
    """``letter`` by the older classes of the standard library, with text as it is given."""
    body: MIMEBase = MIMEText(letter.text, "plain", "utf-8")
    if letter.html:
        alternative = MIMEMultipart("alternative")
        alternative.attach(body)
        alternative.attach(MIMEText(letter.html, "html", "utf-8"))
        body = alternative
    if letter.attachments:
        mixed = MIMEMultipart("mixed")
        mixed.attach(body)
        for name, content, content_type in letter.attachments:
            part = MIMEApplication(content, content_type.partition("/")[2])
            part.add_header("Content-Disposition", "attachment", filename=name)
            mixed.attach(part)
        body = mixed
    for field, text in header_of(letter):
        body[field] = text
    return body


def header_of(letter: Letter) -> list[tuple[str, str]]:
    """The header fields of ``letter``, with text as it is given."""
    written = [
        ("Subject", letter.subject),
        ("From", letter.sender),
        ("To", ", ".join(letter.to)),
        ("Cc", ", ".join(letter.cc)),
        ("Reply-To", ", ".join(letter.reply_to)),
        *letter.headers,
    ]
    return [(field, text) for field, text in written if text]
