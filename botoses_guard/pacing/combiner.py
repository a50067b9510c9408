"""One trip for all who wait.

While one sender's round trip is under way the others queue, and the next trip reserves for all of
them, in the order in which they came. Nothing is taken without a taker.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

Asked = TypeVar("Asked")
Answer = TypeVar("Answer")

LARGEST_TRIP = 64
"""Demands of one trip; the others wait for the next."""


class _Ticket(Generic[Asked, Answer]):
    """One who waits."""

    __slots__ = ("asked", "gate", "done", "answer", "failure", "abandoned")

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self.gate = threading.Lock()
        self.gate.acquire()
        self.done = False
        self.answer: Answer | None = None
        self.failure: Exception | None = None
        self.abandoned = False


class Combiner(Generic[Asked, Answer]):
    """Makes one trip at a time, each for all who came during the one before.

    A forked child needs a new one.
    """

    def __init__(
        self,
        trip: Callable[[Sequence[Asked]], Sequence[Answer]],
        unwanted: Callable[[Answer], object],
    ) -> None:
        """
        Args:
            trip: answers each of those who ask, in order, or raises for all of them.
            unwanted: told of an answer whose taker was interrupted while it waited.
        """
        self._trip = trip
        self._unwanted = unwanted
        self._lock = threading.Lock()
        self._leader: _Ticket[Asked, Answer] | None = None
        self._waiting: list[_Ticket[Asked, Answer]] = []

    def ask(self, asked: Asked) -> Answer:
        """The answer to ``asked``; raises what the trip raises."""
        ticket: _Ticket[Asked, Answer] = _Ticket(asked)
        try:
            with self._lock:
                self._waiting.append(ticket)
                if self._leader is None:
                    self._leader = ticket
            while not ticket.done:
                if self._leader is ticket:
                    self._travel()
                else:
                    ticket.gate.acquire()
        except BaseException:  # Ctrl-C, a greenlet's timeout
            self._abandon(ticket)
            raise
        finally:
            if self._leader is ticket:
                self._pass_on()
        if ticket.failure is not None:
            raise ticket.failure
        assert ticket.answer is not None
        return ticket.answer

    def _travel(self) -> None:
        """Make a trip for the first of those who wait, this sender among them.

        They stay in their places until it is over: if this sender is interrupted on the way, the
        next one travels for them.
        """
        with self._lock:
            batch = self._waiting[:LARGEST_TRIP]
        try:
            answers = self._trip([ticket.asked for ticket in batch])
            answered = list(zip(batch, answers, strict=True))
        except Exception as failure:
            self._fail(batch, failure)
        else:
            self._hand_out(answered)

    def _fail(self, batch: Sequence[_Ticket[Asked, Answer]], failure: Exception) -> None:
        with self._lock:
            for ticket in batch:
                ticket.failure = failure
                self._release(ticket)

    def _hand_out(self, answered: Sequence[tuple[_Ticket[Asked, Answer], Answer]]) -> None:
        left_over = []
        with self._lock:
            for ticket, answer in answered:
                ticket.answer = answer
                self._release(ticket)
                if ticket.abandoned:
                    left_over.append(answer)
        for answer in left_over:
            self._unwanted(answer)

    def _release(self, ticket: _Ticket[Asked, Answer]) -> None:
        ticket.done = True
        if not ticket.abandoned:
            self._waiting.remove(ticket)
        if ticket is not self._leader:
            ticket.gate.release()

    def _abandon(self, ticket: _Ticket[Asked, Answer]) -> None:
        with self._lock:
            ticket.abandoned = True
            if ticket in self._waiting:
                self._waiting.remove(ticket)
            answer = ticket.answer
        if answer is not None:
            self._unwanted(answer)

    def _pass_on(self) -> None:
        with self._lock:
            self._leader = self._waiting[0] if self._waiting else None
            if self._leader is not None:
                self._leader.gate.release()
