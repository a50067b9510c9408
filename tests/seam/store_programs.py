"""Programs that share a store: each is a process of its own and does what it is told.

    python -m tests.seam.store_programs

An order is a line on standard input; the program says ``prepared``, sends when it is told ``go``,
and answers with a line of reports.
"""

from __future__ import annotations

import atexit
import json
import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

import botoses_guard
from botoses_guard.plugin import Guard

from .sends import message

ACCEPTED = "accepted"


@dataclass(frozen=True)
class Order:
    """What a program is to send."""

    ses: str
    """URL of the local SES."""

    settings: dict[str, Any]
    """Of the guard."""

    name: str = ""
    """In the subjects; those of two programs differ in any case."""

    threads: int = 4
    seconds: float = 60.0
    """After so many no send begins."""

    messages: int = 1_000_000
    """Of each thread, at most."""

    forks: int = 0
    """Children that send in the place of the program, which sends one message before it forks."""

    looks: float = 0.0
    """Seconds between looks at the rate; 0 does not look."""


class Sent(NamedTuple):
    """What became of one send."""

    subject: str
    began: float
    """Seconds of ``time.monotonic``, which all processes of a machine share on Linux."""

    took: float
    """Seconds."""

    waited: float
    """Seconds of them in which it waited for its slot."""

    outcome: str
    """:data:`ACCEPTED`, or the class of the error."""

    origin: str = ""
    retry_after: float | None = None


@dataclass
class Report:
    """What one process did for an order."""

    sends: list[Sent] = field(default_factory=list)
    logs: list[str] = field(default_factory=list)
    """The guard's, from INFO on, with their levels."""

    rates: list[tuple[float, float]] = field(default_factory=list)
    """Time and rate of each look."""

    store: str = ""
    """State of the store at the end."""

    counters: dict[str, int] = field(default_factory=dict)
    """Of the store."""

    rate: float | None = None
    """Recipients per second that might go at the end."""

    @property
    def accepted(self) -> list[Sent]:
        return [sent for sent in self.sends if sent.outcome == ACCEPTED]

    @property
    def refused(self) -> list[Sent]:
        return [sent for sent in self.sends if sent.outcome != ACCEPTED]


