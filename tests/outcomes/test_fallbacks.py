"""Sends made while another failure is being handled, which proves nothing about them.

Python chains that failure to whatever is raised meanwhile, as ``__context__`` or by way of
``__cause__``; only what happened to the send's own request may count.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError

from botoses_guard import errors

from . import endings, lost_sockets
from .server import Ending
from .stage import (
    MODES,
    RECIPIENTS,
    SERVICES,
    TRANSPORTS,
    Route,
    Stage,
    Transport,
    call,
    guarded,
    message,
)
from .unsent import closed_port

pytestmark = lost_sockets.ignored

Fallback = Callable[[Callable[[], Any], Callable[[], Any]], Any]
"""Calls the first; when that cannot connect, the second."""


class RegionDown(Exception):
    """A program's own word for what failed."""


def within_except(first: Callable[[], Any], second: Callable[[], Any]) -> Any:
    try:
        return first()
    except EndpointConnectionError:
        return second()


def with_cause(first: Callable[[], Any], second: Callable[[], Any]) -> Any:
    try:
        try:
            return first()
        except EndpointConnectionError as earlier:
            raise RegionDown from earlier
    except RegionDown:
        return second()


def within_finally(first: Callable[[], Any], second: Callable[[], Any]) -> Any:
    try:
        first()
    finally:
        second()


everywhere = pytest.mark.parametrize("service", SERVICES)
in_each_way = pytest.mark.parametrize("fallback", [within_except, with_cause, within_finally])


@everywhere
@in_each_way
@pytest.mark.parametrize("ending", [endings.fin, endings.rst], ids=["FIN", "RST"])
@pytest.mark.parametrize("transport", TRANSPORTS)
@pytest.mark.parametrize("mode", MODES)
def test_a_failure_to_connect_before_does_not_prove_that_this_one_never_left(
    stage: Stage,
    service: str,
    fallback: Fallback,
    ending: Ending,
    transport: Transport,
    mode: str,
) -> None:
    script = stage.play(transport, [ending] * 2)
    with closed_port() as nowhere:
        gone = stage.new_client(service, Route(f"http://{nowhere}"), attempts=1)
        client = stage.client(service, stage.route(transport), mode)
        with guarded(gone), guarded(client) as (guard, ledger):
            sent = call(
                client,
                lambda: fallback(
                    lambda: gone.send_email(**message(service)),
                    lambda: client.send_email(**message(service)),
                ),
            )
    assert isinstance(sent.error, errors.OutcomeUnknown)
    assert script.count(1) == 1
    assert guard.snapshot().outcome_unknown == 1
    assert ledger.settled == {"accepted": len(RECIPIENTS)}


@everywhere
@pytest.mark.parametrize("mode", MODES)
def test_a_request_that_was_lost_before_does_not_make_this_one_unknown(
    stage: Stage, service: str, mode: str
) -> None:
    stage.play("plain", [endings.rst])
    with closed_port() as nowhere:
        lost = stage.client(service, stage.route("plain"))
        client = stage.new_client(service, Route(f"http://{nowhere}"), mode, attempts=2)
        with guarded(lost), guarded(client) as (guard, ledger):

            def fall_back() -> Any:
                try:
                    return lost.send_email(**message(service))
                except errors.OutcomeUnknown:
                    return client.send_email(**message(service))

            sent = call(client, fall_back)
    lost.close()
    assert type(sent.error) is EndpointConnectionError
    assert sent.tries == 2
    assert guard.snapshot().outcome_unknown == 0
    assert ledger.settled["accepted"] == 0
