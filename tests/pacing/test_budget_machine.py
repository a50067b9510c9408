"""A budget in any order of events, beside a plain list of what happened."""

from __future__ import annotations

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    invariant,
    precondition,
    rule,
)

from botoses_guard.pacing import Slot
from botoses_guard.pacing.budget import Budget
from botoses_guard.pacing.daily import CELL, GATE, WINDOW
from botoses_guard.pacing.schedule import TOLERANCE

from .clock import DAY, SECOND
from .demands import demand

QUOTA = 200.0
RATE = 10.0
MAX_WAIT = 60.0


class BudgetMachine(RuleBasedStateMachine):
    """Sends of a process beside those of others, of which SES's own figure tells now and then."""

    in_flight = Bundle("in_flight")

    def __init__(self) -> None:
        super().__init__()
        self.now = 10 * DAY
        self.budget = Budget()
        self.flying: list[Slot] = []
        self.accepted: list[Slot] = []
        self.others = 0
        self.others_until = 0
        self.shut_until = 0
        self.cut = 0
        """Own recipients near the edge of the window when SES told its figure: the cell there may
        count twice, because some of it had left the figure."""

    def own(self, window: int) -> int:
        """Own recipients of a window that were accepted or may still be."""
        slots = [*self.accepted, *self.flying]
        return sum(slot.demand.recipients for slot in slots if slot.reserved > self.now - window)

    def foreign(self) -> int:
        """What SES last told of others, which is out of its window a day later."""
        return self.others if self.now < self.others_until else 0

    @rule(target=in_flight, recipients=st.integers(1, 50))
    def reserve(self, recipients: int) -> Slot | None:
        wanted = demand(recipients, rate=RATE, quota=QUOTA, max_wait=MAX_WAIT)
        answer = self.budget.reserve(wanted, self.now)
        if not isinstance(answer, Slot):
            full = self.own(WINDOW + CELL) + self.foreign() + recipients > QUOTA - self.cut
            shut = self.now < self.shut_until
            late = answer.category == "send_rate" and answer.retry_after > MAX_WAIT
            assert late or full or shut
            return None
        assert self.own(WINDOW) + self.foreign() + recipients <= QUOTA
        assert 0 <= answer.wait <= MAX_WAIT
        go = self.now + round(answer.wait * SECOND)
        assert go >= max((slot.end for slot in self.flying), default=0) - TOLERANCE
        self.flying.append(answer)
        return answer

    @rule(slot=consumes(in_flight), fate=st.sampled_from(["accepted", "rejected", "throttled"]))
    def answer(self, slot: Slot | None, fate: str) -> None:
        if slot is None:
            return
        self.flying.remove(slot)
        if fate == "accepted":
            self.budget.accepted(slot, self.now)
            self.accepted.append(slot)
        elif fate == "rejected":
            self.budget.rejected(slot)
        else:
            self.budget.throttled(slot, self.now)

    @rule(slot=consumes(in_flight))
    def interrupt(self, slot: Slot | None) -> None:
        if slot is not None:
            self.flying.remove(slot)
            was_last = self.budget.schedule.next == slot.end
            before = self.budget.schedule.next
            self.budget.give_back(slot)
            assert self.budget.schedule.next == (slot.start if was_last else before)

    @rule(slot=consumes(in_flight))
    def exhaust(self, slot: Slot | None) -> None:
        if slot is not None:
            self.flying.remove(slot)
            self.budget.exhausted(slot, self.now)
            self.shut_until = self.now + GATE

    @rule(others=st.integers(0, 150))
    def ask(self, others: int) -> None:
        """SES counts what it accepted in the last 24 hours, to the microsecond."""
        own = sum(s.demand.recipients for s in self.accepted if s.reserved > self.now - WINDOW)
        mark = self.budget.daily.mark()
        self.budget.daily.learn(own + others, QUOTA, mark, self.now)
        self.others, self.others_until = others, self.now + WINDOW
        self.cut = self.own(WINDOW + CELL) - self.own(WINDOW - CELL)

    @rule(pause=st.sampled_from([1, SECOND, 60 * SECOND]))
    def pass_time(self, pause: int) -> None:
        self.now += pause

    @precondition(lambda self: not self.flying)
    @rule(pause=st.sampled_from([CELL // 2, CELL, 5 * CELL, WINDOW // 2, WINDOW]))
    def pass_the_day(self, pause: int) -> None:
        """No answer takes so long."""
        self.now += pause

    @invariant()
    def nobody_who_holds_a_slot_is_overtaken(self) -> None:
        """Giving back never lowers the queue below the end of a slot that is held."""
        assert self.budget.schedule.next >= max((slot.end for slot in self.flying), default=0)

    @invariant()
    def the_ring_is_the_sum_of_its_cells(self) -> None:
        daily = self.budget.daily
        assert daily._total == sum(daily.ring)

    @invariant()
    def the_rate_stays_in_its_bounds(self) -> None:
        rate = self.budget.standing(RATE, QUOTA, self.now).rate
        assert rate is not None
        assert RATE * 0.05 <= rate <= RATE


BudgetMachine.TestCase.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
test_a_budget_in_any_order_of_events = BudgetMachine.TestCase
