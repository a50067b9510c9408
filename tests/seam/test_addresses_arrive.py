"""Every address that the guard lets through, judged by the local SES's own, independent grammar."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import boto3
import pytest

import botoses_guard
from botoses_guard.addresses import read_list
from botoses_guard.simulator import Simulator
from tests.addresses.cases import CHANGED, KEPT, REFUSED

from .sends import message

ACCEPTED = [(text, text) for text, _ in KEPT] + [(text, wire) for text, wire, _ in CHANGED]


@pytest.fixture(scope="module")
def ses() -> Iterator[Simulator]:
    with Simulator(rate=1e6, quota=-1) as simulator:
        yield simulator


@pytest.fixture(scope="module")
def client(ses: Simulator) -> Any:
    session = boto3.Session()
    botoses_guard.register(session)
    return ses.client("sesv2", session=session)


@pytest.mark.parametrize(("typed", "wire"), ACCEPTED, ids=ascii)
def test_what_is_let_through_arrives_at_the_mailbox_that_was_meant(
    ses: Simulator, client: Any, typed: str, wire: str
) -> None:
    ses.reset()
    client.send_email(**message("sesv2", typed))
    [arrived] = ses.inbox
    [mailbox] = read_list(wire).mailboxes
    assert arrived.parameters["Destination"]["ToAddresses"] == [wire]
    assert arrived.recipients == (mailbox.addr_spec,)


@pytest.mark.parametrize("typed", [row[0] for row in REFUSED], ids=ascii)
def test_what_is_refused_is_never_sent(ses: Simulator, client: Any, typed: str) -> None:
    ses.reset()
    with pytest.raises(botoses_guard.errors.InvalidAddress) as caught:
        client.send_email(**message("sesv2", typed))
    assert ses.counters.requests == 0
    assert caught.value.violations[0].path == "Destination.ToAddresses[0]"