class Program:
    """The other end of a program; it ends with the one who started it."""

    def __init__(self, module: str = "tests.seam.store_programs", *arguments: str) -> None:
        self._process = subprocess.Popen(
            # A fork where threads ran is what some orders are about.
            [sys.executable, "-W", "ignore::DeprecationWarning", "-m", module, *arguments],
            cwd=Path(__file__).parents[2],
            stdin=subprocess.PIPE,  # closing it ends the program
            stdout=subprocess.PIPE,
            text=True,
        )

    def order(self, order: Order) -> None:
        self._say(json.dumps(asdict(order)))

    def wait_until_prepared(self) -> None:
        assert self._hear() == "prepared"

    def go(self) -> None:
        self._say("go")

    def reports(self) -> list[Report]:
        """Of each process that sent, when all are done."""
        return [
            Report(**{**one, "sends": [Sent(*sent) for sent in one["sends"]]})
            for one in json.loads(self._hear())
        ]

    def close(self) -> None:
        self._process.kill()
        self._process.communicate()

    def _say(self, line: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()

    def _hear(self) -> str:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, "the program has ended"
        return line.strip()


@lru_cache(maxsize=1)
def shared_programs() -> Sequence[Program]:
    """Four for all tests, which differ in their orders; they end with the tests."""
    programs = tuple(Program() for _ in range(4))
    for program in programs:
        atexit.register(program.close)
    return programs


def begin(programs: Sequence[Program], order: Order) -> None:
    """Let all programs begin at once."""
    for program in programs:
        program.order(order)
    for program in programs:
        program.wait_until_prepared()
    for program in programs:
        program.go()


def reports_of(programs: Iterable[Program]) -> list[Report]:
    return [report for program in programs for report in program.reports()]


def run(programs: Sequence[Program], order: Order) -> list[Report]:
    """What all processes of all programs did."""
    begin(programs, order)
    return reports_of(programs)


class _Listener(logging.Handler):
    """Keeps the guard's log, and how long the sends of each thread waited."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []
        self.of_thread = threading.local()

    def emit(self, record: logging.LogRecord) -> None:
        waited = vars(record).get("ses_waited")
        if waited is not None:
            self.of_thread.waited = waited
        if record.levelno >= logging.INFO:
            self.lines.append(f"{record.levelname} {record.getMessage()}")

    def take_waited(self) -> float:
        waited: float = vars(self.of_thread).pop("waited", 0.0)
        return waited


_listener = _Listener()


def client_for(order: Order, session: boto3.Session) -> Any:
    make_config: Any = Config
    make: Any = session.client
    return make(
        "sesv2",
        endpoint_url=order.ses,
        config=make_config(max_pool_connections=order.threads, proxies={}),
    )


def new_session() -> boto3.Session:
    return boto3.Session("AKIAPROGRAM", "secret", region_name="us-east-1")


def send(client: Any, subject: str) -> Sent:
    """Send one message, whatever comes of it."""
    began = time.monotonic()
    outcome, origin, retry_after = ACCEPTED, "", None
    try:
        client.send_email(**message("sesv2", subject=subject))
    except (ClientError, BotoCoreError) as error:
        outcome, origin = type(error).__name__, getattr(error, "origin", "")
        retry_after = getattr(error, "retry_after", None)
    took = time.monotonic() - began
    return Sent(subject, began, took, _listener.take_waited(), outcome, origin, retry_after)


def send_all(client: Any, order: Order) -> list[Sent]:
    """Carry out an order with the threads of this process."""
    end = time.monotonic() + order.seconds

    def of_thread(thread: int) -> list[Sent]:
        sent: list[Sent] = []
        while len(sent) < order.messages and time.monotonic() < end:
            sent.append(send(client, f"{order.name} {os.getpid()} {thread} {len(sent)}"))
        return sent

    with ThreadPoolExecutor(order.threads) as threads:
        return [sent for some in threads.map(of_thread, range(order.threads)) for sent in some]


@contextmanager
def _looking(guard: Guard, seconds: float, rates: list[tuple[float, float]]) -> Iterator[None]:
    over = threading.Event()

    def look() -> None:
        while not over.wait(seconds):
            for standing in guard.snapshot().accounts.values():
                rates.append((time.monotonic(), standing.rate or 0.0))

    looker = threading.Thread(target=look)
    if seconds:
        looker.start()
    yield
    over.set()
    if seconds:
        looker.join()


def _report(guard: Guard, sends: list[Sent], rates: list[tuple[float, float]]) -> Report:
    snapshot = guard.snapshot()
    logs, _listener.lines = _listener.lines, []
    return Report(
        sends,
        logs,
        rates,
        snapshot.store,
        dict(snapshot.store_counters),
        next((standing.rate for standing in snapshot.accounts.values()), None),
    )


def _carry_out(order: Order, go: Callable[[], object]) -> list[Report]:
    session = new_session()
    guard = botoses_guard.register(session, **order.settings)
    client = client_for(order, session)
    if not order.forks:
        go()
        rates: list[tuple[float, float]] = []
        with _looking(guard, order.looks, rates):
            sends = send_all(client, order)
        return [_report(guard, sends, rates)]
    own = [send(client, f"{order.name} before the fork")]
    wait, start = os.pipe()
    children = [_fork(order, session, guard, wait, start) for _ in range(order.forks)]
    go()
    os.close(wait)
    os.close(start)
    return [_report(guard, own, []), *(_hear(child, pipe) for child, pipe in children)]


def _fork(
    order: Order, session: boto3.Session, guard: Guard, wait: int, start: int
) -> tuple[int, int]:
    """Start a child that begins when ``start`` is closed; returns it and where its report comes."""
    read, write = os.pipe()
    child = os.fork()
    if child:
        os.close(write)
        return child, read
    try:
        os.close(start)
        client = client_for(order, session)
        os.read(wait, 1)
        report = _report(guard, send_all(client, order), [])
        with os.fdopen(write, "w") as out:
            json.dump(asdict(report), out)
    finally:
        os._exit(0)


def _hear(child: int, pipe: int) -> Report:
    with os.fdopen(pipe) as told:
        found = json.load(told)
    os.waitpid(child, 0)
    return Report(**{**found, "sends": [Sent(*sent) for sent in found["sends"]]})


def serve(carry_out: Callable[[Order, Callable[[], object]], list[Report]]) -> None:
    """Do what standard input tells until it ends."""

    def go() -> None:
        print("prepared", flush=True)
        assert sys.stdin.readline() == "go\n"

    while line := sys.stdin.readline():
        reports = carry_out(Order(**json.loads(line)), go)
        print(json.dumps([asdict(report) for report in reports]), flush=True)


if __name__ == "__main__":
    logging.getLogger("botoses_guard").setLevel(logging.DEBUG)
    logging.getLogger("botoses_guard").addHandler(_listener)
    serve(_carry_out)
