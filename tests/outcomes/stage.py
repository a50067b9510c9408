"""Clients, the servers that they reach, and what came of one send."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace, TracebackType
from typing import Any, Literal, NamedTuple
from unittest.mock import patch
from urllib.parse import urlsplit

import boto3
import botocore.endpoint
from botocore.config import Config

from botoses_guard.plugin import Guard
from botoses_guard.settings import load

from .certificate import Authority, Version
from .proxy import Proxy, Refusal
from .server import Ending, Greeting, Script, Server
from .store import Ledger

Transport = Literal["plain", "tls", "proxy", "forwarder", "proxy in TLS"]

TRANSPORTS: tuple[Transport, ...] = ("plain", "tls", "proxy")
"""HTTP, HTTPS, and HTTPS in a proxy's tunnel."""

OTHER_PROXIES: tuple[Transport, ...] = ("forwarder", "proxy in TLS")
"""A proxy that forwards HTTP, and one whose tunnels are within TLS to the proxy."""

SERVICES = ("ses", "sesv2")
MODES = ("legacy", "standard", "adaptive")

TIMEOUT = 0.15
"""Seconds after which a client gives up an answer that never comes."""

PATIENCE = 10.0
"""Seconds that a client has for what comes."""

QUOTA = 100
RECIPIENTS = ("ada@example.com", "bob@example.com", "cy@example.com")


class Route(NamedTuple):
    """How a client gets to where it sends."""

    url: str
    proxy: str = ""


class Sent(NamedTuple):
    """What came of one call, as its caller saw it."""

    answer: Any
    error: Exception | None
    tries: int
    """Requests that botocore made, whether or not they left."""


class Stage:
    """The servers of a run of tests, and the way to them."""

    def __init__(self, folder: Path) -> None:
        """
        Args:
            folder: For the certificates.
        """
        self._session = boto3.Session()
        self._clients: dict[tuple[object, ...], Any] = {}
        self._contexts: dict[Version, ssl.SSLContext] = {}
        self.authority = Authority(folder, "trusted")
        self.stranger = Authority(folder, "stranger")
        self.plain = Server()
        self.tls = Server(self.authority.context())
        self.proxy = Proxy()
        self.tls_proxy = Proxy(self.authority.context())

    def __enter__(self) -> Stage:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for server in (self.plain, self.tls, self.proxy, self.tls_proxy):
            server.close()

    def play(
        self,
        transport: Transport,
        endings: Iterable[Ending] = (),
        greetings: Iterable[Greeting | None] = (),
        context: ssl.SSLContext | None = None,
        refusals: Iterable[Refusal] = (),
    ) -> Script:
        """Begin a new script; what comes after its last lines is let in and accepted.

        Args:
            transport: Whose server plays it.
            endings: Of the requests to come.
            greetings: Of the connections to come.
            context: The server's side of TLS instead of its usual one.
            refusals: Of the proxy's tunnels to come.
        """
        self.proxy.play(refusals)
        self.tls_proxy.play(refusals)
        server = self.plain if transport in ("plain", "forwarder") else self.tls
        return server.play(endings, greetings, context)

    def context(self, version: Version | None) -> ssl.SSLContext | None:
        """The server's side of one version of TLS; ``None`` for its usual one."""
        if version is None:
            return None
        if version not in self._contexts:
            self._contexts[version] = self.authority.context(version)
        return self._contexts[version]

    def route(self, transport: Transport) -> Route:
        """The way to the script's server."""
        plain, tls = (f"127.0.0.1:{server.port}" for server in (self.plain, self.tls))
        routes: dict[Transport, Route] = {
            "plain": Route(f"http://{plain}"),
            "tls": Route(f"https://{tls}"),
            "proxy": Route(f"https://{tls}", f"http://127.0.0.1:{self.proxy.port}"),
            # The server takes the requests for any host, as such a proxy does.
            "forwarder": Route("http://ses.example", f"http://{plain}"),
            "proxy in TLS": Route(f"https://{tls}", f"https://127.0.0.1:{self.tls_proxy.port}"),
        }
        return routes[transport]

    def client(self, service: str, route: Route, mode: str = "standard", **config: Any) -> Any:
        """A client without a guard, used again where the arguments are the same.

        To make one takes longer than to send. Connections are closed between two tests, but the
        budget of retries that the modes but ``legacy`` have is not filled again.
        """
        key = (service, route, mode, tuple(config.items()))
        if key not in self._clients:
            self._clients[key] = self.new_client(service, route, mode, **config)
        return self._clients[key]

    def new_client(
        self,
        service: str,
        route: Route,
        mode: str = "standard",
        *,
        attempts: int | None = None,
        read_timeout: float = PATIENCE,
        connect_timeout: float = PATIENCE,
    ) -> Any:
        """A client without a guard; ``attempts`` are botocore's own, ``None`` for its mode's."""
        retries: dict[str, Any] = {"mode": mode}
        if attempts is not None:
            retries["total_max_attempts"] = attempts
        make: Any = Config
        config = make(
            retries=retries,
            read_timeout=read_timeout,
            connect_timeout=connect_timeout,
            proxies={urlsplit(route.url).scheme: route.proxy} if route.proxy else {},
            proxies_config={"proxy_ca_bundle": self.authority.trust},
        )
        make_client: Any = self._session.client
        return make_client(
            service,
            region_name="us-east-1",
            endpoint_url=route.url,
            verify=self.authority.trust,
            aws_access_key_id="AKIAOUTCOMES",
            aws_secret_access_key="secret",
            config=config,
        )


@contextmanager
def no_pauses() -> Iterator[None]:
    """Skip botocore's own pauses between attempts; it takes no sleep as an argument."""
    skipped = SimpleNamespace(sleep=lambda seconds: None)
    with patch.object(botocore.endpoint, "time", skipped):
        yield


@contextmanager
def guarded(client: Any, **settings: Any) -> Iterator[tuple[Guard, Ledger]]:
    """Guard a client for a while. Nothing waits: what would be slept is skipped."""
    ledger = Ledger()
    given = {"max_send_rate": 1000, "max_24_hour_send": QUOTA, **settings}
    guard = Guard(load(given, {}), store=ledger, sleep=lambda seconds: None, uniform=lambda: 0.5)
    guard.attach(client)
    try:
        yield guard, ledger
    finally:
        guard.unregister()


def message(
    service: str, subject: str = "Your order", text: str = "It is on its way."
) -> dict[str, Any]:
    """The parameters of ``send_email``."""
    content = {"Subject": {"Data": subject}, "Body": {"Text": {"Data": text}}}
    destination = {"ToAddresses": list(RECIPIENTS)}
    if service == "ses":
        return {"Source": "shop@example.com", "Destination": destination, "Message": content}
    return {
        "FromEmailAddress": "shop@example.com",
        "Destination": destination,
        "Content": {"Simple": content},
    }


def send(client: Any, service: str) -> Sent:
    """Send one message and close the client's connections."""
    return call(client, lambda: client.send_email(**message(service)))


def call(client: Any, sends: Callable[[], Any]) -> Sent:
    """Call ``sends``, count its requests, and close the client's connections."""
    requests: list[object] = []

    def count(**_: Any) -> None:
        requests.append(None)

    event = f"before-send.{client.meta.service_model.service_name}"
    # Behind the guard: a request that it holds back is none.
    client.meta.events.register_last(event, count)
    try:
        answer, error = sends(), None
    except Exception as raised:
        answer, error = None, raised
    finally:
        client.meta.events.unregister(event, count)
        client.close()
    return Sent(answer, error, len(requests))
