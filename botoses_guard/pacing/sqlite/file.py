"""A file of budgets: made, looked at and opened."""

from __future__ import annotations

import errno
import os
import sqlite3
import stat
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType
from urllib.parse import quote

from ..backend import BackendFailure, BackendMistake
from .record import UnknownRecord

if sys.platform != "win32":
    import fcntl

_APPLICATION = 0x53475242
"""Marks our files among all of SQLite's (SQLite, "Database File Format", 1.3.18)."""

_LATEST = "latest INTEGER NOT NULL DEFAULT 0"
"""When the queue was last used, beside the record: earlier versions do not know the column, and
leave it alone."""

_TABLES = (
    # The record of a budget is longer than what a table WITHOUT ROWID keeps in one page.
    f"CREATE TABLE budgets(name TEXT PRIMARY KEY, record BLOB NOT NULL, {_LATEST})",
    "CREATE TABLE peers(budget TEXT, peer TEXT, seen INTEGER, PRIMARY KEY(budget, peer)) "
    "WITHOUT ROWID",
)

Identity = tuple[int, int]
"""Device and number of a file, which a file of the same name that replaced it does not have."""


def connect(path: str) -> tuple[sqlite3.Connection, Identity]:
    """Open the budgets at ``path``, and make the file if there is none.

    Raises:
        BackendFailure: it is no such file, or not one to trust.
        OSError, sqlite3.Error: it cannot be opened. "database is locked" passes.
    """
    identity = _identity_to_trust(path)
    # mode=rw: SQLite would make the file with the permissions that the umask leaves.
    connection = sqlite3.connect(
        f"file:{quote(path)}?mode=rw",
        uri=True,
        timeout=0,
        isolation_level=None,
        check_same_thread=False,
    )
    try:
        _prepare(connection)
    except BaseException:
        connection.close()
        raise
    return connection, identity


def fault_of(path: str) -> str:
    """Tell why there can be no file of budgets at ``path``; nothing is opened.

    Whose file it is does not count here: this process may become another user's before it opens it.

    Returns:
        The reason in a few words; empty when there is none.
    """
    directory = os.path.dirname(path)
    if not os.path.isdir(directory):
        return "no such directory"
    if os.path.islink(path):
        return "a symbolic link"
    if os.path.exists(path) and not os.path.isfile(path):
        return "not a file"
    if not os.access(directory, os.W_OK | os.X_OK):
        return "no permission to write in its directory"
    return ""


def identity_of(path: str) -> Identity | None:
    """Which file is at ``path``; ``None`` when there is none."""
    try:
        found = os.lstat(path)
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _identity_to_trust(path: str) -> Identity:
    try:
        found = os.lstat(path)
    except FileNotFoundError:
        _make(path)
        found = os.lstat(path)
    if stat.S_ISLNK(found.st_mode):
        raise _failure("a symbolic link")
    if not stat.S_ISREG(found.st_mode):
        raise _failure("not a file")
    if hasattr(os, "geteuid") and found.st_uid != os.geteuid():
        raise _failure("a file of another user")
    return found.st_dev, found.st_ino


def _make(path: str) -> None:
    # SQLite gives the two files beside it the same permissions. What is left of them belongs to a
    # file that is gone: whoever has that open still must not meet those who open the new one.
    with _alone_in(os.path.dirname(path)):
        if os.path.lexists(path):
            return
        for left_over in (f"{path}-wal", f"{path}-shm"):
            try:
                os.unlink(left_over)
            except FileNotFoundError:
                pass
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))


@contextmanager
def _alone_in(directory: str) -> Iterator[None]:
    """Keep others from making files of budgets in ``directory`` meanwhile."""
    if sys.platform == "win32":  # where a file that is open cannot be deleted
        yield
        return
    lock = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise sqlite3.OperationalError(LOCKED) from None
        yield
    finally:
        os.close(lock)


def _prepare(connection: sqlite3.Connection) -> None:
    _refuse_foreign(connection)
    # A power cut may lose the last reservations, which are over by then; never the whole file.
    connection.execute("PRAGMA synchronous = NORMAL")
    (journal,) = connection.execute("PRAGMA journal_mode = WAL").fetchone()
    if journal != "wal":
        raise _failure("no write-ahead log")
    if _application(connection) == _APPLICATION and _has_latest(connection):
        return
    connection.execute("BEGIN IMMEDIATE")  # another process may have been faster
    if _application(connection) != _APPLICATION:
        for table in _TABLES:
            connection.execute(table)
        connection.execute(f"PRAGMA application_id = {_APPLICATION}")
    elif not _has_latest(connection):
        connection.execute(f"ALTER TABLE budgets ADD COLUMN {_LATEST}")
    connection.execute("COMMIT")


def _has_latest(connection: sqlite3.Connection) -> bool:
    columns = connection.execute("PRAGMA table_info(budgets)").fetchall()
    return any(name == "latest" for _, name, *_ in columns)


def _refuse_foreign(connection: sqlite3.Connection) -> None:
    (objects,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    if objects and _application(connection) != _APPLICATION:
        raise _failure("a database of something else")


def _application(connection: sqlite3.Connection) -> int:
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    return int(application)


LOCKED = "database is locked"

_KINDS: Mapping[str, str] = MappingProxyType(
    {
        LOCKED: "locked",
        "database table is locked": "locked",
        "locking protocol": "locked",
        "readonly": "read-only",
        "is full": "disk full",
        "not a database": "not a database",
        "malformed": "damaged",
        "unable to open": "cannot be opened",
        "disk I/O": "disk error",
        "no such table": "not a store of budgets",
        "no such column": "not a store of budgets",
        "out of memory": "out of memory",
    }
)
"""Parts of SQLite's messages, which Python 3.10 gives no codes with (SQLite, "Result Codes")."""

_SYSTEM_KINDS: Mapping[int | None, str] = MappingProxyType(
    {
        errno.EACCES: "no permission",
        errno.EPERM: "no permission",
        errno.EROFS: "read-only",
        errno.ENOENT: "no such directory",
        errno.ENOTDIR: "no such directory",
        errno.ENOSPC: "disk full",
        errno.EDQUOT: "disk full",
    }
)


_MISTAKES = frozenset(
    {
        "a symbolic link",
        "not a file",
        "a file of another user",
        "no write-ahead log",
        "a database of something else",
        "not a database",
        "not a store of budgets",
        "no permission",
        "no such directory",
        "read-only",
    }
)


def _failure(kind: str) -> BackendFailure:
    return BackendMistake(kind) if kind in _MISTAKES else BackendFailure(kind)


def failure_of(error: BaseException) -> BackendFailure | None:
    """What is wrong with the file, in a few words without its path; ``None`` when nothing is."""
    if isinstance(error, sqlite3.Error):
        return _failure(_kind_of(str(error)))
    if isinstance(error, OSError):
        kind = _SYSTEM_KINDS.get(error.errno, os.strerror(error.errno or 0).lower())
        return _failure(kind)
    if isinstance(error, MemoryError):
        return _failure("out of memory")
    if isinstance(error, (UnknownRecord, UnicodeEncodeError)):
        return _failure("not a budget")
    return None


def is_busy(error: sqlite3.Error) -> bool:
    """Whether the same may work in a moment."""
    return _kind_of(str(error)) == "locked"


def _kind_of(message: str) -> str:
    for part, kind in _KINDS.items():
        if part in message:
            return kind
    return "database error"


def close(connection: sqlite3.Connection) -> None:
    """Close; what SQLite cannot write then stands in the file beside, where others find it."""
    try:
        connection.close()
    except sqlite3.Error:
        pass
