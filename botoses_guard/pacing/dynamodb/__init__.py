"""``dynamodb://table``: pacing shared by hosts and Lambda functions, with nothing but AWS.

One budget is one item below 1 KB, one reservation one write unit; the table is made by the user,
once, with :func:`create_table` or what the documentation gives for it.
"""

from __future__ import annotations

from ..shared import SharedStore
from .backend import DynamoDBBackend
from .service_clock import ServiceClock
from .table import Table, client_maker, create_table
from .url import address_of, check_dynamodb_url

__all__ = ["check_dynamodb_url", "create_table", "open_dynamodb_store"]

_opened: dict[tuple[str, str], SharedStore] = {}


def open_dynamodb_store(url: str, failure: str) -> SharedStore:
    """The one store of this process for ``url``, so that all guards pace an account together.

    Args:
        url: ``dynamodb://table``, with ``?region=`` and ``&endpoint=`` if need be.
        failure: ``local`` or ``raise``.

    Raises:
        SettingError: ``url`` makes no sense.
    """
    # One step of the interpreter and no lock, for which a forked child could wait for ever.
    return _opened.get((url, failure)) or _opened.setdefault((url, failure), _open(url, failure))


def _open(url: str, failure: str) -> SharedStore:
    address = address_of(url)
    clock = ServiceClock()
    table = Table(client_maker(address), address.table, clock)
    return SharedStore(f"dynamodb://{address.table}", DynamoDBBackend(table, clock), failure)
