"""A store in a real Valkey that reads the clock of a test."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import TYPE_CHECKING

from botoses_guard.pacing.redis.url import server_at
from botoses_guard.pacing.shared import SharedStore
from botoses_guard.pacing.store import Store

if TYPE_CHECKING:
    from botoses_guard.pacing.redis.backend import RedisBackend

_databases = itertools.count()


def make_backend(clock: Callable[[], int] | None = None) -> RedisBackend:
    """A backend in an empty database."""
    # Here, because the server is not on every system: the test is skipped then.
    from botoses_guard.pacing.redis.backend import RedisBackend

    from .valkey import shared_server

    server = shared_server()
    database = next(_databases) % 16
    with server.client(database) as client:
        client.flushdb()
    return RedisBackend(server_at(f"{server.unix_url}?db={database}"), 5.0, clock)


def make_store(clock: Callable[[], int]) -> Store:
    """A new, empty store."""
    return SharedStore("valkey", make_backend(clock), clock=clock)
