"""What processes that share a budget do for each other, and without the store."""

from __future__ import annotations

import itertools
import logging
import os
import threading
import warnings
from typing import Any

import pytest

from botoses_guard.errors import SettingWarning
from botoses_guard.pacing import Refused, SendQuota, Slot, notices, shared
from botoses_guard.pacing.backend import BackendMistake
from botoses_guard.pacing.budget import NO_OUTCOMES, Outcomes
from botoses_guard.pacing.schedule import TOLERANCE
from botoses_guard.pacing.shared import LOCAL_PART, MARGIN

from .clock import SECOND
from .demands import demand, granted, refused
from .processes import KEY, Processes
from .virtual_hosts import VirtualHosts

HOUR_OF_QUEUE = demand(max_wait=1e6)


def test_what_became_of_slots_is_told_with_the_next_reservation() -> None:
    processes = Processes()
    for _ in range(3):
        processes.store.accepted(KEY, granted(processes.reserve(wanted=demand(2))))
    assert processes.way.steps == {"reserve": 3}
    processes.reserve()
    assert processes.way.told == [Outcomes(confirmed=2)] * 3


def test_where_no_rate_is_known_all_accepted_recipients_are_told() -> None:
    processes = Processes()
    wanted = demand(5, rate=None, quota_recipients=0)
    processes.store.accepted(KEY, granted(processes.reserve(wanted=wanted)))
    processes.reserve()
    assert processes.way.told == [Outcomes(accepted=5)]


def test_outcomes_of_a_trip_that_fails_are_told_with_the_next_one() -> None:
    processes = Processes()
    slots = [granted(processes.reserve(wanted=demand(2, quota=100.0))) for _ in range(4)]
    processes.store.accepted(KEY, slots[0])
    processes.fail()
    processes.reserve()
    processes.store.accepted(KEY, slots[1])
    processes.store.rejected(KEY, slots[2])
    processes.store.give_back(KEY, slots[3])
    assert processes.way.told == []
    processes.come_back()
    cell = slots[2].cell
    assert processes.way.told == [Outcomes(confirmed=4, released=((cell, 4),), spent=1)]
    assert processes.budget.daily._total == 8 - 4 + 1 + 1


def test_a_rejection_is_told_at_once() -> None:
    """Others may need the quota now, and this process may send no more."""
    processes = Processes()
    slot = granted(processes.reserve(wanted=demand(3, quota=3.0)))
    processes.store.rejected(KEY, slot)
    assert processes.way.told == [Outcomes(released=((slot.cell, 3),))]
    granted(processes.reserve(wanted=demand(3, quota=3.0)))


def test_what_does_not_count_to_the_quota_is_not_released() -> None:
    processes = Processes()
    processes.store.rejected(KEY, granted(processes.reserve(wanted=demand(quota_recipients=0))))
    assert processes.way.steps == {"reserve": 1}


@pytest.mark.parametrize("outcome", ["throttled", "exhausted", "give_back", "rejected"])
def test_quota_is_released_even_if_the_store_is_away(outcome: str) -> None:
    processes = Processes()
    slot = granted(processes.reserve(wanted=demand(3, quota=10.0)))
    processes.fail()
    getattr(processes.store, outcome)(KEY, slot)
    processes.come_back()
    assert processes.budget.daily._total == 1, "that of coming back alone"


def test_a_throttle_is_told_at_once_and_cuts_the_rate_of_all() -> None:
    processes = Processes(2)
    slot = granted(processes.reserve())
    processes.clock.advance(1)
    assert processes.store.throttled(KEY, slot) == 8.0
    assert processes.stores[1].standing(KEY, 10.0, None).rate == 8.0
    assert processes.store.throttled(KEY, slot) is None


def test_one_process_that_waits_repairs_a_store_that_forgot() -> None:
    """Those who come after the flush go after those who wait since before it."""
    processes = Processes()
    waits = [processes.go(wanted=HOUR_OF_QUEUE) for _ in range(128)]
    processes.server.forget()
    after = [processes.go(wanted=HOUR_OF_QUEUE) for _ in range(3)]
    assert after[0] >= waits[-1] + 0.1 - MARGIN / SECOND - 1e-6
    assert after[2] - after[0] == pytest.approx(0.2)


