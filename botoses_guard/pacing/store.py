"""Where budgets live: the interface of a store, and the table of stores."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from types import MappingProxyType
from typing import Literal, Protocol, cast

from ..errors import SettingError
from .budget import Demand, Refused, Slot, Standing
from .inquiry import SendQuota, Turn


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
    def name(self) -> str:
        """The address without user and password, for logs."""

    @property
    def state(self) -> str:
        """``ok``, or what is wrong with the store."""

    @property
    def counters(self) -> Mapping[str, int]:
        """How often what happened to the store."""


StoreFailure = Literal["local", "raise"]
"""What a send does when its store is out of reach: be paced in this process, or be refused."""

_OPENERS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "memory": ("memory", "open_memory_store"),
        "sqlite": ("sqlite", "open_sqlite_store"),
        "redis": ("redis", "open_redis_store"),
        "rediss": ("redis", "open_redis_store"),
        "valkey": ("redis", "open_redis_store"),
        "valkeys": ("redis", "open_redis_store"),
        "unix": ("redis", "open_redis_store"),
        "dynamodb": ("dynamodb", "open_dynamodb_store"),
    }
)
"""By the scheme of the address: the module here, which is imported when it is used, and its
function."""


def open_store(url: str, failure: StoreFailure = "local") -> Store:
    """The one store of this process at an address, such as ``memory://``. Nothing is connected yet.

    Args:
        url: the address.
        failure: what a send does when the store is out of reach.

    Raises:
        SettingError: the address makes no sense, or the store's extra is not installed. It shows no
            more of the address than its scheme: the rest may hold a password.
    """
    scheme = url.partition(":")[0].lower()
    if scheme not in _OPENERS:
        known = ", ".join(f"{known}://" for known in _OPENERS)
        raise SettingError(f"no store has the scheme {ascii(scheme)}; accepted are {known}")
    module, function = _OPENERS[scheme]
    open_it = getattr(import_module(f".{module}", __package__), function)
    return cast(Callable[[str, str], Store], open_it)(url, failure)
