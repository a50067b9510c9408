"""The servers, and time that does not pass."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from . import lost_sockets
from .stage import Stage, no_pauses


@pytest.fixture(scope="session")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with Stage(tmp_path_factory.mktemp("certificates")) as servers:
        yield servers


@pytest.fixture(autouse=True)
def hurried_botocore() -> Iterator[None]:
    with no_pauses():
        yield


@pytest.fixture(autouse=True, scope="module")
def no_lost_sockets() -> Iterator[None]:
    yield
    lost_sockets.collect()
