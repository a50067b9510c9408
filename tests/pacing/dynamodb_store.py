"""DynamoDB for tests: moto's, in a process of its own.

    python -m tests.pacing.dynamodb_store

DynamoDB makes each request one atomic step. Moto does not while its server has several threads, so
that requests go one at a time here.
"""

from __future__ import annotations

import atexit
import subprocess
import sys
import threading
import uuid
from collections.abc import Callable, Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

from botoses_guard.pacing import Store
from botoses_guard.pacing.dynamodb import create_table
from botoses_guard.pacing.dynamodb.backend import DynamoDBBackend
from botoses_guard.pacing.dynamodb.service_clock import ServiceClock
from botoses_guard.pacing.dynamodb.table import Table
from botoses_guard.pacing.shared import SharedStore

REGION = "eu-west-1"


class DynamoDB:
    """A server that ends with this process, and how often this process asked it."""

    def __init__(self, port: int = 0) -> None:
        """
        Args:
            port: the one to listen at; a free one by default.
        """
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.pacing.dynamodb_store", str(port)],
            cwd=Path(__file__).parents[2],
            stdin=subprocess.PIPE,  # the server ends when this is closed, however this process ends
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        self.port = int(self._process.stdout.readline())
        self.endpoint = f"http://127.0.0.1:{self.port}"
        self.requests = 0
        atexit.register(self.stop)

    def count(self, **_: Any) -> None:
        self.requests += 1

    def stop(self) -> None:
        self._process.kill()
        self._process.communicate()


@lru_cache(maxsize=1)
def dynamodb() -> DynamoDB:
    """The one server of this test run."""
    return DynamoDB()


@lru_cache(maxsize=None)
def client(endpoint: str, timeout: float = 30.0) -> Any:
    """A client such as the store makes; moto may be slow."""
    session: Any = boto3.Session("testing", "testing", region_name=REGION)
    made = session.client(
        "dynamodb",
        endpoint_url=endpoint,
        config=Config(
            retries={"total_max_attempts": 1, "mode": "standard"},
            connect_timeout=timeout,
            read_timeout=timeout,
            max_pool_connections=64,
        ),
    )
    if endpoint == dynamodb().endpoint:
        made.meta.events.register("before-send.dynamodb", dynamodb().count)
    return made


def new_table() -> str:
    """Make an empty table and return its name."""
    name = f"budgets-{uuid.uuid4().hex}"
    create_table(client(dynamodb().endpoint), name)
    return name


def backend_at(
    endpoint: str, table: str, clock: Callable[[], int], timeout: float = 30.0
) -> DynamoDBBackend:
    """A process's own way to a table; ``clock`` is no time of day."""
    time = ServiceClock(clock, corrects=False)
    return DynamoDBBackend(Table(lambda: client(endpoint, timeout), table, time), time)


def make_store(clock: Callable[[], int]) -> Store:
    """A new store with a table of its own."""
    backend = backend_at(dynamodb().endpoint, new_table(), clock)
    return SharedStore("dynamodb://test", backend, clock=clock)


def serve(port: int) -> None:
    """Serve moto's DynamoDB until standard input ends; tells its port first, a free one for 0."""
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
    from werkzeug.serving import WSGIRequestHandler, make_server

    class KeepsQuiet(WSGIRequestHandler):
        protocol_version = "HTTP/1.1"  # as DynamoDB: connections stay open
        disable_nagle_algorithm = True

        def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
            """Nothing: the log is for what goes wrong."""

    moto: Any = DomainDispatcherApplication(create_backend_app)
    lock = threading.Lock()

    def one_at_a_time(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        with lock:
            return list(moto(environ, start_response))

    server = make_server(
        "127.0.0.1", port, one_at_a_time, threaded=True, request_handler=KeepsQuiet
    )
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(server.server_port, flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    serve(int(sys.argv[1]))
