"""``python -m botoses_guard simulate``: the local SES as a process of its own."""

from __future__ import annotations

import argparse
import math
import signal
import sys
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from . import Simulator

_LOOK = 0.5
"""Seconds between two looks whether a signal came."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    add = parser.add_argument
    add("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    add("--port", type=_port, default=4579, help="0 takes a free one (default: %(default)s)")
    add("--allow-remote", action="store_true", help="listen on an address that others can reach")
    add("--rate", type=_number, default=14.0, help="recipients per second (default: %(default)s)")
    add("--burst", type=_number, help="recipients at once (default: the larger of 2 and rate/4)")
    add("--quota", type=_quota, default=50_000.0, help="recipients in 24 hours; -1 for no quota")
    add("--sandbox", action="store_true", help="recipients must be verified, too")
    add("--verified", action="append", help="a verified address or domain (default: all are)")
    add("--paused", action="store_true", help="sending is paused by the account's owner")
    add("--paused-by-aws", action="store_true", help="sending is paused by AWS")
    add("--mail-from-failed", action="append", default=[], help="a domain without its MAIL FROM")
    add("--configuration-set", action="append", default=[], help="one that exists")
    add("--template", action="append", default=[], help="one that exists")
    add("--latency", type=_number, default=0.0, help="seconds that a send takes")
    add("--jitter", type=_number, default=0.0, help="part of the latency by which it varies")
    add("--clock-speed", type=_number, default=1.0, help="how fast the simulator's time passes")


def run(arguments: argparse.Namespace) -> int:
    """Serve until SIGINT or SIGTERM.

    Returns:
        The exit status.
    """
    try:
        simulator = _simulator(arguments)
        simulator.start()
    except ValueError as wrong:
        return _refuse(str(wrong).replace("allow_remote", "say --allow-remote"))
    except ImportError as missing:
        return _refuse(str(missing))
    except OSError as error:
        return _refuse(f"no local SES at {arguments.host} port {arguments.port}: {error}")
    # A queue, since an event that a signal handler sets while this thread begins to wait for it
    # waits for itself; SimpleQueue.put may be called from a handler.
    asked_to_end: SimpleQueue[int] = SimpleQueue()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda number, _: asked_to_end.put(number))
    print(f"a local SES listens at {simulator.url}", flush=True)
    _wait_for(asked_to_end)
    simulator.stop()
    return 0


def _wait_for(asked_to_end: SimpleQueue[int]) -> None:
    # Again and again, since a signal that comes between the interpreter's last look and the wait
    # does not end it: its handler runs when the interpreter looks again.
    while True:
        try:
            asked_to_end.get(timeout=_LOOK)
        except Empty:
            continue
        return


def _simulator(arguments: argparse.Namespace) -> Simulator:
    from . import Simulator  # here, so that the command can say that the extra is missing

    return Simulator(
        host=arguments.host,
        port=arguments.port,
        allow_remote=arguments.allow_remote,
        latency=arguments.latency,
        jitter=arguments.jitter,
        clock_speed=arguments.clock_speed,
        rate=arguments.rate,
        burst=arguments.burst,
        quota=arguments.quota,
        sandbox=arguments.sandbox,
        verified=arguments.verified,
        paused=arguments.paused,
        paused_by_aws=arguments.paused_by_aws,
        mail_from_failed=arguments.mail_from_failed,
        configuration_sets=arguments.configuration_set,
        templates=arguments.template,
    )


def _refuse(reason: str) -> int:
    print(reason, file=sys.stderr)
    return 2


def _number(text: str) -> float:
    """A number from 0.

    Raises:
        argparse.ArgumentTypeError: it is something else.
    """
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not 0 <= number < math.inf:
        raise argparse.ArgumentTypeError(f"it is a number from 0; not {ascii(text)}")
    return number


def _port(text: str) -> int:
    if not (text.isdecimal() and len(text) <= 5 and int(text) < 65_536):
        raise argparse.ArgumentTypeError(f"it is a number from 0 to 65535; not {ascii(text)}")
    return int(text)


def _quota(text: str) -> float:
    """A number from 0, or -1."""
    return -1.0 if text == "-1" else _number(text)
