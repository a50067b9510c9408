"""Every store under random faults, of its own and of SES, by real processes for minutes.

    python -m tests.pacing.soak --minutes 10

Four processes of four threads send into a local SES as fast as the guard lets them, first by one
store and then by the next. Prints a table, and ends with 1 if a promise was broken: a message twice
or lost, a send that hung or failed without need, a rate that was exceeded.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from botoses_guard.pacing.dynamodb import create_table
from botoses_guard.simulator import Simulator

from ..seam.store_programs import ACCEPTED, Order, Program, Report, begin, reports_of
from .dynamodb_store import REGION, DynamoDB, client
from .valkey import Valkey, free_port

PROCESSES = 4
RATE = 50.0
"""Recipients per second that the guard goes by. The local SES takes more, and so shows what was
sent."""

SHARE = 0.95
WINDOW = 5.0
"""Seconds."""

MOST = 1.15
"""Of the rate in any window, also when a store goes, returns or forgets."""

LONGEST_HANG = 10.0
"""Seconds beyond the wait for slots, botocore's pauses between attempts among them."""

UNKNOWN = "OutcomeUnknown"
"""What a send raises whose answer was lost: it was accepted or not, and is not sent again."""


class Fault(Protocol):
    """Lets something happen to a store."""

    __name__: str

    def __call__(self, dice: random.Random, /) -> object: ...


class Store:
    """One kind of store, and what can become of it."""

    part = 1.0
    """Of the rate for each process."""

    url: str

    faults: Sequence[Fault] = ()
    """One of them is let happen now and then, and is over when it returns."""

    def close(self) -> None:
        """End what runs for it."""


class InMemory(Store):
    """Each process by itself; nothing can become of it."""

    url = "memory://"
    part = 1 / PROCESSES


class InSQLite(Store):
    """A file, which is deleted under those who have it open."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory()
        self._path = Path(self._folder.name, "budgets")
        self.url = f"sqlite:///{self._path}"
        self.faults = (self._delete, self._spoil)

    def close(self) -> None:
        self._folder.cleanup()

    def _delete(self, _: random.Random) -> None:
        for path in self._path.parent.glob("budgets*"):
            path.unlink(missing_ok=True)

    def _spoil(self, dice: random.Random) -> None:
        """Another file that is none of the guard's stands there for a while."""
        self._delete(dice)
        with suppress(FileExistsError), open(self._path, "xb") as file:
            file.write(b"no database " * 1000)
        time.sleep(dice.uniform(1, 8))
        self._delete(dice)


class InValkey(Store):
    """A server that crashes, stops, and forgets."""

    def __init__(self) -> None:
        self._server = Valkey()
        self.url = self._server.url
        self.faults = (self._crash, self._stop, self._flush, self._forget_scripts)

    def close(self) -> None:
        self._server.close()

    def _flush(self, _: random.Random) -> None:
        self._server.command("FLUSHALL")

    def _forget_scripts(self, _: random.Random) -> None:
        self._server.command("SCRIPT", "FLUSH")

    def _crash(self, dice: random.Random) -> None:
        self._server.kill()
        time.sleep(dice.uniform(0.5, 8))
        self._server.start()

    def _stop(self, dice: random.Random) -> None:
        self._server.freeze()
        time.sleep(dice.uniform(0.5, 8))
        self._server.thaw()


class InDynamoDB(Store):
    """A table of moto's, gone with its server and made anew with it."""

    def __init__(self) -> None:
        self._port = free_port()
        self._start()
        self.url = f"dynamodb://budgets?region={REGION}&endpoint=http://127.0.0.1:{self._port}"
        self.faults = (self._restart,)

    def _start(self) -> None:
        self._server = DynamoDB(self._port)
        create_table(client(self._server.endpoint), "budgets")

    def close(self) -> None:
        self._server.stop()

    def _restart(self, dice: random.Random) -> None:
        self._server.stop()
        time.sleep(dice.uniform(0.5, 8))
        self._start()


STORES: dict[str, Callable[[], Store]] = {
    "memory": InMemory,
    "sqlite": InSQLite,
    "valkey": InValkey,
    "dynamodb": InDynamoDB,
}


@dataclass
class Outcome:
    """What a run came to."""

    sends: int = 0
    accepted: int = 0
    unknown: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    duplicates: int = 0
    lost: int = 0
    throttled: int = 0
    longest_hang: float = 0.0
    most: float = 0.0
    """Most messages in any window, as a part of what the rate allows in it."""
    used: float = 0.0
    """Messages in the whole run, as a part of the guard's share of the rate."""
    without: int = 0
    """Slots that were given without the store."""
    happened: Counter[str] = field(default_factory=Counter)

    def broken(self) -> list[str]:
        """Promises that were not kept; one sentence each."""
        found = []
        if self.duplicates:
            found.append(f"{self.duplicates} messages arrived twice")
        if self.lost:
            found.append(f"{self.lost} messages were answered and did not arrive")
        if self.refused:
            found.append(f"sends failed without need: {dict(self.refused)}")
        if self.longest_hang > LONGEST_HANG:
            found.append(f"a send hung for {self.longest_hang:.1f} s")
        if self.most > MOST:
            found.append(f"{self.most:.2f} of the rate went in {WINDOW:.0f} s")
        return found