def test_of_two_processes_the_first_to_return_knows_its_own_slots_only() -> None:
    processes = Processes(2)
    mine = [processes.go(0) for _ in range(10)]
    theirs = [processes.go(1) for _ in range(10)]
    processes.server.forget()
    overlap = processes.go(0)
    assert mine[-1] < overlap < theirs[-1]
    assert processes.go(1) >= theirs[-1] + 0.1 - MARGIN / SECOND - 1e-6
    assert processes.go(0) > theirs[-1] + 0.1, "now the store knows"


def test_a_process_that_waits_does_not_push_the_queue_on() -> None:
    """Else each reservation would cost the queue the time of a trip."""
    processes = Processes()
    delays = itertools.cycle([0.0, MARGIN / SECOND * 0.9])
    processes.way.on_step = lambda: processes.clock.advance(next(delays))
    slots = [granted(processes.reserve()) for _ in range(20)]
    assert {after.start - before.end for before, after in zip(slots, slots[1:], strict=False)} == {
        0
    }


def test_a_slot_that_is_given_back_is_no_floor() -> None:
    processes = Processes()
    slots = [granted(processes.reserve(wanted=demand(20))) for _ in range(3)]
    for slot in reversed(slots[1:]):
        processes.store.give_back(KEY, slot)
    assert granted(processes.reserve()).start == slots[0].end
    assert granted(processes.reserve()).start == slots[0].end + SECOND // 10


def test_processes_are_counted_as_they_show_themselves() -> None:
    processes = Processes(3)
    for process in range(3):
        processes.reserve(process)
    processes.clock.advance(6)
    for process in range(3):
        processes.reserve(process)
    processes.fail()
    rates = [store.standing(KEY, 30.0, None).rate for store in processes.stores]
    processes.reserve()
    rates.append(processes.store.standing(KEY, 30.0, None).rate)
    assert rates[-1] == 30.0 * LOCAL_PART / 3


def test_a_process_shows_itself_ever_less_often_up_to_every_five_seconds() -> None:
    processes = Processes()
    beats = []
    for tick in range(200):
        before = processes.server.beats
        processes.reserve()
        if processes.server.beats > before:
            beats.append(tick / 10)
        processes.clock.advance(0.1)
    assert beats == pytest.approx([0.0, 0.3, 0.8, 1.8, 3.8, 7.8, 12.8, 17.8])


def test_a_process_shows_itself_until_it_was_heard() -> None:
    processes = Processes()
    processes.fail()
    processes.reserve()
    assert processes.server.beats == 0
    processes.come_back()
    assert processes.server.beats == 1


def part_without_the_store(processes: Processes, process: int) -> float:
    """What a process would use of a rate of 1/s."""
    processes.fail()
    processes.reserve(process)
    rate = processes.stores[process].standing(KEY, 1.0, None).rate
    assert rate is not None
    return rate


def test_a_store_that_forgot_its_processes_makes_none_take_the_part_of_others() -> None:
    """The first one to show itself after a flush would be the only one there."""
    processes = Processes(3)
    for _ in range(2):
        for process in range(3):
            processes.reserve(process)
        processes.clock.advance(6)
    processes.server.forget()
    processes.reserve()
    assert part_without_the_store(processes, 0) == LOCAL_PART / 3


def test_processes_that_are_gone_for_long_leave_their_part_to_the_others() -> None:
    processes = Processes(3)
    for _ in range(2):
        for process in range(3):
            processes.reserve(process)
        processes.clock.advance(6)
    for _ in range(25):
        processes.reserve()
        processes.clock.advance(6)
    assert part_without_the_store(processes, 0) == LOCAL_PART


def spaced_by(processes: Processes, number: int = 4) -> list[float]:
    waits = [processes.go() for _ in range(number)]
    return [after - before for before, after in zip(waits[1:], waits[2:], strict=False)]


