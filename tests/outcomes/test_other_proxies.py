"""Proxies that are rarer than one that opens tunnels: the outcome is told of them as well."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from botocore.exceptions import BotoCoreError

from botoses_guard import errors

from . import greetings, lost_sockets, proxy
from .cases import CASES, Case
from .stage import OTHER_PROXIES, RECIPIENTS, SERVICES, Route, Stage, Transport, guarded, send
from .unsent import ALWAYS, closed_port

pytestmark = lost_sockets.ignored

everywhere = pytest.mark.parametrize("service", SERVICES)

BROKEN = [case for case in CASES if not case.status and case.name[0] != "2"]
"""What breaks a connection, whatever is said on it."""

CELLS = [
    pytest.param(case, transport, id=f"{case.name}-{transport}")
    for case in BROKEN
    for transport in OTHER_PROXIES
    if transport == "proxy in TLS" or "plain" in case.transports
]


@everywhere
@pytest.mark.parametrize("transport", OTHER_PROXIES)
def test_a_send_passes(stage: Stage, transport: Transport, service: str) -> None:
    """The control."""
    script = stage.play(transport)
    client = stage.client(service, stage.route(transport))
    with guarded(client) as (guard, _):
        sent = send(client, service)
    assert sent.error is None
    assert script.count(1) == 1
    assert stage.tls_proxy.connections == (transport == "proxy in TLS")
    assert (b"POST http://ses.example/" in script.arrivals[0].head) == (transport == "forwarder")
    assert guard.snapshot().accepted == 1


@everywhere
@pytest.mark.parametrize("case, transport", CELLS)
def test_what_left_is_unknown(stage: Stage, case: Case, transport: Transport, service: str) -> None:
    script = stage.play(transport, [case.ending] * 2, context=stage.context(case.tls))
    route = stage.route(transport)
    client = stage.client(service, route, read_timeout=case.read_timeout)
    with guarded(client) as (guard, ledger):
        sent = send(client, service)
    assert isinstance(sent.error, errors.OutcomeUnknown)
    assert script.count(1) == 1
    assert guard.snapshot().outcome_unknown == 1
    assert ledger.settled == {"accepted": len(RECIPIENTS)}


def check_not_sent(stage: Stage, service: str, route: Route, play: Callable[[], None]) -> None:
    play()
    plain = send(stage.new_client(service, route), service)
    play()
    client = stage.new_client(service, route)
    with guarded(client) as (guard, ledger):
        sent = send(client, service)
    assert isinstance(sent.error, BotoCoreError)
    assert type(sent.error) is type(plain.error)
    assert sent.tries == plain.tries
    assert guard.snapshot().outcome_unknown == 0
    assert ledger.settled["accepted"] == 0
    assert ledger.settled.total() == ledger.reserved


@everywhere
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_proxy_that_is_gone_sends_nothing(stage: Stage, service: str, scheme: str) -> None:
    with closed_port() as nowhere:
        for url in ("http://ses.example", stage.route("tls").url):
            check_not_sent(stage, service, Route(url, f"{scheme}://{nowhere}"), lambda: None)


@everywhere
@pytest.mark.parametrize("trouble", [greetings.cut, greetings.reset, greetings.plain_text])
def test_a_handshake_with_the_proxy_that_fails_sends_nothing(
    stage: Stage, service: str, trouble: proxy.Refusal
) -> None:
    route = stage.route("proxy in TLS")
    check_not_sent(
        stage, service, route, lambda: stage.tls_proxy.play(greetings=[trouble] * ALWAYS)
    )


@everywhere
def test_a_proxy_with_the_certificate_of_another_sends_nothing(stage: Stage, service: str) -> None:
    strange = stage.stranger.context()
    route = stage.route("proxy in TLS")
    check_not_sent(stage, service, route, lambda: stage.tls_proxy.play(context=strange))


@everywhere
@pytest.mark.parametrize(
    "trouble",
    [proxy.answer(407, "Authenticate"), proxy.answer(503, "Unavailable"), proxy.cut, proxy.reset],
    ids=["407", "503", "cut", "reset"],
)
def test_a_proxy_that_opens_no_tunnel_sends_nothing(
    stage: Stage, service: str, trouble: proxy.Refusal
) -> None:
    route = stage.route("proxy in TLS")
    check_not_sent(stage, service, route, lambda: stage.tls_proxy.play(refusals=[trouble] * ALWAYS))


@everywhere
@pytest.mark.parametrize("trouble", [greetings.cut, greetings.reset])
def test_a_handshake_within_the_tunnel_that_fails_sends_nothing(
    stage: Stage, service: str, trouble: proxy.Refusal
) -> None:
    def play() -> None:
        stage.play("proxy in TLS", greetings=[trouble] * ALWAYS)

    check_not_sent(stage, service, stage.route("proxy in TLS"), play)
