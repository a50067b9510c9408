"""Programs that are installed, without Django."""

from __future__ import annotations

from typing import Any

import boto3
import pytest

from botoses_guard.simulator import Simulator

from .letters import Letter
from .mime_messages import mime_message
from .program import Program, Send, fields


def _mailbridge(ses: Simulator) -> Send:
    bridge = pytest.importorskip("mailbridge").MailBridge(provider="ses")

    def send(letter: Letter) -> object:
        return bridge.send(
            to=list(letter.to),
            subject=letter.subject,
            body=letter.text,
            html=False,
            from_email=letter.sender,
            cc=list(letter.cc),
            bcc=list(letter.bcc),
            reply_to=next(iter(letter.reply_to), None),
            attachments=list(letter.attachments),
        )

    return send


def _sesmio(ses: Simulator) -> Send:
    client = pytest.importorskip("sesmio").SES(max_retries=0)

    def send(letter: Letter) -> object:
        return client.send(
            to=list(letter.to),
            subject=letter.subject,
            text=letter.text,
            html=letter.html or None,
            from_=letter.sender,
            cc=list(letter.cc),
            bcc=list(letter.bcc),
            reply_to=list(letter.reply_to),
            headers=dict(letter.headers),
            tags=dict(letter.tags),
            configuration_set=letter.configuration_set or None,
            attachments=[
                {"filename": name, "content": content, "content_type": content_type}
                for name, content, content_type in letter.attachments
            ],
        )

    return send


def _luigi(ses: Simulator) -> Send:
    notifications = pytest.importorskip("luigi.notifications")
    config = pytest.importorskip("luigi.configuration").get_config()
    config.set("email", "method", "ses")
    config.set("email", "force_send", "true")

    def send(letter: Letter) -> object:
        return notifications.send_email(
            subject=letter.subject,
            message=letter.text,
            sender=letter.sender,
            recipients=letter.to,
        )

    return send


class _SesHost:
    """Stands for ``smtplib.SMTP``, for a Flask-Mail that sends by the API of SES."""

    def __init__(self) -> None:
        self._client: Any = boto3.client("ses")

    def sendmail(self, sender: str, recipients: list[str], message: bytes, *options: Any) -> None:
        self._client.send_raw_email(
            Source=sender, Destinations=recipients, RawMessage={"Data": message}
        )


def _flask_mail(ses: Simulator) -> Send:
    flask = pytest.importorskip("flask")
    flask_mail = pytest.importorskip("flask_mail")
    # What the package says when it is imported, which is once in a process.
    charset = pytest.importorskip("email.charset")
    charset.add_charset("utf-8", charset.SHORTEST, None, "utf-8")
    app = flask.Flask(__name__)
    mail = flask_mail.Mail(app)
    host = _SesHost()

    def send(letter: Letter) -> object:
        with app.app_context():
            message = flask_mail.Message(
                letter.subject,
                recipients=list(letter.to),
                body=letter.text,
                html=letter.html or None,
                sender=letter.sender,
                cc=list(letter.cc),
                bcc=list(letter.bcc),
                reply_to=next(iter(letter.reply_to), None),
                extra_headers=dict(letter.headers),
            )
            for name, content, content_type in letter.attachments:
                message.attach(name, content_type, content)
            connection = mail.connect()
            connection.host, connection.num_emails = host, 0
            connection.send(message)
            return message

    return send


def _repoze(ses: Simulator) -> Send:
    encode = pytest.importorskip("repoze.sendmail.encoding").encode_message
    client: Any = boto3.client("ses")

    def send(letter: Letter) -> object:
        return client.send_raw_email(
            RawMessage={"Data": encode(mime_message(letter))},
            Source=letter.sender,
            Destinations=[*letter.to, *letter.cc, *letter.bcc],
        )

    return send


INSTALLED_PROGRAMS = (
    Program("mailbridge", _mailbridge, fields("cc bcc reply_to attachments")),
    Program(
        "sesmio",
        _sesmio,
        fields("html cc bcc reply_to attachments headers tags configuration_set"),
    ),
    Program(
        "luigi",
        _luigi,
        # Its own default, which it asks every program to set.
        marks=(pytest.mark.filterwarnings("ignore:Autoloading range tasks by default"),),
    ),
    Program("Flask-Mail", _flask_mail, fields("html cc bcc reply_to attachments headers")),
    Program("repoze.sendmail", _repoze, fields("html cc bcc reply_to attachments headers")),
)
