"""The blocking driver: takes the steps of a plan in the calling thread."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from ..sending import Look, Plan, Remainder, Reserve, Settle, Sleep, Step

_Result = TypeVar("_Result")


class BlockingDriver:
    """Takes each step where the plan yields it, and sends its answer back in."""

    def __init__(
        self, sleep: Callable[[float], None], call: Callable[[Remainder], dict[str, Any]]
    ) -> None:
        """
        Args:
            sleep: waits for a number of seconds.
            call: calls the operation again for the entries that go again.
        """
        self._sleep = sleep
        self._call = call

    def run(self, plan: Plan[_Result]) -> _Result:
        """Take all steps of a plan, and return its result."""
        try:
            step = next(plan)
            while True:
                try:
                    answer = self._take(step)
                except BaseException as error:  # noqa: B036 (raised again, by the plan)
                    step = plan.throw(error)
                else:
                    step = plan.send(answer)
        except StopIteration as end:
            result: _Result = end.value
            return result

    def _take(self, step: Step) -> object:
        if isinstance(step, Reserve):
            pacer, recipients, quota_recipients, max_wait = step
            return pacer.reserve(recipients, quota_recipients, max_wait)
        if isinstance(step, Settle):
            return step.pacer.settle(step.slot, step.outcome)
        if isinstance(step, Sleep):
            return self._sleep(step.seconds)
        if isinstance(step, Look):
            return step.pacer.standing()
        return self._call(step.remainder)
