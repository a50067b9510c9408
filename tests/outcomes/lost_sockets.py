"""Sockets that urllib3 loses: of a handshake that fails, in 1.26 also of a proxy's refusal.

Nothing refers to them any more but the failure's traceback, so that the collector closes them, with
a warning and at its own time.
"""

from __future__ import annotations

import gc
import warnings

import pytest

ignored = pytest.mark.filterwarnings("ignore:unclosed <:ResourceWarning")
"""For tests in which the collector may find one."""


def collect() -> None:
    """Close them now, so that none is found in a test that does not expect it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()
