"""A store that processes share, and what becomes of sends while it is out of reach."""

from __future__ import annotations

import codecs
import os
import random
import threading
import uuid
import weakref
from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeVar

from .account_state import AccountState
from .backend import Backend, BackendFailure, BackendMistake, Presence, Reply
from .breaker import FIRST_PAUSE, JITTER, LONGEST_PAUSE, Breaker
from .budget import NO_OUTCOMES, Demand, Refused, Slot, Standing
from .clock import monotonic_us
from .combiner import Combiner
from .inquiry import SendQuota, Turn
from .notices import Notices
from .outage import LOCAL_PART as LOCAL_PART
from .outage import Outage
from .schedule import MICROSECONDS

# Resolving a name loads this codec. A child that is forked while a thread of its parent does so for
# the first time would wait for ever: importlib's locks outlive a fork.
codecs.lookup("idna")

MARGIN = 20_000
"""Microseconds by which a process's own last slot may be off, because trips take time. It would
push the queue on without need, where it is sent along with each reservation."""

SAID = 60
"""Seconds for which one message that a clock was set back stands for all."""

T = TypeVar("T")


class SharedStore:
    """Budgets in a :class:`Backend`, one trip for all senders of a process that wait.

    While the backend is out of reach, each process goes on with 0.85 of its part of the rate, by
    the number of processes that were last seen, and of what was left of the quota; or, with
    ``failure="raise"``, every reservation is refused.
    """

    def __init__(
        self,
        name: str,
        backend: Backend,
        failure: str = "local",
        clock: Callable[[], int] = monotonic_us,
        uniform: Callable[[], float] = random.random,
    ) -> None:
        """
        Args:
            name: of the store in logs, without credentials.
            backend: where the budgets are.
            failure: ``local`` or ``raise``.
            clock: microseconds of a clock that no one sets.
            uniform: a random number in [0, 1).
        """
        self._name = name
        self._backend = backend
        self._failure = failure
        self._clock = clock
        self._uniform = uniform
        self._counters: Counter[str] = Counter()
        self._notices = Notices()
        self._begin()
        _stores.add(self)

    def _begin(self) -> None:
        self._breaker = Breaker(lambda: self._clock() / MICROSECONDS, self._uniform)
        self._accounts: dict[str, tuple[AccountState, Combiner[Demand, Slot | Refused]]] = {}
        self._outage = Outage(self._clock, self._uniform)
        self._others_back_at: int | None = None
        self._peer = uuid.uuid4().hex[:12]
        self._reason = ""
        self._counting = threading.Lock()
        self._notices.begin_anew()
        self._set_back_said_until = 0

    def begin_anew(self) -> None:
        """What a forked child does before any of its threads can send."""
        self._backend.begin_anew()
        self._begin()

    @property
    def name(self) -> str:
        return self._name

    @property
    def state(self) -> str:
        out = self._breaker.open_for
        return "ok" if out is None else f"out of reach for {out:.0f} s: {self._reason}"

    @property
    def counters(self) -> Counter[str]:
        """How often what happened: trips, failures by kind, slots given locally and so on."""
        with self._counting:
            return self._counters.copy()

    def _count(self, what: str) -> None:
        with self._counting:
            self._counters[what] += 1

    def _account(self, key: str) -> tuple[AccountState, Combiner[Demand, Slot | Refused]]:
        account = self._accounts.get(key)
        if account is None:
            combiner = Combiner[Demand, "Slot | Refused"](
                partial(self._trip, key), partial(self._unwanted, key)
            )
            account = self._accounts.setdefault(key, (AccountState(), combiner))
        return account

    def _state(self, key: str) -> AccountState:
        return self._account(key)[0]

    def reserve(self, key: str, demand: Demand) -> Slot | Refused:
        state, combiner = self._account(key)
        try:
            if self._breaker.admits():
                return self._with_others(key, state, combiner.ask(demand))
        except BackendFailure:
            pass  # the breaker has been told, and the user by the log
        except BaseException:  # Ctrl-C, a greenlet's timeout
            self._breaker.gave_up()
            raise
        finally:
            self._notices.tell()
        if self._failure == "raise":
            retry_after = self._breaker.retry_after
            return Refused("store_unavailable", retry_after, self._name, self._reason)
        answer = self._outage.reserve(key, demand, state)
        if isinstance(answer, Slot):
            self._count("slots without the store")
        return answer

    def _trip(self, key: str, demands: Sequence[Demand]) -> Sequence[Slot | Refused]:
        state = self._state(key)
        outcomes = state.take_outcomes()
        try:
            began = self._clock()
            beats = state.beats(began)
            reply = self._ask_backend(
                lambda: self._backend.reserve(
                    key,
                    demands,
                    outcomes,
                    state.last_end - began - MARGIN,
                    Presence(self._peer, beats),
                )
            )
        except BaseException:
            state.keep_outcomes(outcomes)
            raise
        if beats:
            state.did_beat(reply.peers, began)
        self._note(state, reply, began)
        return reply.answers

    def _note(self, state: AccountState, reply: Reply, began: int) -> None:
        state.remaining = reply.remaining
        if reply.stepped:
            self._count("clock set back")
            if began >= self._set_back_said_until:  # hosts whose clocks differ find it at each step
                self._set_back_said_until = began + SAID * MICROSECONDS
                self._notices.note(f"the clock of the store {self._name} was set back")
        state.granted((answer for answer in reply.answers if isinstance(answer, Slot)), began)

    def _ask_backend(self, step: Callable[[], T]) -> T:
        begun = self._breaker.begin()
        if begun is None:
            raise BackendFailure(self._reason)  # it failed while this sender waited
        self._count("trips")
        try:
            answer = step()
        except BackendFailure as failure:
            self._fail(begun, failure)
            raise
        except Exception as error:  # a backend with a fault of its own fails no send either
            fault = BackendFailure(type(error).__name__)
            self._fail(begun, fault)
            raise fault from error
        out = self._breaker.answered()
        if out is not None:
            self._return(out)
        return answer

    def _fail(self, begun: int, failure: BackendFailure) -> None:
        self._count(f"failures: {failure}")
        self._reason = str(failure)
        if self._breaker.failed(begun):
            what_now = (
                "sends are refused"
                if self._failure == "raise"
                else f"this process goes on at {LOCAL_PART} of its part of the rate"
            )
            text = f"the store {self._name} is out of reach ({failure}): {what_now}"
            self._notices.note(text, isinstance(failure, BackendMistake))

    def _return(self, out: float) -> None:
        self._notices.note(f"the store {self._name} is back after {out:.1f} s")
        self._outage.over()
        if self._failure != "raise":
            # No pause between two trials is longer than the store was away.
            longest = min(LONGEST_PAUSE, max(FIRST_PAUSE, out)) * (1 + JITTER)
            self._others_back_at = self._clock() + round(longest * MICROSECONDS)

    def _with_others(self, key: str, state: AccountState, answer: Slot | Refused) -> Slot | Refused:
        """Take no more than this process's part until all others found that the store is back: they
        still use theirs, of which the store does not know."""
        back_at = self._others_back_at
        if back_at is None or isinstance(answer, Refused):
            return answer
        if self._clock() >= back_at:
            self._others_back_at = None
            self._outage = Outage(self._clock, self._uniform)
            return answer
        paced = self._outage.pace(key, answer, state)
        if isinstance(paced, Refused):
            self.give_back(key, answer)
        return paced

    def give_back(self, key: str, slot: Slot) -> None:
        state = self._state(key)
        state.gave_back(slot)
        if isinstance(slot.outage, Outage):
            slot.outage.give_back(key, slot, state)
        elif not self._told(partial(self._backend.give_back, key, slot)):
            state.tell_released(slot)

    def accepted(self, key: str, slot: Slot) -> None:
        if isinstance(slot.outage, Outage):
            slot.outage.accepted(key, slot)
        else:
            self._state(key).tell_accepted(slot)

    def rejected(self, key: str, slot: Slot) -> None:
        state = self._state(key)
        if isinstance(slot.outage, Outage):
            slot.outage.rejected(key, slot, state)
        else:
            state.tell_released(slot)
            self._tell_now(key)

    def throttled(self, key: str, slot: Slot) -> float | None:
        state = self._state(key)
        if isinstance(slot.outage, Outage):
            return slot.outage.throttled(key, slot, state)
        cuts: list[float | None] = []
        if not self._told(lambda: cuts.append(self._backend.throttled(key, slot))):
            state.tell_released(slot)
        return cuts[0] if cuts else None

    def exhausted(self, key: str, slot: Slot) -> None:
        state = self._state(key)
        if isinstance(slot.outage, Outage):
            slot.outage.exhausted(key, slot, state)
        elif not self._told(partial(self._backend.exhausted, key, slot)):
            state.remaining = 0.0
            state.tell_released(slot)

    def _told(self, step: Callable[[], object]) -> bool:
        """Whether the backend heard."""
        if self._breaker.open_for is not None:
            return False
        try:
            self._ask_backend(step)
        except BackendFailure:
            return False
        finally:
            self._notices.tell()
        return True

    def _tell_now(self, key: str) -> None:
        """Tell the backend what it would otherwise hear with the next reservation."""
        state = self._state(key)
        outcomes = state.take_outcomes()
        if outcomes == NO_OUTCOMES:
            return
        if not self._told(partial(self._backend.hear, key, outcomes)):
            state.keep_outcomes(outcomes)

    def turn(self, key: str, interval: float) -> Turn:
        self._tell_now(key)
        turns: list[Turn] = []
        if self._told(lambda: turns.append(self._backend.turn(key, interval))):
            return turns[0]
        return self._outage.turn(key, interval, self._state(key))

    def learn(self, key: str, quota: SendQuota, mark: int | None) -> None:
        self._tell_now(key)
        known = mark if mark is None or mark >= 0 else None  # the store was away at the question
        if not self._told(partial(self._backend.learn, key, quota, known)):
            self._outage.learn(key, quota, self._state(key))

    def standing(self, key: str, rate: float | None, quota: float | None) -> Standing:
        self._tell_now(key)
        standings: list[Standing] = []
        if self._told(lambda: standings.append(self._backend.standing(key, rate, quota))):
            return standings[0]
        return self._outage.standing(key, rate, quota, self._state(key))

    def _unwanted(self, key: str, answer: Slot | Refused) -> None:
        if isinstance(answer, Slot):
            self.give_back(key, answer)


_stores: weakref.WeakSet[SharedStore] = weakref.WeakSet()


def _begin_anew() -> None:
    for store in list(_stores):
        store.begin_anew()


if hasattr(os, "register_at_fork"):  # not on Windows, which does not fork
    os.register_at_fork(after_in_child=_begin_anew)
