"""What a store that several processes share has to do, and how it says that it cannot."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from .budget import Demand, Outcomes, Refused, Slot, Standing
from .inquiry import SendQuota, Turn


class BackendFailure(Exception):
    """The backend did not do what was asked, as far as can be told.

    Its text names the kind of failure and never an address, a user or a password.
    """


class BackendMistake(BackendFailure):
    """A failure that somebody has to correct, as opposed to an outage, which passes."""


class Presence(NamedTuple):
    """Who makes a reservation."""

    peer: str
    """Name of the process, which no other has."""

    beats: bool
    """Whether to note that the process is there, and to count those that are."""


class Reply(NamedTuple):
    """The answer to a reservation."""

    answers: tuple[Slot | Refused, ...]
    """To each demand, in order."""

    remaining: float | None
    """Recipients that are left of the quota after it; ``None`` when there is none or unknown."""

    peers: int
    """Processes that beat within the last minute, this one included; 0 when not counted."""

    stepped: bool = False
    """Whether the backend's clock was found to be set back."""


class Backend(Protocol):
    """One server, file or table. Each method is one atomic step, and short.

    Every method raises :class:`BackendFailure`, and nothing else, when the step cannot be made or
    nobody knows whether it was.
    """

    def reserve(
        self,
        key: str,
        demands: Sequence[Demand],
        outcomes: Outcomes,
        floor: int,
        presence: Presence,
    ) -> Reply:
        """Reserve for each demand what it asks for, or nothing, in order.

        Args:
            key: name of the budget.
            demands: of senders that wait at this moment, at least one.
            outcomes: of earlier slots, to be taken in first.
            floor: microseconds from now before which nothing starts, because this process knows
                that they are taken; may be negative.
            presence: of this process.
        """

    def hear(self, key: str, outcomes: Outcomes) -> None:
        """Take what became of earlier slots."""

    def give_back(self, key: str, slot: Slot) -> None:
        """Undo a reservation, and uncount its recipients."""

    def throttled(self, key: str, slot: Slot) -> float | None:
        """As :meth:`.Store.throttled`."""

    def exhausted(self, key: str, slot: Slot) -> None:
        """As :meth:`.Store.exhausted`."""

    def turn(self, key: str, interval: float) -> Turn:
        """As :meth:`.Store.turn`."""

    def learn(self, key: str, quota: SendQuota, mark: int | None) -> None:
        """As :meth:`.Store.learn`."""

    def standing(self, key: str, rate: float | None, quota: float | None) -> Standing:
        """As :meth:`.Store.standing`."""

    def begin_anew(self) -> None:
        """Drop every connection without a word to its other end: it belongs to the parent of this
        forked process."""
