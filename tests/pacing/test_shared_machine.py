"""Processes over one store in any order of events, beside a plain list of what they hold."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    invariant,
    rule,
)

from botoses_guard.pacing import Slot
from botoses_guard.pacing.schedule import TOLERANCE

from .clock import SECOND
from .demands import demand
from .processes import KEY, Processes

RATE = 10.0
QUOTA = 300.0
MOST = 20
"""Recipients of the largest message."""

NUMBER = 3
each_process = st.integers(0, NUMBER - 1)


@dataclass(eq=False)
class Sent:
    """A slot, and what is known of it here."""

    process: int
    slot: Slot
    goes: int
    recipients: int
    forgotten: bool = False
    """By a store that was flushed."""

    @property
    def shared(self) -> bool:
        return self.slot.outage is None


class SharedMachine(RuleBasedStateMachine):
    """Three processes; their store fails for each of them apart, returns, and forgets."""

    in_flight = Bundle("in_flight")

    def __init__(self) -> None:
        super().__init__()
        self.processes = Processes(NUMBER, uniform=0.5)
        self.used: list[Sent] = []
        """All that were sent or still may be."""
        self.of_outage = [0] * NUMBER
        self.told_too_late = 0
        self.was_away = False

    @property
    def now(self) -> int:
        return self.processes.clock.now

    def count(self) -> int:
        """Recipients that the store should know of, as soon as it is told."""
        return sum(sent.recipients for sent in self.used if not sent.forgotten)

    @rule(target=in_flight, process=each_process, recipients=st.integers(1, MOST))
    def reserve(self, process: int, recipients: int) -> Sent | None:
        wanted = demand(recipients, rate=RATE, quota=QUOTA)
        answer = self.processes.reserve(process, wanted)
        if not isinstance(answer, Slot):
            return None
        sent = Sent(process, answer, self.now + round(answer.wait * SECOND), recipients)
        self.used.append(sent)
        assert 0 <= answer.wait <= 60.0
        assert sent.goes >= answer.start - TOLERANCE
        if sent.shared:
            assert self.processes.budget.daily._total <= QUOTA
            self.of_outage[process] = 0
        else:
            self.of_outage[process] += recipients
            self.stays_within_its_part_of_the_quota(process)
        return sent

    def stays_within_its_part_of_the_quota(self, process: int) -> None:
        store = self.processes.stores[process]
        state = store._state(KEY)
        left = QUOTA if state.remaining is None else state.remaining
        assert self.of_outage[process] <= left / store._outage._part(KEY, state).peers

    @rule(sent=consumes(in_flight))
    def accept(self, sent: Sent | None) -> None:
        if sent:
            self.processes.stores[sent.process].accepted(KEY, sent.slot)

    @rule(sent=consumes(in_flight), fate=st.sampled_from(["rejected", "throttled", "give_back"]))
    def lose(self, sent: Sent | None, fate: str) -> None:
        """Its recipients are free again, as far as the store knows of them."""
        if sent is None or sent.forgotten:
            return
        self.used.remove(sent)
        before = self.processes.budget.schedule.next
        getattr(self.processes.stores[sent.process], fate)(KEY, sent.slot)
        if not sent.shared:
            self.of_outage[sent.process] -= sent.recipients
            self.told_too_late += sent.recipients
        held = [other.slot.end for other in self.held()]
        after = self.processes.budget.schedule.next
        assert after == before or after >= max(held, default=0), "no allowance for anyone else"

    @rule(process=each_process)
    def cut_off(self, process: int) -> None:
        self.processes.ways[process].failure = "timeout"
        self.was_away = True

    @rule(process=each_process)
    def reconnect(self, process: int) -> None:
        self.processes.ways[process].failure = None

    @rule()
    def forget(self) -> None:
        self.processes.server.forget()
        self.was_away = True
        for sent in self.used:
            sent.forgotten = True
        for process in range(NUMBER):  # what it was told of slots that it forgot is no count
            self.processes.stores[process]._state(KEY).take_outcomes()

    @rule(pause=st.sampled_from([0.001, 0.3, 1.3, 40.0]))
    def pass_time(self, pause: float) -> None:
        self.processes.clock.advance(pause)

    def held(self) -> list[Sent]:
        """Slots that the store gave and knows of."""
        return [sent for sent in self.used if sent.shared and not sent.forgotten]

    @invariant()
    def no_two_slots_of_the_store_overlap(self) -> None:
        """Also after others were given back: each has the time that its recipients take."""
        held = sorted((sent.slot.start, sent.slot.end, sent.recipients) for sent in self.held())
        for (start, end, recipients), (following, _, _) in pairwise(held):
            assert start + recipients / RATE * SECOND - 1 <= end <= following

    @invariant()
    def the_queue_does_not_fall_behind_those_who_wait(self) -> None:
        ends = [sent.slot.end for sent in self.held()]
        assert self.processes.budget.schedule.next >= max(ends, default=0)

    @invariant()
    def while_the_store_answers_the_rate_is_never_exceeded(self) -> None:
        if self.was_away:
            return
        starts = sorted((sent.goes, sent.recipients) for sent in self.used)
        for window in (SECOND, 5 * SECOND):
            most = RATE * (window + TOLERANCE) / SECOND + MOST
            for first, (begin, _) in enumerate(starts):
                went = sum(number for at, number in starts[first:] if at < begin + window)
                assert went <= most

    def teardown(self) -> None:
        """What was reserved was sent, was given back, or lapsed: when all have told what they know,
        the store counts neither less nor more. What was sent without it and refused after it had
        been told stays counted."""
        self.processes.fail(None)
        self.processes.clock.advance(40)
        for process in range(NUMBER):
            self.reserve(process, 1)
            self.processes.stores[process].standing(KEY, RATE, QUOTA)
        total = self.processes.budget.daily._total
        assert self.count() <= total <= self.count() + self.told_too_late


SharedMachine.TestCase.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
test_processes_in_any_order_of_events = SharedMachine.TestCase
