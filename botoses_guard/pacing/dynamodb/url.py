"""``dynamodb://table``: which table, and where."""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import parse_qsl, urlsplit

from ...errors import SettingError

_ACCEPTED = (
    "dynamodb://table, where the name of the table has 3 to 255 of A-Z, a-z, 0-9, _, - and .; "
    "with ?region=eu-west-1 or &endpoint=http://127.0.0.1:8000 where the session's are not meant"
)

_TABLE = re.compile(r"[A-Za-z0-9_.-]{3,255}")
_REGION = re.compile(r"[a-z0-9]+(-[a-z0-9]+)+")
_ENDPOINT = re.compile(r"https?://([A-Za-z0-9_.-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?/?")


class Address(NamedTuple):
    """Where a table is."""

    table: str
    region: str | None
    """``None`` for the session's."""

    endpoint: str | None
    """``None`` for AWS's own, or the one that the session is configured with."""


def address_of(url: str) -> Address:
    """Take the address of a table apart.

    Raises:
        SettingError: it makes no sense. No part but the scheme is shown.
    """
    try:
        parts = urlsplit(url)
        query = parse_qsl(parts.query, strict_parsing=True, max_num_fields=2) if parts.query else []
    except ValueError:
        raise _refusal("not the address of a table") from None
    options = dict(query)
    if parts.scheme != "dynamodb":
        raise _refusal("not the address of a table")
    if not _TABLE.fullmatch(parts.netloc):
        raise _refusal("no name of a table")
    if parts.path not in ("", "/") or parts.fragment:
        raise _refusal("something behind the name of the table")
    if len(options) < len(query) or not options.keys() <= {"region", "endpoint"}:
        raise _refusal("an unknown option, or one given twice")
    if not _REGION.fullmatch(options.get("region", "eu-west-1")):
        raise _refusal("no name of a region")
    if not _ENDPOINT.fullmatch(options.get("endpoint", "http://127.0.0.1")):
        raise _refusal("no endpoint")
    return Address(parts.netloc, options.get("region"), options.get("endpoint"))


def check_dynamodb_url(url: str) -> None:
    """Raise :class:`SettingError` unless ``url`` is the address of a table."""
    address_of(url)


def _refusal(what: str) -> SettingError:
    return SettingError(f"a store dynamodb:// with {what}; accepted is {_ACCEPTED}")
