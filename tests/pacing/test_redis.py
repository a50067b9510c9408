"""The script does what the Budget does; addresses; forks; clusters."""

from __future__ import annotations

import math
import re
import struct
import subprocess
import sys
import time
from collections.abc import Sequence
from importlib import resources
from typing import cast

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule

from botoses_guard.errors import SettingError
from botoses_guard.pacing import Refused, SendQuota, Slot, budget, congestion, inquiry, schedule
from botoses_guard.pacing.backend import BackendFailure, Presence
from botoses_guard.pacing.budget import NO_OUTCOMES, Budget, Demand, Outcomes
from botoses_guard.pacing.daily import CELL, CELLS, GATE, WINDOW
from botoses_guard.pacing.inquiry import TURN
from botoses_guard.pacing.redis import check_redis_url, open_redis_store
from botoses_guard.pacing.redis.backend import RedisBackend, _names
from botoses_guard.pacing.redis.url import server_at

from .clock import DAY, HOUR, SECOND, Clock
from .demands import demand, granted
from .redis_store import make_backend
from .valkey import Valkey, free_port, shared_server

KEY = "111122223333:us-east-1"
ALONE = Presence("one", False)

RATES = st.one_of(
    st.sampled_from([None, 10.0, 14.0]),  # the same again and again, as an account has it
    st.sampled_from([None, 1.0, 9.9995, 13.3, 500.0, 9_500.0]),
    # Thousandths that lie half way between two whole numbers.
    st.integers(0, 40_000).map(lambda half: (half + 0.5) / 1000),
    st.floats(0.0001, 20_000),
)
QUOTAS = st.sampled_from([None, -1.0, 0.0, 200.0, 200.0, 200.5, 50_000.0])
DEMANDS = st.builds(
    lambda recipients, part, rate, quota, max_wait, bursts: Demand(
        recipients, round(recipients * part), rate, quota, max_wait, bursts
    ),
    st.one_of(st.integers(1, 50), st.just(2_500)),
    st.sampled_from([0, 0.5, 1, 1]),
    RATES,
    QUOTAS,
    st.sampled_from([1.0, 240.0, 1e6, 1e6]),
    st.booleans(),
)
PAUSES = st.one_of(
    st.integers(0, 3 * SECOND),
    st.sampled_from([SECOND, TURN, 60 * SECOND, GATE, HOUR]),
    st.sampled_from([CELL, CELL, 2 * CELL, WINDOW, WINDOW - CELL // 2, WINDOW + CELL]),
    st.sampled_from([CELL * CELLS, 2 * WINDOW, -1, -SECOND, -CELL, -HOUR, -WINDOW]),
    st.sampled_from([-WINDOW - CELL, -WINDOW - 1, -2 * WINDOW]),
    st.integers(0, 3 * CELL),
)


def numbers_here(budget: Budget) -> list[float]:
    """All that a budget remembers, as the script keeps it, and then its ring."""
    cut_at, cut_rate, *congestion = budget.congestion.numbers()
    first, last, total, *in_flight, confirmed, closed, others, until = budget.daily.numbers()
    ring = list(budget.daily.ring)
    asked = [-1.0 if math.isnan(number) else number for number in budget.inquiry.numbers()]
    if asked[0] == -1:
        asked[:3] = [-1.0, 0.0, 0.0]
    return [
        budget.schedule.latest,
        *budget.schedule.numbers(),
        *(cut_at, -1.0 if math.isnan(cut_rate) else cut_rate, *congestion),
        *(first, last, total, ring[int(last) % CELLS], *in_flight, confirmed),
        *(others, until, closed, *asked, *ring),
    ]


def numbers_there(backend: RedisBackend) -> list[float] | None:
    """The same of what the server keeps; ``None`` when it keeps nothing."""
    with shared_server().client(backend._server.arguments["db"]) as client:
        kept = client.hgetall(_names(KEY)[0])
    if not kept:
        return None
    numbers = struct.unpack("<24d", kept.pop(b"state"))
    latest = float(kept.pop(b"latest"))
    ring = [0.0] * CELLS
    for name, recipients in kept.items():
        ring[int(name[1:])] = float(recipients)
    last, newest = numbers[10], numbers[12]
    ring[int(last) % CELLS] = newest
    return [latest, *numbers, *ring]


class Model:
    """A Budget that is asked what a backend is asked."""

    def __init__(self) -> None:
        self.budget = Budget()

    def reserve(
        self, demands: Sequence[Demand], outcomes: Outcomes, floor: int, now: int
    ) -> tuple[tuple[Slot | Refused, ...], float | None, bool]:
        self.budget.hear(outcomes, now)
        stepped = self.budget.follow(now, schedule.HOSTS_DIFFER)
        self.budget.schedule.hold(now + floor)
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

    @invariant()
    def both_remember_the_same(self) -> None:
        here, there = numbers_here(self.model.budget), numbers_there(self.backend)
        if there is None:
            there = numbers_here(Budget())
        differing = [
            (place, found, expected)
            for place, (found, expected) in enumerate(zip(there, here, strict=True))
            if found != expected and not same(found, expected)
        ]
        assert not differing

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

    @rule(recipients=st.integers(0, 400), growth=st.sampled_from([0, 5, 20, 400]))
    def throttle_at_an_unknown_rate(self, recipients: int, growth: int) -> None:
        """Some were accepted, the rate was cut, time went by and it is cut again."""
        budget = self.model.budget
        for pause in (0, SECOND // 2, growth * SECOND):
            self.clock.now += pause
            now = self.clock.now
            budget.hear(Outcomes(accepted=recipients), now)
            self.backend.hear(KEY, Outcomes(accepted=recipients))
            slot = Slot(demand(rate=None, quota_recipients=0), now, now, now, 0, 0.0)
            self.clock.now += 1
            found = self.backend.throttled(KEY, slot)
            assert same(found, budget.throttled(slot, self.clock.now))

    @rule(pause=PAUSES)
    def pass_time(self, pause: int) -> None:
        self.clock.now += pause


MirrorMachine.TestCase.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
test_the_script_and_the_budget_agree_in_any_order_of_events = MirrorMachine.TestCase


def test_the_script_and_the_budget_agree_at_the_edges() -> None:
    """Where only an exact time or a clock that is set back tells two rules apart."""
    both = MirrorMachine()
    both.begin()
    counted = demand(rate=None, quota=200.0)

    def reserve(demand: Demand = counted) -> tuple[Slot, ...]:
        slots = both.reserve([demand], 0, 0, 0, 0, [])
        both.both_remember_the_same()
        return cast(tuple[Slot, ...], slots)

    both.pass_time(-both.clock.now % CELL)
    reserve()
    both.turn(60.0)
    both.pass_time(-SECOND)
    both.turn(60.0)  # the turn was taken in what is the future now
    both.pass_time(SECOND + WINDOW)
    both.learn(14.0, 200.0, 90.0, False)  # the window begins at the border of a cell
    both.standing(None, 200.0)
    both.pass_time(SECOND)
    both.learn(14.0, 200.0, 90.0, False)  # and within one
    both.pass_time(WINDOW - 1)
    both.standing(None, 200.0)
    both.pass_time(1)
    both.standing(None, 200.0)  # others leave the window at this microsecond
    both.exhausted(reserve(), 0)
    both.pass_time(-1)
    reserve()  # it is shut for longer than it ever is: the clock was set back
    both.pass_time(1)
    reserve()
    both.learn(14.0, -1.0, 500.0, True)
    reserve()
    both.exhausted(reserve(), 0)
    both.learn(14.0, 100.0, 100.0, True)
    reserve()
    both.throttle_at_an_unknown_rate(400, 0)
    both.throttle_at_an_unknown_rate(1, 400)
    both.pass_time(400 * SECOND)
    both.standing(None, None)  # a search grows no more
    both.both_remember_the_same()


def lua_number(name: str) -> float:
    """The value of a constant at the head of the script."""
    script = resources.files("botoses_guard.pacing.redis").joinpath("budget.lua").read_text()
    found = re.search(rf"\b{name} = ([0-9.* MICROSECNDWL/+]+)", script)
    assert found, name
    value = found[1].replace("MICROSECONDS", "1000000").replace("WINDOW", str(WINDOW))
    product = 1.0
    for factor in value.split("/")[0].split("*"):
        product *= float(factor)
    return product


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SLOWEST", budget.SLOWEST),
        ("SET_BACK", schedule.SET_BACK),
        ("HOSTS_DIFFER", schedule.HOSTS_DIFFER),
        ("TOLERANCE", schedule.TOLERANCE),
        ("FULL_TOLERANCE", schedule.FULL_TOLERANCE),
        ("DECREASE", congestion.DECREASE),
        ("RECOVERY", congestion.RECOVERY),
        ("FLOOR", congestion.FLOOR),
        ("DOUBLING", congestion.DOUBLING),
        ("LONGEST_SEARCH", congestion._LONGEST_SEARCH),
        ("LOWEST", congestion._LOWEST),
        ("CELL", CELL),
        ("WINDOW", WINDOW),
        ("GATE", GATE),
        ("TURN", TURN),
        ("LOOK_AGAIN", inquiry.LOOK_AGAIN),
    ],
)
def test_the_script_has_the_constants_of_python(name: str, value: float) -> None:
    assert lua_number(name) == value


def test_peers_are_those_that_beat_within_the_last_minute() -> None:
    clock = Clock()
    backend = make_backend(clock)

    def beat(peer: str, beats: bool = True) -> int:
        presence = Presence(peer, beats)
        return backend.reserve(KEY, [demand()], NO_OUTCOMES, 0, presence).peers

    assert [beat("one"), beat("other"), beat("one"), beat("one", False)] == [1, 2, 2, 0]
    clock.advance(59)
    assert beat("other") == 2
    clock.advance(2)
    assert beat("third") == 2
    clock.advance(-DAY / SECOND)
    assert beat("one") == 1


def test_all_that_is_kept_of_a_budget_goes_two_days_after_its_last_use() -> None:
    backend = make_backend()
    backend.reserve(KEY, [demand()], NO_OUTCOMES, 0, Presence("one", True))
    database = backend._server.arguments["db"]
    with shared_server().client(database) as client:
        kept = {key.decode(): client.pttl(key) for key in client.keys()}
    assert kept.keys() == {f"botoses_guard:{{{KEY}}}", f"botoses_guard:{{{KEY}}}:peers"}
    assert all(2 * DAY / 1000 < milliseconds <= 49 * HOUR / 1000 for milliseconds in kept.values())


def test_a_whole_day_of_cells_stays_small_and_in_order() -> None:
    """No more fields than the window has cells, however long it goes on."""
    clock = Clock()
    backend, model = make_backend(clock), Budget()
    for _ in range(2 * CELLS):
        clock.now += CELL
        found = backend.reserve(KEY, [demand(quota=300.0)], NO_OUTCOMES, 0, ALONE).answers
        assert found[0] == model.reserve(demand(quota=300.0), clock.now)
    with shared_server().client(backend._server.arguments["db"]) as client:
        assert client.hlen(f"botoses_guard:{{{KEY}}}") <= CELLS + 2


@pytest.mark.parametrize("key", [KEY, "a}b", "}", "{", "%7D", "\udcff", "Größe"])
def test_both_keys_of_a_budget_are_on_one_node_of_a_cluster(key: str) -> None:
    with shared_server().client() as client:
        budget_slot, peers_slot = (client.cluster("KEYSLOT", name) for name in _names(key))
    assert budget_slot == peers_slot
    granted(make_backend().reserve(key, [demand()], NO_OUTCOMES, 0, ALONE).answers[0])


def test_a_node_of_a_cluster_takes_the_script() -> None:
    """It refuses scripts whose keys are not declared, or not in one slot."""
    bus = str(free_port())
    with Valkey("--cluster-enabled", "yes", "--cluster-port", bus) as node:
        node.command("CLUSTER", "ADDSLOTSRANGE", 0, 16383)
        backend = RedisBackend(server_at(node.url), 5.0)
        deadline = time.monotonic() + 30
        while True:
            try:
                reply = backend.reserve(KEY, [demand()], NO_OUTCOMES, 0, Presence("one", True))
                break
            except BackendFailure as failure:
                assert str(failure) == "cluster down"  # it needs a moment to be up
                assert time.monotonic() < deadline
                time.sleep(0.05)
    assert reply.peers == 1


def test_connecting_costs_no_trip_of_its_own() -> None:
    """No HELLO, no CLIENT SETINFO, no PING: each would be one more wait for a slow server."""
    with Valkey() as server:
        server.command("CONFIG", "RESETSTAT")
        backend = RedisBackend(server_at(server.url), 5.0)
        for _ in range(3):
            backend.reserve(KEY, [demand()], NO_OUTCOMES, 0, ALONE)
        commands = server.client().info("commandstats")
    assert commands["cmdstat_evalsha"]["calls"] == 3
    assert commands["cmdstat_eval"]["calls"] == 1
    assert not {"cmdstat_ping", "cmdstat_auth", "cmdstat_select"} & commands.keys()


PASSWORD = "tr0ub4dor/&@3"
QUOTED = "tr0ub4dor%2F%26%403"


@pytest.mark.parametrize(
    ("url", "name", "arguments"),
    [
        ("redis://host", "redis://host:6379", {"host": "host", "port": 6379}),
        ("valkey://host:7000/2", "valkey://host:7000 (database 2)", {"port": 7000, "db": 2}),
        ("redis://[::1]:7000", "redis://[::1]:7000", {"host": "::1", "port": 7000}),
        (
            f"rediss://me:{QUOTED}@host",
            "rediss://host:6379",
            {"username": "me", "password": PASSWORD},
        ),
        (f"valkeys://:{QUOTED}@host", "valkeys://host:6379", {"password": PASSWORD}),
        (
            f"unix:///run/a%20b.sock?db=3&password={QUOTED}",
            "unix:///run/a b.sock (database 3)",
            {"path": "/run/a b.sock", "db": 3, "password": PASSWORD},
        ),
        ("redis://host?socket_timeout=1.5", "redis://host:6379", {"socket_timeout": 1.5}),
        (
            "rediss://host?ssl_ca_certs=/ca.pem&ssl_check_hostname=false",
            "rediss://host:6379",
            {"ssl_ca_certs": "/ca.pem", "ssl_check_hostname": False},
        ),
    ],
)
def test_an_address_names_a_server(url: str, name: str, arguments: dict[str, object]) -> None:
    server = server_at(url)
    assert server.name == name
    assert server.tls == (server.scheme in ("rediss", "valkeys"))
    defaults = {"socket_timeout": 0.25, "socket_connect_timeout": 0.25}
    assert {**defaults, **arguments}.items() <= server.arguments.items()


@pytest.mark.parametrize(
    ("url", "wrong"),
    [
        ("http://host", "'http' is no Redis or Valkey server"),
        ("redis://", "names no host"),
        (f"redis://me:{QUOTED}@", "names no host"),
        (f"redis://me:{QUOTED}@host:port", "not the address of a Redis or Valkey server"),
        (f"redis://me:{QUOTED}@host:99999", "not the address of a Redis or Valkey server"),
        (f"redis://me:{QUOTED}@[host", "not the address of a Redis or Valkey server"),
        (f"redis://me:{QUOTED}@host/first", "no valid value for the database"),
        (f"redis://me:{QUOTED}@host?db=-1", "no valid value for db"),
        (f"redis://me:{QUOTED}@host?retry_on_timeout=1", "an option other than db, "),
        (f"redis://me:{QUOTED}@host?ssl_ca_certs=/ca.pem", "an option other than db, "),
        (f"redis://me:{QUOTED}@host?socket_timeout=0", "no valid value for socket_timeout"),
        (f"redis://me:{QUOTED}@host?socket_timeout=60", "no valid value for socket_timeout"),
        (f"redis://host?password={QUOTED}&password=", "no valid value for password"),
        (f"rediss://me:{QUOTED}@host?ssl_cert_reqs=no", "no valid value for ssl_cert_reqs"),
        ("redis://me@host", "has a user without a password"),
        ("redis://host/#1", "has a '#', which has to be written %23"),
        ("unix://run/valkey.sock", "needs the whole path of a socket"),
        ("unix://", "needs the whole path of a socket"),
    ],
)
def test_an_address_that_makes_no_sense_is_refused_without_showing_it(url: str, wrong: str) -> None:
    with pytest.raises(SettingError) as refusal:
        check_redis_url(url)
    text = str(refusal.value)
    assert wrong in text
    assert "redis://[[user]:password@]host[:port][/database]" in text
    assert "tr0ub4dor" not in text
    assert refusal.value.__cause__ is None


def test_no_password_is_in_what_shows_a_store() -> None:
    url = f"redis://me:{QUOTED}@host"
    server = server_at(url)
    shown = [repr(server), repr(RedisBackend(server)), repr(server_at(url).name)]
    assert not any("tr0ub4dor" in text or QUOTED in text or "me:" in text for text in shown)


def test_there_is_one_store_for_an_address_in_a_process() -> None:
    url = "valkey://127.0.0.1:1"
    assert open_redis_store(url, "local") is open_redis_store(url, "local")
    assert open_redis_store(url, "local") is not open_redis_store(url, "raise")


def test_checking_an_address_imports_no_client_library() -> None:
    program = (
        "import sys; from botoses_guard.pacing.redis import check_redis_url\n"
        "check_redis_url('redis://host')\n"
        "print('redis' in sys.modules)"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert ended.stdout == "False\n"


def test_without_the_client_library_the_extra_is_named() -> None:
    program = (
        "import sys; sys.modules['redis'] = None\n"
        "from botoses_guard.pacing.redis import open_redis_store\n"
        "try:\n    open_redis_store('valkey://me:tr0ub4dor@host', 'local')\n"
        "except Exception as error:\n    print(type(error).__name__, error)"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert ended.stdout == (
        "SettingError the store valkey:// needs redis-py: pip install botoses-guard[redis]\n"
    )
