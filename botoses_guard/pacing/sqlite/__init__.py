"""``sqlite:///path``: one budget for all processes of a host, in a file.

A budget is one record, and a step replaces it in one statement: a short transaction, for which
nobody waits who computes.
"""

from __future__ import annotations

from urllib.parse import quote

from ...errors import SettingError
from ..shared import SharedStore
from .backend import SqliteBackend
from .file import fault_of
from .url import check_sqlite_url, path_of

__all__ = ["SqliteBackend", "check_sqlite_url", "open_sqlite_store"]

_opened: dict[tuple[str, str], SharedStore] = {}


def open_sqlite_store(url: str, failure: str) -> SharedStore:
    """The one store of this process in the file that ``url`` names. Nothing is opened yet.

    Args:
        url: ``sqlite:///path``, relative to the working directory, or ``sqlite:////path``.
        failure: ``local`` or ``raise``.

    Raises:
        SettingError: ``url`` names no file, one that hosts may share, or one that cannot be.
    """
    path = path_of(url)
    store = _opened.get((path, failure))
    if store is None:
        name = f"sqlite:///{quote(path)}"
        fault = fault_of(path)
        if fault:
            raise SettingError(f"the store {name} cannot be opened: {fault}")
        store = SharedStore(name, SqliteBackend(path), failure)
    return _opened.setdefault((path, failure), store)
