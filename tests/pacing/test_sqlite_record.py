"""A budget is the same after it was bytes, and nothing else is taken for one."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from botoses_guard.pacing import SendQuota, Slot
from botoses_guard.pacing.budget import Budget, Outcomes
from botoses_guard.pacing.sqlite.record import FORMAT, SIZE, UnknownRecord, pack, unpack

from .clock import DAY, HOUR, SECOND
from .demands import demand, granted

BOOT = b"one boot"

recipients = st.integers(0, 60)
steps = st.one_of(
    st.tuples(st.just("wait"), st.integers(0, 30 * HOUR)),
    st.tuples(st.just("reserve"), recipients, st.none() | st.floats(0.001, 1e4)),
    st.tuples(st.just("throttled")),
    st.tuples(st.just("exhausted")),
    st.tuples(st.just("rejected")),
    st.tuples(st.just("give_back")),
    st.tuples(st.just("hear"), recipients),
    st.tuples(st.just("turn"), st.floats(1, 1e4)),
    st.tuples(st.just("learn"), st.floats(-1, 1e6), st.floats(0, 1e6)),
)


def lived(history: list[tuple[object, ...]], now: int = 10 * DAY) -> Budget:
    """A budget that has been through ``history``."""
    budget = Budget()
    slots: list[Slot] = []
    for name, *given_values in history:
        values: list[float] = given_values  # type: ignore[assignment]
        slot = slots[-1] if slots else None
        if name == "wait":
            now += int(values[0])
        elif name == "reserve":
            answer = budget.reserve(demand(int(values[0]), rate=values[1], max_wait=1e9), now)
            slots += [answer] if isinstance(answer, Slot) else []
        elif name in ("throttled", "exhausted") and slot:
            getattr(budget, str(name))(slot, now)
        elif name in ("rejected", "give_back") and slot:
            getattr(budget, str(name))(slot)
        elif name == "hear":
            told = int(values[0])
            budget.hear(Outcomes(confirmed=told, spent=told, accepted=told), now)
        elif name == "turn":
            budget.turn(values[0], now)
        elif name == "learn":
            budget.learn(SendQuota(14.0, values[0], values[1]), None, now)
    return budget


@given(st.lists(steps, max_size=40))
def test_a_budget_is_the_same_after_it_was_bytes(history: list[tuple[object, ...]]) -> None:
    budget = lived(history)
    record = pack(budget, BOOT)
    assert len(record) == SIZE
    assert remembered(unpack(record, BOOT)) == remembered(budget)


def remembered(budget: Budget) -> list[dict[str, str]]:
    """Everything, part by part; numbers are compared as numbers, and NaN is equal to itself."""
    return [
        {
            name: repr(float(value) if isinstance(value, int) else value)
            for name in type(part).__slots__
            if name != "latest"  # which stands beside the record
            for value in (getattr(part, name),)
        }
        for part in (budget.schedule, budget.congestion, budget.daily, budget.inquiry)
    ]


def some_budget() -> Budget:
    budget = Budget()
    slot = granted(budget.reserve(demand(30, quota=100.0), 10 * DAY))
    budget.learn(SendQuota(14.0, 100.0, 50.0), None, 10 * DAY)
    budget.throttled(slot, 10 * DAY + SECOND)
    budget.reserve(demand(20, quota=100.0), 10 * DAY + SECOND)
    return budget


def test_of_another_boot_only_the_count_of_the_day_is_left() -> None:
    """The other times are of a clock that began anew."""
    kept = remembered(unpack(pack(some_budget(), BOOT), b"reboot!!"))
    new, old = remembered(Budget()), remembered(some_budget())
    assert kept == [new[0], new[1], old[2], new[3]]
    assert all(was != fresh for was, fresh in zip(old, new, strict=True))


@given(st.integers(0, 8 * SIZE - 1))
def test_a_record_with_one_wrong_bit_is_none(bit: int) -> None:
    record = bytearray(pack(some_budget(), BOOT))
    record[bit // 8] ^= 1 << bit % 8
    with pytest.raises(UnknownRecord, match="^not a budget$"):
        unpack(bytes(record), BOOT)


@pytest.mark.parametrize(
    "record",
    [
        None,
        0,
        "text",
        b"",
        bytes(SIZE),
        pack(Budget(), BOOT)[:-1],
        pack(Budget(), BOOT) + b"\0",
        struct.pack("=I", FORMAT + 1) + pack(Budget(), BOOT)[4:],
        struct.pack(">I" if struct.pack("=I", 1)[0] else "<I", FORMAT) + pack(Budget(), BOOT)[4:],
    ],
)
def test_what_is_no_record(record: object) -> None:
    """NULL, other types, too short, too long, of another version, of another byte order."""
    with pytest.raises(UnknownRecord):
        unpack(record, BOOT)
