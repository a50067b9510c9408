"""The script does what the Budget does; addresses; forks; clusters."""

from __future__ import annotations

import logging
import math
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, rule

from botoses_guard.pacing import Refused, SendQuota, Slot, Standing
from botoses_guard.pacing.backend import BackendFailure, Presence
from botoses_guard.pacing.budget import LONGEST_QUEUE, NO_OUTCOMES, Budget, Demand, Outcomes
from botoses_guard.pacing.daily import CELL, CELLS, GATE, WINDOW
from botoses_guard.pacing.inquiry import TURN, Turn
from botoses_guard.pacing.redis.backend import RedisBackend
from botoses_guard.pacing.redis.url import server_at

from .clock import DAY, HOUR, SECOND, Clock
from .demands import demand, granted, refused
from .redis_store import make_backend
from .valkey import Valkey, shared_server

KEY = "111122223333:us-east-1"
ALONE = Presence("one", False)

RATES = st.one_of(
    st.none(),
    st.sampled_from([1.0, 9.5, 9.9995, 13.3, 14.0, 500.0, 9_500.0]),
    # Thousandths that lie half way between two whole numbers.
    st.integers(0, 40_000).map(lambda half: (half + 0.5) / 1000),
    st.floats(0.0001, 20_000),
)
QUOTAS = st.one_of(st.none(), st.just(-1.0), st.sampled_from([0.0, 200.0, 200.5, 50_000.0]))
DEMANDS = st.builds(
    lambda recipients, part, rate, quota, max_wait, bursts: Demand(
        recipients, round(recipients * part), rate, quota, max_wait, bursts
    ),
    st.one_of(st.integers(1, 50), st.just(2_500)),
    st.sampled_from([0, 0.5, 1, 1]),
    RATES,
    QUOTAS,
    st.sampled_from([0.0, 1.0, 60.0, 240.0, 1e6]),
    st.booleans(),
)
PAUSES = st.one_of(
    st.integers(0, 3 * SECOND),
    st.sampled_from([SECOND, TURN, 60 * SECOND, CELL, GATE, HOUR, WINDOW, WINDOW + CELL]),
    st.sampled_from([CELL * (CELLS - 1), CELL * CELLS, 2 * WINDOW, -1, -SECOND, -CELL, -HOUR]),
    st.integers(0, 30 * CELL),
)


class Model:
    """A Budget that is asked what a backend is asked."""

    def __init__(self) -> None:
        self.budget = Budget()

    def reserve(
        self, demands: Sequence[Demand], outcomes: Outcomes, floor: int, now: int
    ) -> tuple[tuple[Slot | Refused, ...], float | None, bool]:
        self.budget.hear(outcomes, now)
        stepped = self.budget.schedule.hold(now + floor, now, LONGEST_QUEUE)
        answers = tuple(self.budget.reserve(demand, now) for demand in demands)
        return answers, self.budget.daily.remaining(demands[-1].quota, now), stepped


def same(found: float | None, expected: float | None) -> bool:
    if found is None or expected is None:
        return found is expected
    return math.isclose(found, expected, rel_tol=1e-9, abs_tol=1e-9)


def assert_same_answer(found: Slot | Refused, expected: Slot | Refused) -> None:
    if isinstance(expected, Slot):
        assert found == expected
    else:
        assert isinstance(found, Refused)
        assert found.category == expected.category
        assert same(found.retry_after, expected.retry_after)


