"""Random faults under sixteen threads: ``python -m tests.seam.random_faults --runs 200``.

Each run draws a plan of faults from its seed and lets the threads of one client send into it. What
came of each message is then held against the inbox of the local SES: none may be there twice, and
what a program was told of it must be true. ``--unguarded`` shows what a plain client does.

Runs take turns in both APIs, the three retry modes, and plain HTTP, TLS, and TLS by way of a proxy:
eighteen runs see each combination once. In TLS the connections have troubles of their own.
"""

from __future__ import annotations

import argparse
import itertools
import logging
import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from random import Random
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import botocore.endpoint
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from botoses_guard import errors
from botoses_guard.pacing.memory import MemoryStore
from botoses_guard.plugin import Guard
from botoses_guard.settings import load
from botoses_guard.simulator import Simulator
from botoses_guard.simulator.faults import Faults

from .routes import TRANSPORTS, Plan, Transport, Way, draw, route
from .sends import MODES, SERVICES, message

THREADS = 16
READ_TIMEOUT = 0.25
"""Seconds after which a client gives up on an answer."""

HASTE = 100
"""How many times as fast the guard's time, and botocore's pauses between attempts, pass."""

_MARK = re.compile(rb"message-\d+-of-run-\d+")

KINDS: dict[str, Callable[[Faults], None]] = {
    "accepted and hung": lambda faults: faults.hang_after_accept(),
    "cut after acceptance": lambda faults: faults.cut_after_accept(),
    "cut within the answer": lambda faults: faults.cut_after_headers(),
    "accepted and late": lambda faults: faults.delay(READ_TIMEOUT * 0.8),
    "cut before acceptance": lambda faults: faults.cut(),
    "500": lambda faults: faults.respond(500),
    "500 without a body": lambda faults: faults.respond(500, body=False),
    "502": lambda faults: faults.respond(502),
    "503": lambda faults: faults.respond(503),
    "503 without a body": lambda faults: faults.respond(503, body=False),
    "504": lambda faults: faults.respond(504),
    "throttled": lambda faults: faults.throttle(),
    "throttled by SES itself": lambda faults: faults.throttle_systemic(),
    "nothing": lambda faults: faults.delay(0),
}
"""What one request may meet."""


def now() -> float:
    """Seconds of the hurried time."""
    return time.monotonic() * HASTE


def pause(seconds: float) -> None:
    """Sleep in the hurried time."""
    time.sleep(max(0.0, seconds) / HASTE)


@contextmanager
def hurried_botocore() -> Iterator[None]:
    """botocore's own pauses between attempts pass as fast; it takes no sleep as an argument."""
    with patch.object(botocore.endpoint, "time", SimpleNamespace(sleep=pause)):
        yield


@dataclass
class Outcome:
    """What one run came to."""

    seed: int
    service: str
    mode: str
    transport: Transport
    max_attempts: int
    plan: Counter[str]
    """How many requests are to meet each of :data:`KINDS`."""

    connections: Plan = Plan()
    """What the connections are to meet."""

    sent: set[str] = field(default_factory=set)
    """The subjects of all messages."""

    answered: set[str] = field(default_factory=set)
    """The subjects whose send returned an answer."""

    unknown: set[str] = field(default_factory=set)
    """Those whose send raised :class:`~botoses_guard.errors.OutcomeUnknown`."""

    refused: dict[str, Exception] = field(default_factory=dict)
    """Those whose send raised anything else."""

    requests: Counter[str] = field(default_factory=Counter)
    """HTTP requests by subject, as the client made them."""

    arrived: Counter[str] = field(default_factory=Counter)
    """Copies in the inbox by subject."""

    @property
    def name(self) -> str:
        """The combination of API, retry mode and transport."""
        return f"{self.service} {self.mode} {self.transport}"

    @property
    def duplicates(self) -> list[str]:
        return [subject for subject, copies in self.arrived.items() if copies > 1]

    @property
    def lies(self) -> list[str]:
        """Where the inbox and what a program was told disagree; one sentence each."""
        found = [
            f"{subject} is in the inbox {self.arrived[subject]} times"
            for subject in self.duplicates
        ]
        found += [
            f"{subject} was answered and is not in the inbox"
            for subject in self.answered - {*self.arrived}
        ]
        found += [
            f"{subject} is in the inbox though {error!r} was raised"
            for subject, error in self.refused.items()
            if self.arrived[subject]
        ]
        found += [
            f"{subject} ended with {error!r}, which programs do not catch"
            for subject, error in self.refused.items()
            if not isinstance(error, (ClientError, BotoCoreError))
        ]
        found += [
            f"{subject} took {made} requests of {self.max_attempts}"
            for subject, made in self.requests.items()
            if made > self.max_attempts
        ]
        return found