def test_without_its_store_a_process_goes_on_with_its_part_of_the_rate() -> None:
    processes = Processes(2)
    for process in range(2):
        processes.reserve(process)
    processes.clock.advance(6)
    for process in range(2):
        processes.reserve(process)
    processes.fail()
    assert spaced_by(processes) == pytest.approx([2 / (10 * LOCAL_PART)] * 2)


def test_one_that_never_heard_from_its_store_takes_one_process_for_each_cpu() -> None:
    processes = Processes()
    processes.fail()
    assert spaced_by(processes) == pytest.approx([(os.cpu_count() or 1) / (10 * LOCAL_PART)] * 2)


@pytest.mark.parametrize("uniform", [0.0, 0.25, 0.999])
def test_it_goes_on_after_its_last_slot_and_a_random_part_of_an_interval(uniform: float) -> None:
    """Processes that were cut off together do not go on together."""
    processes = Processes(uniform=uniform)
    last = granted(processes.reserve(wanted=demand(50)))
    processes.clock.advance(1)
    processes.fail()
    slot = granted(processes.reserve())
    after_last = slot.start - last.end
    assert after_last == pytest.approx(uniform / (10 * LOCAL_PART) * SECOND, abs=1)


def test_looking_and_asking_without_the_store_does_not_spoil_the_handover() -> None:
    processes = Processes()
    last = granted(processes.reserve(wanted=demand(50)))
    processes.fail()
    processes.store.standing(KEY, 10.0, 100.0)
    processes.store.turn(KEY, 60.0)
    processes.store.learn(KEY, SendQuota(10.0, 100.0, 50.0), None)
    assert granted(processes.reserve()).start >= last.end


def test_without_a_rate_nothing_is_paced_without_the_store_either() -> None:
    processes = Processes()
    processes.fail()
    assert [processes.go(wanted=demand(rate=None)) for _ in range(5)] == [0.0] * 5


def test_the_queue_goes_on_after_the_slots_of_an_outage() -> None:
    processes = Processes()
    processes.reserve()
    processes.fail()
    last = [granted(processes.reserve()) for _ in range(30)][-1]
    processes.fail(None)
    processes.clock.advance(1)
    slot = granted(processes.reserve())
    assert slot.outage is None
    assert slot.start - last.start == pytest.approx(SECOND / 10, abs=MARGIN + 1)


def test_a_long_slot_of_an_outage_holds_the_queue_by_the_rate_of_all() -> None:
    """The others would wait for nobody."""
    processes = Processes(4)
    for _ in range(2):
        for process in range(4):
            processes.reserve(process)
        processes.clock.advance(6)
    processes.fail()
    slot = granted(processes.reserve(wanted=demand(50)))
    assert slot.end - slot.start > 20 * SECOND
    processes.fail(None)
    processes.clock.advance(1)
    held = granted(processes.reserve()).start - slot.start
    assert held == pytest.approx(5 * SECOND, abs=MARGIN + 1)


def test_a_slot_of_an_outage_that_is_given_back_is_free_there_and_no_floor() -> None:
    processes = Processes()
    processes.reserve()
    processes.fail()
    first = granted(processes.reserve())
    slots = [granted(processes.reserve(wanted=demand(20))) for _ in range(2)]
    for slot in reversed(slots):
        processes.store.give_back(KEY, slot)
    assert granted(processes.reserve()).start == first.end
    processes.come_back()
    assert processes.budget.daily._total == 1 + 2 + 1


@pytest.mark.parametrize("forgets", [False, True], ids=["back", "back and empty"])
def test_no_burst_when_the_store_goes_or_returns(forgets: bool) -> None:
    """Four processes of four, an outage of 20 s: what goes in any 5 s stays below 1.15 times the
    rate, and the rate is used up before and after, and most of it meanwhile."""
    rate = 50.0
    hosts = VirtualHosts(4, 4, demand(rate=rate), seed=3)

    def cut(kind: str | None) -> None:
        for host in hosts.hosts:
            host.backend.failure = kind

    hosts.at(20, lambda: cut("refused"))
    hosts.at(40, lambda: cut(None))
    if forgets:
        hosts.at(39.9, hosts.server.forget)
    hosts.run(115)
    assert hosts.most_in(5.0) <= 1.15 * rate * 5 + TOLERANCE / SECOND * rate + 1
    assert hosts.sent_between(5, 20) >= 0.98 * rate * 15
    assert hosts.sent_between(22, 40) >= 0.98 * LOCAL_PART * rate * 18
    assert hosts.sent_between(40, 95) >= 0.98 * LOCAL_PART * rate * 55
    assert hosts.sent_between(100, 115) >= 0.98 * rate * 15