class MirrorMachine(RuleBasedStateMachine):
    """The same events told to a Budget and to the script in a real server."""

    slots = Bundle("slots")

    @initialize()
    def begin(self) -> None:
        self.clock = Clock()
        self.model = Model()
        self.backend = make_backend(self.clock)
        self.mark: int | None = None

    def budget_and_now(self) -> tuple[Budget, int]:
        return self.model.budget, self.clock.now

    @rule(
        target=slots,
        demands=st.lists(DEMANDS, min_size=1, max_size=5),
        floor=st.sampled_from([-HOUR, -20_000, 0, 1_234_567, 60 * SECOND, 2 * HOUR]),
        confirmed=st.integers(0, 30),
        spent=st.sampled_from([-3, 0, 0, 7]),
        accepted=st.sampled_from([0, 0, 5, 400]),
        released=st.lists(st.tuples(st.integers(0, 3), st.integers(1, 30)), max_size=2),
    )
    def reserve(
        self,
        demands: list[Demand],
        floor: int,
        confirmed: int,
        spent: int,
        accepted: int,
        released: list[tuple[int, int]],
    ) -> tuple[Slot, ...]:
        newest = self.clock.now // CELL
        cells = tuple((newest - ago, recipients) for ago, recipients in released)
        outcomes = Outcomes(confirmed, cells, spent, accepted)
        expected, remaining, stepped = self.model.reserve(demands, outcomes, floor, self.clock.now)
        reply = self.backend.reserve(KEY, demands, outcomes, floor, ALONE)
        for found, one in zip(reply.answers, expected, strict=True):
            assert_same_answer(found, one)
        assert same(reply.remaining, remaining)
        assert reply.stepped is stepped
        return tuple(answer for answer in expected if isinstance(answer, Slot))

    @rule(slots=slots, which=st.integers(0, 4))
    def give_back(self, slots: tuple[Slot, ...], which: int) -> None:
        for slot in slots[which : which + 1]:
            self.model.budget.give_back(slot)
            self.backend.give_back(KEY, slot)

    @rule(slots=slots, which=st.integers(0, 4))
    def throttled(self, slots: tuple[Slot, ...], which: int) -> None:
        budget, now = self.budget_and_now()
        for slot in slots[which : which + 1]:
            assert same(self.backend.throttled(KEY, slot), budget.throttled(slot, now))

    @rule(slots=slots, which=st.integers(0, 4))
    def exhausted(self, slots: tuple[Slot, ...], which: int) -> None:
        budget, now = self.budget_and_now()
        for slot in slots[which : which + 1]:
            budget.exhausted(slot, now)
            self.backend.exhausted(KEY, slot)

    @rule(
        confirmed=st.integers(0, 30),
        accepted=st.integers(0, 500),
        spent=st.integers(-2, 20),
    )
    def hear(self, confirmed: int, accepted: int, spent: int) -> None:
        budget, now = self.budget_and_now()
        outcomes = Outcomes(confirmed, (), spent, accepted)
        budget.hear(outcomes, now)
        self.backend.hear(KEY, outcomes)

    @rule(interval=st.sampled_from([1.0, 60.0, 0.1]))
    def turn(self, interval: float) -> None:
        budget, now = self.budget_and_now()
        expected = budget.turn(interval, now)
        assert self.backend.turn(KEY, interval) == expected
        self.mark = expected.mark

    @rule(
        rate=st.floats(0, 1000),
        most=st.sampled_from([-1.0, 0.0, 200.0, 50_000.0]),
        sent=st.one_of(st.floats(0, 500), st.integers(0, 500).map(float)),
        unasked=st.booleans(),
    )
    def learn(self, rate: float, most: float, sent: float, unasked: bool) -> None:
        budget, now = self.budget_and_now()
        quota = SendQuota(rate, most, sent)
        mark = None if unasked else self.mark
        budget.learn(quota, mark, now)
        self.backend.learn(KEY, quota, mark)

    @rule(rate=RATES, quota=QUOTAS)
    def standing(self, rate: float | None, quota: float | None) -> None:
        budget, now = self.budget_and_now()
        expected = budget.standing(rate, quota, now)
        found = self.backend.standing(KEY, rate, quota)
        for number, expected_number in zip(found, expected, strict=True):
            assert same(number, expected_number), (found, expected)

    @rule(pause=PAUSES)
    def pass_time(self, pause: int) -> None:
        self.clock.now += pause


MirrorMachine.TestCase.settings = settings(max_examples=80, stateful_step_count=40, deadline=None)
test_the_script_and_the_budget_agree_in_any_order_of_events = MirrorMachine.TestCase
