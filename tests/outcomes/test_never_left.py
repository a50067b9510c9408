"""Requests that never left: botocore retries them as it does, and its error is not touched."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from itertools import product
from typing import Any, NamedTuple

import pytest

from botoses_guard import errors

from . import lost_sockets
from .stage import MODES, QUOTA, SERVICES, Route, Stage, Transport, guarded, send
from .unsent import ALWAYS, CASES, SLOW, Case

pytestmark = lost_sockets.ignored


def cells(cases: Iterable[Case]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(
        "case, service, transport, mode",
        [
            pytest.param(*cell, id="-".join([cell[0].name, *cell[1:]]))
            for case in cases
            for cell in product([case], SERVICES, case.transports, MODES)
        ],
    )


def new_client(stage: Stage, case: Case, service: str, route: Route, mode: str) -> Any:
    given: dict[str, Any] = SLOW if case.is_slow else {}
    return stage.new_client(service, route, mode, **given)


class Plain(NamedTuple):
    """What a client that is not guarded makes of a case."""

    raised: type[Exception]
    tries: int
    connections: int


@cache
def plain(stage: Stage, case: Case, transport: Transport, mode: str) -> Plain:
    """The same for both APIs: nothing of either was ever said."""
    with case.trouble(stage, transport, ALWAYS) as (script, route):
        sent = send(new_client(stage, case, "sesv2", route, mode), "sesv2")
    assert sent.error is not None
    return Plain(type(sent.error), sent.tries, script.connections)


@cells(CASES)
def test_a_trouble_that_stays_is_botocores_own_error(
    stage: Stage, case: Case, service: str, transport: Transport, mode: str
) -> None:
    unguarded = plain(stage, case, transport, mode)
    with case.trouble(stage, transport, ALWAYS) as (script, route):
        client = new_client(stage, case, service, route, mode)
        with guarded(client) as (guard, ledger):
            sent = send(client, service)
    assert script.arrivals == []
    assert type(sent.error) is unguarded.raised
    assert not isinstance(sent.error, errors.SESError)
    assert sent.tries == unguarded.tries
    if not case.is_slow:  # else a client may give up before the server has seen it
        assert script.connections == unguarded.connections

    snapshot = guard.snapshot()
    assert (snapshot.accepted, snapshot.outcome_unknown) == (0, 0)
    assert snapshot.attempts == sent.tries
    assert ledger.settled["accepted"] == 0
    assert ledger.settled.total() == ledger.reserved
    [standing] = snapshot.accounts.values()
    assert standing.remaining_24_hours == QUOTA


@cells(case for case in CASES if case.passes)
def test_a_trouble_that_passes_is_retried_by_botocore_and_arrives_once(
    stage: Stage, case: Case, service: str, transport: Transport, mode: str
) -> None:
    with case.trouble(stage, transport, 1) as (script, route):
        client = new_client(stage, case, service, route, mode)
        with guarded(client) as (guard, ledger):
            sent = send(client, service)
    assert sent.error is None
    assert len(script.arrivals) == 1
    assert sent.tries == 2
    assert sent.answer["ResponseMetadata"]["RetryAttempts"] == 1
    snapshot = guard.snapshot()
    assert (snapshot.sends, snapshot.accepted, snapshot.attempts) == (1, 1, 2)
    assert ledger.settled.total() == ledger.reserved
