"""DynamoDB for tests: moto's, over a real socket, one request at a time.

DynamoDB makes each request one atomic step; moto alone does not when its server has threads.
"""

from __future__ import annotations

import logging
import threading
import uuid
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

import boto3
from botocore.config import Config
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from botoses_guard.pacing import Store
from botoses_guard.pacing.dynamodb import create_table
from botoses_guard.pacing.dynamodb.backend import DynamoDBBackend
from botoses_guard.pacing.dynamodb.service_clock import ServiceClock
from botoses_guard.pacing.dynamodb.table import Table
from botoses_guard.pacing.shared import SharedStore

REGION = "eu-west-1"


class _KeepsQuiet(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"  # as DynamoDB: connections stay open

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Nothing: the log is for what goes wrong."""


class DynamoDB:
    """A server, and how often it was asked."""

    def __init__(self, host: str = "127.0.0.1", port: int = 0) -> None:
        self._app: Any = DomainDispatcherApplication(create_backend_app)
        self._lock = threading.Lock()
        self.requests = 0
        self._server: BaseWSGIServer = make_server(
            host, port, self._one_at_a_time, threaded=True, request_handler=_KeepsQuiet
        )
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()
        self.port = self._server.server_port

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def _one_at_a_time(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        with self._lock:
            self.requests += 1
            return list(self._app(environ, start_response))

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@lru_cache(maxsize=1)
def dynamodb() -> DynamoDB:
    """The one server of this test run; it ends with it."""
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    return DynamoDB()


def client(endpoint: str, timeout: float = 30.0) -> Any:
    """A client as the store makes it, for a server of this process, which may be slow."""
    session: Any = boto3.Session("testing", "testing", region_name=REGION)
    return session.client(
        "dynamodb",
        endpoint_url=endpoint,
        config=Config(
            retries={"total_max_attempts": 1, "mode": "standard"},
            connect_timeout=timeout,
            read_timeout=timeout,
            max_pool_connections=64,
        ),
    )


def new_table(server: DynamoDB | None = None) -> str:
    """Make an empty table and return its name."""
    name = f"budgets-{uuid.uuid4().hex}"
    create_table(client((server or dynamodb()).endpoint), name)
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
