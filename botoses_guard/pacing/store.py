"""Where budgets live: the interface of a store, and the table of stores."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Literal, Protocol
from urllib.parse import urlsplit

from .budget import Demand, Refused, Slot, Standing
from .inquiry import SendQuota, Turn
from .memory import shared_memory


class Store(Protocol):
    """Budgets by key. Each method is one atomic step and never sleeps.

    A key names an account in a region. Slots are handed back to the store that gave them.
    """

    def reserve(self, key: str, demand: Demand) -> Slot | Refused:
        """Reserve all that is asked for, or nothing."""

    def give_back(self, key: str, slot: Slot) -> None:
        """Undo a reservation whose send never left."""

    def accepted(self, key: str, slot: Slot) -> None:
        """SES accepted the send, or may have."""

    def rejected(self, key: str, slot: Slot) -> None:
        """SES refused the send for a reason of its own."""

    def throttled(self, key: str, slot: Slot) -> float | None:
        """SES refused the send for its rate; returns the rate if it was cut for it."""

    def exhausted(self, key: str, slot: Slot) -> None:
        """SES refused the send for the 24-hour quota."""

    def turn(self, key: str, interval: float) -> Turn:
        """Whether to ask the account for its quota; its last answer, if it is ``interval`` old."""

    def learn(self, key: str, quota: SendQuota, mark: int | None) -> None:
        """Take what the account says; ``mark`` is that of the turn, ``None`` without one."""

    def standing(self, key: str, rate: float | None, quota: float | None) -> Standing:
        """What the budget looks like now."""

    @property
    def state(self) -> str:
        """``ok``, or what is wrong with the store."""


StoreFailure = Literal["local", "raise"]
"""What a send does when its store is out of reach: be paced in this process, or be refused."""

_OPENERS: Mapping[str, Callable[[str, StoreFailure], Store]]
_OPENERS = MappingProxyType({"memory": shared_memory})


def open_store(url: str, failure: StoreFailure = "local") -> Store:
    """The store at ``url``, such as ``memory://``; the scheme has been checked by the settings."""
    return _OPENERS[urlsplit(url).scheme](url, failure)
