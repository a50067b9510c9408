"""Hosts and their senders over one store, in virtual time."""

from __future__ import annotations

import heapq
import random
from collections.abc import Callable
from itertools import count

from botoses_guard.pacing import Refused, Slot, Standing
from botoses_guard.pacing.budget import Demand
from botoses_guard.pacing.shared import SharedStore

from .clock import SECOND, Clock
from .local_backend import LocalBackend, Server

KEY = "111122223333:us-east-1"


class Host:
    """One process with a clock of its own."""

    def __init__(self, server: Server, clock: Clock, ahead: int, failure: str, seed: int) -> None:
        self.backend = LocalBackend(server, ahead)
        self.store = SharedStore(
            "model", self.backend, failure, lambda: clock.now + ahead, random.Random(seed).random
        )
        self.lives = True
        self.sent = 0
        self.lapsed = 0
        """Slots that it had when it died."""

    def die(self) -> None:
        self.lives = False


class VirtualHosts:
    """Senders that send without a pause, each its next message after the last one's answer.

    A step of the store takes no time here: what combining does to it is not modelled.
    """

    def __init__(
        self,
        hosts: int,
        senders: int,
        demand: Demand,
        *,
        skew: float = 0.0,
        latency: float = 0.02,
        failure: str = "local",
        seed: int = 0,
    ) -> None:
        """
        Args:
            hosts: how many.
            senders: of each host.
            demand: of each message.
            skew: seconds by which a host's clock is off at most. The store goes by that of the host
                that asks, as one does that has no clock of its own.
            latency: seconds from leaving to the answer.
            failure: what a host does without its store.
            seed: of the skew, of the phases and of when senders begin.
        """
        self.clock = Clock()
        self.begin = self.clock.now
        self.server = Server(self.clock)
        dice = random.Random(seed)
        most = round(skew * SECOND)
        self.hosts = [
            Host(self.server, self.clock, dice.randint(-most, most), failure, seed + number)
            for number in range(hosts)
        ]
        self.starts: list[int] = []
        """When messages left, in microseconds from the begin, in order."""
        self._demand = demand
        self._latency = round(latency * SECOND)
        self._events: list[tuple[int, int, Callable[..., object], Host | None, Slot | None]] = []
        self._serial = count()
        for host in self.hosts:
            for _ in range(senders):
                self._at(self.begin + dice.randrange(20_000), self._reserve, host)

    def at(self, seconds: float, happen: Callable[[], object]) -> None:
        """Let something happen at a time from the begin."""
        self._at(self.begin + round(seconds * SECOND), lambda *_: happen())

    def run(self, seconds: float) -> None:
        """Go on until so many seconds from the begin."""
        events, clock = self._events, self.clock
        until = self.begin + round(seconds * SECOND)
        while events and events[0][0] < until:
            clock.now, _, happen, host, slot = heapq.heappop(events)
            happen(host, slot)
        clock.now = until

    def standing(self) -> Standing:
        """What the store would tell now."""
        return self.server.budget(KEY).standing(None, None, self.server.now())

    def most_in(self, seconds: float, begin: float = 0.0) -> int:
        """The most messages that left within any window, from ``begin`` on."""
        window, most, first = round(seconds * SECOND), 0, 0
        starts = [start for start in self.starts if start >= begin * SECOND]
        for last, start in enumerate(starts):
            while starts[first] <= start - window:
                first += 1
            most = max(most, last - first + 1)
        return most

    def sent_between(self, begin: float, end: float) -> int:
        """Messages that left between two times in seconds."""
        return sum(begin * SECOND <= start < end * SECOND for start in self.starts)

    def _at(
        self,
        time: int,
        happen: Callable[..., object],
        host: Host | None = None,
        slot: Slot | None = None,
    ) -> None:
        heapq.heappush(self._events, (time, next(self._serial), happen, host, slot))

    def _reserve(self, host: Host, _: Slot | None) -> None:
        if not host.lives:
            return
        answer = host.store.reserve(KEY, self._demand)
        if isinstance(answer, Refused):
            self._at(
                self.clock.now + round(max(answer.retry_after, 0.01) * SECOND), self._reserve, host
            )
        else:
            self._at(self.clock.now + round(answer.wait * SECOND), self._leave, host, answer)

    def _leave(self, host: Host, slot: Slot) -> None:
        if not host.lives:
            host.lapsed += 1
            return
        host.sent += 1
        self.starts.append(self.clock.now - self.begin)
        self._at(self.clock.now + self._latency, self._accepted, host, slot)

    def _accepted(self, host: Host, slot: Slot) -> None:
        if host.lives:
            host.store.accepted(KEY, slot)
            self._reserve(host, None)
