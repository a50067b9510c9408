"""What a guard puts on one client, and takes off again."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from botocore import UNSIGNED
from botocore.client import BaseClient
from botocore.validate import ParamValidationDecorator

from ..handlers import BlockingDriver, bridge_class
from ..operations import Operation, Service, of_service
from ..pacing import Pacer, SendQuota, Store, account_at, account_of
from ..sending import Explanation, Remainder, Sending
from ..settings import Settings
from ..telemetry import Telemetry

_BRIDGE = bridge_class()
_UNIQUE_ID = "botoses-guard.quota"
_UNSIGNED = "unsigned"


class Parts(NamedTuple):
    """What the attachments of one guard share."""

    settings: Settings
    telemetry: Telemetry
    clock: Callable[[], float]
    """Seconds of a clock that no one sets."""

    sleep: Callable[[float], None]
    uniform: Callable[[], float]
    """A random number in [0, 1)."""


class Attachment:
    """A guard on one client: the bridge, and the pacers of the client's operations.

    The client is held weakly: it holds the attachment, by way of its handlers.
    """

    def __init__(
        self,
        client: BaseClient,
        service: Service,
        parts: Parts,
        store: Store,
        seen: Callable[[Pacer], None],
    ) -> None:
        """
        Args:
            client: a finished client of ``service``.
            service: whose send operations are guarded.
            parts: what the guard's handlers share.
            store: where the budgets live.
            seen: told of each pacer that is made.
        """
        self._client = weakref.ref(client)
        self._service = service
        self._settings = parts.settings
        self._store = store
        self._seen = seen
        self._region = _region(client)
        self._pacers: dict[float | None, Pacer] = {}
        config: Any = client.meta.config
        sending = Sending(
            parts.settings,
            parts.telemetry,
            Explanation(client.exceptions, parts.settings.language),
            parts.clock,
            parts.uniform,
            (config.retries or {}).get("total_max_attempts"),
            _validates(client),
        )
        driver = BlockingDriver(parts.sleep, self._call)
        operations = {operation.name: operation for operation in of_service(service.name)}
        self._bridge = _BRIDGE(
            service.name, operations, sending, driver, self._pacer_of, self._close_connections
        )
        self._bridge.put_on(client.meta.events)
        client.meta.events.register(self._quota_event, self._on_quota_answer, unique_id=_UNIQUE_ID)

    def detach(self) -> None:
        """Take the guard off the client; sends under way end as they began."""
        client = self._client()
        if client is not None:
            self._bridge.take_off(client.meta.events)
            client.meta.events.unregister(
                self._quota_event, self._on_quota_answer, unique_id=_UNIQUE_ID
            )

    @property
    def _quota_event(self) -> str:
        return f"after-call.{self._service.name}.{self._service.quota_operation}"

    def _pacer_of(self, operation: Operation, signer: Any) -> Pacer:
        own_rate = operation.requests_per_second
        return self._pacers.get(own_rate) or self._new_pacer(operation, signer)

    def _new_pacer(self, operation: Operation, signer: Any) -> Pacer:
        own_rate = operation.requests_per_second
        scope = self._settings.scope or account_of(self._access_key_id(signer))
        key = f"{scope}:{self._region}"
        pacer = Pacer(
            key if own_rate is None else f"{key}:{operation.name}",
            self._store,
            account_at(key),
            self._settings,
            self._ask_quota,
            own_rate,
        )
        pacer = self._pacers.setdefault(own_rate, pacer)
        self._seen(pacer)
        return pacer

    def _access_key_id(self, signer: Any) -> str:
        """The id of the key that signs the client's requests."""
        if signer.signature_version is UNSIGNED:
            return _UNSIGNED
        auth = signer.get_auth_instance(signer.signing_name, signer.region_name)
        credentials = getattr(auth, "credentials", None)
        return credentials.access_key if credentials else _UNSIGNED

    def _call(self, remainder: Remainder) -> dict[str, Any]:
        client = self._client()
        assert client is not None  # its own call leads here
        return self._bridge.call(client, remainder)

    def _close_connections(self) -> None:
        client = self._client()
        if client is not None:
            client.close()

    def _ask_quota(self) -> object:
        """Ask by the client itself: its credentials, endpoint, region and TLS are the right ones.

        The operation is not a send, so that nothing guards or paces it.
        """
        client = self._client()
        return client and getattr(client, self._service.quota_method)()

    def _on_quota_answer(self, http_response: Any, parsed: dict[str, Any], **_: Any) -> None:
        pacer = self._pacers.get(None)
        if pacer is None or http_response.status_code >= 300 or not _came_by_wire(http_response):
            return
        member = self._service.quota_member
        quota = parsed.get(member, {}) if member else parsed
        if "MaxSendRate" in quota and "Max24HourSend" in quota:
            pacer.learn(
                SendQuota(
                    max_send_rate=quota["MaxSendRate"],
                    max_24_hour_send=quota["Max24HourSend"],
                    sent_last_24_hours=quota.get("SentLast24Hours", 0.0),
                )
            )


def _validates(client: BaseClient) -> bool:
    """Whether botocore checks the types of parameters.

    The finished client's ``meta.config`` has not kept what was asked for, and the AWS config file
    may have turned the check off as well; the serializer tells.
    """
    return isinstance(getattr(client, "_serializer", None), ParamValidationDecorator)


def _region(client: BaseClient) -> str:
    """The region; with host and port where they are not the region's own, such as an emulator's.

    It becomes part of a key in stores and snapshots: user and password of the endpoint stay out.
    """
    region = client.meta.region_name or ""
    endpoint = urlsplit(client.meta.endpoint_url)
    if region and region in (endpoint.hostname or ""):
        return region
    return f"{region}@{endpoint.netloc.rpartition('@')[2]}"


def _came_by_wire(http_response: Any) -> bool:
    """Whether an answer came over HTTP, and not from a mock inside this process.

    Only what was read from a connection knows its version of HTTP. A mock's quota (moto claims
    1/s) must not slow the tests that use it.
    """
    return getattr(http_response.raw, "version", None) is not None
