"""One table of DynamoDB: two calls, one try each, and what kind of failure there was."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from ..backend import BackendFailure
from .expressions import Change
from .failures import REFUSED_CONDITION, failure_of
from .record import KEY, TTL, Record
from .service_clock import ServiceClock
from .url import Address

TIMEOUT = 0.25
"""Seconds for a connection, and for an answer. DynamoDB answers within 10 ms or so."""

CONNECTIONS = 32
"""Reservations travel one at a time; these are for the senders whose outcome cannot wait."""


def client_maker(address: Address, timeout: float = TIMEOUT) -> Callable[[], Any]:
    """Makes a client of boto3's default session, or of a new one when there is none.

    Args:
        address: of the table.
        timeout: seconds for a connection and for an answer.
    """

    def make() -> Any:
        session = boto3.DEFAULT_SESSION or boto3.Session()
        return session.client(
            "dynamodb",
            region_name=address.region,
            endpoint_url=address.endpoint,
            config=Config(
                # Sends wait meanwhile, and a step that was made twice is a slot lost.
                retries={"total_max_attempts": 1, "mode": "standard"},
                connect_timeout=timeout,
                read_timeout=timeout,
                max_pool_connections=CONNECTIONS,
            ),
        )

    return make


class Written(NamedTuple):
    """What came of a change."""

    done: bool
    """Whether its conditions held."""

    record: Record
    """The item after the change, or the one that did not meet its conditions."""


class Table:
    """Items by key. Every failure is a :class:`BackendFailure`."""

    def __init__(self, make_client: Callable[[], Any], name: str, clock: ServiceClock) -> None:
        self._make_client = make_client
        self._name = name
        self._clock = clock
        self._lock = threading.Lock()
        self._client: Any = None
        self._inherited: list[Any] = []

    def read(self, key: str) -> Record:
        """The item as it is now, empty if there is none."""
        answer = self._ask("get_item", key, ConsistentRead=True)
        return Record(answer.get("Item", {}))

    def write(self, key: str, change: Change) -> Written:
        """Make a change if its conditions hold, in one step with looking at them."""
        answer = self._ask(
            "update_item",
            key,
            ReturnValues="ALL_NEW",
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
            **change.request(),
        )
        if "Error" in answer:
            return Written(False, Record(answer.get("Item", {})))
        return Written(True, Record(answer.get("Attributes")))

    def begin_anew(self) -> None:
        """Leave the client to the parent of this forked process.

        It is kept, so that its connections are not even closed here.
        """
        self._lock = threading.Lock()
        self._inherited.append(self._client)
        self._client = None

    def _ask(self, operation: str, key: str, **parameters: Any) -> Mapping[str, Any]:
        """The answer, which may be that a condition did not hold."""
        asked = self._clock()
        answer: Mapping[str, Any]
        try:
            call = getattr(self._client or self._connect(), operation)
            answer = call(TableName=self._name, Key={KEY: {"S": key}}, **parameters)
        except ClientError as error:
            answer = error.response
            if answer.get("Error", {}).get("Code") != REFUSED_CONDITION:
                raise self._failure(error) from error
        except Exception as error:  # whatever it is: no send may see it
            raise self._failure(error) from error
        headers = answer.get("ResponseMetadata", {}).get("HTTPHeaders", {})
        self._clock.hear(headers.get("date"), asked)
        return answer

    def _connect(self) -> Any:
        with self._lock:
            if self._client is None:
                self._client = self._make_client()
            return self._client

    def _failure(self, error: Exception) -> BackendFailure:
        failure = failure_of(error)
        if str(failure) == "no credentials":
            self._client = None  # it looked for them when it was made, and would not look again
        return failure


def create_table(client: Any, name: str) -> None:
    """Create a table for budgets and wait until it is there.

    It is billed by request, and DynamoDB deletes the items that nobody used for a day. Nothing else
    in this package creates a table.

    Args:
        client: a boto3 client for ``dynamodb``.
        name: of the table.

    Raises:
        botocore.exceptions.ClientError: DynamoDB refuses, for one because the table exists
            (``ResourceInUseException``).
    """
    client.create_table(
        TableName=name,
        AttributeDefinitions=[{"AttributeName": KEY, "AttributeType": "S"}],
        KeySchema=[{"AttributeName": KEY, "KeyType": "HASH"}],
        BillingMode="PAY_PER_REQUEST",
    )
    client.get_waiter("table_exists").wait(TableName=name)
    client.update_time_to_live(
        TableName=name, TimeToLiveSpecification={"Enabled": True, "AttributeName": TTL}
    )
