"""Ways to a local SES, each with troubles of its own: plain, TLS, and TLS in a proxy's tunnel."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path
from random import Random
from typing import Any, NamedTuple, TypeVar
from urllib.parse import urlsplit

from botoses_guard.simulator import Simulator

from ..outcomes import endings, greetings
from ..outcomes.answers import HTML, TYPES, http, say_and_close
from ..outcomes.certificate import Authority
from ..outcomes.proxy import Proxy, Refusal, answer, cut, reset
from ..outcomes.server import Ending, Greeting
from ..outcomes.stage import TRANSPORTS, Transport
from .tls_front import Front

__all__ = ["TRANSPORTS", "Plan", "Transport", "Way", "draw", "route"]

HANDSHAKES: dict[str, Greeting] = {
    "handshake cut": greetings.cut,
    "handshake reset": greetings.reset,
    "plain text instead of a handshake": greetings.plain_text,
}
ANSWERS: dict[str, Ending] = {
    "reset instead of an answer": endings.rst,
    "HTML instead of an answer": say_and_close(http(200, HTML, TYPES["html"])),
    **{f"{name} instead of an answer": broken for name, broken in endings.BROKEN_TLS.items()},
}
TUNNELS: dict[str, Refusal] = {
    "proxy answers 407": answer(407, "Authenticate"),
    "proxy answers 503": answer(503, "Unavailable"),
    "proxy cuts": cut,
    "proxy resets": reset,
}

_Trouble = TypeVar("_Trouble")


class Plan(NamedTuple):
    """What the connections to come meet, in order, by name; an empty one is no trouble."""

    handshakes: Sequence[str] = ()
    answers: Sequence[str] = ()
    tunnels: Sequence[str] = ()


class Way(NamedTuple):
    """Arguments of ``client()`` and of botocore's ``Config``."""

    url: str
    verify: str | None
    proxies: dict[str, str]


def draw(transport: Transport, random: Random, connections: int) -> Plan:
    """A plan for so many connections, of which one in two meets some trouble."""

    def some(troubles: Mapping[str, Any]) -> list[str]:
        good = [""] * (len(troubles) * 3)
        return random.choices([*troubles, *good], k=connections)

    if transport == "plain":
        return Plan()
    tunnels = some(TUNNELS) if transport == "proxy" else ()
    return Plan(some(HANDSHAKES), some(ANSWERS), tunnels)


@contextmanager
def route(ses: Simulator, transport: Transport, plan: Plan) -> Iterator[Way]:
    """The way to ``ses``, with what the connections on it meet."""
    if transport == "plain":
        yield Way(ses.url, None, {})
        return
    authority = _authority()
    front = Front(
        urlsplit(ses.url).port or 0,
        authority.context(),
        _of(HANDSHAKES, plan.handshakes),
        _of(ANSWERS, plan.answers),
    )
    url = f"https://127.0.0.1:{front.port}"
    with closing(front), closing(Proxy()) as proxy:
        proxy.play(_of(TUNNELS, plan.tunnels))
        proxies = {"https": f"http://127.0.0.1:{proxy.port}"} if transport == "proxy" else {}
        yield Way(url, authority.trust, proxies)


def _of(troubles: Mapping[str, _Trouble], names: Sequence[str]) -> list[_Trouble | None]:
    return [troubles.get(name) for name in names]


@cache
def _authority() -> Authority:
    # The context of a server keeps its certificate; a client reads the authority's at each use.
    folder = tempfile.TemporaryDirectory()
    _folders.append(folder)
    return Authority(Path(folder.name), "trusted")


_folders: list[tempfile.TemporaryDirectory[str]] = []
"""Kept until the interpreter ends."""
