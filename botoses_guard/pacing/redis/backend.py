"""Budgets in a Redis or Valkey server: one script makes every step."""

from __future__ import annotations

import logging
import math
import struct
from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import groupby

from ..backend import BackendFailure, Presence, Reply
from ..budget import Demand, Outcomes, Refused, Slot, Standing
from ..clock import wall_us
from ..inquiry import SendQuota, Turn
from .connection import Scripts
from .url import Server

ANSWER = struct.Struct("<4qd")
"""To a demand: category, start, end, cell, seconds."""

REST = struct.Struct("<qd2q")
"""Of a reply: time, remaining, peers, whether the clock was set back."""

logger = logging.getLogger(__name__)


class RedisBackend:
    """Budgets in a Redis or Valkey server.

    Times are those of the server, so that the clocks of hosts do not matter, unless it keeps its
    time from scripts. Nothing is tried twice: a script that timed out may have run.
    """

    def __init__(
        self,
        server: Server,
        timeout: float | None = None,
        clock: Callable[[], int] | None = None,
    ) -> None:
        """
        Args:
            server: where.
            timeout: seconds to connect and for an answer; ``None`` for those of ``server``.
            clock: microseconds; ``None`` for the server's.
        """
        self._server = server
        self._timeout = timeout
        self._clock = clock
        self._scripts = Scripts(server, timeout)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._server.name!r})"

    def begin_anew(self) -> None:
        # redis-py knows whose process opened a connection, and closes no other's with a word.
        self._scripts = Scripts(self._server, self._timeout)

    def reserve(
        self,
        key: str,
        demands: Sequence[Demand],
        outcomes: Outcomes,
        floor: int,
        presence: Presence,
    ) -> Reply:
        asked = [_packed([floor, *_numbers_of(outcomes)])]
        for demand, alike in groupby(demands):
            asked += _packed([len(list(alike))]), _packed_demand(demand)
        peer = (presence.peer,) if presence.beats else ()
        told = self._run("reserve", key, b"".join(asked), *peer)
        try:
            now, remaining, peers, stepped = REST.unpack(told[-REST.size :])
            answers = [
                Slot(demand, now, start, end, cell, wait)
                if category == 0
                else Refused("send_rate" if category == 1 else "daily_quota", wait)
                for demand, (category, start, end, cell, wait) in zip(
                    demands, ANSWER.iter_unpack(told[: -REST.size]), strict=True
                )
            ]
        except (struct.error, ValueError):
            raise BackendFailure("no valid answer") from None
        return Reply(tuple(answers), _known(remaining), peers, bool(stepped))

    def hear(self, key: str, outcomes: Outcomes) -> None:
        self._step("hear", key, _numbers_of(outcomes))

    def give_back(self, key: str, slot: Slot) -> None:
        self._step("give_back", key, _numbers_of_slot(slot))

    def throttled(self, key: str, slot: Slot) -> float | None:
        (rate,) = self._step("throttled", key, _numbers_of_slot(slot), 1)
        return _known(rate)

    def exhausted(self, key: str, slot: Slot) -> None:
        self._step("exhausted", key, _numbers_of_slot(slot))

    def turn(self, key: str, interval: float) -> Turn:
        *quota, asks, again, mark = self._step("turn", key, [interval], 6)
        known = None if math.isnan(quota[0]) else SendQuota(*quota)
        return Turn(known, bool(asks), again, int(mark))

    def learn(self, key: str, quota: SendQuota, mark: int | None) -> None:
        self._step("learn", key, [*quota, mark])

    def standing(self, key: str, rate: float | None, quota: float | None) -> Standing:
        rate_now, remaining, queue, shut = self._step("standing", key, [rate, quota], 4)
        return Standing(_known(rate_now), _known(remaining), queue, shut)

    def _step(
        self, step: str, key: str, numbers: Sequence[float | None], told: int = 0
    ) -> tuple[float, ...]:
        """The ``told`` numbers that the script answers to ``numbers``; NaN for None."""
        answer = self._run(step, key, _packed(numbers))
        try:
            return struct.unpack(f"<{told}d", answer)
        except struct.error:
            raise BackendFailure("no valid answer") from None

    def _run(self, step: str, key: str, *arguments: bytes | str) -> bytes:
        budget, peers = _names(key)
        now: int | str = "" if self._clock is None else self._clock()
        answer = self._scripts.run(2, budget, peers, step, now, *arguments)
        if answer is None:
            self._clock = wall_us
            logger.warning(
                "the store %s keeps its time from scripts: the clock of this host is used, which "
                "must agree with those of the other hosts",
                self._server.name,
            )
            answer = self._scripts.run(2, budget, peers, step, wall_us(), *arguments)
        if not isinstance(answer, bytes):
            raise BackendFailure("no valid answer")
        return answer


@lru_cache(maxsize=64)
def _names(key: str) -> tuple[bytes, bytes]:
    """Of a budget and its peers; the braces put both on one node of a cluster."""
    tag = key.replace("%", "%25").replace("}", "%7D")
    budget = f"botoses_guard:{{{tag}}}".encode(errors="backslashreplace")
    return budget, budget + b":peers"


def _packed(numbers: Sequence[float | None]) -> bytes:
    """As the script takes them; None is NaN on the way."""
    known = [math.nan if number is None else number for number in numbers]
    return struct.pack(f"<{len(known)}d", *known)


@lru_cache(maxsize=256)
def _packed_demand(demand: Demand) -> bytes:
    """Senders ask for the same again and again."""
    return _packed(demand)


def _numbers_of(outcomes: Outcomes) -> list[float]:
    released = outcomes.released
    numbers = [outcomes.confirmed, outcomes.spent, outcomes.accepted, len(released)]
    for cell_and_recipients in released:
        numbers += cell_and_recipients
    return [*numbers]


def _numbers_of_slot(slot: Slot) -> list[float | None]:
    demand = slot.demand
    return [slot.reserved, slot.start, slot.end, slot.cell, demand.quota_recipients, demand.rate]


def _known(number: float) -> float | None:
    return None if math.isnan(number) else number
