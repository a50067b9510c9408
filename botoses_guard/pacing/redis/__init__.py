"""``redis://``, ``valkey://`` and the like: a budget that hosts share in a Redis or Valkey server.

Any server with the commands of Redis 5 does: one node, or one shard of a cluster that holds the
key. The client library is imported when a store is opened.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from ...errors import SettingError
from .url import SCHEMES, check_redis_url, server_at

if TYPE_CHECKING:
    from ..shared import SharedStore

__all__ = ["SCHEMES", "check_redis_url", "open_redis_store"]

_opened: dict[tuple[str, str], SharedStore] = {}


def open_redis_store(url: str, failure: str) -> SharedStore:
    """The one store of this process at ``url``, so that all guards pace an account together.

    Nothing is connected yet.

    Args:
        url: as :func:`.check_redis_url` takes it.
        failure: ``local`` or ``raise``.

    Raises:
        SettingError: the URL makes no sense, or the client library is not installed.
    """
    store = _opened.get((url, failure))
    if store is None:
        server = server_at(url)
        # Now, not with the first send: a process that forks while another thread imports has a
        # child that waits for that import for ever.
        try:
            import_module("redis")
        except ImportError:
            raise SettingError(
                f"the store {server.scheme}:// needs redis-py: pip install botoses-guard[redis]"
            ) from None
        from ..shared import SharedStore
        from .backend import RedisBackend

        made = SharedStore(server.name, RedisBackend(server), failure)
        store = _opened.setdefault((url, failure), made)
    return store
