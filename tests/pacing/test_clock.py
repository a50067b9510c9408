"""The clocks go on where a test library has stopped the time."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import freezegun
import pytest
import time_machine

from botoses_guard.pacing import MemoryStore, Store, clock
from botoses_guard.pacing.dynamodb.backend import DynamoDBBackend
from botoses_guard.pacing.dynamodb.service_clock import ServiceClock
from botoses_guard.pacing.dynamodb.table import Table
from botoses_guard.pacing.redis import open_redis_store
from botoses_guard.pacing.shared import SharedStore
from botoses_guard.pacing.sqlite import open_sqlite_store

from . import dynamodb_store
from .demands import demand, granted

KEY = "111122223333:us-east-1"
THEN = "2001-02-03"

Freeze = Callable[[], AbstractContextManager[Any]]

STOPPED: dict[str, Freeze] = {
    "freezegun": lambda: freezegun.freeze_time(THEN),
    "freezegun that ticks": lambda: freezegun.freeze_time(THEN, tick=True),
    "time-machine": lambda: time_machine.travel(THEN, tick=False),
}
every_freezer = pytest.mark.parametrize("freeze", STOPPED.values(), ids=STOPPED.keys())


@every_freezer
@pytest.mark.parametrize("read", [clock.monotonic, clock.monotonic_us])
def test_the_clock_of_waits_is_not_replaced(read: Callable[[], float], freeze: Freeze) -> None:
    before = read()
    with freeze():
        within = read()
        time.sleep(0.001)
        later = read()
    assert before <= within < later <= read()


def test_freezegun_does_not_replace_the_time_of_day_that_stores_go_by() -> None:
    before = clock.wall_us()
    with freezegun.freeze_time(THEN):
        assert clock.wall_us() >= before


def test_a_package_that_is_imported_while_time_stands_still_has_the_same_clocks() -> None:
    script = (
        "import freezegun, time\n"
        "freezegun.freeze_time('2001-02-03').start()\n"
        "from botoses_guard.pacing import clock\n"
        "from botoses_guard.plugin import Guard\n"
        "from botoses_guard.settings import load\n"
        "reads = [clock.monotonic, clock.monotonic_us, clock.wall_us]\n"
        "reads += [Guard(load({}, {}))._parts.clock]\n"
        "before = [read() for read in reads]\n"
        "time.sleep(0.001)\n"
        "assert all(read() > old for read, old in zip(reads, before)), before\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True)


def dynamodb() -> Store:
    endpoint, service_clock = dynamodb_store.dynamodb().endpoint, ServiceClock()
    table = Table(
        lambda: dynamodb_store.client(endpoint), dynamodb_store.new_table(), service_clock
    )
    return SharedStore("dynamodb://test", DynamoDBBackend(table, service_clock))


def sqlite() -> Store:
    return open_sqlite_store(f"sqlite:///{tempfile.mkdtemp()}/budgets", "raise")


def valkey() -> Store:
    from .valkey import shared_server

    server = shared_server()
    with server.client(0) as client:
        client.flushdb()
    return open_redis_store(server.unix_url, "raise")


STORES = [MemoryStore, sqlite, valkey, dynamodb]


@pytest.mark.parametrize("make_store", STORES, ids=["memory", "sqlite", "valkey", "dynamodb"])
def test_a_queue_moves_on_while_time_stands_still(make_store: Callable[[], Store]) -> None:
    """Who sleeps until it is due finds the queue past; with a clock that stands, it only grows."""
    store = make_store()
    store.reserve(KEY, demand(rate=50.0))  # imports and connections are made before
    with freezegun.freeze_time(THEN):
        for _ in range(20):
            slot = granted(store.reserve(KEY, demand(rate=50.0)))
            time.sleep(slot.wait)
        time.sleep(store.standing(KEY, 50.0, None).queue)
        assert store.standing(KEY, 50.0, None).queue == 0.0


def test_a_file_in_use_is_not_waited_for_without_end(tmp_path: Any) -> None:
    """The patience of a step goes by a clock that moves."""
    import sqlite3

    path = tmp_path / "budgets"
    store = open_sqlite_store(f"sqlite:///{path}", "raise")
    granted(store.reserve(KEY, demand()))
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with freezegun.freeze_time(THEN):
        store.reserve(KEY, demand())
    other.close()
    assert store.counters["failures: locked"] == 1
