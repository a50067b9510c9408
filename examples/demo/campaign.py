"""One campaign from many threads, sent in several ways at the same time."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass

from botoses_guard.simulator import Simulator

from .program import THREADS, MakeClient, adaptive, guarded, message, plain, send

LATENCY = 0.02
"""Seconds that SES takes for one send."""

WAYS: Mapping[str, MakeClient] = {
    "boto3": plain,
    "boto3, adaptive retries": adaptive,
    "boto3 + the one line": guarded,
}
"""The ways to send, by the name that the reader sees."""

Progress = Callable[[str, int, int], None]
"""Told the way, and how many of its sends were accepted and failed so far."""


@dataclass(frozen=True)
class Plan:
    """How much is sent, and how fast the account may."""

    recipients: int = 280
    rate: float = 14.0
    """Recipients per second."""

    @property
    def ideal(self) -> float:
        """Seconds that the campaign takes at the account's rate."""
        return self.recipients / self.rate


@dataclass(frozen=True)
class Outcome:
    """What became of a campaign, as the local SES counted it."""

    arrived: int
    lost: int
    twice: int
    """Recipients who got the message more than once."""

    refused: int
    """HTTP requests that SES refused."""

    seconds: float

    @classmethod
    def of(cls, ses: Simulator, plan: Plan, seconds: float) -> Outcome:
        """What the inbox of ``ses`` tells when the campaign is over."""
        arrived = Counter(address for one in ses.inbox for address in one.recipients)
        return cls(
            arrived=len(arrived),
            lost=plan.recipients - len(arrived),
            twice=sum(copies > 1 for copies in arrived.values()),
            refused=ses.counters.refused_total,
            seconds=seconds,
        )


def race(plan: Plan, progress: Progress) -> dict[str, Outcome]:
    """Send the campaign in every way at the same time, each by an account of its own."""
    stop = threading.Event()
    with ThreadPoolExecutor(len(WAYS)) as pool:
        running = {way: pool.submit(_run, way, plan, progress, stop) for way in WAYS}
        try:
            return {way: future.result() for way, future in running.items()}
        finally:
            stop.set()  # after Ctrl-C or an error the other campaigns need no end


def _run(way: str, plan: Plan, progress: Progress, stop: threading.Event) -> Outcome:
    with Simulator(rate=plan.rate, latency=LATENCY) as ses:
        client = WAYS[way](ses)

        def send_to(number: int) -> bool:
            if stop.is_set():
                return False
            return not send(client, message(f"customer{number}@example.com")).exception

        accepted = failed = 0
        begin = time.monotonic()
        with ThreadPoolExecutor(THREADS) as pool:
            sends = [pool.submit(send_to, number) for number in range(plan.recipients)]
            for done in as_completed(sends):
                accepted += done.result()
                failed += not done.result()
                progress(way, accepted, failed)
        return Outcome.of(ses, plan, time.monotonic() - begin)
