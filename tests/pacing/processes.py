"""A few processes over one model of a server, all on one clock that moves when it is told to."""

from __future__ import annotations

from botoses_guard.pacing import Refused, Slot
from botoses_guard.pacing.budget import Budget, Demand
from botoses_guard.pacing.shared import SharedStore

from .clock import SECOND, Clock
from .demands import demand, granted
from .local_backend import LocalBackend, Server

KEY = "111122223333:us-east-1"


class Processes:
    """Each has a store of its own."""

    def __init__(self, number: int = 1, failure: str = "local", uniform: float = 0.0) -> None:
        """
        Args:
            number: how many.
            failure: what they do without the server.
            uniform: what their dice always show.
        """
        self.clock = Clock()
        self.server = Server(self.clock)
        self.ways = [LocalBackend(self.server) for _ in range(number)]
        self.stores = [
            SharedStore("model://server", way, failure, self.clock, lambda: uniform)
            for way in self.ways
        ]
        self.store, self.way = self.stores[0], self.ways[0]

    @property
    def budget(self) -> Budget:
        return self.server.budget(KEY)

    def fail(self, kind: str | None = "refused") -> None:
        """From now on nobody reaches the server; ``None`` is the end of that."""
        for way in self.ways:
            way.failure = kind

    def reserve(self, process: int = 0, wanted: Demand | None = None) -> Slot | Refused:
        return self.stores[process].reserve(KEY, wanted or demand())

    def go(self, process: int = 0, wanted: Demand | None = None) -> float:
        """Reserve; the time at which the message goes, in seconds from now."""
        return granted(self.reserve(process, wanted)).wait

    def come_back(self) -> None:
        """The server is there again, and each process tries it."""
        self.fail(None)
        self.clock.advance(40)
        for process in range(len(self.stores)):
            granted(self.reserve(process, demand(max_wait=1e6)))

    def queue(self) -> float:
        """Seconds to the end of the server's queue."""
        return (self.budget.schedule.next - self.server.now()) / SECOND
