"""One campaign from many threads, through a client of the reader's choice."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

import botoses_guard
from botoses_guard.simulator import Simulator

THREADS = 32
RATE = 14
RECIPIENTS = 280
LATENCY = 0.02

CONTENT = {
    "Simple": {
        "Subject": {"Data": "Autumn sale"},
        "Body": {"Text": {"Data": "Everything must go."}},
    }
}


@dataclass(frozen=True)
class Outcome:
    """What became of a campaign, as the local SES counted it."""

    arrived: int
    lost: int
    twice: int
    refused: int
    """HTTP requests that SES refused."""

    seconds: float


def plain(ses: Simulator) -> Any:
    """boto3 as it comes."""
    return _client(ses, boto3.Session(), Config(max_pool_connections=THREADS))


def adaptive(ses: Simulator) -> Any:
    """boto3 with its own client-side rate limiting."""
    config = Config(max_pool_connections=THREADS, retries={"mode": "adaptive"})
    return _client(ses, boto3.Session(), config)


def guarded(ses: Simulator) -> Any:
    """boto3 as it comes, and the one line."""
    session = boto3.Session()
    botoses_guard.register(session)
    return _client(ses, session, Config(max_pool_connections=THREADS))


def _client(ses: Simulator, session: boto3.Session, config: Config) -> Any:
    return ses.client("sesv2", session=session, config=config)


def run(make_client: Callable[[Simulator], Any], progress: Callable[[int], None]) -> Outcome:
    """Send the campaign and count what arrived.

    Args:
        make_client: makes the client for a local SES.
        progress: told how many sends have come to an end.
    """
    with Simulator(rate=RATE, latency=LATENCY) as ses:
        client = make_client(ses)

        def send(number: int) -> None:
            try:
                client.send_email(
                    FromEmailAddress="shop@example.com",
                    Destination={"ToAddresses": [f"customer{number}@example.com"]},
                    Content=CONTENT,
                )
            except (ClientError, BotoCoreError):
                pass  # lost, as the inbox will show

        begin = time.monotonic()
        with ThreadPoolExecutor(THREADS) as pool:
            for done, _ in enumerate(pool.map(send, range(RECIPIENTS)), 1):
                progress(done)
        seconds = time.monotonic() - begin
        arrived = Counter(address for message in ses.inbox for address in message.recipients)
        return Outcome(
            arrived=len(arrived),
            lost=RECIPIENTS - len(arrived),
            twice=sum(1 for count in arrived.values() if count > 1),
            refused=ses.counters.refused_total,
            seconds=seconds,
        )
