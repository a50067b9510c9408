"""The steps of a send that take time, as data: the policy yields them, and a driver takes them.

A plan is a generator. Its driver takes each step, blocking or awaiting, and sends the answer back
in, so that one policy serves blocking and asynchronous clients.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import NamedTuple, TypeVar

from ..pacing import Outcome, Pacer, Slot
from .remainder import Remainder


class Reserve(NamedTuple):
    """Reserve a slot; the answer is a :class:`~..pacing.Slot` or :class:`~..pacing.Refused`."""

    pacer: Pacer
    recipients: int
    quota_recipients: int
    max_wait: float
    """Seconds."""


class Settle(NamedTuple):
    """Tell the pacer the outcome of a slot; the answer is the rate, where it was cut for it."""

    pacer: Pacer
    slot: Slot
    outcome: Outcome


class Look(NamedTuple):
    """Look at a budget; the answer is a :class:`~..pacing.Standing`."""

    pacer: Pacer


class Sleep(NamedTuple):
    """Wait."""

    seconds: float


class Call(NamedTuple):
    """Call the operation again for some entries; the answer is the parsed answer of SES."""

    remainder: Remainder


Step = Reserve | Settle | Look | Sleep | Call

_Result = TypeVar("_Result")

Plan = Generator[Step, "object", _Result]
"""Yields steps, takes their answers, returns its result."""
