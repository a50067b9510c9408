"""The bridge where a send is broken off, or was never begun under the guard."""

from __future__ import annotations

import os
from typing import Any

import boto3
import pytest

import botoses_guard
from botoses_guard import errors
from botoses_guard.plugin import Guard
from botoses_guard.settings import load
from botoses_guard.simulator import Simulator

from .sends import SERVICES, client_of, message

everywhere = pytest.mark.parametrize("service", SERVICES)


class Impatient(BaseException):
    """Like a greenlet's timeout, which is no :class:`Exception`."""


@everywhere
def test_a_wait_that_is_broken_off_gives_its_slot_back(service: str) -> None:
    def sleep(_: float) -> None:
        raise Impatient

    with Simulator(rate=1000) as ses:
        client = ses.client(service)
        guard = Guard(load({"max_send_rate": 0.5, "max_24_hour_send": 100}, {}), sleep=sleep)
        guard.attach(client)
        client.send_email(**message(service))
        [before] = guard.snapshot().accounts.values()
        for _ in range(3):
            with pytest.raises(Impatient):
                client.send_email(**message(service))
        [after] = guard.snapshot().accounts.values()
        assert after.queue <= before.queue
        assert after.remaining_24_hours == before.remaining_24_hours
        assert ses.counters.sends == 1


@everywhere
@pytest.mark.parametrize("is_refused", [False, True])
def test_a_send_that_began_before_the_guard_goes_on_without_it(
    service: str, is_refused: bool
) -> None:
    with Simulator(rate=1000) as ses:
        client = ses.client(service)
        guards = []

        def register(**_: Any) -> None:
            guards.append(botoses_guard.register(client))

        client.meta.events.register(f"before-call.{service}.SendEmail", register)
        if is_refused:
            ses.faults.error("MessageRejected", "no", times=1)
            with pytest.raises(client.exceptions.MessageRejected) as caught:
                client.send_email(**message(service))
            assert not isinstance(caught.value, errors.SESError)
        else:
            client.send_email(**message(service))
        [guard] = guards
        assert guard.snapshot().sends == 0


def test_resend_on_timeout_leaves_a_gateways_answer_to_botocore() -> None:
    with Simulator(rate=1000) as ses:
        client, _ = client_of(ses, "sesv2", resend_on_timeout=True)
        ses.faults.respond(502, times=1)
        client.send_email(**message("sesv2"))
        assert ses.counters.sends == 2


def test_an_error_of_a_users_own_handler_passes_through() -> None:
    def fail(**_: Any) -> None:
        raise LookupError("not ours")

    with Simulator(rate=1000) as ses:
        client, guard = client_of(ses, "sesv2")
        client.meta.events.register("before-send.sesv2.SendEmail", fail)
        with pytest.raises(LookupError, match="not ours"):
            client.send_email(**message("sesv2"))
        [standing] = guard.snapshot().accounts.values()
        assert standing.remaining_24_hours == 50_000


def test_expired_credentials_are_botocores_to_renew_and_explained_if_it_cannot() -> None:
    with Simulator(rate=1000) as ses:
        client, _ = client_of(ses, "ses")
        ses.faults.error(
            "ExpiredToken", "The security token included in the request is expired", 403, times=9
        )
        with pytest.raises(errors.ExpiredCredentials) as caught:
            client.send_email(**message("ses"))
        assert caught.value.response["Error"]["Code"] == "ExpiredToken"


def test_the_guard_tells_its_settings() -> None:
    assert "max_wait=7" in repr(botoses_guard.register(boto3.Session(), max_wait=7))


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs a fork")
def test_a_forked_child_renews_the_lock_of_registrations() -> None:
    from botoses_guard.plugin import registry

    before = registry._lock
    registry._renew_lock()
    assert registry._lock is not before
