"""One of the processes of ``workers``: sends its part of a campaign from several threads.

Says :data:`READY`, sends when its input ends, and writes a line for each send.
"""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import boto3
from botocore.config import Config

import botoses_guard

from .program import message, send

READY, ACCEPTED, FAILED = "ready", "accepted", "failed"


def main(way: str, threads: int, first: int, last: int) -> None:
    """Send to the customers with the numbers from ``first`` to before ``last``.

    Args:
        way: ``plain`` or ``guarded``.
        threads: how many send.
        first: number of the first customer.
        last: number after the last one.
    """
    session = boto3.Session()
    if way == "guarded":
        botoses_guard.register(session)
    client: Any = session.client("sesv2", config=Config(max_pool_connections=threads))
    _say(READY)
    sys.stdin.read()

    def send_to(number: int) -> None:
        failed = send(client, message(f"customer{number}@example.com")).exception
        _say(FAILED if failed else ACCEPTED)

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(send_to, range(first, last)))


def _say(word: str) -> None:
    # One write: a pipe that other processes write to as well keeps it whole.
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
