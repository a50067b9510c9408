"""Backends of Django, and airmailer, which is Django's way to mail without Django."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import pytest

from botoses_guard.simulator import Simulator

from .letters import DATE, Letter
from .program import Program, Send, fields


def _import(module: str) -> Any:
    """A module that needs Django's settings, which are made once in a process."""
    conf = pytest.importorskip("django.conf")
    if not conf.settings.configured:
        conf.settings.configure()
    return pytest.importorskip(module)


def _credentials(ses: Simulator) -> tuple[str, str]:
    credentials = ses.session().get_credentials()
    assert credentials is not None
    return credentials.access_key, credentials.secret_key


def _message(made_by: Any, letter: Letter) -> Any:
    """The message of ``letter``: airmailer's class takes the same arguments as Django's."""
    message = made_by(
        subject=letter.subject,
        body=letter.text,
        from_email=letter.sender,
        to=letter.to,
        cc=letter.cc,
        bcc=letter.bcc,
        reply_to=letter.reply_to,
        # A Message-ID of its own spares Django the look for the name of this host.
        headers={"Message-ID": "<order@example.com>", "Date": DATE, **dict(letter.headers)},
        attachments=letter.attachments,
    )
    if letter.html:
        message.attach_alternative(letter.html, "text/html")
    return message


def _send_by(backend: Any) -> Send:
    mail = _import("django.core.mail")
    return lambda letter: backend.send_messages([_message(mail.EmailMultiAlternatives, letter)])


def _django_ses(use_ses_v2: bool) -> Any:
    def connect(ses: Simulator) -> Send:
        key, secret = _credentials(ses)
        backend = _import("django_ses").SESBackend(
            aws_access_key=key,
            aws_secret_key=secret,
            aws_region_name="us-east-1",
            aws_region_endpoint=ses.url,
            use_ses_v2=use_ses_v2,
        )
        backend.open()
        return _send_by(backend)

    return connect


def _django_amazon_ses(ses: Simulator) -> Send:
    if _import("django").VERSION >= (6,):
        pytest.skip("django-amazon-ses 4.0.1 writes its message in a way that Django 6 took away")
    return _send_by(_import("django_amazon_ses").EmailBackend())


def _django_aws_mail(ses: Simulator) -> Send:
    key, secret = _credentials(ses)
    backend = _import("django_aws_mail.backends").EmailBackend(
        aws_region_name="us-east-1", aws_access_key_id=key, aws_secret_access_key=secret
    )
    backend.open()
    return _send_by(backend)


def _anymail(ses: Simulator) -> Send:
    backend = _import("anymail.backends.amazon_ses").EmailBackend()
    made_by = _import("anymail.message").AnymailMessage
    backend.open()

    def send(letter: Letter) -> object:
        message = _message(made_by, letter)
        message.esp_extra = {
            "EmailTags": [{"Name": name, "Value": value} for name, value in letter.tags]
        }
        if letter.configuration_set:
            message.esp_extra["ConfigurationSetName"] = letter.configuration_set
        return backend.send_messages([message])

    return send


def _airmailer(ses: Simulator) -> Send:
    backend = _import("airmailer.backend.aws").SESEmailBackend
    made_by = _import("airmailer.message").EmailMultiAlternatives

    @lru_cache
    def connection(configuration_set: str, tags: tuple[tuple[str, str], ...]) -> Any:
        opened = backend(
            configuration_set_name=configuration_set or None, ses_tags=dict(tags) or None
        )
        opened.open()
        return opened

    def send(letter: Letter) -> object:
        backend = connection(letter.configuration_set, letter.tags)
        return backend.send_messages([_message(made_by, letter)])

    return send


_CARRIED = fields("html cc bcc reply_to attachments headers")
_WITH_TAGS = _CARRIED | fields("tags configuration_set")

DJANGO_PROGRAMS = (
    Program("django-ses", _django_ses(False), _CARRIED),
    Program("django-ses with USE_SES_V2", _django_ses(True), _CARRIED),
    Program("django-amazon-ses", _django_amazon_ses, _CARRIED),
    Program(
        "django-aws-mail",
        _django_aws_mail,
        _CARRIED,
        # Its own trouble with Django after 6.0, which it runs on all the same.
        marks=(
            pytest.mark.filterwarnings(
                r"ignore:django_aws_mail\.backends\.EmailBackend\.__init__\(\) does not support"
            ),
        ),
    ),
    Program("django-anymail", _anymail, _WITH_TAGS),
    Program("airmailer", _airmailer, _WITH_TAGS),
)
