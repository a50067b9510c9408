"""A handler of the user's that fails: what that means for the send depends on when it ran."""

from __future__ import annotations

from typing import Any

import pytest

from botoses_guard import errors

from . import lost_sockets
from .stage import MODES, QUOTA, RECIPIENTS, SERVICES, Stage, guarded, send

pytestmark = lost_sockets.ignored

everywhere = pytest.mark.parametrize("service", SERVICES)
in_every_mode = pytest.mark.parametrize("mode", MODES)
around_the_guard = pytest.mark.parametrize("first", [False, True], ids=["behind", "ahead"])


def fail(**_: Any) -> None:
    raise LookupError("of the user's own")


def send_failing(client: Any, service: str, event: str, first: bool) -> Any:
    """Send with a handler that fails ahead of the guard's own, or behind them."""
    events = client.meta.events
    name = f"{event}.{service}.SendEmail"
    (events.register_first if first else events.register_last)(name, fail)
    try:
        return send(client, service)
    finally:
        events.unregister(name, fail)


@everywhere
@in_every_mode
@around_the_guard
@pytest.mark.parametrize(
    "event",
    ["before-parameter-build", "before-call", "request-created", "before-sign", "before-send"],
)
def test_before_the_request_left_it_was_not_sent(
    stage: Stage, service: str, mode: str, event: str, first: bool
) -> None:
    """The slot goes back, wherever it was reserved."""
    script = stage.play("plain")
    client = stage.client(service, stage.route("plain"), mode)
    with guarded(client) as (guard, ledger):
        sent = send_failing(client, service, event, first)
        assert type(sent.error) is LookupError
        assert script.arrivals == []
        assert guard.snapshot().outcome_unknown == 0
        assert ledger.settled["accepted"] == 0
        assert ledger.settled.total() == ledger.reserved
        for standing in guard.snapshot().accounts.values():
            assert standing.remaining_24_hours == QUOTA
        assert send(client, service).error is None


@everywhere
@in_every_mode
@around_the_guard
@pytest.mark.parametrize("event", ["before-parse", "response-received"])
def test_after_the_request_left_the_outcome_is_unknown(
    stage: Stage, service: str, mode: str, event: str, first: bool
) -> None:
    script = stage.play("plain")
    client = stage.client(service, stage.route("plain"), mode)
    with guarded(client) as (guard, ledger):
        sent = send_failing(client, service, event, first)
    assert isinstance(sent.error, errors.OutcomeUnknown)
    assert isinstance(sent.error.__cause__, LookupError)
    assert len(script.arrivals) == 1
    assert guard.snapshot().outcome_unknown == 1
    assert ledger.settled == {"accepted": len(RECIPIENTS)}


@everywhere
@around_the_guard
@pytest.mark.parametrize("event", ["needs-retry", "after-call"])
def test_after_ses_accepted_the_send_is_not_sent_again(
    stage: Stage, service: str, event: str, first: bool
) -> None:
    """The program hears of its own failure, or that the outcome is unknown; SES's word counts."""
    script = stage.play("plain")
    client = stage.client(service, stage.route("plain"))
    with guarded(client) as (guard, ledger):
        sent = send_failing(client, service, event, first)
    assert isinstance(sent.error, (LookupError, errors.OutcomeUnknown))
    assert len(script.arrivals) == 1
    assert guard.snapshot().sends == 1
    assert ledger.settled == {"accepted": len(RECIPIENTS)}
