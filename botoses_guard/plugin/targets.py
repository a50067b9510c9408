"""What can be guarded, and how each kind of target is told apart."""

from __future__ import annotations

from typing import Any

import boto3
import botocore.session
from botocore.client import BaseClient

from ..operations import SERVICES, Service

Target = boto3.Session | botocore.session.Session | BaseClient

ACCEPTED = (
    "a boto3.Session, a botocore session, a ses or sesv2 client, or nothing for every session "
    "from now on"
)


def service_of(client: Any) -> Service | None:
    """The service of a client that is guarded; ``None`` for every other object."""
    if not isinstance(client, BaseClient) or is_async(client):
        return None
    return SERVICES.get(client.meta.service_model.service_name)


def emitter_of(session: Any) -> Any | None:
    """The events of a session, one object for a boto3 session and the botocore one inside it."""
    if is_async(session):
        return None
    if isinstance(session, boto3.Session):
        return session.events
    if isinstance(session, botocore.session.Session):
        return session.get_component("event_emitter")
    return None


def is_async(target: Any) -> bool:
    """Whether a session or client is aiobotocore's or aioboto3's: they derive from botocore's."""
    return any(
        base.__module__.partition(".")[0] in ("aiobotocore", "aioboto3")
        for base in type(target).__mro__
    )


def wrong_target(target: Any) -> TypeError:
    """The error for a target that cannot be guarded."""
    if is_async(target):
        return TypeError("asynchronous sessions and clients are not guarded by this version")
    if isinstance(target, BaseClient):
        name = target.meta.service_model.service_name
        return TypeError(f"register() takes {ACCEPTED}; this is a client of {name}")
    return TypeError(f"register() takes {ACCEPTED}; not {type(target).__name__}")
