"""Demands and slots, short to write."""

from __future__ import annotations

from botoses_guard.pacing import Refused, Slot
from botoses_guard.pacing.budget import Budget, Demand


def demand(
    recipients: int = 1,
    *,
    rate: float | None = 10.0,
    quota: float | None = None,
    max_wait: float = 60.0,
    quota_recipients: int | None = None,
) -> Demand:
    """A demand in which every recipient counts to the quota unless told otherwise."""
    counted = recipients if quota_recipients is None else quota_recipients
    return Demand(recipients, counted, rate, quota, max_wait)


def granted(answer: Slot | Refused) -> Slot:
    assert isinstance(answer, Slot), answer
    return answer


def refused(answer: Slot | Refused) -> Refused:
    assert isinstance(answer, Refused), answer
    return answer


def state(budget: Budget) -> object:
    """Everything that a budget remembers, for comparison."""
    return [
        {name: repr(getattr(part, name)) for name in type(part).__slots__}
        for part in (budget.schedule, budget.congestion, budget.daily, budget.inquiry)
    ]
