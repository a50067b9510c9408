"""The policy of a send, driven by hand: what it asks for, in which order, and what it tells."""

from __future__ import annotations

import gc
from typing import Any

import pytest

from botoses_guard import errors
from botoses_guard.operations import OPERATIONS
from botoses_guard.pacing import Account, MemoryStore, Pacer, Refused, Slot
from botoses_guard.sending import (
    Ending,
    Explanation,
    Look,
    Plan,
    Reserve,
    Sending,
    SendInvocation,
    Settle,
    Sleep,
    of_failure,
)
from botoses_guard.settings import load
from botoses_guard.telemetry import Telemetry

from ..seam.sends import message

SEND_EMAIL = next(
    operation
    for operation in OPERATIONS
    if (operation.service.name, operation.name) == ("sesv2", "SendEmail")
)
THROTTLED = {
    "Error": {"Code": "TooManyRequestsException", "Message": "Maximum sending rate exceeded."},
    "ResponseMetadata": {"HTTPStatusCode": 429},
}


class NoClasses:
    """A client that models no error."""

    def from_code(self, code: str) -> type[Exception]:
        from botocore.exceptions import ClientError

        return ClientError


class Policy:
    """A policy, the pacer of its sends, and a clock that stands still."""

    def __init__(self, **settings: Any) -> None:
        loaded = load({"max_send_rate": 1, "rate_share": 1, "max_24_hour_send": 10, **settings}, {})
        self.telemetry = Telemetry()
        explanation = Explanation(NoClasses(), "en")
        self.sending = Sending(
            loaded, self.telemetry, explanation, lambda: 0.0, lambda: 0.5, None, True
        )
        self.pacer = Pacer("account", MemoryStore(lambda: 0), Account(), loaded, lambda: None)

    def begin(self) -> SendInvocation:
        send = self.sending.begin(SEND_EMAIL, message("sesv2"))
        send.pacer = self.pacer
        return send

    def admit(self, send: SendInvocation) -> Plan[None] | None:
        answer = self.pacer.reserve(*self.sending.demand(send))
        plan = self.sending.admitted(send, answer)
        send.under_way = send.slot is not None
        return plan

    @property
    def remaining(self) -> float | None:
        return self.pacer.standing().remaining_24_hours


def test_a_send_that_need_not_wait_asks_for_nothing() -> None:
    policy = Policy()
    send = policy.begin()
    assert policy.admit(send) is None
    assert policy.sending.judge(send, 1, Ending("accepted", 200, {"MessageId": "1"})) is None
    assert policy.sending.conclude(send, 200, {"MessageId": "1"}) is None
    assert policy.telemetry.counts().accepted == 1


def test_a_send_that_waits_asks_for_a_sleep() -> None:
    policy = Policy()
    policy.admit(policy.begin())
    send = policy.begin()
    plan = policy.admit(send)
    assert plan is not None
    step = next(plan)
    assert isinstance(step, Sleep)
    assert 0 < step.seconds <= 1
    with pytest.raises(StopIteration):
        plan.send(None)
    assert (send.waits, send.waited) == (1, step.seconds)


def test_a_broken_sleep_gives_the_slot_back_and_goes_on_as_it_was() -> None:
    policy = Policy()
    policy.admit(policy.begin())
    send = policy.begin()
    plan = policy.admit(send)
    assert plan is not None
    next(plan)
    step = plan.throw(KeyboardInterrupt())
    assert isinstance(step, Settle)
    assert step.outcome == "given_back"
    with pytest.raises(KeyboardInterrupt):
        plan.send(None)


def test_a_throttle_is_settled_before_the_next_slot_is_asked_for() -> None:
    policy = Policy(max_send_rate=1000)
    send = policy.begin()
    policy.admit(send)
    plan = policy.sending.judge(send, 1, Ending("refused", 429, dict(THROTTLED)))
    assert plan is not None
    settle = next(plan)
    assert isinstance(settle, Settle)
    assert settle.outcome == "throttled"
    reserve = plan.send(None)
    assert isinstance(reserve, Reserve)
    with pytest.raises(StopIteration) as end:
        plan.send(policy.pacer.reserve(*reserve[1:]))
    assert end.value.value >= 0.1875
    assert isinstance(send.slot, Slot)


