"""Rate and quota of one guard: what the user set, what the account says, and what is neither."""

from __future__ import annotations

import logging
import threading
from typing import Any

import pytest

from botoses_guard.pacing import (
    Account,
    MemoryStore,
    Outcome,
    Pacer,
    SendQuota,
    account_at,
    open_store,
)
from botoses_guard.settings import Settings, load

from .clock import Clock
from .demands import demand, granted, refused

QUOTA = SendQuota(max_send_rate=14.0, max_24_hour_send=100.0, sent_last_24_hours=0.0)


def settings_of(**arguments: Any) -> Settings:
    return load(arguments, {})


def unasked() -> None:
    raise AssertionError("nobody may ask the account")


def new_pacer(
    clock: Clock,
    known: SendQuota | None = QUOTA,
    own_rate: float | None = None,
    store: MemoryStore | None = None,
    **arguments: Any,
) -> Pacer:
    """A pacer whose account told ``known`` just now."""
    account = Account(clock=clock.seconds, uniform=lambda: 0.5)
    account._due = float("inf")  # the account is not asked again
    if known:
        account.learn(known)
    settings = settings_of(**arguments)
    return Pacer("key", store or MemoryStore(clock), account, settings, unasked, own_rate)


@pytest.mark.parametrize(
    ("arguments", "known", "rate"),
    [
        ({}, QUOTA, 14 * 0.95),
        ({"rate_share": 0.5}, QUOTA, 7.0),
        ({"max_send_rate": 10}, QUOTA, 9.5),
        ({"max_send_rate": 10, "rate_share": 1}, None, 10.0),
        ({"max_send_rate": 100, "rate_share": 1}, QUOTA, 100.0),
        ({"max_24_hour_send": -1}, QUOTA, 14 * 0.95),
        ({"max_24_hour_send": -1}, None, None),
        ({"max_24_hour_send": -1}, SendQuota(0.0, 0.0, 0.0), None),
        ({"max_24_hour_send": -1}, SendQuota(-1.0, -1.0, 0.0), None),
    ],
)
def test_the_rate_is_the_users_else_the_accounts(
    arguments: dict[str, Any], known: SendQuota | None, rate: float | None
) -> None:
    """Times the share; a rate that is no rate bounds nothing."""
    pacer = new_pacer(Clock(), known, **arguments)
    assert pacer.standing().rate == (None if rate is None else pytest.approx(rate))


@pytest.mark.parametrize(
    ("arguments", "known", "remaining"),
    [
        ({}, QUOTA, 100.0),
        ({"max_24_hour_send": 7}, QUOTA, 7.0),
        ({"max_24_hour_send": 7, "max_send_rate": 1}, None, 7.0),
        ({"max_24_hour_send": -1}, QUOTA, None),
        ({"max_24_hour_send": 0}, QUOTA, 0.0),
        ({"max_send_rate": 1}, None, None),
        ({}, SendQuota(14.0, -1.0, 0.0), None),
    ],
)
def test_the_quota_is_the_users_else_the_accounts(
    arguments: dict[str, Any], known: SendQuota | None, remaining: float | None
) -> None:
    pacer = new_pacer(Clock(), known, **arguments)
    assert pacer.standing().remaining_24_hours == remaining


def test_a_new_answer_counts_from_the_next_send_on() -> None:
    clock = Clock()
    pacer = new_pacer(clock)
    pacer.learn(SendQuota(28.0, 1000.0, 0.0))
    pacer.reserve(1, 1, 60.0)
    assert pacer.standing().rate == pytest.approx(28 * 0.95)
    assert pacer.standing().remaining_24_hours == 999.0


def test_who_sets_rate_and_quota_never_asks() -> None:
    account = Account()
    settings = settings_of(max_send_rate=1, max_24_hour_send=-1)
    pacer = Pacer("key", MemoryStore(), account, settings, unasked)
    granted(pacer.reserve(1, 1, 60.0))
    assert not [t for t in threading.enumerate() if t.name == "botoses-guard-quota"]


