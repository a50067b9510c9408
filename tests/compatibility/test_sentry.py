"""Sentry's SDK and its integration of boto3, which reads the error of each call for its span."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from botocore.client import BaseClient
from botocore.eventstream import EventStream
from botocore.exceptions import ClientError

from botoses_guard.simulator import Simulator
from tests.seam.sends import SERVICES, message

from .outcomes import NOT_VERIFIED, client_of, local_ses

sentry_sdk: Any = pytest.importorskip("sentry_sdk")
Boto3Integration: Any = pytest.importorskip("sentry_sdk.integrations.boto3").Boto3Integration
Transport: Any = pytest.importorskip("sentry_sdk.transport").Transport

everywhere = pytest.mark.parametrize("service", SERVICES)
_NEVER_ASKED = "http://public@127.0.0.1:9/1"


@pytest.fixture(scope="module")
def sentry() -> Iterator[list[dict[str, Any]]]:
    """Everything that the SDK would send; its patches, which are made once, are taken back."""
    kept: list[dict[str, Any]] = []

    class Kept(Transport):  # type: ignore[misc]
        def capture_envelope(self, envelope: Any) -> None:
            kept.extend(item.payload.json for item in envelope.items)

    with pytest.MonkeyPatch.context() as monkeypatch:
        for patched, name in (
            (BaseClient, "__init__"),
            (BaseClient, "_make_api_call"),
            (EventStream, "__iter__"),
            (EventStream, "close"),
        ):
            monkeypatch.setattr(patched, name, getattr(patched, name))
        with sentry_sdk.isolation_scope():
            sentry_sdk.init(
                dsn=_NEVER_ASKED,
                transport=Kept,
                integrations=[Boto3Integration()],
                default_integrations=False,
                auto_enabling_integrations=False,
                traces_sample_rate=1.0,
                enable_backpressure_handling=False,  # no thread that outlives these tests
            )
            yield kept
            sentry_sdk.get_client().close()
            sentry_sdk.get_global_scope().set_client(None)


def reported(
    client: Any, parameters: dict[str, Any], sentry: list[dict[str, Any]]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The event of a send that fails, and the fields of its span."""
    with sentry_sdk.start_transaction(name="order"):
        with pytest.raises(ClientError) as caught:
            client.send_email(**parameters)
        sentry_sdk.capture_exception(caught.value)
    (event,) = [item for item in sentry if "exception" in item]
    (span,) = [
        span
        for item in sentry
        for span in item.get("spans", [])
        if span["description"].endswith(".SendEmail")
    ]
    sentry.clear()
    return event["exception"]["values"][-1], span["data"]


@everywhere
def test_the_span_of_a_refusal_has_what_it_had(service: str, sentry: list[dict[str, Any]]) -> None:
    """All but what differs from send to send, and the class of the exception."""
    kept = []
    for guarded in (False, True):
        with local_ses() as ses:
            client = client_of(ses, service, guarded=guarded)
            exception, fields = reported(client, message(service, sender=NOT_VERIFIED), sentry)
        assert fields.pop("aws.request_id")
        kept.append({name: fields[name] for name in fields if name.startswith(("rpc.", "http."))})
    assert kept[1] == kept[0]
    assert kept[1]["http.response.status_code"] == 400
    assert exception["type"] == "UnverifiedIdentity"
    assert exception["module"] == "botoses_guard.errors"


@everywhere
def test_an_error_that_the_guard_made_is_reported(
    ses: Simulator, service: str, sentry: list[dict[str, Any]]
) -> None:
    client = client_of(ses, service, guarded=True)
    exception, fields = reported(client, message(service, "ada@example..com"), sentry)
    assert exception["type"] == "MalformedAddress"
    assert fields["http.response.status_code"] == 400


@everywhere
def test_an_unknown_outcome_is_reported(
    ses: Simulator, service: str, sentry: list[dict[str, Any]]
) -> None:
    client = client_of(ses, service, guarded=True)
    ses.faults.hang_after_accept(1)
    exception, _ = reported(client, message(service), sentry)
    assert exception["type"] == "OutcomeUnknown"
