"""A thousand hosts over one store, in virtual time; prints what they did.

python -m tests.pacing.many_hosts
"""

from __future__ import annotations

import argparse
import random
import time
from dataclasses import dataclass

from botoses_guard.pacing.budget import Demand

from .virtual_hosts import VirtualHosts

RATE_SHARE = 0.95
"""Of the account's rate, as by default: bursts come out of the rest."""


@dataclass(frozen=True)
class Crowd:
    """What they did."""

    share: float
    """Messages that left, as a part of what the guard's share of the rate allows."""
    most: float
    """The most that left in any second, as a part of the account's rate."""
    lapsed: int
    """Slots of hosts that died, which nobody used."""
    fewest_and_most: tuple[int, int]
    """Messages of the living hosts."""
    late: float
    """Longest wait in seconds that any host stands before at the end."""


def run(hosts: int, senders: int, rate: float, seconds: float, seed: int = 0) -> Crowd:
    """Let hosts send without a pause; their clocks differ by up to 50 ms, and 1 % of them die.

    Args:
        hosts: how many.
        senders: of each.
        rate: recipients per second that the account allows.
        seconds: of virtual time.
        seed: of clocks and deaths.
    """
    crowd = VirtualHosts(
        hosts, senders, Demand(1, 1, rate * RATE_SHARE, None, 60.0), skew=0.05, seed=seed
    )
    dice = random.Random(seed)
    for host in dice.sample(crowd.hosts, max(1, hosts // 100)):
        crowd.at(dice.uniform(0, seconds), host.die)
    crowd.run(seconds)
    living = [host.sent for host in crowd.hosts if host.lives]
    return Crowd(
        share=len(crowd.starts) / (rate * RATE_SHARE * seconds),
        most=crowd.most_in(1.0) / rate,
        lapsed=sum(host.lapsed for host in crowd.hosts),
        fewest_and_most=(min(living), max(living)),
        late=crowd.standing().queue,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    add = parser.add_argument
    add("--hosts", type=int, default=1000)
    add("--senders", type=int, default=32, help="of each host")
    add("--rate", type=float, default=10_000.0, help="recipients per second of the account")
    add("--seconds", type=float, default=20.0, help="of virtual time")
    arguments = parser.parse_args()
    began = time.perf_counter()
    crowd = run(arguments.hosts, arguments.senders, arguments.rate, arguments.seconds)
    print(f"share of what the guard may use    {crowd.share:.2%}")
    print(f"most in any second, of the rate    {crowd.most:.2%}")
    print(f"slots of dead hosts that lapsed    {crowd.lapsed}")
    print(f"messages of a living host          {crowd.fewest_and_most}")
    print(f"queue at the end                   {crowd.late:.2f} s")
    print(f"took                               {time.perf_counter() - began:.1f} s")


if __name__ == "__main__":
    main()
