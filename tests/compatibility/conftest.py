from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import botocore.session
import pytest
from botocore.loaders import Loader, create_loader

import botoses_guard
from botoses_guard.simulator import Simulator

from .outcomes import local_ses


@pytest.fixture(scope="module")
def models_are_read_once() -> Iterator[None]:
    """Each session reads the models of its services, and some tests make many sessions.

    Not for tests that register a session while a plain client of another one lives: by the loader
    of its models the guard tells which session made a client.
    """
    loader = loader_of_all()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(botocore.session, "create_loader", lambda path: loader)
        yield


@lru_cache
def loader_of_all() -> Loader:
    loader: Loader = create_loader()
    return loader


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
