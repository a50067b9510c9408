"""How much of an account's rate arrives, and what is throttled, against a local SES.

    python -m tests.benchmarks.pacing [--seconds 15] [--only NAME]

The local SES runs in a process of its own: refill R/s, burst max(2, R/4), debt, 20 ms latency. The
share of the rate is counted from second 2: recipients accepted after it over R times the time from
then to the last of them.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

import botoses_guard

FIRST = 2.0
"""Seconds at the start that do not count: the bucket of the local SES is full then."""


@dataclass(frozen=True)
class Run:
    """What one run showed."""

    accepted: int
    share: float
    throttled: int
    failed: int
    seconds: float
    p50: float
    p99: float


class LocalSES:
    """``python -m botoses_guard simulate`` and its control interface."""

    def __init__(self, rate: float, latency: float = 0.02) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "botoses_guard", "simulate", "--port", "0"]
            + ["--rate", str(rate), "--latency", str(latency)],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        self.url = self._process.stdout.readline().split()[-1]

    def get(self, what: str) -> Any:
        with urllib.request.urlopen(f"{self.url}/_simulator/{what}") as answer:
            return json.load(answer)

    def times(self) -> list[tuple[float, int]]:
        """Time and recipients of each accepted message."""
        found: list[tuple[float, int]] = []
        while True:
            page = self.get(f"inbox?start={len(found)}")["messages"]
            found += [(one["time"], len(one["recipients"])) for one in page]
            if not page:
                return found

    def __enter__(self) -> LocalSES:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait()
        assert self._process.stdout is not None
        self._process.stdout.close()


def make_client(ses: LocalSES, mode: str | None, settings: dict[str, Any] | None) -> Any:
    """A client with botocore's retry ``mode``, guarded when there are ``settings``."""
    retries: Any = {"mode": mode} if mode else None
    config = Config(max_pool_connections=64, retries=retries)
    session = boto3.Session("AKIABENCHMARK", "secret", region_name="us-east-1")
    if settings is not None:
        botoses_guard.register(session, **settings)
    made: Any = session.client
    return made("sesv2", endpoint_url=ses.url, config=config)


def pace(
    rate: float,
    threads: int,
    recipients: int,
    seconds: float,
    mode: str | None,
    settings: dict[str, Any] | None,
    messages: int | None = None,
) -> Run:
    """Send from ``threads`` for ``seconds``, or until ``messages`` are sent."""
    with LocalSES(rate) as ses:
        client = make_client(ses, mode, settings)
        left = iter(range(messages)) if messages else None
        lock, failed, durations = threading.Lock(), [0], []
        begin = time.monotonic()

        def send_all(thread: int) -> None:
            for number in range(1_000_000):
                with lock:
                    done = next(left, None) is None if left else time.monotonic() - begin > seconds
                if done:
                    return
                started = time.monotonic()
                addresses = [f"c{thread}.{number}.{i}@example.com" for i in range(recipients)]
                try:
                    client.send_email(
                        FromEmailAddress="shop@example.com",
                        Destination={"ToAddresses": addresses},
                        Content={
                            "Simple": {
                                "Subject": {"Data": "s"},
                                "Body": {"Text": {"Data": f"{thread} {number}"}},
                            }
                        },
                    )
                except (ClientError, BotoCoreError):
                    failed[0] += 1
                with lock:
                    durations.append(time.monotonic() - started)

        workers = [threading.Thread(target=send_all, args=(one,)) for one in range(threads)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        elapsed = time.monotonic() - begin
        times = ses.times()
        counters = ses.get("state")["counters"]
    return Run(
        accepted=sum(count for _, count in times),
        share=share_of(times, rate),
        throttled=counters["throttled"],
        failed=failed[0],
        seconds=elapsed,
        p50=statistics.median(durations),
        p99=sorted(durations)[int(len(durations) * 0.99)],
    )


def share_of(times: list[tuple[float, int]], rate: float) -> float:
    """Part of the rate that was used from second :data:`FIRST` to the last message.

    A message is paid for by the time after it, so the last one is not counted.
    """
    late = [(when, count) for when, count in times if when - times[0][0] >= FIRST]
    if len(late) < 2:
        return float("nan")
    return sum(count for _, count in late[:-1]) / (rate * (late[-1][0] - late[0][0]))


WHOLE = {"rate_share": 1}


def rows(seconds: float) -> dict[str, Callable[[], Run]]:
    return {
        "32 threads, 14/s, rate_share=1": lambda: pace(14, 32, 1, seconds, None, WHOLE),
        "32 threads, 100/s, rate_share=1": lambda: pace(100, 32, 1, seconds, None, WHOLE),
        "32 threads, 50/s, default share": lambda: pace(50, 32, 1, seconds, None, {}),
        "4 threads x 50 recipients, 14/s": lambda: pace(
            14, 4, 50, 4 * seconds, None, {**WHOLE, "max_wait": 120}
        ),
        "campaign of 280, 14/s: plain": lambda: pace(14, 32, 1, 0, None, None, 280),
        "campaign of 280, 14/s: adaptive": lambda: pace(14, 32, 1, 0, "adaptive", None, 280),
        "campaign of 280, 14/s: guarded": lambda: pace(14, 32, 1, 0, None, {}, 280),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=15)
    parser.add_argument("--only", default="")
    arguments = parser.parse_args()
    header = (
        f"{'':34}{'accepted':>9}{'share':>8}{'thr/acc':>9}{'failed':>8}{'seconds':>9}{'p99/p50':>9}"
    )
    print(header)
    for name, run in rows(arguments.seconds).items():
        if arguments.only in name:
            found = run()
            print(
                f"{name:34}{found.accepted:9}{100 * found.share:7.1f}%"
                f"{found.throttled / max(1, found.accepted):9.4f}{found.failed:8}"
                f"{found.seconds:9.2f}{found.p99 / found.p50:9.2f}",
                flush=True,
            )


if __name__ == "__main__":
    main()
