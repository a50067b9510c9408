"""One simulator for the tests of a module: to start one and its clients takes most of a test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from botoses_guard.simulator import Simulator
from tests.simulator.local import Clock, LocalSES


@pytest.fixture(scope="module")
def shared_ses() -> Iterator[LocalSES]:
    clock = Clock()
    with Simulator(clock=clock) as simulator:
        yield LocalSES(simulator, clock)


@pytest.fixture
def ses(shared_ses: LocalSES) -> LocalSES:
    """A local SES as new, with a rate that no test meets by chance."""
    return shared_ses.set_up()
