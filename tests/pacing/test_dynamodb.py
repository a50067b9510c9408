"""What is DynamoDB's own about budgets in a table: calls, conditions, the item."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from functools import partial
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from botoses_guard.errors import SettingError
from botoses_guard.pacing import Refused, SendQuota, Slot
from botoses_guard.pacing.backend import BackendFailure, Presence, Reply
from botoses_guard.pacing.budget import NO_OUTCOMES, Budget, Demand, Outcomes
from botoses_guard.pacing.dynamodb import check_dynamodb_url, open_dynamodb_store, presence
from botoses_guard.pacing.dynamodb.backend import DynamoDBBackend
from botoses_guard.pacing.dynamodb.expressions import Change
from botoses_guard.pacing.dynamodb.record import Record
from botoses_guard.pacing.dynamodb.url import Address, address_of
from botoses_guard.pacing.shared import SharedStore

from .clock import DAY, HOUR, SECOND, Clock
from .demands import demand, granted, refused
from .dynamodb_store import backend_at, client, dynamodb, new_table

KEY = "111122223333:eu-west-1"


class Processes:
    """Backends on one new table, as so many processes have them, with one clock."""

    def __init__(self, number: int, clock: Callable[[], int] | None = None) -> None:
        self.clock = Clock()
        self.server = dynamodb()
        self.table = new_table()
        self.backends = [
            backend_at(self.server.endpoint, self.table, clock or self.clock) for _ in range(number)
        ]

    def item(self) -> dict[str, Any]:
        """The item as it stands in the table."""
        answer = client(self.server.endpoint).get_item(
            TableName=self.table, Key={"k": {"S": KEY}}, ConsistentRead=True
        )
        item: dict[str, Any] = answer.get("Item", {})
        return item

    def put(self, **attributes: Any) -> None:
        item = {**self.item(), "k": {"S": KEY}, **attributes}
        client(self.server.endpoint).put_item(TableName=self.table, Item=item)

    def calls(self, step: Callable[[], object]) -> int:
        """How many requests a step makes."""
        before = self.server.requests
        step()
        return self.server.requests - before


def reserve(
    backend: DynamoDBBackend,
    *demands: Demand,
    outcomes: Outcomes = NO_OUTCOMES,
    floor: int = 0,
    beats: str = "",
) -> Reply:
    return backend.reserve(KEY, demands, outcomes, floor, Presence(beats, bool(beats)))


def one(backend: DynamoDBBackend, wanted: Demand, **more: Any) -> Slot | Refused:
    (answer,) = reserve(backend, wanted, **more).answers
    return answer


def at_once(steps: Sequence[Callable[[], object]]) -> None:
    begin = threading.Barrier(len(steps))

    def run(step: Callable[[], object]) -> None:
        begin.wait()
        step()

    threads = [threading.Thread(target=run, args=(step,)) for step in steps]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_a_busy_queue_costs_one_call_for_a_reservation() -> None:
    """8 processes, 25 sends each: 200 different starts, spaced by the rate, in about 200 calls."""
    processes = Processes(8)
    slots: list[Slot] = []

    def send(backend: DynamoDBBackend) -> None:
        for _ in range(25):
            slots.append(granted(one(backend, demand(max_wait=1e6, quota=1e6))))

    senders = [partial(send, backend) for backend in processes.backends]
    assert processes.calls(lambda: at_once(senders)) <= 200 * 1.2
    starts = sorted(slot.start for slot in slots)
    assert len(starts) == 200
    assert {after - before for before, after in pairwise(starts)} == {SECOND // 10}


def test_a_queue_that_stays_idle_or_busy_costs_one_call_and_two_where_that_changes() -> None:
    processes = Processes(2)
    first, second = processes.backends

    def calls(backend: DynamoDBBackend, pause: float) -> int:
        processes.clock.advance(pause)
        return processes.calls(lambda: granted(one(backend, demand(10))))

    assert [calls(first, 60), calls(second, 60)] == [2, 2]  # a look at what is there
    assert [calls(backend, 60) for backend in (first, second) * 3] == [1] * 6
    assert [calls(backend, 0.5) for backend in (first, second)] == [2, 1]
    assert [calls(backend, 0.5) for backend in (first, second) * 3] == [1] * 6
    assert [calls(backend, 60) for backend in (first, second)] == [2, 2]
    assert [calls(backend, 60) for backend in (first, second) * 3] == [1] * 6


def test_senders_that_wait_at_the_same_moment_share_a_call() -> None:
    processes = Processes(1)
    store = SharedStore("dynamodb://test", processes.backends[0], clock=processes.clock)

    def send() -> None:
        for _ in range(10):
            slot = granted(store.reserve(KEY, demand(max_wait=1e6, quota=1e6)))
            store.accepted(KEY, slot)

    calls = processes.calls(lambda: at_once([send] * 32))
    assert calls < 320 / 2
    assert Record(processes.item()).whole("t") == 320


def test_a_quota_of_100_gives_8_processes_exactly_100() -> None:
    processes = Processes(8)
    answers: list[Slot | Refused] = []

    def send(backend: DynamoDBBackend) -> None:
        for _ in range(20):
            answers.append(one(backend, demand(max_wait=1e6, quota=100.0)))

    at_once([partial(send, backend) for backend in processes.backends])
    assert sum(isinstance(answer, Slot) for answer in answers) == 100
    assert {answer.category for answer in answers if isinstance(answer, Refused)} == {"daily_quota"}
    assert Record(processes.item()).whole("t") == 100


def test_batches_near_the_quota_use_it_up_and_no_more() -> None:
    """A batch that does not fit whole reserves for as many as fit, and refuses the rest."""
    processes = Processes(4)
    answers: list[Slot | Refused] = []

    def send(backend: DynamoDBBackend) -> None:
        for _ in range(4):
            answers.extend(reserve(backend, *[demand(max_wait=1e6, quota=50.0)] * 7).answers)

    at_once([partial(send, backend) for backend in processes.backends])
    assert sum(isinstance(answer, Slot) for answer in answers) == 50


def test_a_batch_is_reserved_in_order_and_refused_where_the_wait_would_be_too_long() -> None:
    (backend,) = Processes(1).backends
    granted(one(backend, demand(10)))
    short, long = demand(max_wait=1.1), demand(max_wait=60.0)
    answers = reserve(backend, short, short, short, short, long).answers
    assert [type(answer) for answer in answers] == [Slot, Slot, Slot, Refused, Slot]
    assert [granted(answers[at]).wait for at in (0, 1, 2, 4)] == [0.9, 1.0, 1.1, 1.2]
    assert refused(answers[3]).retry_after == 1.2


def test_who_takes_no_wait_gets_what_is_free_at_the_moment() -> None:
    """``on_limit=raise``: 2 of 32 fit into the tolerance of a tenth of a second at 10/s."""
    processes = Processes(1)
    (backend,) = processes.backends
    answers = reserve(backend, *[demand(max_wait=0.0)] * 32).answers
    assert sum(isinstance(answer, Slot) for answer in answers) == 2
    assert {refused(answer).retry_after for answer in answers[2:]} == {0.1}


def test_a_refused_reservation_leaves_the_item_as_it_was() -> None:
    processes = Processes(2)
    first, second = processes.backends
    granted(one(first, demand(50, quota=60.0)))
    before = processes.item()
    for backend in (first, second):
        assert refused(one(backend, demand(max_wait=1.0))).category == "send_rate"
        assert refused(one(backend, demand(11, quota=60.0))).category == "daily_quota"
        reserve(backend, demand(max_wait=1.0), demand(11, quota=60.0))
    assert processes.item() == before


def test_a_slot_is_given_back_once() -> None:
    (backend,) = Processes(1).backends
    first = granted(one(backend, demand(10, quota_recipients=0)))
    backend.give_back(KEY, first)
    again = granted(one(backend, demand(10, quota_recipients=0)))
    assert again.start == first.start
    granted(one(backend, demand(10, quota_recipients=0)))
    backend.give_back(KEY, first)
    assert granted(one(backend, demand())).start == first.start + 2 * SECOND


def test_a_cut_of_one_process_is_known_to_the_others_at_once() -> None:
    processes = Processes(2)
    first, second = processes.backends
    slots = [granted(one(backend, demand())) for backend in (first, second, first, second)]
    processes.clock.advance(1)
    assert first.throttled(KEY, slots[0]) == 8.0
    assert [second.throttled(KEY, slots[1]), second.throttled(KEY, slots[3])] == [None, None]
    slot = granted(one(second, demand()))
    assert slot.end - slot.start == SECOND // 8


def test_a_rate_that_nobody_told_is_learned_from_what_all_processes_had_accepted() -> None:
    """The first throttle sets the rate to what SES accepted in the second before."""
    processes = Processes(2)
    unknown = demand(rate=None)
    processes.clock.now += SECOND // 2
    for _ in range(5):
        for backend in processes.backends:
            slot = granted(one(backend, unknown))
            assert slot.wait == 0
            backend.hear(KEY, Outcomes(confirmed=1, accepted=1))
    processes.clock.advance(1)
    reserve(processes.backends[1], unknown, outcomes=Outcomes(accepted=4))
    assert processes.backends[0].throttled(KEY, slot) == 10.0


def test_hosts_whose_clocks_differ_count_one_second_together_and_cut_once() -> None:
    """One is half a second ahead: what it did is not undone by the one behind."""
    clock = Clock()
    processes = Processes(1, clock)
    (behind,) = processes.backends
    ahead = backend_at(processes.server.endpoint, processes.table, lambda: clock() + SECOND // 2)
    clock.advance(0.7)
    for _ in range(3):
        for backend in (behind, ahead):
            backend.hear(KEY, Outcomes(accepted=2))
    slots = [granted(one(backend, demand(rate=None))) for backend in (behind, ahead, behind)]
    assert ahead.throttled(KEY, slots[1]) == 10.0
    assert behind.throttled(KEY, slots[0]) is None
    assert behind.throttled(KEY, slots[2]) is None


def test_a_slot_in_the_middle_that_is_given_back_is_uncounted() -> None:
    (backend,) = Processes(1).backends
    first, second = (granted(one(backend, demand(10, quota=20.0))) for _ in range(2))
    backend.give_back(KEY, first)
    assert granted(one(backend, demand(10, quota=20.0))).start == second.end


def test_a_slot_without_a_rate_that_is_given_back_is_uncounted() -> None:
    (backend,) = Processes(1).backends
    for _ in range(3):
        backend.give_back(KEY, granted(one(backend, demand(10, rate=None, quota=10.0))))


def test_a_used_up_quota_is_shut_for_all_until_the_account_says_otherwise() -> None:
    processes = Processes(2)
    first, second = processes.backends
    slot = granted(one(second, demand(quota=100.0)))
    first.exhausted(KEY, slot)
    simulator = demand(quota=100.0, quota_recipients=0)
    for backend in (first, second):
        answers = reserve(backend, demand(quota=100.0), simulator).answers
        assert refused(answers[0]) == Refused("daily_quota", 600.0)
        granted(answers[1])
        assert backend.standing(KEY, 10.0, 100.0)[1::2] == (0.0, 600.0)
    first.learn(KEY, SendQuota(10.0, 100.0, 100.0), None)
    assert refused(one(second, demand(quota=100.0))).retry_after == 600.0
    first.learn(KEY, SendQuota(10.0, 100.0, 99.0), None)
    granted(one(second, demand(quota=100.0)))
    # No own recipient leaves the window: the next hour may tell more.
    first.learn(KEY, SendQuota(10.0, 100.0, 101.0), None)
    assert refused(one(second, demand(2, quota=100.0))).retry_after == 3600.0


def test_outcomes_and_the_sign_of_life_come_along_with_a_reservation() -> None:
    processes = Processes(1)
    (backend,) = processes.backends
    slot = granted(one(backend, demand(30, quota=100.0)))
    outcomes = Outcomes(confirmed=10, released=((slot.cell, 20),), spent=5)
    calls = processes.calls(
        lambda: reserve(backend, demand(quota=100.0), outcomes=outcomes, beats="me")
    )
    assert calls == 1
    record = Record(processes.item())
    assert (record.whole("t"), record.whole("f"), record.in_flight) == (10 + 5 + 1, 15, 1)
    assert record.peers.keys() == {presence.name_of("me")}


def test_outcomes_are_told_when_everything_is_refused() -> None:
    processes = Processes(1)
    (backend,) = processes.backends
    slot = granted(one(backend, demand(50, quota=50.0)))
    outcomes = Outcomes(confirmed=20, released=((slot.cell, 30),))
    reply = reserve(backend, demand(max_wait=0.0), outcomes=outcomes, beats="me")
    assert refused(reply.answers[0]).category == "send_rate"
    assert (Record(processes.item()).whole("t"), reply.peers) == (20, 1)


def test_released_and_reserved_recipients_of_one_call_that_cancel_out_change_nothing() -> None:
    processes = Processes(1)
    (backend,) = processes.backends
    slot = granted(one(backend, demand(3)))
    granted(one(backend, demand(3), outcomes=Outcomes(released=((slot.cell, 3),))))
    assert Record(processes.item()).whole("t") == 3


def test_recipients_leave_the_count_with_the_hour_that_leaves_the_window() -> None:
    processes = Processes(2)
    first, second = processes.backends
    granted(one(first, demand(60, quota=100.0)))
    processes.clock.now += HOUR
    granted(one(second, demand(40, quota=100.0)))
    processes.clock.now += DAY - HOUR
    full = refused(one(first, demand(quota=100.0)))
    assert (full.category, full.retry_after) == ("daily_quota", 3600.0)
    processes.clock.now += HOUR
    assert first.standing(KEY, 10.0, 100.0).remaining_24_hours == 60
    granted(one(second, demand(60, quota=100.0)))
    assert refused(one(first, demand(quota=100.0))).category == "daily_quota"
    assert Record(processes.item()).cells == {241: 40, 265: 60}


def test_processes_that_see_an_hour_begin_together_count_it_once() -> None:
    processes = Processes(4)
    for hour in (240, 241, 242, 264, 265):
        processes.clock.now = hour * HOUR
        at_once([partial(one, backend, demand(quota=1e6)) for backend in processes.backends])
    record = Record(processes.item())
    assert record.cells == {241: 4, 242: 4, 264: 4, 265: 4}
    assert (record.whole("t"), record.whole("r")) == (16, 20)


def test_the_hour_begins_for_all_while_their_outcomes_land() -> None:
    """What is lost with a process is written off two hours later, and only then."""
    processes = Processes(1)
    (backend,) = processes.backends
    granted(one(backend, demand(7)))
    processes.clock.now += HOUR
    granted(one(backend, demand(1)))
    assert Record(processes.item()).in_flight == 8
    processes.clock.now += HOUR
    granted(one(backend, demand(1), outcomes=Outcomes(confirmed=1)))
    assert Record(processes.item()).in_flight == 1
    assert backend.standing(KEY, 10.0, 100.0).remaining_24_hours == 91


def test_what_was_refused_a_day_ago_stays_counted() -> None:
    """Its cell may have left the window already: it is not subtracted twice."""
    processes = Processes(1)
    (backend,) = processes.backends
    slot = granted(one(backend, demand(7)))
    processes.clock.now += DAY
    backend.give_back(KEY, slot)
    assert Record(processes.item()).cells == {240: 7}
    processes.clock.now += HOUR
    granted(one(backend, demand()))
    assert Record(processes.item()).whole("t") == 1


def test_nothing_starts_before_what_the_process_knows_to_be_taken() -> None:
    """An item that was deleted has forgotten the queue."""
    processes = Processes(1)
    (backend,) = processes.backends
    now = processes.clock.now
    assert granted(one(backend, demand(), floor=5 * SECOND)).start == now + 5 * SECOND
    assert granted(one(backend, demand(), floor=5 * SECOND)).wait == 5.0
    assert refused(one(backend, demand(max_wait=1.0), floor=9 * SECOND)).retry_after == 8.9
    assert granted(one(backend, demand(), floor=-SECOND)).wait == 5.1


def test_one_of_several_processes_asks_the_account() -> None:
    processes = Processes(4)
    first, *others = processes.backends
    granted(one(first, demand(3)))
    turns = [backend.turn(KEY, 60.0) for backend in (first, *others)]
    assert [turn.asks for turn in turns] == [True, False, False, False]
    assert {turn.again for turn in turns[1:]} == {0.2}
    first.learn(KEY, SendQuota(14.0, 50_000.0, 100.0), turns[0].mark)
    processes.clock.advance(15)
    for backend in others:
        turn = backend.turn(KEY, 60.0)
        assert (turn.quota, turn.asks, turn.again) == ((14.0, 50_000.0, 100.0), False, 45.0)
    assert first.standing(KEY, 14.0, 50_000.0).remaining_24_hours == 50_000 - 100 - 3
    processes.clock.advance(45)
    asks: list[bool] = []

    def ask(backend: DynamoDBBackend) -> None:
        asks.append(backend.turn(KEY, 60.0).asks)

    at_once([partial(ask, backend) for backend in processes.backends])
    assert sorted(asks) == [False, False, False, True]


def test_a_turn_that_brings_no_answer_passes_on() -> None:
    processes = Processes(2)
    first, second = processes.backends
    assert first.turn(KEY, 60.0).asks
    processes.clock.advance(5)
    assert second.turn(KEY, 60.0).asks


@pytest.mark.parametrize("number", [1, 2, 8, 11])
def test_a_few_processes_are_counted(number: int) -> None:
    processes = Processes(1)
    (backend,) = processes.backends
    for _ in range(2):
        replies = [reserve(backend, demand(), beats=f"process {at}") for at in range(number)]
        assert replies[-1].peers == number
        processes.clock.advance(5)
    processes.clock.advance(60)
    assert reserve(backend, demand(), beats="process 0").peers == 1
    assert len(Record(processes.item()).peers) == 1


@pytest.mark.parametrize("number", [20, 100, 1000])
def test_many_processes_are_estimated_and_few_of_them_named(number: int) -> None:
    item: dict[str, dict[str, str]] = {}
    for at in range(number):
        change = Change()
        presence.beat(change, Record(item), f"process {at}", 10 * DAY)
        request = change.request()
        for part in request["UpdateExpression"].split("REMOVE"):
            for name in request["ExpressionAttributeNames"]:
                if f"{name} = " in part:
                    value = part.split(f"{name} = ")[1].split(",")[0].strip()
                    item[name[1:]] = request["ExpressionAttributeValues"][value]
                elif name in part:
                    del item[name[1:]]
    assert len(item) == presence.HELD
    assert number / 2 < presence.peers(Record(item), 10 * DAY) < number * 2


def test_the_item_of_a_busy_day_stays_below_one_write_unit() -> None:
    """One write unit is 1 KB (developer guide, "DynamoDB item sizes and formats")."""
    processes = Processes(1)
    (backend,) = processes.backends
    processes.clock.now += 20_000 * DAY + 123_457
    for hour in range(26):
        wanted = demand(999_983, rate=10_000.123, quota=1e9, max_wait=1e6)
        slot = granted(one(backend, wanted, beats=f"process {hour}"))
        backend.hear(KEY, Outcomes(confirmed=999_983, accepted=99_991))
        processes.clock.now += HOUR
    for name in range(20):
        reserve(backend, demand(rate=None), beats=f"process {name}")
    assert backend.throttled(KEY, slot)
    turn = backend.turn(KEY, 60.0)
    backend.learn(KEY, SendQuota(10_000.123, 864_000_000.5, 123_456_789.25), turn.mark)
    backend.turn(KEY, 0.000_001)
    backend.exhausted(KEY, slot)
    item = processes.item()
    assert (len(Record(item).cells), len(Record(item).peers)) == (25, presence.HELD)
    assert size_of(item) < 1024


def size_of(item: dict[str, Any]) -> int:
    """Bytes, as the developer guide has it: a number takes a byte for two digits, and one more."""
    size = 0
    for name, value in item.items():
        digits = value.get("N", "").strip("-").replace(".", "")
        size += len(name) + (len(digits) // 2 + 2 if digits else len(value["S"]))
    return size


@pytest.mark.parametrize(
    "attributes",
    [{"n": {"S": "soon"}}, {"c240": {"N": "1.5"}}, {"x": {"M": {}}}, {"p00": {"S": "now"}}],
)
def test_an_item_that_is_no_budget_is_a_failure_by_name(attributes: dict[str, Any]) -> None:
    processes = Processes(1)
    processes.put(**attributes)
    with pytest.raises(BackendFailure, match="^not a budget$"):
        one(processes.backends[0], demand())


OPERATION = st.one_of(
    st.tuples(
        st.just("reserve"),
        st.integers(1, 50),
        st.sampled_from([None, 10.0, 14.0, 250.0]),
        st.sampled_from([None, -1.0, 100.0, 300.0]),
        st.sampled_from([0.0, 1.0, 60.0]),
    ),
    st.tuples(
        st.sampled_from(["give_back", "rejected", "throttled", "exhausted", "accepted"]),
        st.integers(0, 9),
    ),
    st.tuples(st.just("advance"), st.sampled_from([0.05, 0.7, 5.0, 30.0])),
    st.tuples(st.just("learn"), st.integers(0, 120)),
)


@settings(max_examples=15, deadline=None)
@given(st.lists(OPERATION, min_size=5, max_size=25))
def test_a_table_gives_what_a_budget_gives(operations: list[tuple[Any, ...]]) -> None:
    """Within five minutes, and but for the parts of a microsecond that a budget carries on.

    Two processes take turns, so that each goes by what it saw before the other changed it.
    """
    processes = Processes(2, clock := Clock())
    budget = Budget()
    slots: list[tuple[Slot, Slot]] = []
    for number, (name, *values) in enumerate(operations):
        backend = processes.backends[number % 2]
        if name == "advance":
            clock.advance(*values)
        elif name == "reserve":
            recipients, rate, quota, max_wait = values
            wanted = demand(recipients, rate=rate, quota=quota, max_wait=max_wait)
            theirs, ours = one(backend, wanted), budget.reserve(wanted, clock.now)
            if type(theirs) is not type(ours):  # a few microseconds tipped the scales
                assert [time_of(theirs), time_of(ours)] == pytest.approx(
                    [max_wait] * 2, abs=CARRIED
                )
                return
            assert time_of(theirs) == pytest.approx(time_of(ours), abs=CARRIED)
            if isinstance(ours, Slot):
                slots.append((granted(theirs), ours))
        elif name == "learn":
            turn = backend.turn(KEY, 20.0)
            assert turn == budget.turn(20.0, clock.now)
            told = SendQuota(14.0, 300.0, float(values[0]))
            backend.learn(KEY, told, turn.mark)
            budget.learn(told, turn.mark, clock.now)
        elif slots:
            theirs, ours = slots.pop(values[0] % len(slots))
            settle(backend, budget, name, theirs, ours, clock.now)
        found = backend.standing(KEY, 10.0, 300.0)
        assert found[:2] == budget.standing(10.0, 300.0, clock.now)[:2]


CARRIED = 0.002
"""Seconds: what a budget carries on at 250/s is as much as 250 microseconds after a cut to 1/s."""


def time_of(answer: Slot | Refused) -> float:
    """How long to wait; room in the quota shows by the cell, and cells differ."""
    if isinstance(answer, Slot):
        return answer.wait
    return answer.retry_after if answer.category == "send_rate" else 0.0


def settle(
    backend: DynamoDBBackend, budget: Budget, outcome: str, theirs: Slot, ours: Slot, now: int
) -> None:
    """Tell both what became of a slot."""
    counted = ours.demand.quota_recipients
    if outcome == "give_back":
        backend.give_back(KEY, theirs)
        budget.give_back(ours)
    elif outcome == "rejected":
        backend.hear(KEY, Outcomes(released=((theirs.cell, counted),)))
        budget.rejected(ours)
    elif outcome == "accepted":
        accepted = ours.demand.recipients if ours.demand.rate is None else 0
        backend.hear(KEY, Outcomes(confirmed=counted, accepted=accepted))
        budget.accepted(ours, now)
    elif outcome == "throttled":
        assert backend.throttled(KEY, theirs) == budget.throttled(ours, now)
    else:
        backend.exhausted(KEY, theirs)
        budget.exhausted(ours, now)


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("dynamodb://Budgets", Address("Budgets", None, None)),
        ("dynamodb://a.b-c_9/", Address("a.b-c_9", None, None)),
        ("dynamodb://mail?region=eu-west-1", Address("mail", "eu-west-1", None)),
        (
            "dynamodb://mail?region=us-gov-west-1&endpoint=http://127.0.0.1:5000",
            Address("mail", "us-gov-west-1", "http://127.0.0.1:5000"),
        ),
        (
            "dynamodb://mail?endpoint=https%3A%2F%2Fvpce-1.example%2F",
            Address("mail", None, "https://vpce-1.example/"),
        ),
    ],
)
def test_the_address_of_a_table(url: str, address: Address) -> None:
    assert address_of(url) == address
    check_dynamodb_url(url)


@pytest.mark.parametrize(
    "url",
    [
        "dynamodb://",
        "dynamodb:table",
        "dynamodb://ab",
        "dynamodb://user:secret@table",
        "dynamodb://table/secret",
        "dynamodb://table#secret",
        "dynamodb://table?secret",
        "dynamodb://table?password=secret",
        "dynamodb://table?region=eu-west-1&region=eu-west-2",
        "dynamodb://table?region=secret%20",
        "dynamodb://table?endpoint=ftp://secret",
        "dynamodb://table?endpoint=http://user:secret@host",
        "dynamodb://table?endpoint=http://host/secret",
        "dynamodb://[secret",
        "redis://table",
    ],
)
def test_an_address_that_makes_no_sense_is_refused_and_not_shown(url: str) -> None:
    with pytest.raises(SettingError, match="accepted is dynamodb://table") as caught:
        open_dynamodb_store(url, "local")
    assert "secret" not in str(caught.value)


def test_a_process_has_one_store_for_an_address() -> None:
    one_store = open_dynamodb_store("dynamodb://one-table", "local")
    assert open_dynamodb_store("dynamodb://one-table", "local") is one_store
    assert open_dynamodb_store("dynamodb://one-table", "raise") is not one_store


def test_a_new_table_forgets_unused_budgets() -> None:
    processes = Processes(1)
    granted(one(processes.backends[0], demand()))
    described = client(processes.server.endpoint).describe_time_to_live(TableName=processes.table)
    assert described["TimeToLiveDescription"]["AttributeName"] == "ttl"
    assert int(processes.item()["ttl"]["N"]) == processes.clock.now // SECOND + 49 * 3600
