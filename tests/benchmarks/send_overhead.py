"""What the guard adds to one send: guarded against plain, in interleaved rounds of one run.

python -m tests.benchmarks.send_overhead
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from typing import Any

import botoses_guard

from ..pacing.valkey import Valkey
from .in_process import client, parameters

ROUNDS = 60
CALLS = 100

ASCII = ("Shop <shop@example.com>", "ada@example.com")
UNICODE = ("Büro Zürich <shop@bücher.example>", "Ada Łukasiewicz <ada@exämple.com>")
ENCODED = tuple(botoses_guard.normalize_address(address) for address in UNICODE)


def microseconds(made: Any, call: dict[str, Any]) -> float:
    """The mean time of one call over a round."""
    send = made.send_email
    begin = time.perf_counter()
    for _ in range(CALLS):
        send(**call)
    return (time.perf_counter() - begin) / CALLS * 1e6


def compare(
    service: str, plain: tuple[str, str], guarded: tuple[str, str], store: str = "memory://"
) -> tuple[float, float, float]:
    """Median microseconds of a plain and of a guarded send, and the median ratio of the rounds."""
    bare, watched = client(service), client(service)
    botoses_guard.register(
        watched, max_send_rate=1e9, max_24_hour_send=-1, rate_share=1, store=store
    )
    bare_call = parameters(service, *plain)
    watched_call = parameters(service, *guarded)
    rounds = []
    for number in range(ROUNDS + 5):
        # Which goes first alternates, so that a drift of the machine's speed cancels out.
        if number % 2:
            first = microseconds(bare, bare_call)
            rounds.append((first, microseconds(watched, watched_call)))
        else:
            second = microseconds(watched, watched_call)
            rounds.append((microseconds(bare, bare_call), second))
    kept = rounds[5:]
    return (
        statistics.median(one for one, _ in kept),
        statistics.median(two for _, two in kept),
        statistics.median(two / one for one, two in kept),
    )


def main() -> None:
    print(f"Python {sys.version.split()[0]}, {ROUNDS} interleaved rounds of {CALLS} calls")
    print(f"{'':34}{'plain':>10}{'guarded':>10}{'guarded/plain':>15}")
    for service in ("ses", "sesv2"):
        for name, plain, guarded in (
            ("ASCII", ASCII, ASCII),
            ("Unicode name and domain", ENCODED, UNICODE),
        ):
            show(f"{service}, {name}", compare(service, plain, guarded))  # type: ignore[arg-type]
    with tempfile.TemporaryDirectory() as folder, Valkey() as server:
        for store in (f"sqlite:///{folder}/budgets", server.unix_url):
            name = f"sesv2, ASCII, {store.partition(':')[0]}:"
            show(name, compare("sesv2", ASCII, ASCII, store))


def show(name: str, found: tuple[float, float, float]) -> None:
    bare, watched, ratio = found
    print(f"{name:34}{bare:8.0f}us{watched:8.0f}us{100 * (ratio - 1):+13.1f} %")


if __name__ == "__main__":
    main()
