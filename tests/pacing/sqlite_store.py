"""A store in a file of its own."""

from __future__ import annotations

import tempfile
import weakref
from collections.abc import Callable

from botoses_guard.pacing import Store
from botoses_guard.pacing.shared import SharedStore
from botoses_guard.pacing.sqlite import SqliteBackend
from botoses_guard.pacing.sqlite.host_clock import HostClock


def make_store(clock: Callable[[], int]) -> Store:
    """A new, empty store; its directory goes with it."""
    directory = tempfile.TemporaryDirectory()
    backend = SqliteBackend(f"{directory.name}/budgets", HostClock(clock, clock, bytes(8)))
    weakref.finalize(backend, directory.cleanup)
    return SharedStore("sqlite", backend, clock=clock)