def test_a_set_rate_does_not_wait_for_the_answer_about_the_quota(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """It is asked for all the same."""
    asked, hold = threading.Event(), threading.Event()

    def answer() -> None:
        asked.set()
        hold.wait(10)

    pacer = Pacer("key", MemoryStore(), Account(), settings_of(max_send_rate=10), answer)
    granted(pacer.reserve(1, 1, 60.0))
    assert asked.wait(10)
    hold.set()
    assert caplog.records == []


def test_the_first_send_waits_for_the_accounts_rate() -> None:
    account = Account()
    pacer: Pacer

    def answer() -> None:
        threading.Event().wait(0.005)  # so that a send that did not wait would be gone
        pacer.learn(QUOTA)

    pacer = Pacer("key", MemoryStore(), account, settings_of(), answer)
    granted(pacer.reserve(1, 1, 60.0))
    assert pacer.standing().rate == pytest.approx(14 * 0.95)


def test_what_is_confirmed_during_the_question_is_not_taken_for_part_of_the_answer() -> None:
    store = MemoryStore(Clock())
    account = Account()
    pacer: Pacer

    def answer() -> None:
        # SES counted 30 when it was asked; ten of ours were confirmed before this answer came.
        pacer.settle(slot, "accepted")
        pacer.learn(SendQuota(14.0, 100.0, 30.0))

    pacer = Pacer("key", store, account, settings_of(max_send_rate=14), lambda: answer())
    slot = granted(store.reserve("key", demand(10)))
    pacer._ask_in_turn()
    pacer._take(account.known)
    assert pacer.standing().remaining_24_hours == 60.0


def test_on_limit_raise_refuses_what_would_wait() -> None:
    pacer = new_pacer(Clock(), on_limit="raise", rate_share=1)
    for _ in range(2):
        assert granted(pacer.reserve(1, 1, 60.0)).wait == 0
    answer = refused(pacer.reserve(1, 1, 60.0))
    assert (answer.category, answer.retry_after > 0) == ("send_rate", True)


def test_an_operation_with_a_rate_of_its_own_has_a_share_of_it_and_no_quota() -> None:
    """API reference, SendCustomVerificationEmail: "no more than once per second"."""
    pacer = new_pacer(Clock(), own_rate=1.0, rate_share=0.5)
    assert pacer.standing().rate == 0.5
    assert pacer.standing().remaining_24_hours is None


def test_an_operation_with_a_rate_of_its_own_has_no_bursts() -> None:
    """SES documents them for the account's sending rate only."""
    pacer = new_pacer(Clock(), own_rate=1.0, rate_share=1)
    waits = [granted(pacer.reserve(1, 1, 60.0)).wait for _ in range(4)]
    assert waits == [0.0, 1.0, 2.0, 3.0]


def test_an_answer_that_the_user_asks_for_counts_no_send_twice() -> None:
    """Also where rate and quota are set, and the guard itself never asks."""
    pacer = new_pacer(Clock(), None, max_send_rate=1000, max_24_hour_send=100)
    for _ in range(40):
        pacer.settle(granted(pacer.reserve(1, 1, 60.0)), "accepted")
    pacer.learn(SendQuota(14.0, 100.0, 40.0))
    assert pacer.standing().remaining_24_hours == 60.0


def test_two_guards_with_one_key_share_the_queue() -> None:
    clock = Clock()
    store = MemoryStore(clock)
    first = new_pacer(clock, store=store, rate_share=1)
    second = new_pacer(clock, store=store, rate_share=1)
    first.reserve(14, 14, 60.0)
    assert granted(second.reserve(1, 1, 60.0)).wait == 0.9


def test_a_cut_is_told_with_the_rate_that_is_left(caplog: pytest.LogCaptureFixture) -> None:
    clock = Clock()
    pacer = new_pacer(clock, rate_share=1)
    slots = [granted(pacer.reserve(1, 1, 60.0)) for _ in range(2)]
    clock.advance(1)
    with caplog.at_level(logging.INFO):
        cuts = [pacer.settle(slot, "throttled") for slot in slots]
        assert [cut is not None for cut in cuts] == [True, False]
    messages = [record.getMessage() for record in caplog.records]
    assert messages == ["SES throttles: going on at 11.2 recipients/s"]


def test_each_outcome_reaches_the_store() -> None:
    clock = Clock()
    pacer = new_pacer(clock)
    undone: tuple[Outcome, ...] = ("given_back", "rejected", "throttled")
    for outcome in undone:
        pacer.settle(granted(pacer.reserve(10, 10, 60.0)), outcome)
        assert pacer.standing().remaining_24_hours == 100.0
    pacer.settle(granted(pacer.reserve(1, 1, 60.0)), "exhausted")
    assert refused(pacer.reserve(1, 1, 60.0)).category == "daily_quota"


def test_an_account_is_one_for_all_guards_of_a_process() -> None:
    assert account_at("111122223333:us-east-1") is account_at("111122223333:us-east-1")
    assert account_at("111122223333:us-east-1") is not account_at("111122223333:eu-west-1")


def test_memory_is_one_store_for_all_guards_of_a_process() -> None:
    assert open_store("memory://") is open_store("memory://")
