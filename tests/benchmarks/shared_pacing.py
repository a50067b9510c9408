"""Processes that share a store: how much of the rate arrives, and what a reservation costs.

    python -m tests.benchmarks.shared_pacing [row ...]

Clients run in processes of their own against an SES of its own process
(:mod:`.debt_bucket_ses`). The share is counted from second 2, as in :mod:`.pacing`. The peer is
``limits`` (a moving window on the same server, polled each 10 ms) before a client with botocore's
defaults; packages that are not installed are said to be missing.
"""

from __future__ import annotations

import os
import sqlite3
import statistics
import sys
import tempfile
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from importlib.util import find_spec
from typing import Any

import botocore

import botoses_guard
from botoses_guard.pacing import MemoryStore, open_store
from botoses_guard.pacing.budget import Demand
from botoses_guard.simulator import Simulator

from ..pacing.valkey import Valkey
from ..seam.store_programs import (
    Order,
    Program,
    Report,
    begin,
    client_for,
    new_session,
    reports_of,
    run,
    send_all,
    serve,
)
from .debt_bucket_ses import DebtBucketSES
from .pacing import share_of

MODULE = "tests.benchmarks.shared_pacing"
SECONDS = 15.0
PROCESSES = 4

# The other end: what a program of a run does.


def _carry_out(order: Order, go: Callable[[], object]) -> list[Report]:
    session = new_session()
    if "peer" in order.settings:
        client = client_for(order, session)
        if order.settings["peer"] == "limits":
            client = _Limited(client, order.settings["url"], order.settings["rate"])
        go()
        return [Report(send_all(client, order))]
    guard = botoses_guard.register(session, **order.settings)
    client = client_for(order, session)
    go()
    before = Counter(guard.snapshot().store_counters) + _calls
    sends = send_all(client, order)
    snapshot = guard.snapshot()
    counters = Counter(snapshot.store_counters) + _calls
    counters.subtract(before)
    return [Report(sends, store=snapshot.store, counters=dict(counters))]


_calls: Counter[str] = Counter()
"""Of this process to DynamoDB."""


def _count(**_: Any) -> None:
    _calls["calls"] += 1


class _Limited:
    """A client behind ``limits``, as its documentation has it."""

    def __init__(self, client: Any, url: str, rate: float) -> None:
        import limits
        from limits.storage import storage_from_string
        from limits.strategies import MovingWindowRateLimiter

        self._client = client
        self._limiter = MovingWindowRateLimiter(storage_from_string(url))
        self._rate = limits.RateLimitItemPerSecond(int(rate))

    def send_email(self, **given: Any) -> Any:
        while not self._limiter.hit(self._rate, "ses"):
            time.sleep(0.01)
        return self._client.send_email(**given)


# This end: the rows.


@dataclass(frozen=True)
class Found:
    """What one run showed."""

    share: float
    per_second: float
    accepted: int
    throttled: int
    failed: int
    least: int
    """Sends of the process that had the fewest."""

    most: int
    counters: Counter[str]

    def __str__(self) -> str:
        return (
            f"share {100 * self.share:6.2f} %  {self.per_second:7.1f}/s"
            f"  throttled {self.throttled / max(1, self.accepted):.4f}  failed {self.failed}"
            f"  by process {self.least} to {self.most}"
        )


def pace(
    programs: Sequence[Program],
    rate: float,
    threads: int,
    settings: dict[str, Any],
    seconds: float = SECONDS,
    meanwhile: Callable[[], object] = lambda: None,
) -> Found:
    """Send from all programs at once for so many seconds."""
    with DebtBucketSES(rate) as ses:
        given = {"scope": uuid.uuid4().hex, "rate_share": 1, **settings}
        order = Order(ses.url, settings if "peer" in settings else given, threads=threads)
        run(programs, replace(order, threads=1, messages=1))
        before = len(ses.found()[0])
        begin(programs, replace(order, seconds=seconds))
        meanwhile()
        reports = reports_of(programs)
        times, throttled = ses.found()
    return _found(times[before:], rate, throttled, reports)


def _found(
    times: list[tuple[float, int]], rate: float, throttled: int, reports: list[Report]
) -> Found:
    parts = [len(report.accepted) for report in reports]
    counters = sum((Counter(report.counters) for report in reports), Counter[str]())
    share = share_of(times, rate)
    return Found(
        share,
        share * rate,
        len(times),
        throttled,
        sum(len(report.refused) for report in reports),
        min(parts),
        max(parts),
        counters,
    )


@contextmanager
def programs_of(count: int = PROCESSES) -> Iterator[list[Program]]:
    made = [Program(MODULE, "serve") for _ in range(count)]
    try:
        yield made
    finally:
        for program in made:
            program.close()


