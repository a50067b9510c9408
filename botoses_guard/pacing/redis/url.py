"""Which server a URL names, and how to reach it; imports no client library."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from ...errors import SettingError

TIMEOUT = 0.25
"""Seconds for which a send waits for its store at most; then it is paced in its process."""

LONGEST_TIMEOUT = 5.0
"""Seconds."""

PORT = 6379

SCHEMES: Mapping[str, bool] = MappingProxyType(
    {"redis": False, "rediss": True, "valkey": False, "valkeys": True, "unix": False}
)
"""Whether a scheme means TLS."""

ACCEPTED = (
    "redis://[[user]:password@]host[:port][/database], rediss:// for TLS, "
    "valkey:// and valkeys:// alike, or unix:///path/to/socket[?db=database]"
)


@dataclass(frozen=True)
class Server:
    """A server and how to reach it."""

    scheme: str
    name: str
    """For logs: without user and password."""

    tls: bool
    arguments: Mapping[str, Any] = field(repr=False)
    """Of redis-py's connection; among them the password."""


def check_redis_url(url: str) -> None:
    """See that a URL names a server.

    Raises:
        SettingError: it does not; shows no more of it than its scheme.
    """
    server_at(url)


def server_at(url: str) -> Server:
    """The server that ``url`` names.

    Args:
        url: ``redis``, ``rediss``, ``valkey`` or ``valkeys`` with a host, or ``unix`` with the path
            of a socket; options of redis-py of the same name may follow as a query: ``db``,
            ``username``, ``password``, ``socket_timeout``, ``socket_connect_timeout`` and, with
            TLS, ``ssl_ca_certs``, ``ssl_certfile``, ``ssl_keyfile``, ``ssl_cert_reqs``,
            ``ssl_check_hostname``.

    Raises:
        SettingError: it names none; shows no more of it than its scheme.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except (ValueError, TypeError, AttributeError):
        raise SettingError(f"not the address of a Redis or Valkey server: {ACCEPTED}") from None
    if parts.scheme not in SCHEMES:
        raise SettingError(f"{ascii(parts.scheme)} is no Redis or Valkey server: {ACCEPTED}")
    tls = SCHEMES[parts.scheme]
    arguments: dict[str, Any] = {"socket_timeout": TIMEOUT, "socket_connect_timeout": TIMEOUT}
    if parts.username:
        arguments["username"] = unquote(parts.username)
    if parts.password:
        arguments["password"] = unquote(parts.password)
    where = _socket(parts) if parts.scheme == "unix" else _host(parts, port)
    arguments.update(where)
    arguments.update(_options(parts, tls))
    if arguments.get("username") and not arguments.get("password"):
        raise _wrong(parts, "has a user without a password")
    place = arguments.get("path") or f"{_bracketed(arguments['host'])}:{arguments['port']}"
    name = f"{parts.scheme}://{place}"
    if arguments.get("db"):
        name += f" (database {arguments['db']})"
    return Server(parts.scheme, name, tls, MappingProxyType(arguments))


def _host(parts: SplitResult, port: int | None) -> dict[str, Any]:
    if not parts.hostname:
        raise _wrong(parts, "names no host")
    found: dict[str, Any] = {
        "host": unquote(parts.hostname),
        "port": PORT if port is None else port,
    }
    database = parts.path.strip("/")
    if database:
        found["db"] = _converted(parts, "the database", _database, database)
    return found


def _socket(parts: SplitResult) -> dict[str, Any]:
    if parts.hostname or not parts.path.strip("/"):
        raise _wrong(parts, "needs the whole path of a socket")
    return {"path": unquote(parts.path)}


def _options(parts: SplitResult, tls: bool) -> dict[str, Any]:
    if parts.fragment:
        raise _wrong(parts, "has a '#', which has to be written %23")
    found = {}
    for name, text in parse_qsl(parts.query, keep_blank_values=True):
        convert = {**_OPTIONS, **(_TLS_OPTIONS if tls else {})}.get(name)
        if convert is None:
            accepted = ", ".join([*_OPTIONS, *_TLS_OPTIONS])
            raise _wrong(parts, f"has an option other than {accepted} (ssl_ with TLS only)")
        found[name] = _converted(parts, name, convert, text)
    return found


def _database(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise ValueError("not a number")
    return int(text)


def _timeout(text: str) -> float:
    seconds = float(text)
    if not 0 < seconds <= LONGEST_TIMEOUT:
        raise ValueError("out of range")
    return seconds


def _text(text: str) -> str:
    if not text:
        raise ValueError("empty")
    return text


def _switch(text: str) -> bool:
    return {"1": True, "true": True, "0": False, "false": False}[text.lower()]


def _cert_reqs(text: str) -> str:
    return {"none": "none", "optional": "optional", "required": "required"}[text.lower()]


_OPTIONS: Mapping[str, Callable[[str], Any]] = MappingProxyType(
    {
        "db": _database,
        "username": _text,
        "password": _text,
        "socket_timeout": _timeout,
        "socket_connect_timeout": _timeout,
    }
)
_TLS_OPTIONS: Mapping[str, Callable[[str], Any]] = MappingProxyType(
    {
        "ssl_ca_certs": _text,
        "ssl_certfile": _text,
        "ssl_keyfile": _text,
        "ssl_cert_reqs": _cert_reqs,
        "ssl_check_hostname": _switch,
    }
)


def _converted(parts: SplitResult, what: str, convert: Callable[[str], Any], text: str) -> Any:
    try:
        return convert(text)
    except (ValueError, KeyError):
        raise _wrong(parts, f"has no valid value for {what}") from None


def _wrong(parts: SplitResult, what: str) -> SettingError:
    return SettingError(f"the address {parts.scheme}://… {what}: {ACCEPTED}")


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