def test_a_process_that_is_back_keeps_to_its_part_until_the_others_must_be_too() -> None:
    """They still use theirs, and the store does not know of it."""
    processes = Processes(2)
    for _ in range(2):
        for process in range(2):
            processes.reserve(process)
        processes.clock.advance(6)
    processes.fail()
    processes.reserve()
    processes.fail(None)
    processes.clock.advance(1)
    back = [granted(processes.reserve()) for _ in range(4)]
    assert [slot.outage for slot in back] == [None] * 4
    assert back[3].wait - back[2].wait == pytest.approx(2 / (10 * LOCAL_PART))
    answer = refused(processes.reserve(wanted=demand(max_wait=0.6)))
    assert (answer.category, answer.retry_after > 0.6) == ("send_rate", True)
    assert processes.way.steps["give_back"] == 1
    processes.clock.advance(1.3)
    later = [granted(processes.reserve()) for _ in range(6)]
    assert later[5].wait - later[4].wait == pytest.approx(0.1)


def test_a_process_that_is_alone_is_back_at_once() -> None:
    processes = Processes()
    processes.reserve()
    processes.fail()
    processes.reserve()
    processes.fail(None)
    processes.clock.advance(1)
    back = [granted(processes.reserve()).wait for _ in range(4)]
    assert back[3] - back[2] == pytest.approx(0.1)


def test_recipients_of_an_outage_are_told_on_return() -> None:
    processes = Processes()
    processes.reserve(wanted=demand(quota=100.0))
    processes.fail()
    slots = [granted(processes.reserve(wanted=demand(3, quota=100.0))) for _ in range(4)]
    processes.store.accepted(KEY, slots[0])
    processes.store.rejected(KEY, slots[1])
    processes.store.throttled(KEY, slots[2])
    processes.come_back()
    assert processes.way.told == [Outcomes(spent=6)]
    assert processes.budget.daily._total == 1 + 6 + 1


def test_an_outage_may_use_this_process_s_part_of_what_was_left_of_the_quota() -> None:
    processes = Processes(2)
    for process in range(2):
        processes.reserve(process, demand(10, quota=100.0))
    processes.clock.advance(6)
    for process in range(2):
        processes.reserve(process, demand(10, quota=100.0))
    processes.fail()
    sent = [0, 0]
    for process in range(2):
        while not isinstance(
            answer := processes.reserve(process, demand(5, quota=100.0, max_wait=1e6)),
            Refused,
        ):
            sent[process] += answer.demand.recipients
        assert answer.category == "daily_quota"
    assert sent == [35, 30], "half of what each last heard of"
    standing = processes.store.standing(KEY, 10.0, 100.0)
    assert standing.remaining_24_hours == 0.0


def test_one_that_never_heard_from_its_store_may_use_a_part_of_the_quota() -> None:
    processes = Processes()
    processes.fail()
    part = 100.0 / (os.cpu_count() or 1)
    wanted = demand(quota=100.0, max_wait=1e6)
    sent = sum(isinstance(processes.reserve(wanted=wanted), Slot) for _ in range(110))
    assert sent == int(part)


def test_the_account_s_own_figure_counts_in_an_outage_too() -> None:
    """It holds what all have sent: this process's part is of the rest."""
    processes = Processes()
    processes.reserve(wanted=demand(quota=100.0))
    processes.fail()
    for _ in range(9):
        processes.reserve(wanted=demand(quota=100.0))
    assert processes.store.turn(KEY, 60.0).asks
    processes.store.learn(KEY, SendQuota(10.0, 100.0, 70.0), None)
    assert processes.store.standing(KEY, 10.0, 100.0).remaining_24_hours == 30.0
    told = processes.store.turn(KEY, 60.0)
    assert (told.asks, told.quota) == (False, SendQuota(10.0, 100.0, 70.0))


