"""Which guard stands on which client and session of this process.

Only a finished client can be guarded, and no event of botocore hands one out. So a session gives
its clients a first base class, which asks here for the session's guard when a client is made. A
disabled guard stands like any other, with no handlers on its clients: so it takes the place of
another, and what a program says goes before its environment.
"""

from __future__ import annotations

import os
import threading
import weakref
from collections import Counter
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import boto3
import botocore
import botocore.session
from botocore.client import BaseClient

from ..operations import SERVICES
from .targets import emitter_of

if TYPE_CHECKING:
    from .guard import Guard

Choose = Callable[["Guard | None"], "Guard"]
"""Given the guard that stands in a place, the one that is to stand there."""


class GuardedClient:
    """First base of the clients of a session that was ever registered."""

    _emitter: Callable[[], Any]
    """Of the session, held weakly; one for each of the classes that are derived."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        guard = guard_of_session(self._emitter())
        if guard is not None and isinstance(self, BaseClient):
            guard.attach(self)


# Weak by the thing that is guarded, so that guarding keeps no session or client alive.
_clients: weakref.WeakKeyDictionary[BaseClient, tuple[Guard, Callable[[], object]]]
_clients = weakref.WeakKeyDictionary()
_sessions: weakref.WeakKeyDictionary[Any, Guard] = weakref.WeakKeyDictionary()
_of_new_sessions: Guard | None = None

_lock = threading.RLock()


def _renew_lock() -> None:
    """A forked child may not wait for a lock whose owner exists in its parent only."""
    global _lock
    _lock = threading.RLock()


if hasattr(os, "register_at_fork"):  # not on Windows, which does not fork
    os.register_at_fork(after_in_child=_renew_lock)


def guard_of(client: BaseClient) -> Guard | None:
    """The guard that a client has."""
    found = _clients.get(client)
    return found[0] if found else None


def guard_of_session(emitter: Any) -> Guard | None:
    """The guard of the clients that a session makes; ``None`` for a session that is gone."""
    return None if emitter is None else _sessions.get(emitter)


def put_on_client(choose: Choose, client: BaseClient) -> Guard:
    """Let a guard stand on a finished client, in the place of the one that it has.

    Returns:
        The guard that stands there.
    """
    with _lock:
        before = guard_of(client)
        guard = choose(before)
        if guard is before:
            return guard
        _take_off_client(client)
        _clients[client] = (guard, guard.build(client))
    # Without the lock: a log handler may wait for another thread, which makes a client.
    guard.announce(client)
    return guard


def put_on_session(choose: Choose, emitter: Any) -> Guard:
    """Let a guard stand on the clients that a session makes from now on."""
    with _lock:
        before = _sessions.get(emitter)
        guard = choose(before)
        if before is None:
            handler = _class_handler(emitter)
            for event, unique_id in _class_events():
                emitter.register(event, handler, unique_id=unique_id)
        _sessions[emitter] = guard
    return guard


def put_on_new_sessions(choose: Choose) -> Guard:
    """Let a guard stand on the sessions that are made from now on, and boto3's default one."""
    global _of_new_sessions
    with _lock:
        before, guard = _of_new_sessions, choose(_of_new_sessions)
        if before is None:
            botocore.register_initializer(_on_new_session)
        _of_new_sessions = guard
        if boto3.DEFAULT_SESSION is not None:
            put_on_session(lambda _: guard, boto3.DEFAULT_SESSION.events)
    return guard


def take_off(guard: Guard) -> None:
    """Take ``guard`` off everything that it stands on."""
    global _of_new_sessions
    with _lock:
        if _of_new_sessions is guard:
            botocore.unregister_initializer(_on_new_session)
            _of_new_sessions = None
        for emitter, other in list(_sessions.items()):
            if other is guard:
                _take_off_session(emitter)
        for client, (other, _) in list(_clients.items()):
            if other is guard:
                _take_off_client(client)


def clients_of(guard: Guard) -> Mapping[str, int]:
    """How many clients a guard stands on, by service and region: ``{"ses in eu-west-1": 2}``."""
    with _lock:
        clients = [client for client, (other, _) in _clients.items() if other is guard]
    return dict(sorted(Counter(map(name_of, clients)).items()))


def name_of(client: BaseClient) -> str:
    """Service and region of a client: ``ses in eu-west-1``."""
    return f"{client.meta.service_model.service_name} in {client.meta.region_name}"


def _take_off_client(client: BaseClient) -> None:
    found = _clients.pop(client, None)
    if found:
        found[1]()


def _take_off_session(emitter: Any) -> None:
    for event, unique_id in _class_events():
        emitter.unregister(event, unique_id=unique_id)
    _sessions.pop(emitter, None)


def _class_events() -> list[tuple[str, str]]:
    return [
        (f"creating-client-class.{service}", f"botoses-guard.{service}") for service in SERVICES
    ]


def _class_handler(emitter: Any) -> Callable[..., None]:
    base = type("GuardedClient", (GuardedClient,), {"_emitter": weakref.ref(emitter)})

    def on_creating_class(base_classes: list[type], **_: Any) -> None:
        base_classes.insert(0, base)

    return on_creating_class


def _on_new_session(session: botocore.session.Session) -> None:
    emitter = emitter_of(session)
    with _lock:
        guard = _of_new_sessions
        if emitter is not None and guard is not None:
            put_on_session(lambda _: guard, emitter)
