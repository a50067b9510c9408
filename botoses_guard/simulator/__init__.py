"""A local SES: an HTTP server that judges like the real one, for tests and demonstrations.

It shares nothing with the guard but the table of operations, so that it can judge the guard.
Needs the extra ``simulator``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .server import Simulator

__all__ = ["Simulator"]


def __getattr__(name: str) -> Any:
    """``Simulator``, imported when it is used: pytest loads this package's fixture everywhere."""
    if name != "Simulator":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        from .server import Simulator
    except ModuleNotFoundError as missing:
        raise ImportError(
            "the local SES needs the extra 'simulator': pip install 'botoses-guard[simulator]'"
        ) from missing
    return Simulator