def test_what_the_store_was_told_after_an_outage_does_not_count_in_the_next() -> None:
    """It is in what the store last said to be left."""
    processes = Processes(2, uniform=0.5)
    for _ in range(2):
        for process in range(2):
            processes.reserve(process, demand(quota=1000.0))
        processes.clock.advance(6)
    processes.fail()
    for _ in range(5):
        processes.reserve(wanted=demand(100, quota=1000.0, max_wait=1e6))
    processes.fail(None)
    processes.clock.advance(1)
    granted(processes.reserve(wanted=demand(quota=1000.0, max_wait=1e6)))
    granted(processes.reserve(wanted=demand(quota=1000.0, max_wait=1e6)))
    processes.fail()
    granted(processes.reserve(wanted=demand(200, quota=1000.0, max_wait=1e6)))


def test_without_a_quota_an_outage_has_none() -> None:
    processes = Processes()
    processes.fail()
    for quota in (None, -1.0):
        granted(processes.reserve(wanted=demand(1000, quota=quota, max_wait=1e6)))


def test_an_answer_that_was_asked_for_in_an_outage_has_no_mark() -> None:
    """Else all that was ever confirmed would count on top of the account's figure."""
    processes = Processes()
    for _ in range(30):
        processes.store.accepted(KEY, granted(processes.reserve(wanted=demand(quota=100.0))))
    processes.fail()
    processes.reserve(wanted=demand(quota=100.0))
    turn = processes.store.turn(KEY, 60.0)
    processes.come_back()
    processes.store.learn(KEY, SendQuota(10.0, 100.0, 31.0), turn.mark)
    assert processes.store.standing(KEY, 10.0, 100.0).remaining_24_hours == 68.0


def test_a_quota_that_ses_says_is_used_up_shuts_the_outage() -> None:
    processes = Processes()
    slot = granted(processes.reserve(wanted=demand(quota=100.0)))
    processes.fail()
    processes.store.exhausted(KEY, slot)
    processes.reserve()
    processes.store.exhausted(KEY, slot)
    assert refused(processes.reserve(wanted=demand(quota=100.0))).category == "daily_quota"


def test_slots_of_an_outage_are_settled_there_even_after_the_return() -> None:
    processes = Processes()
    processes.fail()
    slots = [granted(processes.reserve(wanted=demand(quota=1000.0))) for _ in range(5)]
    processes.come_back()
    steps = processes.way.steps.copy()
    store = processes.store
    outcomes: list[Any] = [store.accepted, store.rejected, store.give_back, store.exhausted]
    for outcome, slot in zip(outcomes, slots, strict=False):
        outcome(KEY, slot)
    assert store.throttled(KEY, slots[4]) is not None, "its own rate there was cut"
    assert processes.way.steps == steps
    assert processes.store.standing(KEY, 10.0, 1000.0).rate == 10.0


def test_raise_refuses_and_comes_back() -> None:
    processes = Processes(failure="raise", uniform=0.5)
    processes.fail()
    for _ in range(2):
        answer = refused(processes.reserve())
        assert answer == Refused("store_unavailable", 1.0, "model://server", "refused")
    processes.fail(None)
    processes.clock.advance(answer.retry_after)
    granted(processes.reserve())
    assert processes.store.state == "ok"


def test_a_step_that_was_made_and_not_answered_loses_its_slot_and_no_more() -> None:
    processes = Processes()
    processes.fail("timeout")
    processes.way.loses_answers = True
    processes.reserve()
    assert processes.queue() == pytest.approx(0.1)
    processes.way.loses_answers = False
    processes.come_back()


def test_those_who_wait_go_on_at_once_when_the_trip_before_theirs_fails() -> None:
    """The price of a store that hangs is paid once."""
    processes = Processes()
    hangs, over = threading.Event(), threading.Event()

    def hang() -> None:
        hangs.set()
        assert over.wait(30)

    processes.way.on_step = hang
    processes.fail("timeout")
    threads = [threading.Thread(target=processes.reserve) for _ in range(8)]
    for thread in threads:
        thread.start()
    assert hangs.wait(30)
    over.set()
    for thread in threads:
        thread.join(30)
    assert processes.way.steps["reserve"] <= 2
    assert processes.store.counters["slots without the store"] == 8


