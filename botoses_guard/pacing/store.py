"""Where budgets live: the interface of a store, and the table of stores."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Protocol
from urllib.parse import urlsplit

from .budget import Demand, Refused, Slot, Standing
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

    def throttled(self, key: str, slot: Slot) -> bool:
        """SES refused the send for its rate; returns whether the rate was cut for it."""

    def exhausted(self, key: str, slot: Slot) -> None:
        """SES refused the send for the 24-hour quota."""

    def mark(self, key: str) -> int:
        """What to hand to :meth:`learn`, taken before the account is asked."""

    def learn(self, key: str, sent: float, quota: float, mark: int) -> None:
        """Take the account's own count of the last 24 hours."""

    def standing(self, key: str, rate: float | None, quota: float | None) -> Standing:
        """What the budget looks like now."""

    @property
    def state(self) -> str:
        """``ok``, or what is wrong with the store."""


_OPENERS: Mapping[str, Callable[[str], Store]] = MappingProxyType({"memory": shared_memory})


def open_store(url: str) -> Store:
    """The store at ``url``, such as ``memory://``; the scheme has been checked by the settings."""
    return _OPENERS[urlsplit(url).scheme](url)
