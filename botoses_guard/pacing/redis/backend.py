"""Budgets in a Redis or Valkey server: one script makes every step."""

from __future__ import annotations

import logging
import math
import struct
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from ..backend import BackendFailure, Presence, Reply
from ..budget import Demand, Outcomes, Refused, Slot, Standing
from ..inquiry import SendQuota, Turn
from .url import Server

if TYPE_CHECKING:
    from .connection import Scripts

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
        self._scripts: dict[str, Scripts] = {}

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._server.name!r})"

    def begin_anew(self) -> None:
        # redis-py knows whose process opened a connection, and closes no other's with a word.
        self._scripts = {}

    def reserve(
        self,
        key: str,
        demands: Sequence[Demand],
        outcomes: Outcomes,
        floor: int,
        presence: Presence,
    ) -> Reply:
        asked: list[float | None] = [floor, *_of_outcomes(outcomes)]
        for demand in demands:
            asked += demand
        peer = (presence.peer,) if presence.beats else ()
        *answers, now, remaining, peers, stepped = self._step("reserve", key, asked, *peer)
        numbers = iter(answers)
        return Reply(
            tuple(
                _answer(demand, now, *told)
                for demand, *told in zip(
                    demands, numbers, numbers, numbers, numbers, numbers, strict=True
                )
            ),
            _known(remaining),
            int(peers),
            bool(stepped),
        )

    def hear(self, key: str, outcomes: Outcomes) -> None:
        self._step("hear", key, _of_outcomes(outcomes))

    def give_back(self, key: str, slot: Slot) -> None:
        self._step("give_back", key, _of_slot(slot))

    def throttled(self, key: str, slot: Slot) -> float | None:
        (rate,) = self._step("throttled", key, _of_slot(slot))
        return _known(rate)

    def exhausted(self, key: str, slot: Slot) -> None:
        self._step("exhausted", key, _of_slot(slot))

    def turn(self, key: str, interval: float) -> Turn:
        *quota, asks, again, mark = self._step("turn", key, [interval])
        known = None if math.isnan(quota[0]) else SendQuota(*quota)
        return Turn(known, bool(asks), again, int(mark))

    def learn(self, key: str, quota: SendQuota, mark: int | None) -> None:
        self._step("learn", key, [*quota, mark])

    def standing(self, key: str, rate: float | None, quota: float | None) -> Standing:
        rate_now, remaining, queue, shut = self._step("standing", key, [rate, quota])
        return Standing(_known(rate_now), _known(remaining), queue, shut)

    def _step(
        self, step: str, key: str, numbers: Sequence[float | None], *peer: str
    ) -> tuple[float, ...]:
        """What the script answers to ``numbers``; None is NaN on the way."""
        asked = struct.pack(
            f"<{len(numbers)}d", *[math.nan if number is None else number for number in numbers]
        )
        answer = self._run(step, key, asked, *peer)
        try:
            return struct.unpack(f"<{len(answer) // 8}d", answer)
        except struct.error:
            raise BackendFailure("no valid answer") from None

    def _run(self, step: str, key: str, *arguments: bytes | str) -> bytes:
        from .connection import TimeKept  # redis-py is not installed everywhere

        scripts = self._scripts.get("one") or self._connect()
        budget = _name(key)
        try:
            now: int | str = "" if self._clock is None else self._clock()
            return scripts.run(2, budget, budget + b":peers", step, now, *arguments)
        except TimeKept:
            logger.warning(
                "the store %s keeps its time from scripts: the clock of this host is used, which "
                "must agree with those of the other hosts",
                self._server.name,
            )
            self._clock = _wall_clock
        return scripts.run(2, budget, budget + b":peers", step, _wall_clock(), *arguments)

    def _connect(self) -> Scripts:
        from .connection import Scripts  # redis-py is not installed everywhere

        return self._scripts.setdefault("one", Scripts(self._server, self._timeout))


def _wall_clock() -> int:
    return time.time_ns() // 1000


def _name(key: str) -> bytes:
    """Of a budget; its braces put all that belongs to it on one node of a cluster."""
    tag = key.replace("%", "%25").replace("}", "%7D")
    return f"botoses_guard:{{{tag}}}".encode(errors="backslashreplace")


def _of_outcomes(outcomes: Outcomes) -> list[float | None]:
    released = outcomes.released
    numbers: list[float | None] = [
        outcomes.confirmed,
        outcomes.spent,
        outcomes.accepted,
        len(released),
    ]
    for cell_and_recipients in released:
        numbers += cell_and_recipients
    return numbers


def _of_slot(slot: Slot) -> list[float | None]:
    demand = slot.demand
    return [slot.reserved, slot.start, slot.end, slot.cell, demand.quota_recipients, demand.rate]


def _known(number: float) -> float | None:
    return None if math.isnan(number) else number


def _answer(
    demand: Demand, now: float, category: float, wait: float, start: float, end: float, cell: float
) -> Slot | Refused:
    if category == 0:
        return Slot(demand, int(now), int(start), int(end), int(cell), wait)
    return Refused("send_rate" if category == 1 else "daily_quota", wait)
