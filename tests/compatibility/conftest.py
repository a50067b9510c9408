from __future__ import annotations

from collections.abc import Iterator

import pytest

import botoses_guard
from botoses_guard.simulator import Simulator

from .outcomes import local_ses


@pytest.fixture
def ses() -> Iterator[Simulator]:
    with local_ses() as simulator:
        yield simulator


@pytest.fixture
def guard_everywhere(request: pytest.FixtureRequest) -> Iterator[botoses_guard.Guard]:
    """For libraries that make their session themselves."""
    # A scope of its own, for the same settings would give the guard of the test before again.
    guard = botoses_guard.register(scope=request.node.name)
    yield guard
    guard.unregister()


@pytest.fixture(scope="session")
def django_settings() -> None:
    """Django's settings are made once in a process; these change nothing outside of Django."""
    conf = pytest.importorskip("django.conf")
    if not conf.settings.configured:
        conf.settings.configure()