def run(seed: int, *, guarded: bool = True) -> Outcome:
    """One run: everything but the interleaving of its threads follows from ``seed``."""
    plan = Random(seed)
    max_attempts = plan.randint(1, 5)
    outcome = Outcome(
        seed=seed,
        service=SERVICES[seed % len(SERVICES)],
        mode=MODES[seed % len(MODES)],
        transport=TRANSPORTS[seed // 6 % len(TRANSPORTS)],
        max_attempts=max_attempts,
        plan=Counter(plan.choices(list(KINDS), k=plan.randint(THREADS // 2, THREADS * 3))),
    )
    faults = list(outcome.plan.elements())
    plan.shuffle(faults)
    subjects = [
        [f"message-{thread * 2 + n}-of-run-{seed}" for n in range(plan.randint(1, 2))]
        for thread in range(THREADS)
    ]
    outcome.connections = draw(outcome.transport, plan, THREADS)
    with (
        Simulator(rate=100_000, quota=1_000_000) as ses,
        route(ses, outcome.transport, outcome.connections) as way,
        hurried_botocore(),
    ):
        client = _client(ses, outcome, way, plan.random if guarded else None)
        for kind in faults:
            KINDS[kind](ses.faults)
        start = threading.Barrier(THREADS)
        with ThreadPoolExecutor(THREADS) as threads:
            list(threads.map(lambda own: _send(client, own, start, outcome), subjects))
        client.close()
        outcome.arrived.update(str(accepted.subject) for accepted in ses.inbox)
    return outcome


def _client(ses: Simulator, outcome: Outcome, way: Way, uniform: Callable[[], float] | None) -> Any:
    """A client whose requests are counted; without ``uniform``, one that is not guarded."""
    make: Any = Config
    config = make(
        retries={"mode": outcome.mode, "total_max_attempts": outcome.max_attempts},
        read_timeout=READ_TIMEOUT,
        max_pool_connections=THREADS,
        proxies=way.proxies,
    )
    client = ses.client(outcome.service, config=config, endpoint_url=way.url, verify=way.verify)
    lock = threading.Lock()

    def count(request: Any, **_: Any) -> None:
        body = request.body.encode() if isinstance(request.body, str) else request.body
        [subject] = set(_MARK.findall(body))
        with lock:
            outcome.requests[subject.decode()] += 1

    if uniform is not None:
        settings = load(
            {
                "max_send_rate": 1000,
                "max_24_hour_send": -1,
                "max_attempts": outcome.max_attempts,
                "max_wait": 240,
            },
            {},
        )
        store = MemoryStore(clock=lambda: int(now() * 1e6))
        guard = Guard(settings, store=store, clock=now, sleep=pause, uniform=uniform)
        guard.attach(client)
    # After the guard: a request that it holds back is none.
    client.meta.events.register_last(f"before-send.{outcome.service}.SendEmail", count)
    return client


def _send(client: Any, subjects: list[str], start: threading.Barrier, outcome: Outcome) -> None:
    start.wait()
    for subject in subjects:
        outcome.sent.add(subject)
        try:
            client.send_email(**message(outcome.service, subject=subject))
        except errors.OutcomeUnknown:
            outcome.unknown.add(subject)
        except Exception as error:
            outcome.refused[subject] = error
        else:
            outcome.answered.add(subject)


_COLUMNS = ("runs", "messages", "requests", "answered", "unknown", "refused", "arrived", "lies")


def _figures(outcomes: list[Outcome]) -> tuple[int, ...]:
    def total(figure: Callable[[Outcome], int]) -> int:
        return sum(map(figure, outcomes))

    return (
        len(outcomes),
        total(lambda run: len(run.sent)),
        total(lambda run: run.requests.total()),
        total(lambda run: len(run.answered)),
        total(lambda run: len(run.unknown)),
        total(lambda run: len(run.refused)),
        total(lambda run: run.arrived.total()),
        total(lambda run: len(run.lies)),
    )


def _print(outcomes: list[Outcome]) -> None:
    print(f"{'':<24}" + "".join(f"{name:>10}" for name in (*_COLUMNS, "twice")))
    for name in (*map(" ".join, itertools.product(SERVICES, MODES, TRANSPORTS)), "all"):
        of = [run for run in outcomes if name in ("all", run.name)]
        twice = sum(len(run.duplicates) for run in of)
        print(f"{name:<24}" + "".join(f"{figure:>10}" for figure in (*_figures(of), twice)))
    met = sum((run.plan for run in outcomes), Counter[str]())
    met.update(
        trouble for run in outcomes for place in run.connections for trouble in place if trouble
    )
    print("faults planned: " + ", ".join(f"{kind} {count}" for kind, count in met.most_common()))


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--first", type=int, default=0, help="seed of the first run")
    parser.add_argument("--unguarded", action="store_true", help="plain clients, to compare")
    given = parser.parse_args()
    logging.getLogger("botoses_guard").setLevel(logging.CRITICAL)
    seeds = range(given.first, given.first + given.runs)
    outcomes = [run(seed, guarded=not given.unguarded) for seed in seeds]
    _print(outcomes)
    lies = [f"seed {run.seed}: {lie}" for run in outcomes for lie in run.lies]
    print("\n".join(lies[:20]))
    raise SystemExit(bool(lies))


if __name__ == "__main__":
    main()
