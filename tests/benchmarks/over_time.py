"""What becomes of each second of a campaign: how many SES accepts, and how often it refuses.

    python -m tests.benchmarks.over_time [--seconds 15]

Prints JSON, which ``docs/make_pacing.py`` draws. The SES is that of :mod:`.debt_bucket_ses`; the
processes that send are told their work on the command line.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

import botoses_guard

from .debt_bucket_ses import DebtBucketSES
from .in_process import parameters

RATE = 50.0
"""Recipients per second of the account."""


@dataclass(frozen=True)
class Way:
    """Who sends, and how."""

    processes: int
    threads: int
    """Of each process."""

    guarded: bool = True
    shares: bool = False
    """Whether the processes share a file."""


WAYS = {
    "one process of 32 threads, plain boto3": Way(1, 32, guarded=False),
    "one process of 32 threads, guarded": Way(1, 32),
    "four processes of 8 threads, guarded, each by itself": Way(4, 8),
    "four processes of 8 threads, guarded, one file": Way(4, 8, shares=True),
}


@dataclass(frozen=True)
class Found:
    """What one way showed."""

    rate: float
    accepted: list[int]
    """In each second."""

    refused: list[int]
    """HTTP requests that SES throttled in each second; botocore and the guard repeat some."""

    failed: int
    """Sends that ended with an error."""

    p50: float
    """Seconds of one send, its wait included."""

    p99: float


def measure(way: Way, seconds: float) -> Found:
    """Send as fast as the way lets for so many seconds."""
    with DebtBucketSES(RATE) as ses, tempfile.TemporaryDirectory() as directory:
        store = f"sqlite:///{directory}/budgets" if way.shares else "memory://"
        order = [ses.url, "" if not way.guarded else store, str(way.threads), str(seconds)]
        senders = [_sender(order) for _ in range(way.processes)]
        for sender in senders:
            assert _hear(sender) == "ready"
        for sender in senders:
            assert sender.stdin is not None
            sender.stdin.close()
        told = [json.loads(_hear(sender)) for sender in senders]
        for sender in senders:
            sender.wait()
            assert sender.stdout is not None
            sender.stdout.close()
    begin = min(one["begin"] for one in told)
    durations = sorted(duration for one in told for duration in one["durations"])
    return Found(
        RATE,
        _by_second([when - begin for one in told for when in one["accepted"]], seconds),
        _by_second([when - begin for one in told for when in one["refused"]], seconds),
        sum(one["failed"] for one in told),
        statistics.median(durations),
        durations[int(len(durations) * 0.99)],
    )


def _by_second(times: Sequence[float], seconds: float) -> list[int]:
    counted = Counter(int(when) for when in times)
    return [counted[second] for second in range(int(seconds))]


def _sender(order: Sequence[str]) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.benchmarks.over_time", "send", *order],
        cwd=Path(__file__).parents[2],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def _hear(sender: subprocess.Popen[str]) -> str:
    assert sender.stdout is not None
    return sender.stdout.readline().strip()


def send(url: str, store: str, threads: int, seconds: float) -> None:
    """What one of the processes does; without a store it is not guarded."""
    session = boto3.Session("AKIABENCHMARK", "secret", region_name="us-east-1")
    if store:
        botoses_guard.register(session, store=store)
    make: Any = session.client
    client = make("sesv2", endpoint_url=url, config=Config(max_pool_connections=threads))
    answers: dict[bool, list[float]] = {True: [], False: []}

    def note(response: Any, **_: Any) -> None:
        if response is not None:
            answers[response[0].status_code < 300].append(time.time())

    # First, because the guard's handler raises what it does not repeat.
    client.meta.events.register_first("needs-retry.sesv2.SendEmail", note)
    print("ready", flush=True)
    sys.stdin.read()
    begin = time.time()

    def of_thread(thread: int) -> list[tuple[float, bool]]:
        sent = []
        while (began := time.time()) - begin < seconds:
            try:
                client.send_email(**parameters("sesv2", "shop@example.com", "ada@example.com"))
                failed = False
            except (ClientError, BotoCoreError):
                failed = True
            sent.append((time.time() - began, failed))
        return sent

    with ThreadPoolExecutor(threads) as pool:
        sends = [one for some in pool.map(of_thread, range(threads)) for one in some]
    told = {
        "begin": begin,
        "accepted": answers[True],
        "refused": answers[False],
        "failed": sum(failed for _, failed in sends),
        "durations": [duration for duration, _ in sends],
    }
    print(json.dumps(told), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=15)
    seconds: float = parser.parse_args().seconds
    found = {name: asdict(measure(way, seconds)) for name, way in WAYS.items()}
    print(json.dumps(found, indent=1))


if __name__ == "__main__":
    if sys.argv[1:2] == ["send"]:
        _, _, url, store, threads, seconds = sys.argv
        send(url, store, int(threads), float(seconds))
    else:
        main()
