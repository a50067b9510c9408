"""A store that processes share, and what becomes of sends while it is out of reach."""

from __future__ import annotations

import logging
import os
import random
import threading
import uuid
import weakref
from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, TypeVar

from .backend import Backend, BackendFailure, Presence, Reply
from .breaker import Breaker
from .budget import NO_OUTCOMES, Demand, Outcomes, Refused, Slot, Standing
from .combiner import Combiner, InterruptedTrip
from .inquiry import SendQuota, Turn
from .memory import MemoryStore, monotonic_us
from .schedule import MICROSECONDS

logger = logging.getLogger(__name__)

LOCAL_PART = 0.85
"""Part of a process's share that it uses while the store is out of reach: pacers that know nothing
of each other coincide now and then."""

BEAT = 5.0
"""Seconds after which a process shows itself again."""

MARGIN = 20_000
"""Microseconds by which a process's own last slot may be off, because trips take time. It would
push the queue on without need, where it is sent along with each reservation."""

T = TypeVar("T")


class _Account:
    """What this process knows of one budget."""

    def __init__(self, combiner: Combiner[Demand, Slot | Refused]) -> None:
        self.combiner = combiner
        self.lock = threading.Lock()
        self.outcomes = NO_OUTCOMES
        self.last_end = 0
        """End of the last slot that this process got, on its own clock; microseconds."""
        self.last_end_there = 0
        """The same end on the backend's clock."""
        self.beat_at = 0.0
        self.peers = 0
        self.remaining: float | None = None

    def tell(self, confirmed: int = 0, accepted: int = 0, spent: int = 0) -> None:
        """Keep what became of a slot until the next reservation."""
        with self.lock:
            held = self.outcomes
            self.outcomes = held._replace(
                confirmed=held.confirmed + confirmed,
                accepted=held.accepted + accepted,
                spent=held.spent + spent,
            )

    def tell_released(self, recipients: int, cell: int) -> None:
        """Keep that SES refused, until the next reservation."""
        with self.lock:
            released = Counter(dict(self.outcomes.released))
            released[cell] += recipients
            self.outcomes = self.outcomes._replace(released=tuple(released.items()))

    def take_outcomes(self) -> Outcomes:
        with self.lock:
            held, self.outcomes = self.outcomes, NO_OUTCOMES
            return held

    def keep_outcomes(self, untold: Outcomes) -> None:
        """Keep what could not be told."""
        with self.lock:
            held = self.outcomes
            released = Counter(dict(held.released))
            released.update(dict(untold.released))
            self.outcomes = Outcomes(
                held.confirmed + untold.confirmed,
                tuple(released.items()),
                held.spent + untold.spent,
                held.accepted + untold.accepted,
            )


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
        self.counters: Counter[str] = Counter()
        """How often what happened: trips, failures by kind, slots given locally and so on."""
        self._begin()
        _stores.add(self)

    def _begin(self) -> None:
        self._breaker = Breaker(lambda: self._clock() / MICROSECONDS, self._uniform)
        self._accounts: dict[str, _Account] = {}
        self._outage = MemoryStore(self._clock)
        self._peer = uuid.uuid4().hex[:12]
        self._reason = ""

    def begin_anew(self) -> None:
        """What a forked child does before any of its threads can send."""
        self._backend.begin_anew()
        self._begin()

    @property
    def state(self) -> str:
        out = self._breaker.open_for
        return "ok" if out is None else f"out of reach for {out:.0f} s: {self._reason}"

    def _account(self, key: str) -> _Account:
        account = self._accounts.get(key)
        if account is None:
            combiner = Combiner[Demand, "Slot | Refused"](
                partial(self._trip, key), partial(self._unwanted, key)
            )
            account = self._accounts.setdefault(key, _Account(combiner))
        return account

    def reserve(self, key: str, demand: Demand) -> Slot | Refused:
        account = self._account(key)
        while self._breaker.open_for is None or self._breaker.admits():
            try:
                return account.combiner.ask(demand)
            except InterruptedTrip:
                continue  # another's Ctrl-C is no failure of the store
            except BackendFailure:
                break  # the breaker has been told, and the user by the log
        if self._failure == "raise":
            return Refused("store_unavailable", self._breaker.retry_after)
        return self._reserve_here(key, account, demand)

    def _trip(self, key: str, demands: Sequence[Demand]) -> Sequence[Slot | Refused]:
        if self._breaker.open_for is not None and not self._breaker.trying:
            raise BackendFailure(self._reason)  # it failed while these waited for their trip
        account = self._account(key)
        outcomes = account.take_outcomes()
        began = self._clock()
        now = began / MICROSECONDS
        beats = now >= account.beat_at
        try:
            reply = self._ask_backend(
                lambda: self._backend.reserve(
                    key,
                    demands,
                    outcomes,
                    account.last_end - began - MARGIN,
                    Presence(self._peer, beats),
                )
            )
        except BaseException:
            account.keep_outcomes(outcomes)
            raise
        if beats:
            account.beat_at = now + BEAT
        self._note(account, reply, began)
        return reply.answers

    def _note(self, account: _Account, reply: Reply, began: int) -> None:
        account.remaining = reply.remaining
        account.peers = reply.peers or account.peers
        if reply.stepped:
            self.counters["clock set back"] += 1
            logger.warning("the clock of the store %s was set back", self._name)
        for answer in reply.answers:
            if isinstance(answer, Slot):
                end = began + answer.end - answer.reserved
                if end >= account.last_end:
                    account.last_end, account.last_end_there = end, answer.end

    def _ask_backend(self, step: Callable[[], T]) -> T:
        self.counters["trips"] += 1
        try:
            answer = step()
        except BackendFailure as failure:
            self._fail(failure)
            raise
        except BaseException:
            self._breaker.gave_up()
            raise
        out = self._breaker.answered()
        if out is not None:
            self._return(out)
        return answer

    def _fail(self, failure: BackendFailure) -> None:
        self.counters[f"failures: {failure}"] += 1
        self._reason = str(failure)
        if not self._breaker.failed():
            return
        self._outage = MemoryStore(self._clock)
        what_now = (
            "sends are refused"
            if self._failure == "raise"
            else f"this process goes on at {LOCAL_PART} of its part of the rate"
        )
        logger.warning("the store %s is out of reach (%s): %s", self._name, failure, what_now)

    def _return(self, out: float) -> None:
        logger.warning("the store %s is back after %.1f s", self._name, out)

    def _reserve_here(self, key: str, account: _Account, demand: Demand) -> Slot | Refused:
        outage = self._outage
        peers = account.peers or os.cpu_count() or 1
        rate = demand.rate * LOCAL_PART / peers if demand.rate else demand.rate
        quota = demand.quota
        if quota is not None and quota >= 0 and account.remaining is not None:
            quota = account.remaining / peers
        with account.lock:
            if not outage.knows(key):
                # A random part of the first interval: processes that were cut off together must
                # not go on together.
                phase = self._uniform() / rate * MICROSECONDS if rate else 0.0
                outage.hold(key, max(0, account.last_end - self._clock()) + round(phase))
            answer = outage.reserve(key, demand._replace(rate=rate, quota=quota))
        if isinstance(answer, Slot):
            self.counters["slots without the store"] += 1
            end = self._clock() + answer.end - answer.reserved
            account.last_end = max(account.last_end, end)
            account.tell(spent=demand.quota_recipients)
            return answer._replace(outage=outage)
        return answer

    def give_back(self, key: str, slot: Slot) -> None:
        if self._settled_here(key, slot, "give_back", uncounts=True):
            return
        account = self._account(key)
        if slot.end == account.last_end_there:  # else the floor would keep what was given back
            account.last_end -= slot.end - slot.start
            account.last_end_there = slot.start
        if not self._told(partial(self._backend.give_back, key, slot)):
            self._release_later(key, slot)

    def accepted(self, key: str, slot: Slot) -> None:
        if not self._settled_here(key, slot, "accepted"):
            accepted = slot.demand.recipients if slot.demand.rate is None else 0
            self._account(key).tell(slot.demand.quota_recipients, accepted)

    def rejected(self, key: str, slot: Slot) -> None:
        if not self._settled_here(key, slot, "rejected", uncounts=True):
            self._release_later(key, slot)
            self._tell_now(key)

    def throttled(self, key: str, slot: Slot) -> float | None:
        if self._settled_here(key, slot, "throttled", uncounts=True):
            return None
        cuts: list[float | None] = []
        if not self._told(lambda: cuts.append(self._backend.throttled(key, slot))):
            self._release_later(key, slot)
        return cuts[0] if cuts else None

    def exhausted(self, key: str, slot: Slot) -> None:
        if self._settled_here(key, slot, "exhausted", uncounts=True):
            return
        if not self._told(partial(self._backend.exhausted, key, slot)):
            self._account(key).remaining = 0.0
            self._release_later(key, slot)

    def _told(self, step: Callable[[], object]) -> bool:
        """Whether the backend heard."""
        if self._breaker.open_for is not None:
            return False
        try:
            self._ask_backend(step)
        except BackendFailure:
            return False
        return True

    def _release_later(self, key: str, slot: Slot) -> None:
        if slot.demand.quota_recipients:
            self._account(key).tell_released(slot.demand.quota_recipients, slot.cell)

    def _tell_now(self, key: str) -> None:
        """Tell the backend what it would otherwise hear with the next reservation."""
        account = self._account(key)
        outcomes = account.take_outcomes()
        if outcomes == NO_OUTCOMES:
            return
        if not self._told(partial(self._backend.hear, key, outcomes)):
            account.keep_outcomes(outcomes)

    def _settled_here(self, key: str, slot: Slot, outcome: str, uncounts: bool = False) -> bool:
        """Settle a slot that was given without the store; returns whether it was."""
        outage: Any = slot.outage
        if outage is None:
            return False
        getattr(outage, outcome)(key, slot)
        if uncounts:
            self._account(key).tell(spent=-slot.demand.quota_recipients)
        return True

    def turn(self, key: str, interval: float) -> Turn:
        self._tell_now(key)
        turns: list[Turn] = []
        if self._told(lambda: turns.append(self._backend.turn(key, interval))):
            return turns[0]
        return self._outage.turn(key, interval)

    def learn(self, key: str, quota: SendQuota, mark: int | None) -> None:
        self._tell_now(key)
        if not self._told(partial(self._backend.learn, key, quota, mark)):
            self._outage.learn(key, quota, None)

    def standing(self, key: str, rate: float | None, quota: float | None) -> Standing:
        self._tell_now(key)
        standings: list[Standing] = []
        if self._told(lambda: standings.append(self._backend.standing(key, rate, quota))):
            return standings[0]
        return self._outage.standing(key, rate, quota)

    def _unwanted(self, key: str, answer: Slot | Refused) -> None:
        if isinstance(answer, Slot):
            self.give_back(key, answer)


_stores: weakref.WeakSet[SharedStore] = weakref.WeakSet()


def _begin_anew() -> None:
    for store in list(_stores):
        store.begin_anew()


if hasattr(os, "register_at_fork"):  # not on Windows, which does not fork
    os.register_at_fork(after_in_child=_begin_anew)
