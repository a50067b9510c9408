"""Clients that a session made before it was registered: they are not guarded, and few expect that.

botocore keeps no list of the clients of a session. The garbage collector knows them: it is asked
once, at ``register``, and only if there is a client for SES that a registered session did not make.
"""

from __future__ import annotations

import gc
from typing import Any

import boto3
import botocore.session
from botocore.client import BaseClient

from ..operations import SERVICES
from . import registry


def unguarded_clients_of(session: boto3.Session | botocore.session.Session) -> list[str]:
    """The clients for SES that ``session`` made and that have no guard, by service and region."""
    loader = _loader_of(session)
    if loader is None or not _find(loader):
        return []
    gc.collect()  # a client is part of cycles, and may be found although nobody has it any more
    return sorted(registry.name_of(client) for client in _find(loader))


def _find(loader: object) -> list[BaseClient]:
    # botocore makes a class for each client.
    classes = [
        cls
        for cls in BaseClient.__subclasses__()
        if cls.__name__.lower() in SERVICES and not issubclass(cls, registry.GuardedClient)
    ]
    if not classes:
        return []
    return [
        client
        for client in gc.get_referrers(*classes)
        if issubclass(type(client), BaseClient)  # isinstance would ask a mock or a proxy
        and getattr(client, "_loader", None) is loader
        and registry.guard_of(client) is None
    ]


def _loader_of(session: Any) -> object:
    """What a session hands to each of its clients, and to no other's."""
    inner = getattr(session, "_session", session)
    return inner.get_component("data_loader") if hasattr(inner, "get_component") else None
