"""How many HTTP requests each answer leads to, and what the caller gets, in every retry mode."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import (
    ClientError,
    ConnectionClosedError,
    EndpointConnectionError,
    ReadTimeoutError,
)
from botocore.parsers import ResponseParserError

from botoses_guard import errors
from botoses_guard.simulator import Simulator

from .sends import MODES, SERVICES, client_of, message

everywhere = pytest.mark.parametrize("service", SERVICES)
in_every_mode = pytest.mark.parametrize("mode", MODES)


def requests_of(ses: Simulator) -> int:
    return ses.counters.sends


@everywhere
@in_every_mode
def test_a_throttled_send_goes_again_and_arrives_once(service: str, mode: str) -> None:
    with Simulator(rate=100) as ses:
        client, guard = client_of(ses, service, mode=mode)
        ses.faults.throttle(1)
        client.send_email(**message(service))
        assert (requests_of(ses), len(ses.inbox)) == (2, 1)
        assert guard.snapshot().throttles == 1


@everywhere
@in_every_mode
@pytest.mark.parametrize("attempts", [1, 10])
def test_the_daily_quota_is_raised_after_one_request(
    service: str, mode: str, attempts: int
) -> None:
    with Simulator(rate=100) as ses:
        client, _ = client_of(ses, service, mode=mode, attempts=attempts)
        ses.faults.exhaust_quota(1)
        with pytest.raises(errors.DailyQuotaExceeded) as caught:
            client.send_email(**message(service))
        assert requests_of(ses) == 1
        assert caught.value.retry_after is not None
        assert caught.value.origin == "service"


@everywhere
@in_every_mode
def test_what_is_hopeless_is_raised_after_one_request(service: str, mode: str) -> None:
    with Simulator(rate=100, verified=["other@example.com"]) as ses:
        client, _ = client_of(ses, service, mode=mode)
        with pytest.raises(errors.UnverifiedIdentity) as caught:
            client.send_email(**message(service))
        assert requests_of(ses) == 1
        assert isinstance(caught.value, client.exceptions.MessageRejected)


@everywhere
@in_every_mode
def test_a_throttle_for_ever_ends_after_max_attempts(service: str, mode: str) -> None:
    with Simulator(rate=100) as ses:
        client, _ = client_of(ses, service, mode=mode, max_attempts=3)
        ses.faults.throttle(100)
        with pytest.raises(errors.Throttled) as caught:
            client.send_email(**message(service))
        assert requests_of(ses) == 3
        assert [attempt.category for attempt in caught.value.attempts] == ["send_rate"] * 3
        assert "(reached max retries: 2)" in str(caught.value)


@everywhere
@in_every_mode
def test_an_answer_that_never_comes_is_not_sent_again(service: str, mode: str) -> None:
    with Simulator(rate=100) as ses:
        client, guard = client_of(ses, service, mode=mode, read_timeout=0.2)
        ses.faults.hang_after_accept(1)
        with pytest.raises(errors.OutcomeUnknown) as caught:
            client.send_email(**message(service))
        assert isinstance(caught.value, ReadTimeoutError)
        assert isinstance(caught.value, ClientError)
        assert (requests_of(ses), len(ses.inbox)) == (1, 1)
        assert guard.snapshot().outcome_unknown == 1


@everywhere
@in_every_mode
def test_a_connection_cut_after_the_request_is_not_sent_again(service: str, mode: str) -> None:
    with Simulator(rate=100) as ses:
        client, _ = client_of(ses, service, mode=mode)
        ses.faults.cut_after_accept(1)
        with pytest.raises(errors.OutcomeUnknown) as caught:
            client.send_email(**message(service))
        assert isinstance(caught.value, ConnectionClosedError)
        assert (requests_of(ses), len(ses.inbox)) == (1, 1)


@everywhere
def test_resend_on_timeout_restores_what_botocore_does(service: str) -> None:
    with Simulator(rate=100) as ses:
        client, _ = client_of(ses, service, read_timeout=0.2, resend_on_timeout=True)
        ses.faults.hang_after_accept(1)
        client.send_email(**message(service))
        assert len(ses.inbox) == 2


@everywhere
@pytest.mark.parametrize("status", [502, 504])
def test_a_gateway_knows_nothing_of_the_message(service: str, status: int) -> None:
    with Simulator(rate=100) as ses:
        client, _ = client_of(ses, service)
        ses.faults.respond(status, times=1)
        with pytest.raises(errors.OutcomeUnknown) as caught:
            client.send_email(**message(service))
        assert requests_of(ses) == 1
        assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == status


@everywhere
def test_an_unavailable_service_is_asked_again(service: str) -> None:
    with Simulator(rate=100) as ses:
        client, _ = client_of(ses, service)
        ses.faults.respond(503, times=1)
        client.send_email(**message(service))
        assert (requests_of(ses), len(ses.inbox)) == (2, 1)


@everywhere
@in_every_mode
def test_what_never_reached_ses_is_left_to_botocore(service: str, mode: str) -> None:
    with Simulator(rate=100) as ses:
        client, guard = client_of(ses, service, mode=mode, attempts=2, max_send_rate=100)
    with pytest.raises(EndpointConnectionError) as caught:
        client.send_email(**message(service))
    assert not isinstance(caught.value, errors.SESError)
    assert guard.snapshot().attempts == 2


def test_an_answer_that_botocore_cannot_read_leaves_the_outcome_unknown() -> None:
    """Its parser raises where no retry handler sees it, for all but empty bodies and HTML."""
    with Simulator(rate=100) as ses:
        client, guard = client_of(ses, "ses", attempts=3)

        def spoil(response_dict: dict[str, Any], **_: Any) -> None:
            response_dict["body"] = b"upstream request failed"

        client.meta.events.register("before-parse.ses.SendEmail", spoil)
        ses.faults.respond(500, times=1)
        with pytest.raises(errors.OutcomeUnknown) as caught:
            client.send_email(**message("ses"))
        assert isinstance(caught.value, ResponseParserError)
        assert requests_of(ses) == 1
        assert len(caught.value.attempts) == 1
        assert guard.snapshot().outcome_unknown == 1


@everywhere
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("then", ["refused", "throttled", "cut off"])
def test_an_attempt_that_may_have_arrived_stays_unknown_whatever_follows(
    service: str, mode: str, then: str
) -> None:
    """botocore sends again on the user's word; that the second one failed says nothing of the
    first."""
    with Simulator(rate=100) as ses:
        client, guard = client_of(
            ses, service, mode=mode, resend_on_timeout=True, read_timeout=0.2, max_attempts=2
        )
        ses.faults.hang_after_accept(1)
        if then == "refused":
            ses.faults.error("MessageRejected", "no", times=1)
        elif then == "throttled":
            ses.faults.throttle(9)
        else:
            ses.faults.respond(403, times=1)
        with pytest.raises(errors.OutcomeUnknown):
            client.send_email(**message(service))
        snapshot = guard.snapshot()
        assert (snapshot.sends, snapshot.outcome_unknown, len(ses.inbox)) == (1, 1, 1)
