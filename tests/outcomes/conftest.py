"""The servers, and time that does not pass."""

from __future__ import annotations

import gc
import warnings
from collections.abc import Iterator
from types import SimpleNamespace
from unittest.mock import patch

import botocore.endpoint
import pytest

from .stage import Stage


@pytest.fixture(scope="session")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with Stage(tmp_path_factory.mktemp("certificates")) as servers:
        yield servers


@pytest.fixture(autouse=True)
def no_pauses() -> Iterator[None]:
    """Skip botocore's own pauses between attempts; it takes no sleep as an argument."""
    skipped = SimpleNamespace(sleep=lambda seconds: None)
    with patch.object(botocore.endpoint, "time", skipped):
        yield


@pytest.fixture(autouse=True, scope="module")
def no_lost_sockets() -> Iterator[None]:
    """Close what urllib3 lost of failed handshakes here, and not in another module's tests."""
    yield
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()
