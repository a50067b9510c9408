"""What botocore's own errors mean: those that came before an answer of SES, or instead of one."""

from __future__ import annotations

import socket
import sys
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from botocore import exceptions
from botocore.parsers import ResponseParserError
from urllib3.exceptions import NewConnectionError

from ..errors import Category
from .facts import Facts
from .patterns import search

ERRORS: tuple[type[Exception], ...] = (exceptions.BotoCoreError, ResponseParserError)
"""The classes that :func:`row_of` has a row for."""


class ErrorRow(NamedTuple):
    """What some of botocore's classes mean, with those below them."""

    category: Category
    classes: tuple[str, ...]
    """Names in :mod:`botocore.exceptions`; older releases do not have all of them."""

    advice: str = ""
    """The key of the advice, where it is not the category's."""

    facts: Mapping[str, str] = MappingProxyType({})
    """Fact of the advice by the name of the error's own keyword argument."""


BOTOCORE_ERRORS: tuple[ErrorRow, ...] = (
    ErrorRow("expired_credentials", ("NoCredentialsError",), "expired_credentials.missing"),
    ErrorRow(
        "expired_credentials",
        ("PartialCredentialsError",),
        "expired_credentials.partial",
        {"provider": "provider", "cred_var": "missing"},
    ),
    ErrorRow(
        "expired_credentials",
        ("NoAuthTokenError", "TokenRetrievalError", "SSOError", "LoginError"),
        "expired_credentials.session",
    ),
    ErrorRow(
        "expired_credentials",
        (
            "CredentialRetrievalError",
            "MetadataRetrievalError",
            "RefreshWithMFAUnsupportedError",
            "UnknownCredentialError",
            "UnknownTokenProviderError",
        ),
        "expired_credentials.source",
        {"provider": "provider"},
    ),
    ErrorRow("other", ("NoRegionError",), "other.no_region"),
    ErrorRow(
        "other",
        (
            "InvalidRegionError",
            "UnknownRegionError",
            "ServiceNotInRegionError",
            "UnknownEndpointError",
            "UnknownFIPSEndpointError",
        ),
        "other.region",
        {"region_name": "region"},
    ),
    ErrorRow(
        "other",
        ("ProfileNotFound", "ConfigNotFound", "ConfigParseError", "InvalidConfigError"),
        "other.profile",
        {"profile": "profile"},
    ),
    ErrorRow(
        "other",
        ("DataNotFoundError", "ApiVersionNotFoundError", "UnsupportedServiceProtocolsError"),
        "other.service",
        {"service_name": "service"},
    ),
    ErrorRow(
        "other",
        ("ParamValidationError", "MissingParametersError", "ValidationError"),
        "other.parameters",
    ),
    ErrorRow(
        "other",
        ("ProxyConnectionError", "InvalidProxiesConfigError"),
        "other.proxy",
        {"proxy_url": "endpoint"},
    ),
    ErrorRow("other", ("SSLError",), "other.tls", {"endpoint_url": "endpoint"}),
    ErrorRow(
        "service_unavailable",
        ("EndpointConnectionError", "ConnectTimeoutError"),
        "service_unavailable.unreachable",
        {"endpoint_url": "endpoint"},
    ),
    ErrorRow("outcome_unknown", ("HTTPClientError", "IncompleteReadError")),
    ErrorRow("other", ("BotoCoreError",), "other.botocore"),
)
"""The first row counts whose classes an error is one of."""

_TRACEBACK = r"^[^\n]{0,100}?\bbotocore\.exceptions\.(\w{1,80}): (.*)"
_LONGEST_LINE = 20_000

_UNKNOWN = ErrorRow("outcome_unknown", ())


def row_of(error: Exception) -> ErrorRow:
    """The row of an error that is one of :data:`ERRORS`."""
    if isinstance(error, exceptions.EndpointConnectionError) and not _never_connected(error):
        return _UNKNOWN
    return row_of_class(type(error))


def row_of_class(class_: type[Exception]) -> ErrorRow:
    """The row of a class that is one of :data:`ERRORS`, or below one."""
    for row, classes in _rows():
        if issubclass(class_, classes):
            return row
    return _UNKNOWN  # of the parser: an answer came that nobody could read


def named_in(line: str) -> tuple[type[Exception], str] | None:
    """The class and the text of an error of botocore in the last line of a traceback."""
    found = search(_TRACEBACK, line[:_LONGEST_LINE])
    named = found and getattr(exceptions, found[1], None)
    if found and isinstance(named, type) and issubclass(named, exceptions.BotoCoreError):
        return named, found[2]
    return None


@lru_cache(maxsize=1)
def _rows() -> tuple[tuple[ErrorRow, tuple[type[Exception], ...]], ...]:
    return tuple(
        (row, tuple(filter(None, (getattr(exceptions, name, None) for name in row.classes))))
        for row in BOTOCORE_ERRORS
    )


def _never_connected(error: Exception) -> bool:
    """Whether the cause says so: aiohttp's reset after the request comes as the same class."""
    cause = _arguments_of(error).get("error")
    proofs: tuple[type[Any], ...] = (NewConnectionError, socket.gaierror, ConnectionRefusedError)
    of_aiohttp = getattr(sys.modules.get("aiohttp"), "ClientConnectorError", None)
    if of_aiohttp:
        proofs += (of_aiohttp,)
    return cause is None or isinstance(cause, proofs)


def facts_of(row: ErrorRow, error: Exception) -> Facts:
    """What an error names, for its advice."""
    arguments = _arguments_of(error)
    facts: Facts = {}
    for argument, fact in row.facts.items():
        value = arguments.get(argument)
        if isinstance(value, str) and value:
            facts[fact] = _host_of(value) if fact == "endpoint" else value
    return facts


def _arguments_of(error: Exception) -> Mapping[str, Any]:
    arguments = getattr(error, "kwargs", None)
    return arguments if isinstance(arguments, Mapping) else {}


def _host_of(url: str) -> str | None:
    """Host and port: an address may hold a user's name and password as well."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    if host and ":" in host:
        host = f"[{host}]"
    return f"{host}:{port}" if host and port else host
