"""A guard: one set of settings, and everything that it was put on."""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass

from botocore.client import BaseClient

from ..errors import SettingError
from ..pacing import Pacer, Standing, Store, open_store
from ..pacing.clock import monotonic
from ..settings import PREFIX, Settings
from ..telemetry import Counts, Telemetry
from . import registry
from .attachment import Attachment, Parts
from .targets import service_of

logger = logging.getLogger("botoses_guard")


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot(Counts):
    """What a guard did since it was registered, and how its accounts stand now."""

    clients: Mapping[str, int]
    """How many clients it guards, by service and region, such as ``ses in eu-west-1``."""

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

    def __repr__(self) -> str:
        return f"<botoses_guard.Guard {self.settings}>"

    def snapshot(self) -> Snapshot:
        """The counters, and the rate and quota of each account that was sent by."""
        return Snapshot(
            **asdict(self._parts.telemetry.counts()),
            clients=registry.clients_of(self),
            store=self._store.state,
            store_counters=dict(self._store.counters),
            accounts={key: pacer.standing() for key, pacer in list(self._pacers.items())},
        )

    def attach(self, client: BaseClient) -> None:
        """Guard a finished client, in the place of the guard that it has."""
        if service_of(client) is not None:
            registry.put_on_client(lambda _: self, client)

    def unregister(self) -> None:
        """Take the guard off everything that it was put on.

        Sends under way end as they began. Calling it twice is harmless.
        """
        registry.take_off(self)

    def build(self, client: BaseClient) -> Callable[[], object]:
        """Put handlers on a client, none if the guard is disabled; :meth:`attach` calls it.

        Returns:
            What takes them off again.
        """
        service = service_of(client)
        if service is None or not self.settings.enabled:
            return _nothing
        return Attachment(client, service, self._parts, self._store, self._saw).detach

    def announce(self, client: BaseClient) -> None:
        """Log that a client is guarded; :meth:`attach` calls it."""
        if self.settings.enabled:
            logger.info("guarding %s, store %s", registry.name_of(client), self._store.name)

    def _saw(self, pacer: Pacer) -> None:
        self._pacers[pacer.key] = pacer


def _nothing() -> None:
    """Take off what was never put on."""


def _open(settings: Settings) -> Store:
    # A guard that does nothing needs no store, and is what helps against one that fails.
    address = settings.store if settings.enabled else "memory://"
    try:
        return open_store(address, settings.store_failure)
    except SettingError as error:
        wrong = f"store ({PREFIX}STORE): {error}"
    # Not while that one is handled, whose frames hold the password.
    raise SettingError(wrong)
