"""Sends of the same message by either service, to a local SES."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import boto3
from botocore.config import Config

import botoses_guard
from botoses_guard.pacing.memory import MemoryStore
from botoses_guard.plugin import Guard
from botoses_guard.settings import load
from botoses_guard.simulator import Simulator

SERVICES = ("ses", "sesv2")

SUBJECT = "Your order"
_CONTENT = {"Subject": {"Data": SUBJECT}, "Body": {"Text": {"Data": "It is on its way."}}}


def message(
    service: str, sender: str, recipients: Sequence[str], **parameters: Any
) -> dict[str, Any]:
    """The parameters of ``send_email``."""
    destination = {"ToAddresses": list(recipients)} if recipients else {}
    if service == "ses":
        parameters.update(Source=sender, Destination=destination, Message=_CONTENT)
    else:
        parameters.update(
            FromEmailAddress=sender, Destination=destination, Content={"Simple": _CONTENT}
        )
    return parameters


@lru_cache(maxsize=1)
def _session() -> boto3.Session:
    """One for all clients: a session reads the service models, which takes most of a test."""
    return boto3.Session()


_KNOWN = {"max_send_rate": 100, "max_24_hour_send": -1, "max_attempts": 2}
"""Settings that leave the guard nothing to ask the account, so that every request is a send."""


def plain_client(ses: Simulator, service: str, region: str = "us-east-1") -> Any:
    """A client as boto3 makes it, without botocore's own retries."""
    config = Config(retries={"mode": "standard", "total_max_attempts": 1})
    return ses.client(service, session=_session(), region_name=region, config=config)


def guarded_client(
    ses: Simulator, service: str, region: str = "us-east-1", **settings: Any
) -> tuple[Any, Guard]:
    """A guarded client; ``settings`` are those of the guard beside :data:`_KNOWN`."""
    client = ses.client(service, session=_session(), region_name=region)
    return client, botoses_guard.register(client, **{**_KNOWN, **settings})


def guarded_client_at_rest(ses: Simulator, service: str, language: str) -> Any:
    """A guarded client for whose budget time stands still, so that waits are whole numbers."""
    client = ses.client(service, session=_session())
    settings = load({**_KNOWN, "language": language}, {})
    Guard(settings, store=MemoryStore(clock=lambda: 0)).attach(client)
    return client