def soak(name: str, seconds: float, seed: int) -> Outcome:
    """Let processes send by one kind of store under random faults.

    Args:
        name: of the store.
        seconds: how long.
        seed: of the faults.
    """
    with ExitStack() as ends:
        store = STORES[name]()
        ends.callback(store.close)
        ses = ends.enter_context(
            Simulator(rate=4 * RATE, burst=4 * RATE, quota=-1, latency=0.02, jitter=0.5)
        )
        programs = [Program() for _ in range(PROCESSES)]
        for program in programs:
            ends.callback(program.close)
        settings = {
            "store": store.url,
            "max_send_rate": RATE * store.part,
            "rate_share": SHARE,
            "max_24_hour_send": -1,
        }
        over = threading.Event()
        happened: Counter[str] = Counter()
        begin(programs, Order(ses.url, settings, name, seconds=seconds))
        troubles = [
            threading.Thread(target=_trouble_store, args=(store, over, seed, happened)),
            threading.Thread(target=_trouble_ses, args=(ses, over, seed, happened)),
        ]
        for trouble in troubles:
            trouble.start()
        try:
            time.sleep(seconds)
        finally:
            over.set()
            for trouble in troubles:
                trouble.join()
        reports = reports_of(programs)
        return _judge(ses, reports, seconds, happened)


def _trouble_store(store: Store, over: threading.Event, seed: int, happened: Counter[str]) -> None:
    dice = random.Random(seed)
    while store.faults and not over.wait(dice.uniform(2, 20)):
        fault = dice.choice(store.faults)
        happened[f"store: {fault.__name__.strip('_').replace('_', ' ')}"] += 1
        fault(dice)


def _trouble_ses(ses: Simulator, over: threading.Event, seed: int, happened: Counter[str]) -> None:
    dice = random.Random(seed + 1)
    faults: dict[str, Callable[[], object]] = {
        "503": lambda: ses.faults.respond(503, dice.randint(1, 3)),
        "502": lambda: ses.faults.respond(502),
        "systemic throttle": lambda: ses.faults.throttle_systemic(dice.randint(1, 3)),
        "cut": lambda: ses.faults.cut(),
        "cut after acceptance": lambda: ses.faults.cut_after_accept(),
        "cut within the answer": lambda: ses.faults.cut_after_headers(),
        "late answer": lambda: ses.faults.delay(dice.uniform(0.1, 1)),
    }
    throttles = 60.0  # seconds apart: each cuts the rate by a fifth for a minute
    last = time.monotonic()
    while not over.wait(dice.uniform(0.5, 4)):
        name = dice.choice(list(faults))
        happened[f"SES: {name}"] += 1
        faults[name]()
        if time.monotonic() - last > throttles:
            last = time.monotonic()
            happened["SES: throttle"] += 1
            ses.faults.throttle()


def _judge(
    ses: Simulator, reports: Sequence[Report], seconds: float, happened: Counter[str]
) -> Outcome:
    sends = [sent for report in reports for sent in report.sends]
    arrived = Counter(message.subject for message in ses.inbox)
    times = sorted(message.time for message in ses.inbox)
    return Outcome(
        sends=len(sends),
        accepted=sum(sent.outcome == ACCEPTED for sent in sends),
        unknown=sum(sent.outcome == UNKNOWN for sent in sends),
        refused=Counter(sent.outcome for sent in sends if sent.outcome not in (ACCEPTED, UNKNOWN)),
        duplicates=sum(copies > 1 for copies in arrived.values()),
        lost=sum(sent.outcome == ACCEPTED and not arrived[sent.subject] for sent in sends),
        throttled=ses.counters.throttled,
        longest_hang=max((sent.took - sent.waited for sent in sends), default=0.0),
        most=_most_in(times) / (RATE * WINDOW),
        used=len(times) / (RATE * SHARE * seconds),
        without=sum(report.counters.get("slots without the store", 0) for report in reports),
        happened=happened,
    )


def _most_in(times: Sequence[float]) -> int:
    most = first = 0
    for last, time_ in enumerate(times):
        while times[first] <= time_ - WINDOW:
            first += 1
        most = max(most, last - first + 1)
    return most


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    add = parser.add_argument
    add("--minutes", type=float, default=10.0, help="of all stores together")
    add("--only", choices=[*STORES], help="one store")
    add("--seed", type=int, default=1)
    arguments = parser.parse_args()
    # Of nobody: the table is of a local server.
    os.environ.update(AWS_ACCESS_KEY_ID="testing", AWS_SECRET_ACCESS_KEY="testing")
    names = [arguments.only] if arguments.only else [*STORES]
    columns = "sends accepted unknown duplicates lost throttled hang_s most used without"
    print(f"{'store':10}", *(f"{column:>10}" for column in columns.split()))
    broken = False
    for name in names:
        outcome = soak(name, arguments.minutes * 60 / len(names), arguments.seed)
        numbers = (
            *(f"{outcome.sends}", f"{outcome.accepted}", f"{outcome.unknown}"),
            *(f"{outcome.duplicates}", f"{outcome.lost}", f"{outcome.throttled}"),
            *(f"{outcome.longest_hang:.2f}", f"{outcome.most:.2f}", f"{outcome.used:.2f}"),
            f"{outcome.without}",
        )
        print(f"{name:10}", *(f"{number:>10}" for number in numbers))
        print(
            "   ", ", ".join(f"{what} {times}" for what, times in sorted(outcome.happened.items()))
        )
        for promise in outcome.broken():
            broken = True
            print(f"    BROKEN: {promise}")
        sys.stdout.flush()
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
