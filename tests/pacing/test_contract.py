"""What every store promises."""

from __future__ import annotations

import threading
from itertools import pairwise

from botoses_guard.pacing import SendQuota, Slot
from botoses_guard.pacing.schedule import MICROSECONDS

from .clock import DAY, Clock
from .contract import Factory, every_store
from .demands import demand, granted, refused

KEY = "111122223333:us-east-1"


@every_store
def test_starts_are_spaced_by_the_rate(make_store: Factory) -> None:
    store = make_store(Clock())
    starts = [granted(store.reserve(KEY, demand())).start for _ in range(5)]
    assert {after - before for before, after in pairwise(starts)} == {MICROSECONDS // 10}


@every_store
def test_a_message_is_spaced_by_its_recipients(make_store: Factory) -> None:
    store = make_store(Clock())
    first = granted(store.reserve(KEY, demand(30)))
    assert granted(store.reserve(KEY, demand())).start - first.start == 3 * MICROSECONDS


@every_store
def test_the_wait_ends_at_the_start_less_the_tolerance(make_store: Factory) -> None:
    clock = Clock()
    store = make_store(clock)
    store.reserve(KEY, demand(20))
    assert granted(store.reserve(KEY, demand())).wait == 1.9
    clock.advance(1.5)
    assert granted(store.reserve(KEY, demand())).wait == 0.5


@every_store
def test_keys_have_budgets_of_their_own(make_store: Factory) -> None:
    """Quotas are per account and region."""
    store = make_store(Clock())
    store.reserve(KEY, demand(50))
    assert granted(store.reserve("111122223333:eu-west-1", demand())).wait == 0


@every_store
def test_a_wait_over_the_longest_is_refused_and_reserves_nothing(make_store: Factory) -> None:
    store = make_store(Clock())
    store.reserve(KEY, demand(50))
    for _ in range(3):
        answer = refused(store.reserve(KEY, demand(max_wait=1.0)))
        assert (answer.category, answer.retry_after) == ("send_rate", 4.9)
    assert granted(store.reserve(KEY, demand())).wait == 4.9


@every_store
def test_the_last_slot_can_be_given_back_once(make_store: Factory) -> None:
    store = make_store(Clock())
    store.reserve(KEY, demand(10))
    slot = granted(store.reserve(KEY, demand(10)))
    store.give_back(KEY, slot)
    assert granted(store.reserve(KEY, demand(5))).start == slot.start


@every_store
def test_a_slot_in_the_middle_is_lost_when_it_is_given_back(make_store: Factory) -> None:
    """Those behind it sleep already, and keep their times."""
    store = make_store(Clock())
    middle = granted(store.reserve(KEY, demand(10)))
    last = granted(store.reserve(KEY, demand(10)))
    store.give_back(KEY, middle)
    assert granted(store.reserve(KEY, demand())).start == last.end


@every_store
def test_the_quota_is_checked_in_the_same_step(make_store: Factory) -> None:
    store = make_store(Clock())
    granted(store.reserve(KEY, demand(60, quota=100.0)))
    assert refused(store.reserve(KEY, demand(41, quota=100.0))).category == "daily_quota"
    granted(store.reserve(KEY, demand(40, quota=100.0)))


@every_store
def test_refused_and_unsent_recipients_are_free_of_the_quota(make_store: Factory) -> None:
    """Given back, rejected or throttled: none of them is in SentLast24Hours."""
    store = make_store(Clock())
    for undo in (store.give_back, store.rejected, store.throttled):
        slot = granted(store.reserve(KEY, demand(100, quota=100.0, max_wait=1e6)))
        assert store.standing(KEY, 10.0, 100.0).remaining_24_hours == 0
        undo(KEY, slot)
        assert store.standing(KEY, 10.0, 100.0).remaining_24_hours == 100


@every_store
def test_the_accounts_figure_includes_other_senders(make_store: Factory) -> None:
    store = make_store(Clock())
    for _ in range(3):
        store.accepted(KEY, granted(store.reserve(KEY, demand(10, quota=100.0))))
    in_flight = granted(store.reserve(KEY, demand(5, quota=100.0)))
    store.learn(KEY, SendQuota(10.0, 100.0, 50.0), store.turn(KEY, 60.0).mark)
    assert store.standing(KEY, 10.0, 100.0).remaining_24_hours == 45
    store.accepted(KEY, in_flight)
    assert store.standing(KEY, 10.0, 100.0).remaining_24_hours == 45


@every_store
def test_a_throttle_cuts_the_rate_once_for_what_was_reserved_before(make_store: Factory) -> None:
    clock = Clock()
    store = make_store(clock)
    slots = [granted(store.reserve(KEY, demand())) for _ in range(3)]
    clock.advance(1)
    assert [store.throttled(KEY, slot) for slot in slots] == [8.0, None, None]
    assert store.standing(KEY, 10.0, None).rate == 8.0


@every_store
def test_a_used_up_quota_stays_shut_until_the_account_says_otherwise(make_store: Factory) -> None:
    store = make_store(Clock())
    store.exhausted(KEY, granted(store.reserve(KEY, demand())))
    answer = refused(store.reserve(KEY, demand()))
    assert (answer.category, answer.retry_after) == ("daily_quota", 600.0)
    store.learn(KEY, SendQuota(10.0, 100.0, 10.0), None)
    granted(store.reserve(KEY, demand()))


@every_store
def test_standing_tells_the_queue(make_store: Factory) -> None:
    clock = Clock()
    store = make_store(clock)
    store.reserve(KEY, demand(20))
    clock.advance(0.5)
    standing = store.standing(KEY, 10.0, 100.0)
    assert (standing.rate, standing.queue, standing.shut) == (10.0, 1.5, 0.0)
    assert store.state == "ok"


@every_store
def test_a_budget_that_nobody_used_stands_empty(make_store: Factory) -> None:
    standing = make_store(Clock()).standing(KEY, None, None)
    assert (standing.rate, standing.remaining_24_hours, standing.queue) == (None, None, 0.0)


@every_store
def test_64_threads_get_64_times_the_slots_none_lost_none_doubled(make_store: Factory) -> None:
    """All starts are distinct, and spaced by the rate without a gap."""
    store = make_store(Clock())
    begin = threading.Barrier(64)
    slots: list[Slot] = []

    def reserve() -> None:
        begin.wait()
        for _ in range(20):
            slots.append(granted(store.reserve(KEY, demand(max_wait=1e6, quota=1e6))))

    threads = [threading.Thread(target=reserve) for _ in range(64)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    starts = sorted(slot.start for slot in slots)
    assert len(starts) == 64 * 20
    assert {after - before for before, after in pairwise(starts)} == {MICROSECONDS // 10}
    assert store.standing(KEY, 10.0, 1e6).remaining_24_hours == 1e6 - 64 * 20


@every_store
def test_threads_that_give_back_and_are_refused_leave_an_exact_count(make_store: Factory) -> None:
    store = make_store(Clock())
    begin = threading.Barrier(16)

    def send(number: int) -> None:
        begin.wait()
        for turn in range(30):
            slot = granted(store.reserve(KEY, demand(max_wait=1e6, quota=1e6)))
            outcome = (store.give_back, store.accepted, store.rejected)[(number + turn) % 3]
            outcome(KEY, slot)

    threads = [threading.Thread(target=send, args=(number,)) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    kept = sum((number + turn) % 3 == 1 for number in range(16) for turn in range(30))
    assert store.standing(KEY, 10.0, 1e6).remaining_24_hours == 1e6 - kept


@every_store
def test_who_waited_for_hours_counts_from_when_it_went(make_store: Factory) -> None:
    """SES counts it then, and the quota would be overrun a day after it was reserved."""
    clock = Clock()
    store = make_store(clock)
    store.reserve(KEY, demand(10 * 12 * 3600, max_wait=0.0))
    slot = granted(store.reserve(KEY, demand(50, quota=1e6, max_wait=86_400.0)))
    clock.advance(slot.wait)
    store.accepted(KEY, slot)

    def used_after(hours: float) -> float:
        clock.advance(hours * 3600)
        standing = store.standing(KEY, 10.0, 1e6)
        assert standing.remaining_24_hours is not None
        return 1e6 - standing.remaining_24_hours

    everything = 10 * 12 * 3600 + 50
    assert used_after(0) == everything
    assert used_after(14) == 50
    assert used_after(9) == 50
    assert used_after(3) == 0


@every_store
def test_the_count_of_the_day_empties_after_a_clock_was_set_back(make_store: Factory) -> None:
    """By more than a day: until it is there again the quota would be used up."""
    clock = Clock(400 * DAY)
    store = make_store(clock)

    def used() -> float:
        standing = store.standing(KEY, None, 100.0)
        assert standing.remaining_24_hours is not None
        return 100.0 - standing.remaining_24_hours

    def send(recipients: int) -> None:
        wanted = demand(recipients, rate=None, quota=100.0)
        store.accepted(KEY, granted(store.reserve(KEY, wanted)))

    send(60)
    clock.now -= 300 * DAY
    send(30)
    assert used() == 90
    assert refused(store.reserve(KEY, demand(30, quota=100.0))).category == "daily_quota"
    clock.advance(26 * 3600)
    send(70)
    assert used() == 70
    clock.now -= 50 * DAY
    assert refused(store.reserve(KEY, demand(40, quota=100.0))).category == "daily_quota"
    clock.advance(26 * 3600)
    send(1)
    assert used() == 1
