"""A store whose clock is set back keeps its queue as it is: neither shorter nor longer."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from botoses_guard.pacing import Refused, Slot
from botoses_guard.pacing.backend import Backend, Presence, Reply
from botoses_guard.pacing.budget import NO_OUTCOMES, Budget, Demand
from botoses_guard.pacing.redis.backend import _names
from botoses_guard.pacing.schedule import HOSTS_DIFFER, SET_BACK, TOLERANCE
from botoses_guard.pacing.sqlite import SqliteBackend
from botoses_guard.pacing.sqlite.host_clock import HostClock
from botoses_guard.pacing.sqlite.record import pack, unpack

from . import dynamodb_store
from .clock import DAY, HOUR, SECOND, Clock
from .demands import demand, granted
from .local_backend import LocalBackend, Server
from .redis_store import make_backend
from .valkey import shared_server

KEY = "111122223333:us-east-1"
NO_FLOOR = -2 * DAY
RATE = 10.0


def sqlite(clock: Clock) -> Backend:
    directory = tempfile.mkdtemp()
    return SqliteBackend(f"{directory}/budgets", HostClock(clock, clock, bytes(8)))


def dynamodb(clock: Clock) -> Backend:
    return dynamodb_store.backend_at(
        dynamodb_store.dynamodb().endpoint, dynamodb_store.new_table(), clock
    )


def local(clock: Clock) -> Backend:
    return LocalBackend(Server(clock))


BACKENDS: dict[str, tuple[Callable[[Clock], Backend], int]] = {
    "model": (local, HOSTS_DIFFER),
    "valkey": (make_backend, HOSTS_DIFFER),  # with the clock of a host
    "sqlite": (sqlite, SET_BACK),
    "dynamodb": (dynamodb, HOSTS_DIFFER),
}
every_backend = pytest.mark.parametrize(
    ("make", "tolerance"), BACKENDS.values(), ids=BACKENDS.keys()
)


def ask(backend: Backend, wanted: Demand, floor: int = NO_FLOOR) -> Reply:
    return backend.reserve(KEY, [wanted], NO_OUTCOMES, floor, Presence("me", False))


def reserve(backend: Backend, recipients: int = 1) -> Slot:
    (answer,) = ask(backend, demand(recipients, rate=RATE, max_wait=86_400.0)).answers
    return granted(answer)


@every_backend
@pytest.mark.parametrize("back", [6 * SECOND, HOUR, 400 * DAY])
def test_the_queue_keeps_its_length(
    make: Callable[[Clock], Backend], tolerance: int, back: int
) -> None:
    clock = Clock(500 * DAY)
    backend = make(clock)
    reserve(backend, 300)
    clock.now -= back
    reply = ask(backend, demand(rate=RATE))
    slot = granted(reply.answers[0])
    assert (reply.stepped, slot.start - clock.now) == (True, 30 * SECOND)
    reply = ask(backend, demand(rate=RATE))
    assert (reply.stepped, granted(reply.answers[0]).start) == (False, slot.end)
    clock.advance(31)
    assert reserve(backend).start == clock.now


@every_backend
def test_less_than_the_tolerance_is_waited_for(
    make: Callable[[Clock], Backend], tolerance: int
) -> None:
    clock = Clock()
    backend = make(clock)
    end = reserve(backend, 300).end
    clock.now -= tolerance
    reply = ask(backend, demand(rate=RATE))
    assert (reply.stepped, granted(reply.answers[0]).start) == (False, end)
    clock.now -= tolerance + 1
    assert ask(backend, demand(rate=RATE)).stepped


@every_backend
def test_no_queue_is_too_long(make: Callable[[Clock], Backend], tolerance: int) -> None:
    """A wait may be as long as a day."""
    clock = Clock()
    backend = make(clock)
    end = reserve(backend, 10 * 86_399).end
    for _ in range(3):
        clock.advance(60)
        reply = ask(backend, demand(rate=RATE, max_wait=86_400.0))
        slot = granted(reply.answers[0])
        assert (reply.stepped, slot.start) == (False, end)
        end = slot.end
    (answer,) = ask(backend, demand(rate=RATE, max_wait=86_000.0)).answers
    assert isinstance(answer, Refused)


@every_backend
def test_a_refusal_moves_the_queue_as_well(
    make: Callable[[Clock], Backend], tolerance: int
) -> None:
    clock = Clock()
    backend = make(clock)
    reserve(backend, 300)
    clock.now -= HOUR
    (answer,) = ask(backend, demand(rate=RATE, max_wait=1.0)).answers
    assert isinstance(answer, Refused)
    assert answer.retry_after == pytest.approx(29.9)
    assert reserve(backend).wait == pytest.approx(29.9)


@every_backend
def test_the_floor_of_who_asks_still_holds(
    make: Callable[[Clock], Backend], tolerance: int
) -> None:
    clock = Clock()
    backend = make(clock)
    reserve(backend, 300)
    clock.now -= HOUR
    reply = ask(backend, demand(rate=RATE, max_wait=100.0), floor=40 * SECOND)
    assert granted(reply.answers[0]).start == clock.now + 40 * SECOND


@every_backend
def test_the_rate_recovers_by_the_new_time(
    make: Callable[[Clock], Backend], tolerance: int
) -> None:
    clock = Clock()
    backend = make(clock)
    assert backend.throttled(KEY, reserve(backend)) == pytest.approx(8.0)
    clock.now -= HOUR
    reserve(backend)
    assert backend.standing(KEY, RATE, None).rate == pytest.approx(8.0)
    clock.advance(30)
    reserve(backend)
    assert backend.standing(KEY, RATE, None).rate == pytest.approx(9.0)
    clock.advance(30)
    assert backend.standing(KEY, RATE, None).rate == pytest.approx(10.0)


MOVES = st.lists(
    st.one_of(
        st.tuples(st.just("reserve"), st.integers(1, 20)),
        st.tuples(st.just("pass"), st.integers(0, 5 * SECOND)),
        st.tuples(st.just("set back"), st.integers(0, 3 * SECOND)),
        st.tuples(st.just("set back"), st.integers(HOSTS_DIFFER + 1, 90 * DAY)),
    ),
    max_size=30,
)


@every_backend
@settings(max_examples=25, deadline=None)
@given(moves=MOVES)
def test_in_true_time_nobody_goes_sooner_or_much_later_than_without(
    make: Callable[[Clock], Backend], tolerance: int, moves: list[tuple[str, int]]
) -> None:
    """Never sooner, and later by no more than what was too little to be noticed."""
    true, clock = Clock(), Clock(200 * DAY)
    backend, undisturbed, unnoticed = make(clock), Budget(), 0
    for what, amount in moves:
        if what == "pass":
            true.now += amount
            clock.now += amount
        elif what == "set back":
            clock.now -= amount
            unnoticed += min(amount, tolerance)
        else:
            wanted = demand(amount, rate=RATE, max_wait=86_400.0)
            expected = granted(undisturbed.reserve(wanted, true.now)).wait
            found = granted(ask(backend, wanted).answers[0]).wait
            assert expected - 1e-6 <= found <= expected + unnoticed / SECOND + 1e-4


def test_a_server_notices_a_second_by_its_own_clock() -> None:
    backend = make_backend()
    name = _names(KEY)[0]
    reserve(backend, 300)

    def ask_after_setting_back(seconds: float) -> Reply:
        with shared_server().client(backend._server.arguments["db"]) as client:
            latest = int(client.hget(name, "latest"))
            client.hset(name, "latest", latest + round(seconds * SECOND))
        return ask(backend, demand(rate=RATE))

    assert not ask_after_setting_back(0.5).stepped
    reply = ask_after_setting_back(10.0)
    assert (reply.stepped, granted(reply.answers[0]).wait < 21.0) == (True, True)


class TestRecordsOfEarlierVersions:
    """They know nothing of when the queue was last used, and are used together with others."""

    def test_in_a_server(self) -> None:
        clock = Clock()
        backend = make_backend(clock)
        slot = reserve(backend, 300)
        with shared_server().client(backend._server.arguments["db"]) as client:
            client.hdel(_names(KEY)[0], "latest")
        clock.now -= HOUR
        reply = ask(backend, demand(rate=RATE, max_wait=86_400.0))
        assert (reply.stepped, granted(reply.answers[0]).start) == (False, slot.end)

    def test_in_a_table(self) -> None:
        clock = Clock()
        endpoint, table = dynamodb_store.dynamodb().endpoint, dynamodb_store.new_table()
        slot = reserve(dynamodb_store.backend_at(endpoint, table, clock), 300)
        dynamodb_store.client(endpoint).update_item(
            TableName=table,
            Key={"k": {"S": KEY}},
            UpdateExpression="REMOVE w",
        )
        clock.now -= HOUR
        backend = dynamodb_store.backend_at(endpoint, table, clock)
        reply = ask(backend, demand(rate=RATE, max_wait=86_400.0))
        assert (reply.stepped, granted(reply.answers[0]).start) == (False, slot.end)

    def test_in_a_file(self, tmp_path: Path) -> None:
        clock = Clock()
        path = tmp_path / "budgets"
        slot = reserve(SqliteBackend(str(path), HostClock(clock, clock, bytes(8))), 300)
        file = sqlite3.connect(path, isolation_level=None)
        file.execute("ALTER TABLE budgets DROP COLUMN latest")
        file.execute("INSERT INTO budgets(record, name) VALUES (?, ?)", (b"", "another"))
        clock.now -= HOUR
        backend = SqliteBackend(str(path), HostClock(clock, clock, bytes(8)))
        reply = ask(backend, demand(rate=RATE, max_wait=86_400.0))
        assert (reply.stepped, granted(reply.answers[0]).start) == (False, slot.end)

        ((record,),) = file.execute("SELECT record FROM budgets WHERE name = ?", (KEY,))
        replaced = pack(unpack(record, bytes(8)), bytes(8))
        file.execute("UPDATE budgets SET record = ? WHERE name = ?", (replaced, KEY))
        file.close()
        clock.now -= HOUR
        assert ask(backend, demand(rate=RATE)).stepped


def test_a_clock_that_nobody_sets_needs_no_rule(tmp_path: Path) -> None:
    wall, queue = Clock(400 * DAY), Clock(3 * DAY)
    backend = SqliteBackend(str(tmp_path / "budgets"), HostClock(queue, wall, b"boot one"))
    end = reserve(backend, 300).end
    wall.now -= DAY
    reply = ask(backend, demand(rate=RATE))
    assert (reply.stepped, granted(reply.answers[0]).start) == (False, end)


def test_starts_stay_spaced_where_two_hosts_disagree_about_the_time() -> None:
    """By less than may be: neither of them takes that for a clock that was set back."""
    clock = Clock()
    server = Server(clock)
    hosts = [LocalBackend(server, ahead) for ahead in (-HOSTS_DIFFER // 2, HOSTS_DIFFER // 2)]
    starts = [reserve(hosts[number % 2]).start for number in range(200)]
    assert not any(after - before < TOLERANCE for before, after in pairwise(starts))
