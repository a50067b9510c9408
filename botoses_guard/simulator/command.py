"""``python -m botoses_guard simulate``: the local SES as a process of its own."""

from __future__ import annotations

import argparse
import ipaddress
import signal
import threading

from . import Simulator


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    add = parser.add_argument
    add("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    add("--port", type=int, default=4579, help="0 takes a free one (default: %(default)s)")
    add("--allow-remote", action="store_true", help="listen on an address that others can reach")
    add("--rate", type=float, default=14.0, help="recipients per second (default: %(default)s)")
    add("--burst", type=float, help="recipients at once (default: the larger of 2 and rate/4)")
    add("--quota", type=float, default=50_000.0, help="recipients in 24 hours; -1 for no quota")
    add("--sandbox", action="store_true", help="recipients must be verified, too")
    add("--verified", action="append", help="a verified address or domain (default: all are)")
    add("--paused", action="store_true", help="sending is paused by the account's owner")
    add("--configuration-set", action="append", default=[], help="one that exists")
    add("--template", action="append", default=[], help="one that exists")
    add("--latency", type=float, default=0.0, help="seconds that a send takes")
    add("--jitter", type=float, default=0.0, help="part of the latency by which it varies")
    add("--clock-speed", type=float, default=1.0, help="how fast the simulator's time passes")


def run(arguments: argparse.Namespace) -> int:
    """Serve until SIGINT or SIGTERM.

    Returns:
        The exit status.
    """
    if not (_is_loopback(arguments.host) or arguments.allow_remote):
        print(f"{arguments.host} can be reached by others: say --allow-remote if that is meant")
        return 2
    simulator = Simulator(
        host=arguments.host,
        port=arguments.port,
        latency=arguments.latency,
        jitter=arguments.jitter,
        clock_speed=arguments.clock_speed,
        rate=arguments.rate,
        burst=arguments.burst,
        quota=arguments.quota,
        sandbox=arguments.sandbox,
        verified=arguments.verified,
        paused=arguments.paused,
        configuration_sets=arguments.configuration_set,
        templates=arguments.template,
    )
    asked_to_end = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: asked_to_end.set())
    with simulator:
        print(f"a local SES listens at {simulator.url}", flush=True)
        asked_to_end.wait()
    return 0


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