def test_while_one_tries_the_others_do_not_wait_for_it() -> None:
    processes = Processes(uniform=0.5)
    processes.fail("timeout")
    processes.reserve()
    processes.clock.advance(1)
    hangs, over = threading.Event(), threading.Event()

    def hang() -> None:
        hangs.set()
        assert over.wait(30)

    processes.way.on_step = hang
    trier = threading.Thread(target=processes.reserve)
    trier.start()
    assert hangs.wait(30)
    for _ in range(3):
        assert granted(processes.reserve()).outage is not None
    over.set()
    trier.join(30)
    assert processes.way.steps["reserve"] == 2


def test_when_the_one_who_tries_is_interrupted_another_tries() -> None:
    processes = Processes(uniform=0.5)
    processes.fail()
    processes.reserve()
    processes.fail(None)
    processes.clock.advance(1)

    def interrupt() -> None:
        processes.way.on_step = lambda: None
        raise KeyboardInterrupt

    processes.way.on_step = interrupt
    with pytest.raises(KeyboardInterrupt):
        processes.reserve()
    assert granted(processes.reserve()).outage is None


def test_the_slot_of_one_who_was_interrupted_while_it_waited_is_given_back() -> None:
    processes = Processes()
    granted(processes.reserve())
    answers = [processes.reserve(), processes.reserve(wanted=demand(max_wait=0.0))]
    _, combiner = processes.store._account(KEY)
    for answer in answers:
        combiner._unwanted(answer)
    assert processes.way.steps["give_back"] == 1
    assert granted(processes.reserve()).start == granted(answers[0]).start


def test_a_backend_with_a_fault_of_its_own_fails_no_send() -> None:
    processes = Processes()
    processes.way.on_step = lambda: 1 / 0
    granted(processes.reserve())
    assert processes.store.counters["failures: ZeroDivisionError"] == 1


def test_it_says_once_that_the_store_is_gone_and_once_that_it_is_back(
    caplog: pytest.LogCaptureFixture,
) -> None:
    processes = Processes(uniform=0.5)
    processes.reserve()
    processes.fail("timeout")
    for _ in range(40):
        processes.reserve(wanted=HOUR_OF_QUEUE)
        processes.clock.advance(0.5)
    processes.come_back()
    processes.reserve()
    assert [record.getMessage() for record in caplog.records] == [
        "the store model://server is out of reach (timeout): "
        "this process goes on at 0.85 of its part of the rate",
        "the store model://server is back after 60.0 s",
    ]


def test_it_says_that_sends_are_refused_where_they_are(caplog: pytest.LogCaptureFixture) -> None:
    processes = Processes(failure="raise")
    processes.fail()
    processes.reserve()
    assert "(refused): sends are refused" in caplog.messages[0]


def test_state_and_counters_tell_what_is_wrong() -> None:
    processes = Processes(uniform=0.5)
    processes.reserve()
    assert (processes.store.state, processes.store.counters) == ("ok", {"trips": 1})
    processes.fail("read-only")
    processes.reserve()
    processes.clock.advance(0.9)
    processes.reserve()
    assert processes.store.state == "out of reach for 1 s: read-only"
    assert processes.store.counters == {
        "trips": 2,
        "failures: read-only": 1,
        "slots without the store": 2,
    }


