"""Small sends of each kind, and clients for a local SES, guarded or not."""

from __future__ import annotations

from typing import Any

import boto3
from botocore.config import Config

import botoses_guard
from botoses_guard.plugin import Guard
from botoses_guard.simulator import Simulator

SERVICES = ("ses", "sesv2")
MODES = ("legacy", "standard", "adaptive")

SENDER = "shop@example.com"
RECIPIENT = "ada@example.com"
SUBJECT = {"Data": "Your order"}
BODY = {"Text": {"Data": "It is on its way."}}


def message(
    service: str, *recipients: str, sender: str = SENDER, subject: str = "Your order"
) -> dict[str, Any]:
    """The parameters of ``send_email`` for a message to ``recipients``."""
    destination = {"ToAddresses": list(recipients or (RECIPIENT,))}
    content = {"Subject": {"Data": subject}, "Body": BODY}
    if service == "ses":
        return {"Source": sender, "Destination": destination, "Message": content}
    return {
        "FromEmailAddress": sender,
        "Destination": destination,
        "Content": {"Simple": content},
    }


def client_of(
    ses: Simulator,
    service: str,
    *,
    mode: str = "standard",
    attempts: int | None = None,
    read_timeout: float = 10,
    **settings: Any,
) -> tuple[Any, Guard]:
    """A guarded client for ``ses``; ``attempts`` are botocore's own."""
    retries: dict[str, Any] = {"mode": mode}
    if attempts is not None:
        retries["total_max_attempts"] = attempts
    make: Any = Config
    config = make(retries=retries, read_timeout=read_timeout, max_pool_connections=64)
    session = boto3.Session()
    guard = botoses_guard.register(session, **settings)
    return ses.client(service, session=session, config=config), guard