def show(what: str, found: object, bound: str) -> None:
    print(f"{what:34} {found}\n{'':34} bound: {bound}", flush=True)


def row_rate() -> None:
    bound = "share >= 99 %, throttled <= 0.001, 0 failed"
    with programs_of() as programs, Valkey() as server, tempfile.TemporaryDirectory() as folder:
        for name, url in (("sqlite", f"sqlite:///{folder}/budgets"), ("valkey", server.url)):
            show(f"4 x 8, 100/s, {name}", pace(programs, 100, 8, {"store": url}), bound)
        if find_spec("limits") is None:
            print("4 x 8, 100/s, limits: not installed")
            return
        peer = {"peer": "limits", "url": f"redis://127.0.0.1:{server.port}", "rate": 100}
        show("4 x 8, 100/s, limits", pace(programs, 100, 8, peer), "none: the peer")


def row_dynamodb() -> None:
    from ..pacing.dynamodb_store import dynamodb, new_table

    url = f"dynamodb://{new_table()}?region=eu-west-1&endpoint={dynamodb().endpoint}"
    os.environ |= {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing"}
    with programs_of() as programs:
        found = pace(programs, 50, 8, {"store": url})
    show("4 x 8, 50/s, dynamodb", found, "share >= 95 %, throttled <= 0.005, 0 failed")
    calls = found.counters["calls"] / found.accepted
    show("calls to DynamoDB", f"{calls:.3f} a send; {found.counters}", "<= 1.2")
    dynamodb().stop()


def row_fast() -> None:
    """Where the clients use all the processors, what is measured is what the guard costs."""
    with programs_of() as programs, Valkey() as server:
        kinds: dict[str, tuple[float, dict[str, Any]]] = {
            "plain clients, unpaced": (1e6, {"peer": "none"}),
            "memory, a rate out of reach": (1e6, {"store": "memory://"}),
            "valkey, 500/s": (500.0, {"store": server.unix_url}),
            "valkey, 2000/s": (2000.0, {"store": server.unix_url}),
        }
        found: dict[str, list[Found]] = {name: [] for name in kinds}
        for _ in range(3):  # in turn, because the machine is now faster and now slower
            for name, (rate, settings) in kinds.items():
                found[name].append(pace(programs, rate, 16, settings, 6))
    plain = statistics.median(one.per_second for one in found["plain clients, unpaced"])
    for name, runs in found.items():
        middle = sorted(runs, key=lambda one: one.per_second)[1]
        part = middle.per_second / min(kinds[name][0], plain)
        show(f"4 x 16, {name}", f"{middle}  {100 * part:.1f} % of what is there", ">= 97 % of it")


def row_outage() -> None:
    bound = "share >= 85 %, throttled <= 0.05, 0 failed"
    for comes_back in (False, True):
        with programs_of() as programs, Valkey() as server:

            def meanwhile(server: Valkey = server, comes_back: bool = comes_back) -> None:
                time.sleep(7)
                server.kill()
                if comes_back:
                    time.sleep(4)
                    server.start()

            found = pace(programs, 50, 8, {"store": server.url}, 20, meanwhile)
        what = "gone for 4 s" if comes_back else "gone for good"
        show(f"4 x 8, 50/s, valkey {what}", found, bound)
        print(f"{'':34} {dict(found.counters)}")


def row_trips() -> None:
    with programs_of(1) as programs, Valkey() as server:
        found = pace(programs, 100, 32, {"store": server.url})
    trips = found.counters["trips"] / found.accepted
    show("1 x 32, 100/s, valkey: trips", f"{trips:.3f} a send", "<= 0.2")
    with Valkey() as server:
        store = open_store(server.unix_url)
        count = 32 * 500
        demand = Demand(1, 1, 1e9, -1.0, 60.0)

        def ask() -> None:
            for _ in range(500):
                store.reserve("trips", demand)

        threads = [threading.Thread(target=ask) for _ in range(32)]
        begun = time.perf_counter()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        spent = (time.perf_counter() - begun) / count
        trips = store.counters["trips"] / count
    show("32 threads ask without pause", f"{trips:.3f} a slot, {spent * 1e6:.1f} us", "<= 0.2")


def row_alone() -> None:
    demand = Demand(1, 1, 1e9, -1.0, 60.0)
    with Valkey() as server, tempfile.TemporaryDirectory() as folder:
        stores = {
            "memory": MemoryStore(),
            "sqlite": open_store(f"sqlite:///{folder}/budgets"),
            "valkey (unix socket)": open_store(server.unix_url),
        }
        steps: dict[str, Callable[[], object]] = {
            name: lambda store=store: store.reserve("key", demand)  # type: ignore[misc]
            for name, store in stores.items()
        }
        client = server.client()
        digest = client.script_load("return redis.call('INCR', KEYS[1])")
        steps["bare EVALSHA (unix socket)"] = lambda: client.evalsha(digest, 1, "bare")
        steps["bare transaction of SQLite"] = _bare_transaction(f"{folder}/bare")
        steps |= _peers(server)
        found = {name: microseconds(step) for name, step in steps.items()}
    for name, (median, mean) in found.items():
        print(f"one reservation: {name:34}median {median:8.2f} us, mean {mean:8.2f} us")
    ratio = found["valkey (unix socket)"][0] / found["bare EVALSHA (unix socket)"][0]
    show("one reservation", f"valkey / bare EVALSHA {ratio:.2f}", "<= 1.4")


def _bare_transaction(path: str) -> Callable[[], object]:
    """Read a record as long as a budget's and write it back."""
    connection = sqlite3.connect(path, isolation_level=None)
    execute = connection.cursor().execute
    for statement in (
        "PRAGMA journal_mode=WAL",
        "PRAGMA synchronous=NORMAL",
        "CREATE TABLE budgets(name TEXT PRIMARY KEY, record BLOB)",
        "INSERT INTO budgets VALUES ('key', zeroblob(2500))",
    ):
        execute(statement)

    def step() -> None:
        execute("BEGIN IMMEDIATE")
        ((record,),) = execute("SELECT record FROM budgets WHERE name = ?", ("key",)).fetchall()
        execute("UPDATE budgets SET record = ? WHERE name = ?", (record, "key"))
        execute("COMMIT")

    return step


def _peers(server: Valkey) -> dict[str, Callable[[], object]]:
    from botocore.retries.bucket import Clock, TokenBucket

    bucket = TokenBucket(1e9, Clock())
    steps: dict[str, Callable[[], object]] = {"botocore TokenBucket": bucket.acquire}
    if find_spec("limits") is None:
        print("limits: not installed")
    else:
        import limits
        from limits.storage import MemoryStorage, storage_from_string
        from limits.strategies import MovingWindowRateLimiter

        item = limits.RateLimitItemPerSecond(1_000_000)
        here = MovingWindowRateLimiter(MemoryStorage())
        there = MovingWindowRateLimiter(storage_from_string(f"redis+unix://{server.socket}"))
        steps["limits, moving window, memory"] = lambda: here.hit(item, "key")
        steps["limits, moving window, valkey"] = lambda: there.hit(item, "key")
    if find_spec("pyrate_limiter") is None:
        print("pyrate-limiter: not installed")
    else:
        from pyrate_limiter import Duration, InMemoryBucket, Limiter, Rate

        limiter: Any = Limiter(InMemoryBucket([Rate(10_000_000, Duration.SECOND)]))
        steps["pyrate-limiter, memory"] = lambda: limiter.try_acquire("key")
    return steps


def microseconds(step: Callable[[], object], seconds: float = 2.0) -> tuple[float, float]:
    """Median and mean of one step, by twenty together; the mean holds what comes now and then."""
    spent: list[float] = []
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        begun = time.perf_counter()
        for _ in range(20):
            step()
        spent.append((time.perf_counter() - begun) / 20 * 1e6)
    return statistics.median(spent), statistics.fmean(spent)


def row_quota() -> None:
    with programs_of() as programs, Valkey() as server, tempfile.TemporaryDirectory() as folder:
        for name, url in (("sqlite", f"sqlite:///{folder}/budgets"), ("valkey", server.url)):
            with Simulator(rate=200, quota=300, latency=0.02) as ses:
                order = Order(ses.url, {"store": url, "scope": uuid.uuid4().hex}, messages=30)
                reports = run(programs, order)
                asked = ses.counters.operations["sesv2.GetAccount"]
                refused = sum(len(report.refused) for report in reports)
                found = (
                    f"accepted {len(ses.inbox)}, refused by SES {ses.counters.refused_total}, "
                    f"by the guard {refused}, questions {asked}"
                )
            show(f"4 x 4, quota of 300, {name}", found, "exactly 300, 0 refused by SES, <= 8")


ROWS: dict[str, Callable[[], None]] = {
    "rate": row_rate,
    "dynamodb": row_dynamodb,
    "fast": row_fast,
    "outage": row_outage,
    "trips": row_trips,
    "alone": row_alone,
    "quota": row_quota,
}


def main(names: Sequence[str]) -> None:
    for name in names or ROWS:
        print(f"-- {name}, load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
        ROWS[name]()


if __name__ == "__main__":
    if sys.argv[1:] == ["serve"]:
        botocore.register_initializer(
            lambda session: session.register("before-send.dynamodb", _count)
        )
        serve(_carry_out)
    else:
        main(sys.argv[1:])
