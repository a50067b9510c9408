"""What a guard puts on one client, and takes off again."""

from __future__ import annotations

import re
import weakref
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from botocore.client import BaseClient

from ..handlers import Parts, SendHandlers
from ..handlers.explanation import Explanation
from ..operations import Operation, Service, of_service
from ..pacing import Pacer, SendQuota, Store, account_at, account_of

_UNIQUE_ID = "botoses-guard"
_CREDENTIAL = re.compile(r"Credential=([^/,\s]+)")
_UNSIGNED = "unsigned"


class Attachment:
    """The handlers on one client, and the pacers that they share.

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
        self._handlers = list(
            self._build(parts, Explanation(client.exceptions, parts.settings.language))
        )
        for event, handler in self._handlers:
            client.meta.events.register(event, handler, unique_id=f"{_UNIQUE_ID}.{event}")

    def detach(self) -> None:
        """Take every handler off the client; sends under way end as they began."""
        client = self._client()
        if client is not None:
            for event, handler in self._handlers:
                client.meta.events.unregister(event, handler, unique_id=f"{_UNIQUE_ID}.{event}")

    def _build(
        self, parts: Parts, explanation: Explanation
    ) -> list[tuple[str, Callable[..., Any]]]:
        name = self._service.name
        handlers: list[tuple[str, Callable[..., Any]]] = [
            (f"after-call.{name}.{self._service.quota_operation}", self._on_quota_answer)
        ]
        for operation in of_service(name):
            send = SendHandlers(operation, parts, explanation, self._pacer_of, self._call)
            handlers += [
                (f"before-parameter-build.{name}.{operation.name}", send.before_parameter_build),
                (f"before-send.{name}.{operation.name}", send.before_send),
                (f"needs-retry.{name}.{operation.name}", send.needs_retry),
                (f"after-call.{name}.{operation.name}", send.after_call),
                (f"after-call-error.{name}.{operation.name}", send.after_call_error),
            ]
        return handlers

    def _pacer_of(self, operation: Operation, request: Any) -> Pacer:
        own_rate = operation.requests_per_second
        pacer = self._pacers.get(own_rate)
        if pacer is None:
            scope = self._settings.scope or account_of(_access_key_id(request))
            key = f"{scope}:{self._region}"
            pacer = Pacer(
                key if own_rate is None else f"{key}:{operation.name}",
                self._store,
                account_at(key),
                self._settings,
                self._ask_quota,
                own_rate,
            )
            self._pacers[own_rate] = pacer
            self._seen(pacer)
        return pacer

    def _call(self, operation: Operation, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """Call an operation as the user of the client does."""
        client = self._client()
        assert client is not None  # its own call leads here
        [method] = (
            method
            for method, name in client.meta.method_to_api_mapping.items()
            if name == operation.name
        )
        answer: dict[str, Any] = getattr(client, method)(**parameters)
        return answer

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


def _region(client: BaseClient) -> str:
    """The region; with the endpoint where that is not the region's own, such as an emulator's."""
    region = client.meta.region_name or ""
    endpoint = urlsplit(client.meta.endpoint_url)
    return (
        region if region and region in (endpoint.hostname or "") else f"{region}@{endpoint.netloc}"
    )


def _access_key_id(request: Any) -> str:
    authorization = request.headers.get("Authorization", "")
    if isinstance(authorization, bytes):
        authorization = authorization.decode("latin-1")
    credential = _CREDENTIAL.search(authorization)
    return credential.group(1) if credential else _UNSIGNED


def _came_by_wire(http_response: Any) -> bool:
    """Whether an answer came over HTTP, and not from a mock inside this process.

    Only what was read from a connection knows its version of HTTP. A mock's quota (moto claims
    1/s) must not slow the tests that use it.
    """
    return getattr(http_response.raw, "version", None) is not None
