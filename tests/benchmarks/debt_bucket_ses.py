"""The sending rate of SES and nothing else, over HTTP: a server that costs little per request.

    python -m tests.benchmarks.debt_bucket_ses RATE

For rates that the simulator, which judges every parameter, would be the bottleneck of. A message is
accepted if a token is left, and takes one for each recipient; ``max(2, rate / 4)`` tokens at most.
An answer takes 20 ms, give or take half of it.
"""

from __future__ import annotations

import asyncio
import json
import random
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

LATENCY, JITTER = 0.02, 0.5


class DebtBucket:
    """What was accepted and what was throttled."""

    def __init__(self, rate: float) -> None:
        self.rate, self._burst = rate, max(2.0, rate / 4)
        self._level, self._filled = self._burst, time.monotonic()
        self.times: list[float] = []
        self.throttled = 0
        self.asked = 0

    def accepts(self) -> bool:
        """Judge a message to one recipient."""
        now = time.monotonic()
        self._level = min(self._burst, self._level + (now - self._filled) * self.rate)
        self._filled = now
        if self._level < 1:
            self.throttled += 1
            return False
        self._level -= 1
        self.times.append(now)
        return True


class Connection(asyncio.Protocol):
    """One request at a time, as HTTP/1.1 clients that do not pipeline make them."""

    def __init__(self, bucket: DebtBucket) -> None:
        self._bucket = bucket
        self._received = b""
        self._loop = asyncio.get_running_loop()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport: Any = transport

    def data_received(self, some: bytes) -> None:
        self._received += some
        head, ends, body = self._received.partition(b"\r\n\r\n")
        if not ends:
            return
        named = head.lower().partition(b"\r\ncontent-length:")[2]
        if len(body) < int(named.partition(b"\r\n")[0] or 0):
            return
        self._received = b""
        if head.startswith(b"POST"):
            self._later(self._judge)
        elif b" /times " in head[:20]:
            bucket = self._bucket
            self._answer({"times": bucket.times, "throttled": bucket.throttled})
        else:
            self._bucket.asked += 1
            quota = {"MaxSendRate": self._bucket.rate, "Max24HourSend": -1, "SentLast24Hours": 0}
            self._answer({"SendQuota": quota})

    def _later(self, step: Any, *given: Any) -> None:
        half = LATENCY / 2 * (1 + JITTER * (2 * random.random() - 1))
        self._loop.call_later(half, step, *given)

    def _judge(self) -> None:
        if self._bucket.accepts():
            self._later(self._answer, {"MessageId": f"{len(self._bucket.times)}"})
        else:
            text = {"message": "Maximum sending rate exceeded."}
            self._later(self._answer, text, "429 Too Many Requests", "TooManyRequestsException")

    def _answer(self, content: Any, status: str = "200 OK", error: str = "") -> None:
        body = json.dumps(content)
        kind = f"x-amzn-ErrorType: {error}\r\n" if error else ""
        self._transport.write(
            f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\n{kind}"
            f"Content-Length: {len(body)}\r\n\r\n{body}".encode()
        )


class DebtBucketSES:
    """The server as a process of its own."""

    def __init__(self, rate: float) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.benchmarks.debt_bucket_ses", str(rate)],
            cwd=Path(__file__).parents[2],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        self.url = self._process.stdout.readline().strip()

    def found(self) -> tuple[list[tuple[float, int]], int]:
        """Time and recipients of each accepted message, and how many were throttled."""
        with urllib.request.urlopen(f"{self.url}/times") as answer:
            told = json.load(answer)
        return [(when, 1) for when in told["times"]], told["throttled"]

    def __enter__(self) -> DebtBucketSES:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate()


async def serve(rate: float) -> None:
    bucket = DebtBucket(rate)
    server = await asyncio.get_running_loop().create_server(
        lambda: Connection(bucket), "127.0.0.1", 0, backlog=512
    )
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(float(sys.argv[1])))
