"""OpenTelemetry's instrumentation of botocore, which makes a span of each call."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from botoses_guard.simulator import Simulator
from tests.seam import sends
from tests.seam.sends import SERVICES, message

from .outcomes import TROUBLES, Trouble, client_of, local_ses

trace: Any = pytest.importorskip("opentelemetry.sdk.trace")
export: Any = pytest.importorskip("opentelemetry.sdk.trace.export")
in_memory: Any = pytest.importorskip("opentelemetry.sdk.trace.export.in_memory_span_exporter")
BotocoreInstrumentor: Any = pytest.importorskip(
    "opentelemetry.instrumentation.botocore"
).BotocoreInstrumentor

ANSWERED = [trouble for trouble in TROUBLES if trouble.is_answered]
everywhere = pytest.mark.parametrize("service", SERVICES)


@pytest.fixture(autouse=True)
def exporter() -> Iterator[Any]:
    exporter = in_memory.InMemorySpanExporter()
    provider = trace.TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(export.SimpleSpanProcessor(exporter))
    instrumentor = BotocoreInstrumentor()
    instrumentor.instrument(tracer_provider=provider)
    yield exporter
    instrumentor.uninstrument()
    provider.shutdown()


def span_of(client: Any, parameters: dict[str, Any], exporter: Any) -> tuple[Any, dict[str, Any]]:
    """The span of one send, and the answer that its sender got."""
    try:
        answer = client.send_email(**parameters)
    except ClientError as error:
        answer = error.response
    # The guard's own question for the quota makes a span as well.
    (span,) = [span for span in exporter.get_finished_spans() if "SendEmail" in span.name]
    exporter.clear()
    return span, answer


@everywhere
@pytest.mark.parametrize("trouble", ANSWERED, ids=lambda trouble: trouble.name)
def test_a_refusal_leaves_the_span_that_it_left(
    service: str, trouble: Trouble, exporter: Any
) -> None:
    """All but what differs from send to send, and the class and text of the exception."""
    kept = []
    for guarded in (False, True):
        with local_ses() as ses:
            client = client_of(ses, service, guarded=guarded)
            trouble.prepare(ses)
            parameters = message(service, sender=trouble.sender)
            span, answer = span_of(client, parameters, exporter)
        attributes = dict(span.attributes)
        request_id = attributes.pop("aws.request_id")
        assert request_id == answer["ResponseMetadata"]["RequestId"]
        del attributes["server.port"]
        kept.append((span.name, attributes, span.status.status_code))
    assert kept[1] == kept[0]
    (event,) = span.events
    assert event.attributes["exception.type"].startswith("botoses_guard.errors.")


@everywhere
def test_the_attempts_that_the_guard_asks_for_are_counted(
    ses: Simulator, service: str, exporter: Any
) -> None:
    client, _ = sends.client_of(ses, service)
    ses.faults.throttle(1)
    span, _ = span_of(client, message(service), exporter)
    assert span.attributes["retry_attempts"] == 1
    assert span.attributes["http.status_code"] == 200
    assert span.status.is_ok or span.status.is_unset


@everywhere
def test_the_attempts_of_a_send_that_failed_are_counted(
    ses: Simulator, service: str, exporter: Any
) -> None:
    client, _ = sends.client_of(ses, service, max_attempts=2)
    ses.faults.throttle(2)
    span, _ = span_of(client, message(service), exporter)
    assert span.attributes["retry_attempts"] == 1
    assert not span.status.is_ok


@everywhere
def test_an_error_that_the_guard_made_is_read_without_trouble(
    ses: Simulator, service: str, exporter: Any
) -> None:
    client = client_of(ses, service, guarded=True)
    span, _ = span_of(client, message(service, "ada@example..com"), exporter)
    assert span.attributes["http.status_code"] == 400
    assert span.attributes["retry_attempts"] == 0
    assert "aws.request_id" not in span.attributes
    (event,) = span.events
    assert event.attributes["exception.type"] == "botoses_guard.errors.MalformedAddress"


@everywhere
def test_an_unknown_outcome_is_an_error(ses: Simulator, service: str, exporter: Any) -> None:
    client = client_of(ses, service, guarded=True)
    ses.faults.hang_after_accept(1)
    span, _ = span_of(client, message(service), exporter)
    assert not span.status.is_ok and not span.status.is_unset
    assert span.attributes["http.status_code"] == 0
