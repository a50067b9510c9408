"""How many sends a second the local SES judges, on one core.

    python -m tests.benchmarks.simulator_throughput [--seconds 5] [--connections 4] [--rounds 3]

The local SES runs in a process pinned to one core. The load comes from this process, pinned to
another: each connection is kept alive and replays one request that a real client signed. A send
counts once its answer is read; a round in which anything but 200 came back is an error.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import boto3
from botocore.awsrequest import AWSPreparedRequest

CONTENT = {"Subject": {"Data": "Your order"}, "Body": {"Text": {"Data": "It is on its way."}}}
DESTINATION = {"ToAddresses": ["Ada <ada@example.com>"]}
SENDS: Mapping[str, dict[str, Any]] = {
    "ses": {"Source": "shop@example.com", "Destination": DESTINATION, "Message": CONTENT},
    "sesv2": {
        "FromEmailAddress": "shop@example.com",
        "Destination": DESTINATION,
        "Content": {"Simple": CONTENT},
    },
}


@dataclass(frozen=True)
class Prepared:
    """A request as a client put it on the wire."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


class Captured(Exception):
    """Ends a call at the moment at which its request would have been written."""


def prepared(service: str, url: str) -> Prepared:
    """The request that ``send_email`` writes, taken from a client of ``service``."""
    session = boto3.Session("AKIABENCHMARK", "secret", region_name="us-east-1")
    make: Any = session.client
    client = make(service, endpoint_url=url)
    caught: list[AWSPreparedRequest] = []

    def capture(request: AWSPreparedRequest, **_: Any) -> None:
        caught.append(request)
        raise Captured

    client.meta.events.register(f"before-send.{service}", capture)
    try:
        client.send_email(**SENDS[service])
    except Captured:
        pass
    request = caught[0]
    body: Any = request.body
    given: Any = request.headers
    headers = {
        name: value.decode() if isinstance(value, bytes) else str(value)
        for name, value in given.items()
    }
    return Prepared(
        str(request.method),
        urlsplit(request.url).path,
        headers,
        body.encode() if isinstance(body, str) else body,
    )


class LocalSES:
    """``python -m botoses_guard simulate``, pinned to one core."""

    def __init__(self, core: int) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "botoses_guard", "simulate", "--port", "0"]
            + ["--rate", "1000000", "--quota", "-1"],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        self.url = self._process.stdout.readline().split()[-1]
        os.sched_setaffinity(self._process.pid, {core})
        for thread in os.listdir(f"/proc/{self._process.pid}/task"):
            os.sched_setaffinity(int(thread), {core})

    def __enter__(self) -> LocalSES:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait()
        assert self._process.stdout is not None
        self._process.stdout.close()

    def cpu_seconds(self) -> float:
        """Time that the process has spent on its core."""
        with open(f"/proc/{self._process.pid}/stat") as stat:
            fields = stat.read().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def connect(url: str) -> http.client.HTTPConnection:
    place = urlsplit(url)
    return http.client.HTTPConnection(place.hostname or "", place.port, timeout=30)


def replay(url: str, request: Prepared, is_over: Callable[[], bool]) -> int:
    """Send ``request`` over one connection until it is over.

    Returns:
        The number of sends that were accepted.
    """
    connection, sent = connect(url), 0
    while not is_over():
        connection.request(request.method, request.path, request.body, request.headers)
        answer = connection.getresponse()
        body = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{answer.status}: {body.decode()}")
        sent += 1
    connection.close()
    return sent


def measure(url: str, request: Prepared, seconds: float, connections: int) -> float:
    """Sends per second over ``connections`` at once."""
    counts: list[int] = []
    started = time.perf_counter()
    end = started + seconds
    threads = [
        threading.Thread(
            target=lambda: counts.append(
                replay(url, request, lambda: time.perf_counter() >= end),
            )
        )
        for _ in range(connections)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if len(counts) < connections:
        raise RuntimeError("a connection failed")
    return sum(counts) / (time.perf_counter() - started)


def reset(url: str) -> int:
    """Empty the local SES.

    Returns:
        The messages that it had accepted.
    """
    connection = connect(url)
    connection.request("GET", "/_simulator/state")
    messages = int(json.loads(connection.getresponse().read())["messages"])
    connection.request("POST", "/_simulator/reset")
    connection.getresponse().read()
    connection.close()
    return messages


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--connections", type=int, default=4)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    own, other = (sorted(os.sched_getaffinity(0)) * 2)[:2]
    os.sched_setaffinity(0, {own})
    print(f"{'':6} {'sends/s':>8} {'us of the core per send':>24} {'messages in the inbox':>22}")
    with LocalSES(other) as ses:
        requests = {service: prepared(service, ses.url) for service in SENDS}
        for _ in range(arguments.rounds):
            for service, request in requests.items():
                spent = -ses.cpu_seconds()
                rate = measure(ses.url, request, arguments.seconds, arguments.connections)
                spent += ses.cpu_seconds()
                messages = reset(ses.url)
                print(f"{service:6} {rate:8,.0f} {spent / messages * 1e6:24,.0f} {messages:22,}")


if __name__ == "__main__":
    main()