def test_a_log_handler_may_send_mail_by_the_same_store() -> None:
    """It logs after its trips: the handler would wait for the trip that it is called from."""
    processes = Processes()
    sent: list[object] = []

    class Mails(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            sent.append(processes.reserve())

    handler = Mails()
    notices.logger.addHandler(handler)
    try:
        processes.fail()
        processes.reserve()
        processes.come_back()
    finally:
        notices.logger.removeHandler(handler)
    assert len(sent) == 2


def test_an_outage_is_no_warning_of_pythons(caplog: pytest.LogCaptureFixture) -> None:
    processes = Processes()
    processes.fail("timeout")
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        processes.reserve()
    assert len(caplog.messages) == 1
    assert not caught


@pytest.mark.parametrize("failure", ["local", "raise"])
def test_a_mistake_is_a_warning_of_pythons_once(
    caplog: pytest.LogCaptureFixture, failure: str
) -> None:
    """It does not pass by itself, and the log may go nowhere."""
    processes = Processes(failure=failure)
    processes.way.kind_of_failure = BackendMistake
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        for _ in range(2):
            processes.fail("wrong password")
            processes.reserve()
            processes.store.standing(KEY, 10.0, None)
            processes.come_back()
    assert [str(warning.message) for warning in caught] == [caplog.messages[0]]
    assert caplog.messages[0].startswith(
        "the store model://server is out of reach (wrong password): "
    )
    assert caught[0].category is SettingWarning
    assert len(caplog.messages) == 4


def test_no_send_fails_for_a_warning(caplog: pytest.LogCaptureFixture) -> None:
    processes = Processes()
    processes.way.kind_of_failure = BackendMistake
    processes.fail("wrong password")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        granted(processes.reserve())
    assert len(caplog.messages) == 1


def test_hosts_that_disagree_about_the_time_do_not_fill_the_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    processes = Processes()
    for _ in range(30):
        processes.server.ahead += 3600 * SECOND
        processes.go()
        processes.server.ahead -= 3600 * SECOND
        processes.go()
        processes.clock.advance(5)
    assert processes.store.counters["clock set back"] == 30
    assert 2 <= len(caplog.messages) <= 3


def test_a_clock_of_the_store_that_is_set_back_is_told(caplog: pytest.LogCaptureFixture) -> None:
    processes = Processes()
    last = [processes.go() for _ in range(20)][-1]
    processes.server.ahead = -2 * 3600 * SECOND
    assert processes.go() == pytest.approx(last + 0.1, abs=MARGIN / SECOND + 1e-6)
    assert caplog.messages == ["the clock of the store model://server was set back"]
    assert processes.store.counters["clock set back"] == 1


def test_a_forked_child_has_no_slots_outcomes_or_trial_of_its_parent() -> None:
    processes = Processes(uniform=0.5)
    slot = granted(processes.reserve(wanted=demand(30)))
    processes.store.accepted(KEY, slot)
    processes.fail()
    processes.reserve()
    processes.fail(None)
    peer = processes.store._peer
    processes.store.begin_anew()
    assert processes.way.begun_anew == 1
    assert processes.store._peer != peer
    assert processes.store.state == "ok"
    granted(processes.reserve())
    assert processes.way.floor < 0
    assert processes.way.told == []


def test_all_stores_of_a_forked_child_begin_anew() -> None:
    processes = Processes(2)
    shared._begin_anew()
    assert [way.begun_anew for way in processes.ways] == [1, 1]


def test_nothing_is_told_where_there_is_nothing_to_tell() -> None:
    processes = Processes()
    processes.store.standing(KEY, 10.0, None)
    processes.store.turn(KEY, 60.0)
    assert processes.way.steps == {"standing": 1, "turn": 1}
    assert processes.store._state(KEY).take_outcomes() == NO_OUTCOMES


def test_every_mistake_that_a_backend_names_is_a_kind_that_it_tells() -> None:
    from botoses_guard.pacing.dynamodb import failures as dynamodb
    from botoses_guard.pacing.redis import failures as redis
    from botoses_guard.pacing.sqlite import file

    told = {*redis._ANSWERS.values(), *(kind for _, kind in redis._CLASSES), "refused the script"}
    assert told > redis._MISTAKES
    told = {*dynamodb._BY_CODE.values(), *(kind for _, kind in dynamodb._BY_TYPE)}
    assert told > dynamodb._MISTAKES
    told = {*file._KINDS.values(), *file._SYSTEM_KINDS.values()}
    assert file._MISTAKES - told == {
        "a symbolic link",
        "not a file",
        "a file of another user",
        "no write-ahead log",
        "a database of something else",
    }
