"""The program of the reader: the client that it makes, and what it sees of a send."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

import botoses_guard
from botoses_guard.errors import SESError
from botoses_guard.simulator import Simulator

THREADS = 32

MakeClient = Callable[..., Any]
"""Takes a local SES, the name of a service, a session and options of botocore's ``Config``."""


def plain(
    ses: Simulator,
    service: str = "sesv2",
    session: boto3.Session | None = None,
    **options: Any,
) -> Any:
    """boto3 as it comes."""
    config = Config(max_pool_connections=THREADS, **options)
    return ses.client(service, session=session, config=config)


def adaptive(ses: Simulator, service: str = "sesv2", **options: Any) -> Any:
    """boto3 with its own rate limiting on the side of the client."""
    return plain(ses, service, retries={"mode": "adaptive"}, **options)


def guarded(
    ses: Simulator,
    service: str = "sesv2",
    session: boto3.Session | None = None,
    **options: Any,
) -> Any:
    """boto3 as it comes, and the one line."""
    session = session or ses.session()
    botoses_guard.register(session)
    return plain(ses, service, session, **options)


def message(
    *recipients: str, service: str = "sesv2", sender: str = "shop@example.com", **more: Any
) -> dict[str, Any]:
    """The parameters of ``send_email`` for one message.

    Args:
        recipients: mailboxes for ``To``.
        service: ``ses`` or ``sesv2``.
        sender: mailbox for ``From``.
        more: further parameters.
    """
    destination = {"ToAddresses": list(recipients)}
    content = {
        "Subject": {"Data": "Autumn sale"},
        "Body": {"Text": {"Data": "Everything must go."}},
    }
    if service == "ses":
        return {"Source": sender, "Destination": destination, "Message": content, **more}
    simple = {"Simple": content}
    return {"FromEmailAddress": sender, "Destination": destination, "Content": simple, **more}


@dataclass(frozen=True)
class Sight:
    """What the program sees of one send."""

    exception: str = ""
    """The name of its class; empty when the send was accepted."""

    also: str = ""
    """The class of botocore that an exception of the guard is an instance of, too."""

    text: str = ""
    """SES's own words."""

    faults: tuple[str, ...] = ()
    """What is wrong where, as the guard tells it."""

    advice: str = ""
    """What to do, as the guard tells it."""


def send(client: Any, parameters: dict[str, Any]) -> Sight:
    """Send, and tell what the program sees. Exceptions that are no refusal pass through."""
    try:
        client.send_email(**parameters)
    except (ClientError, BotoCoreError) as error:
        return _sight(error)
    return Sight()


def _sight(error: ClientError | BotoCoreError) -> Sight:
    name = type(error).__name__
    if not isinstance(error, ClientError):
        return Sight(name, text=str(error))
    code, text = error.response["Error"]["Code"], error.response["Error"]["Message"]
    if not isinstance(error, SESError):
        return Sight(name if name == code else f"{name} {code}", text=text)
    return Sight(
        name,
        _also(error),
        text,
        tuple(f"{fault.path}: {fault.rule}" for fault in error.violations),
        error.diagnosis.advice,
    )


def _also(error: SESError) -> str:
    """The nearest class of botocore's own: ``ClientError``, where there is no nearer one."""
    names = [
        base.__name__
        for base in type(error).__mro__
        if issubclass(base, (ClientError, BotoCoreError)) and not issubclass(base, SESError)
    ]
    return next((name for name in names if name != "ClientError"), "ClientError")
