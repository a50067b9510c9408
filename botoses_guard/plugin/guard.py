"""A guard: one set of settings, and everything that it was put on."""

from __future__ import annotations

import os
import random
import threading
import time
import weakref
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import boto3
import botocore
import botocore.session
from botocore.client import BaseClient

from ..errors import SettingError
from ..operations import SERVICES
from ..pacing import Pacer, Standing, Store, open_store
from ..pacing.clock import monotonic
from ..settings import PREFIX, Settings
from ..telemetry import Counts, Telemetry
from .attachment import Attachment, Parts
from .targets import emitter_of, service_of

_UNIQUE_ID = "botoses-guard.{service}"

_lock = threading.RLock()


def _renew_lock() -> None:
    """A forked child may not wait for a lock whose owner exists in its parent only."""
    global _lock
    _lock = threading.RLock()


if hasattr(os, "register_at_fork"):  # not on Windows, which does not fork
    os.register_at_fork(after_in_child=_renew_lock)


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot(Counts):
    """What a guard did since it was registered, and how its accounts stand now."""

    store: str
    """State of the store of pacing: ``ok``, or what is wrong with it."""

    store_counters: Mapping[str, int]
    """How often what happened to the store: trips, failures by kind, slots given without it."""

    accounts: Mapping[str, Standing]
    """By account and region."""


class Guard:
    """What :func:`botoses_guard.register` returns."""

    def __init__(
        self,
        settings: Settings,
        *,
        store: Store | None = None,
        clock: Callable[[], float] = monotonic,
        sleep: Callable[[float], None] = time.sleep,
        uniform: Callable[[], float] = random.random,
    ) -> None:
        """
        Args:
            settings: what the guard does.
            store: where its budgets live; by default where the settings say.
            clock: seconds of a clock that no one sets.
            sleep: waits for a number of seconds.
            uniform: a random number in [0, 1).

        Raises:
            SettingError: the address of the store makes no sense, or its extra is not installed.
        """
        self.settings = settings
        self._store = store or _open(settings)
        self._parts = Parts(settings, Telemetry(), clock, sleep, uniform)
        self._pacers: dict[str, Pacer] = {}
        self.is_everywhere = False
        """Whether it guards the sessions to come."""
        self._base_class = _base_class(self)

    def __repr__(self) -> str:
        return f"<botoses_guard.Guard {self.settings}>"

    def snapshot(self) -> Snapshot:
        """The counters, and the rate and quota of each account that was sent by."""
        return Snapshot(
            **asdict(self._parts.telemetry.counts()),
            store=self._store.state,
            store_counters=dict(self._store.counters),
            accounts={key: pacer.standing() for key, pacer in list(self._pacers.items())},
        )

    def attach(self, client: BaseClient) -> None:
        """Guard a finished client, in the place of the guard that it has."""
        service = service_of(client)
        if service is None or not self.settings.enabled:
            return
        with _lock:
            if guard_of(client) is self:
                return
            _detach(client)
            attachment = Attachment(client, service, self._parts, self._store, self._saw)
            _attachments[client] = (self, attachment)

    def attach_session(self, emitter: Any) -> None:
        """Guard the clients that a session makes from now on, in the place of its other guard."""
        if not self.settings.enabled:
            return
        with _lock:
            previous = _emitters.get(emitter)
            if previous is self:
                return
            if previous is not None:
                previous.detach_session(emitter)
            for event, unique_id in _class_events():
                emitter.register(event, self._on_creating_class, unique_id=unique_id)
            _emitters[emitter] = self

    def detach_session(self, emitter: Any) -> None:
        """Let a session make unguarded clients again."""
        for event, unique_id in _class_events():
            emitter.unregister(event, self._on_creating_class, unique_id=unique_id)
        _emitters.pop(emitter, None)

    def attach_everywhere(self) -> None:
        """Guard every session that is made from now on, and boto3's default one."""
        if not self.settings.enabled:
            return
        self.is_everywhere = True
        botocore.register_initializer(self._on_new_session)
        if boto3.DEFAULT_SESSION is not None:
            self.attach_session(boto3.DEFAULT_SESSION.events)

    def detach_everywhere(self) -> None:
        """Stop guarding new sessions."""
        self.is_everywhere = False
        try:
            botocore.unregister_initializer(self._on_new_session)
        except ValueError:  # never registered, or not any more
            return

    def unregister(self) -> None:
        """Take the guard off everything that it was put on.

        Sends under way end as they began. Calling it twice is harmless.
        """
        with _lock:
            self.detach_everywhere()
            for emitter, guard in list(_emitters.items()):
                if guard is self:
                    self.detach_session(emitter)
            for client, (guard, _) in list(_attachments.items()):
                if guard is self:
                    _detach(client)

    def _saw(self, pacer: Pacer) -> None:
        self._pacers[pacer.key] = pacer

    def _on_creating_class(self, base_classes: list[type], **_: Any) -> None:
        base_classes.insert(0, self._base_class)

    def _on_new_session(self, session: botocore.session.Session) -> None:
        emitter = emitter_of(session)
        if emitter is not None:
            self.attach_session(emitter)


def _open(settings: Settings) -> Store:
    try:
        return open_store(settings.store, settings.store_failure)
    except SettingError as error:
        raise SettingError(f"store ({PREFIX}STORE): {error}") from None


def guard_of(client: BaseClient) -> Guard | None:
    """The guard that a client has."""
    found = _attachments.get(client)
    return found[0] if found else None


def guard_of_session(emitter: Any) -> Guard | None:
    """The guard of the clients that a session makes."""
    return _emitters.get(emitter)


# Weak by the thing that is guarded, so that guarding keeps no session or client alive.
_attachments: weakref.WeakKeyDictionary[BaseClient, tuple[Guard, Attachment]]
_attachments = weakref.WeakKeyDictionary()
_emitters: weakref.WeakKeyDictionary[Any, Guard] = weakref.WeakKeyDictionary()


def _detach(client: BaseClient) -> None:
    found = _attachments.pop(client, None)
    if found:
        found[1].detach()


def _class_events() -> list[tuple[str, str]]:
    return [
        (f"creating-client-class.{service}", _UNIQUE_ID.format(service=service))
        for service in SERVICES
    ]


def _base_class(guard: Guard) -> type:
    """A first base of client classes: only a finished client can be guarded, and no event of
    botocore hands one out."""

    class Guarded:
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            if isinstance(self, BaseClient):
                guard.attach(self)

    return Guarded
