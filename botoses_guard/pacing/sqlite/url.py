"""``sqlite:///path``: the address of a file, looked at without a database."""

from __future__ import annotations

import os
from urllib.parse import unquote, urlsplit

from ...errors import SettingError
from .mounts import network_type_of

_ACCEPTED = (
    "sqlite:///path is relative to the working directory, sqlite:////path is absolute, and neither "
    "has a host, a query or a fragment (write ? and # as %3F and %23)"
)


def check_sqlite_url(url: str) -> None:
    """See whether ``url`` can be the address of a store.

    Raises:
        SettingError: it cannot.
    """
    path_of(url)


def path_of(url: str) -> str:
    """The absolute path of the file that ``url`` names.

    Raises:
        SettingError: ``url`` names none, or one that hosts may share.
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        raise SettingError(f"not the address of a file: {_ACCEPTED}") from None
    path = unquote(parts.path[1:])
    if parts.scheme != "sqlite" or parts.netloc or parts.query or parts.fragment:
        raise SettingError(f"not the address of a file: {_ACCEPTED}")
    if not path or path.endswith("/") or "\0" in path:
        raise SettingError(f"no name of a file: {_ACCEPTED}")
    if path == ":memory:":
        raise SettingError("a store in the memory of this process is memory://")
    path = os.path.abspath(path)
    network = network_type_of(path)
    if network:
        raise SettingError(
            f"the file of a sqlite:// store must be on a disk of this host, and {network} is a "
            "network file system: hosts share their budgets by redis:// or dynamodb://"
        )
    return path
