"""The one way to the server: a script, run once."""

from __future__ import annotations

import hashlib
from importlib import resources
from importlib.util import find_spec
from typing import Any

from redis import Connection, ConnectionPool, SSLConnection, UnixDomainSocketConnection
from redis.backoff import NoBackoff
from redis.exceptions import NoScriptError, RedisError, ResponseError
from redis.retry import Retry

from .failures import failure_of
from .url import Server

SCRIPT = resources.files(__package__).joinpath("budget.lua").read_bytes()
DIGEST = hashlib.sha1(SCRIPT, usedforsecurity=False).hexdigest()

MOST_CONNECTIONS = 10_000
"""Far more than there are senders; combining keeps it at one or two for each account."""


# Without a name of the library there is no CLIENT SETINFO, which costs two trips.
_UNNAMED: dict[str, Any] = (
    {"driver_info": None}
    if find_spec("redis.driver_info")
    else {"lib_name": None, "lib_version": None}
)


class Scripts:
    """Runs the script over connections of one process."""

    def __init__(self, server: Server, timeout: float | None) -> None:
        """
        Args:
            server: where.
            timeout: seconds to connect and for an answer; ``None`` for those of ``server``.
        """
        arguments: dict[str, Any] = {
            "health_check_interval": 0,
            "protocol": 2,
            # redis-py tries ten times by default, and a script that timed out may have run.
            "retry": Retry(NoBackoff(), 0),
            **_UNNAMED,
            **server.arguments,
        }
        if timeout is not None:
            arguments["socket_timeout"] = arguments["socket_connect_timeout"] = timeout
        kind: Any = UnixDomainSocketConnection if "path" in arguments else Connection
        if server.tls:
            kind = SSLConnection
            arguments.setdefault("ssl_check_hostname", arguments.get("ssl_cert_reqs") != "none")
        self._pool: Any = ConnectionPool(kind, MOST_CONNECTIONS, **arguments)

    def run(self, *arguments: bytes | str | int) -> object:
        """What the script answers; ``None`` if it needs to be given the time.

        Args:
            arguments: the number of keys, the keys, and what follows them.

        Raises:
            BackendFailure: it did not run, as far as can be told.
        """
        try:
            connection = self._pool.get_connection()
            try:
                return self._ask(connection, arguments)
            except BaseException:
                # Whatever failed, and Ctrl-C between question and answer: the next one to ask
                # would read this answer.
                connection.disconnect()
                raise
            finally:
                self._pool.release(connection)
        except (RedisError, OSError) as error:
            # The name may lead elsewhere by now, and what is still open lead nowhere.
            self._pool.disconnect(inuse_connections=False)
            raise failure_of(error) from None

    def _ask(self, connection: Any, arguments: tuple[bytes | str | int, ...]) -> object:
        try:
            try:
                connection.send_command("EVALSHA", DIGEST, *arguments)
                return connection.read_response()
            except NoScriptError:
                connection.send_command("EVAL", SCRIPT, *arguments)
                return connection.read_response()
        except ResponseError as error:
            if "NOTIME" in str(error):
                return None
            raise