def test_a_throttle_that_ends_a_send_tells_when_to_come_back() -> None:
    """Not "at once": the queue may be empty, and SES refused all the same."""
    policy = Policy(max_send_rate=1000, max_attempts=1)
    send = policy.begin()
    policy.admit(send)
    plan = policy.sending.judge(send, 1, Ending("refused", 429, dict(THROTTLED)))
    assert plan is not None
    steps: list[Any] = [next(plan)]
    steps.append(plan.send(None))
    assert [type(step) for step in steps] == [Settle, Look]
    with pytest.raises(errors.SendRateExceeded) as caught:
        plan.send(policy.pacer.standing())
    assert caught.value.retry_after is not None
    assert caught.value.retry_after >= 0.1


def test_a_refusal_that_no_figure_explains_asks_the_store_for_none() -> None:
    """On a shared store each look is a trip."""
    policy = Policy()
    send = policy.begin()
    policy.admit(send)
    answer = {"Error": {"Code": "MessageRejected", "Message": "Email address is not verified."}}
    plan = policy.sending.judge(send, 1, Ending("refused", 400, answer))
    assert plan is not None
    assert isinstance(next(plan), Settle)
    with pytest.raises(errors.SESError):
        plan.send(None)


def test_an_attempt_that_was_not_sent_keeps_its_slot_for_the_next_one() -> None:
    policy = Policy()
    send = policy.begin()
    policy.admit(send)
    slot = send.slot
    assert policy.sending.judge(send, 1, of_failure(OSError(), may_have_left=False)) is None
    assert send.slot is slot is not None


@pytest.mark.parametrize(("under_way", "remaining"), [(False, 10), (True, 9)])
def test_a_send_that_is_dropped_settles_its_slot(under_way: bool, remaining: float) -> None:
    """Ctrl-C in botocore's sleep between two attempts, or in the middle of a request."""
    policy = Policy(max_send_rate=1000)
    send = policy.begin()
    policy.admit(send)
    send.under_way = under_way
    assert policy.remaining == 9
    del send
    gc.collect()
    policy.pacer.reserve(0, 0, 0.0)  # the garbage collector left it to the next reservation
    assert policy.remaining == remaining
    counts = policy.telemetry.counts()
    assert (counts.outcome_unknown, counts.not_sent) == ((1, 0) if under_way else (0, 1))


def test_the_time_of_a_send_begins_with_its_first_wait() -> None:
    """What it waits for an attempt is less for the next one."""
    now = [0.0]
    policy = Policy(max_wait=10)
    policy.sending._clock = lambda: now[0]
    send = policy.begin()
    now[0] = 100.0
    assert policy.sending.demand(send)[2] == 10
    now[0] = 104.0
    assert policy.sending.demand(send)[2] == 6
    assert policy.sending.demand(send, 2.5)[2] == 2.5
    now[0] = 200.0
    assert policy.sending.demand(send)[2] == 0


def test_a_store_that_is_away_is_not_asked_how_it_stands() -> None:
    policy = Policy()
    send = policy.begin()
    plan = policy.sending.admitted(send, Refused("store_unavailable", 5.0))
    assert plan is not None
    with pytest.raises(errors.StoreUnavailable) as caught:
        next(plan)
    assert caught.value.retry_after == 5.0


@pytest.mark.parametrize(
    ("ending", "accepted"),
    [
        (Ending("accepted", 200, {"MessageId": "1"}), True),
        (of_failure(OSError(), may_have_left=True), False),
    ],
    ids=["accepted", "unknown"],
)
def test_what_breaks_in_while_an_outcome_is_noted_does_not_change_it(
    ending: Ending, accepted: bool
) -> None:
    """A task's time limit is an exception that may come at any line."""
    policy = Policy(max_send_rate=1000)
    send = policy.begin()
    policy.admit(send)

    def interrupt(*_: Any) -> None:
        raise TimeoutError("of the task")

    attempted, settle = policy.telemetry.attempted, policy.pacer.settle
    policy.telemetry.attempted = interrupt  # type: ignore[method-assign]
    policy.pacer.settle = interrupt  # type: ignore[assignment]
    with pytest.raises(TimeoutError) as caught:
        policy.sending.judge(send, 1, ending)
    policy.telemetry.attempted = attempted  # type: ignore[method-assign]
    policy.pacer.settle = settle  # type: ignore[method-assign]
    plan = policy.sending.fail(send, caught.value, Ending("unknown", failure=caught.value))
    try:
        for step in plan:
            assert isinstance(step, Settle)
            policy.pacer.settle(step.slot, step.outcome)
    except errors.OutcomeUnknown:
        assert not accepted
    counts = policy.telemetry.counts()
    assert (counts.accepted, counts.outcome_unknown) == ((1, 0) if accepted else (0, 1))
    assert counts.not_sent == 0
