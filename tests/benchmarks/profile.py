"""Where the time of one guarded send goes, step by step.

    python -m tests.benchmarks.profile

HTTP is answered in the process. Each step is measured by itself, with a clock around it and nothing
else, once in the middle of real sends and once in a loop that calls the guard's handlers one
after the other with what botocore gave them. Indented steps are parts of the one above them.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, NamedTuple

import botoses_guard
from botoses_guard.handlers.bridge import Bridge
from botoses_guard.pacing.budget import Budget
from botoses_guard.pacing.memory import MemoryStore
from botoses_guard.pacing.pacer import Pacer
from botoses_guard.sending import policy
from botoses_guard.telemetry import Telemetry

from .in_process import client, parameters

SENDS = 200
"""Of each step in a round."""

ROUNDS = 15

SERVICE = "sesv2"
EVENTS = (
    "provide-client-params",
    "before-parameter-build",
    "before-call",
    "before-send",
    "needs-retry",
    "after-call",
)
CALL = parameters(SERVICE, "Shop <shop@example.com>", "ada@example.com")
SETTINGS: dict[str, Any] = {
    "max_send_rate": 1e9,
    "max_24_hour_send": -1,
    "rate_share": 1,
    "store": "memory://",
}

LESSON = """\
What botocore does in between fills the processor's caches, so that each Python frame begins cold.
Fewer frames and fewer objects make a send faster; what is fast in a loop may not."""


class Step(NamedTuple):
    """A function of the guard, and where it is found."""

    name: str
    owner: Any
    attribute: str


STEPS = (
    Step("provide-client-params", Bridge, "provide_client_params"),
    Step("before-parameter-build", Bridge, "before_parameter_build"),
    Step("  a look at the parameters", policy, "prepare"),
    Step("before-call", Bridge, "before_call"),
    Step("  pacer", Pacer, "reserve"),
    Step("    store", MemoryStore, "reserve"),
    Step("      budget", Budget, "reserve"),
    Step("before-send", Bridge, "before_send"),
    Step("needs-retry", Bridge, "needs_retry"),
    Step("  the slot is settled", Pacer, "settle"),
    Step("  telemetry", Telemetry, "accepted"),
    Step("after-call", Bridge, "after_call"),
)


@contextmanager
def instead_of(step: Step, wrap: Callable[[Callable[..., Any]], object]) -> Iterator[None]:
    """Put what ``wrap`` makes of a step in its place as long as the context lasts."""
    original = getattr(step.owner, step.attribute)
    setattr(step.owner, step.attribute, wrap(original))
    try:
        yield
    finally:
        setattr(step.owner, step.attribute, original)


def timed(times: list[float]) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """A wrapper that appends the seconds of each call to ``times``."""

    def wrap(function: Callable[..., Any]) -> Callable[..., Any]:
        clock, note = time.perf_counter, times.append

        def timed_function(*args: Any, **kwargs: Any) -> Any:
            begin = clock()
            result = function(*args, **kwargs)
            note(clock() - begin)
            return result

        return timed_function

    return wrap


@contextmanager
def guarded(made: Any) -> Iterator[Callable[[], object]]:
    """A send of a client that is guarded as long as the context lasts."""
    guard = botoses_guard.register(made, **SETTINGS)
    try:
        yield lambda: made.send_email(**CALL)
    finally:
        guard.unregister()


def one_send_without_botocore() -> Callable[[], None]:
    """Calls the handlers of a send with what botocore gave them in a real one."""
    caught: list[tuple[str, Any, dict[str, Any]]] = []

    def catching(attribute: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        def wrap(original: Callable[..., Any]) -> Callable[..., Any]:
            def catch(self: Bridge, **kwargs: Any) -> Any:
                caught.append((attribute, self, kwargs))
                return original(self, **kwargs)

            return catch

        return wrap

    attributes = [step.attribute for step in STEPS if step.owner is Bridge]
    with ExitStack() as stack:
        for name in attributes:
            stack.enter_context(instead_of(Step("", Bridge, name), catching(name)))
        made = client(SERVICE)
        botoses_guard.register(made, **SETTINGS)  # and stays: who is taken off begins no more sends
        made.send_email(**CALL)
    assert [attribute for attribute, *_ in caught] == attributes

    def replay() -> None:
        for attribute, self, kwargs in caught:
            getattr(Bridge, attribute)(self, **kwargs)

    return replay


def median_of(times: list[float]) -> float:
    """The median in microseconds, without what the clock measures of itself."""
    of_itself: list[float] = []
    empty = timed(of_itself)(lambda: None)
    for _ in range(SENDS):
        empty()
    return 1e6 * (statistics.median(times) - statistics.median(of_itself))


def in_a_loop(step: Step, replay: Callable[[], object]) -> float:
    """The median microseconds of a step without botocore around it."""
    times: list[float] = []
    with instead_of(step, timed(times)):
        for _ in range(SENDS):
            replay()
    return median_of(times)


def in_a_send(step: Step, made: Any) -> float:
    """The median microseconds of a step in real sends."""
    times: list[float] = []
    with instead_of(step, timed(times)), guarded(made) as send:
        for _ in range(SENDS):
            send()
    return median_of(times)


def steps() -> dict[Step, tuple[float, float]]:
    """Of each step the median of all rounds, in a loop and in a send."""
    replay, made = one_send_without_botocore(), client(SERVICE)
    found: dict[Step, list[tuple[float, float]]] = {step: [] for step in STEPS}
    for _ in range(ROUNDS):  # of all steps, so that what else the machine does meets all of them
        for step, medians in found.items():
            medians.append((in_a_loop(step, replay), in_a_send(step, made)))
    return {
        step: (
            statistics.median(one for one, _ in medians),
            statistics.median(two for _, two in medians),
        )
        for step, medians in found.items()
    }


def with_empty_handlers() -> Any:
    """A client with as many handlers as the guard has for a send, which do nothing."""
    made = client(SERVICE)
    for event in EVENTS:
        made.meta.events.register(f"{event}.{SERVICE}.SendEmail", lambda **_: None)
    return made


def whole_sends() -> tuple[float, float, float]:
    """Median microseconds of a plain send, and what empty handlers and the guard add to it.

    Those of the processor: a whole send is long enough for others to come in between.
    """
    watched = client(SERVICE)
    botoses_guard.register(watched, **SETTINGS)
    sends = [made.send_email for made in (client(SERVICE), with_empty_handlers(), watched)]
    rounds = []
    for number in range(ROUNDS):
        found = [0.0] * len(sends)
        # Which goes first changes, so that a drift of the machine's speed cancels out.
        for shift in range(len(sends)):
            which = (number + shift) % len(sends)
            begin = time.thread_time()
            for _ in range(SENDS):
                sends[which](**CALL)
            found[which] = (time.thread_time() - begin) / SENDS * 1e6
        rounds.append(found)
    return (
        statistics.median(plain for plain, _, _ in rounds),
        statistics.median(empty - plain for plain, empty, _ in rounds),
        statistics.median(whole - plain for plain, _, whole in rounds),
    )


def main() -> None:
    print(f"Python {sys.version.split()[0]}, {SERVICE}, memory://; medians in microseconds")
    print(f"{'':34}{'in a loop':>12}{'in a send':>12}")
    found = steps()
    for step, (warm, cold) in found.items():
        print(f"{step.name:34}{warm:12.1f}{cold:12.1f}{cold / warm:8.1f}x")
    handlers_of_a_send = [found[step] for step in STEPS if step.owner is Bridge]
    warm, cold = (sum(times) for times in zip(*handlers_of_a_send))
    print(f"{'all handlers together':34}{warm:12.1f}{cold:12.1f}{cold / warm:8.1f}x")
    plain, empty, whole = whole_sends()
    print(f"\n{'a whole send: plain':34}{plain:24.1f}")
    print(f"{'  handlers that do nothing':34}{empty:+24.1f}")
    print(f"{'  guarded':34}{whole:+24.1f}")
    print(
        f"\nIn the middle of botocore's call the same code takes {cold / warm:.1f} times as long."
    )
    print(LESSON)


if __name__ == "__main__":
    main()
