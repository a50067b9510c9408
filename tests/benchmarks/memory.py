"""Whether a process that sends for ever grows: resident memory over guarded sends.

python -m tests.benchmarks.memory [--sends 1000000]
"""

from __future__ import annotations

import argparse
import gc
import resource

import botoses_guard

from .in_process import client, parameters

STEPS = 10


def resident() -> int:
    """Bytes of this process that are in memory now."""
    with open("/proc/self/statm") as statm:
        return int(statm.read().split()[1]) * resource.getpagesize()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sends", type=int, default=1_000_000)
    sends = parser.parse_args().sends
    made = client("sesv2")
    guard = botoses_guard.register(made, max_send_rate=1e9, max_24_hour_send=1e12)
    number = 0

    def send(times: int) -> None:
        nonlocal number
        for _ in range(times):
            number += 1
            # Every recipient is another one, some need encoding, as in a campaign.
            domain = "bücher.example" if number % 10 == 0 else "example.com"
            made.send_email(**parameters("sesv2", "shop@example.com", f"c{number}@{domain}"))

    send(sends // 20)
    gc.collect()
    begin = resident()
    print(f"after {number:,} sends: {begin / 2**20:.1f} MiB", flush=True)
    for _ in range(STEPS):
        send((sends - sends // 20) // STEPS)
        gc.collect()
        print(
            f"after {number:,} sends: {resident() / 2**20:.1f} MiB, "
            f"{(resident() - begin) / 2**20:+.2f}",
            flush=True,
        )
    assert guard.snapshot().accepted == number


if __name__ == "__main__":
    main()
