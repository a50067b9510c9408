"""The stores that keep one contract: a new store is one more row."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from botoses_guard.pacing import MemoryStore, Store

from . import dynamodb_store, redis_store, sqlite_store

Factory = Callable[[Callable[[], int]], Store]
"""Makes a new, empty store that reads the given clock, in microseconds."""

STORES = [
    pytest.param(MemoryStore, id="memory"),
    pytest.param(redis_store.make_store, id="valkey"),
    pytest.param(sqlite_store.make_store, id="sqlite"),
    pytest.param(dynamodb_store.make_store, id="dynamodb"),
]

every_store = pytest.mark.parametrize("make_store", STORES)
