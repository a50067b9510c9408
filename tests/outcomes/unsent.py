"""One table: how a request may fail before it leaves, so that surely nothing was sent."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from typing import Any, NamedTuple

from . import greetings, proxy
from .certificate import Version
from .proxy import Refusal
from .server import Greeting, Script
from .stage import TRANSPORTS, Route, Stage, Transport

ALWAYS = 10
"""More often than any retry mode tries."""

SLOW: dict[str, Any] = {"attempts": 2, "connect_timeout": 0.05}
"""Of a client each of whose attempts takes until its timeout: few and short ones."""

Trouble = Callable[[Stage, Transport, int], AbstractContextManager[tuple[Script, Route]]]
"""Makes a number of requests fail: the script of the server that they do not reach, and the way."""


class Case(NamedTuple):
    """One row."""

    name: str
    transports: tuple[Transport, ...]
    trouble: Trouble
    passes: bool = True
    """Whether the trouble may pass between two attempts."""

    is_slow: bool = False
    """Whether each attempt takes until its timeout: for a client as :data:`SLOW` has it."""


@contextmanager
def closed_port() -> Iterator[str]:
    """An address that nobody listens at, and nobody else can."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield f"127.0.0.1:{bound.getsockname()[1]}"


@contextmanager
def full_port() -> Iterator[str]:
    """An address whose queue is full, so that connections to it are never finished."""
    with ExitStack() as sockets:
        listener = sockets.enter_context(socket.socket())
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        address = listener.getsockname()
        for _ in range(2):
            waiting = sockets.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(address)
        yield f"127.0.0.1:{address[1]}"


@contextmanager
def unknown_name() -> Iterator[str]:
    """A name that no resolver knows, nor asks for: it is too long (RFC 1035 section 2.3.4)."""
    yield ".".join(["a" * 63] * 4)


def _nowhere(address: Callable[[], AbstractContextManager[str]]) -> Trouble:
    """The server is not where the client looks for it, or the proxy before it is not."""

    @contextmanager
    def trouble(stage: Stage, transport: Transport, times: int) -> Iterator[tuple[Script, Route]]:
        script = stage.play(transport)
        with address() as found:
            if transport == "proxy":
                yield script, Route(stage.route(transport).url, f"http://{found}")
            else:
                scheme = "http" if transport == "plain" else "https"
                yield script, Route(f"{scheme}://{found}")

    return trouble


def _greeted(greeting: Greeting) -> Trouble:
    @contextmanager
    def trouble(stage: Stage, transport: Transport, times: int) -> Iterator[tuple[Script, Route]]:
        script = stage.play(transport, greetings=[greeting] * times)
        yield script, stage.route(transport)

    return trouble


def _refused(refusal: Refusal) -> Trouble:
    @contextmanager
    def trouble(stage: Stage, transport: Transport, times: int) -> Iterator[tuple[Script, Route]]:
        script = stage.play(transport, refusals=[refusal] * times)
        yield script, stage.route(transport)

    return trouble


def _of_a_stranger(version: Version) -> Trouble:
    @contextmanager
    def trouble(stage: Stage, transport: Transport, times: int) -> Iterator[tuple[Script, Route]]:
        script = stage.play(transport, context=stage.stranger.context(version))
        yield script, stage.route(transport)

    return trouble


@contextmanager
def _asked_for_certificate(
    stage: Stage, transport: Transport, times: int
) -> Iterator[tuple[Script, Route]]:
    context = stage.authority.context("1.2", asks_for_certificate=True)
    yield stage.play(transport, context=context), stage.route(transport)


_WITHIN_TLS: tuple[Transport, ...] = ("tls", "proxy")
_IN_A_TUNNEL: tuple[Transport, ...] = ("proxy",)

CASES: tuple[Case, ...] = (
    Case("refused", TRANSPORTS, _nowhere(closed_port), passes=False),
    Case("name does not resolve", TRANSPORTS, _nowhere(unknown_name), passes=False),
    Case("connect timeout", TRANSPORTS, _nowhere(full_port), False, True),
    Case("handshake cut", _WITHIN_TLS, _greeted(greetings.cut)),
    Case("handshake reset", _WITHIN_TLS, _greeted(greetings.reset)),
    Case("handshake cut in the ServerHello", _WITHIN_TLS, _greeted(greetings.cut_after_hello)),
    Case("handshake hung", _WITHIN_TLS, _greeted(greetings.hang), False, True),
    Case("plain text instead of a handshake", _WITHIN_TLS, _greeted(greetings.plain_text)),
    Case("another's certificate, TLS 1.2", _WITHIN_TLS, _of_a_stranger("1.2"), passes=False),
    Case("another's certificate, TLS 1.3", _WITHIN_TLS, _of_a_stranger("1.3"), passes=False),
    Case("client certificate wanted", _WITHIN_TLS, _asked_for_certificate, passes=False),
    Case("proxy answers 407", _IN_A_TUNNEL, _refused(proxy.answer(407, "Authenticate"))),
    Case("proxy answers 503", _IN_A_TUNNEL, _refused(proxy.answer(503, "Unavailable"))),
    Case("proxy cuts", _IN_A_TUNNEL, _refused(proxy.cut)),
    Case("proxy resets", _IN_A_TUNNEL, _refused(proxy.reset)),
    Case("proxy hangs", _IN_A_TUNNEL, _refused(proxy.hang), False, True),
    Case("proxy answers garbage", _IN_A_TUNNEL, _refused(proxy.garbage)),
)
