"""The AWS X-Ray SDK, which wraps each call of botocore and reads the error that comes out of it."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from typing import Any

import botocore.client
import botocore.endpoint
import pytest
from botocore.exceptions import ClientError

from botoses_guard import errors
from botoses_guard.simulator import Simulator
from tests.seam.sends import SERVICES, message

from .outcomes import TROUBLES, Trouble, client_of, local_ses

core: Any = pytest.importorskip("aws_xray_sdk.core")
patch: Any = pytest.importorskip("aws_xray_sdk.ext.botocore").patch

ANSWERED = [trouble for trouble in TROUBLES if trouble.is_answered]


class Kept:
    """An emitter that keeps what the real one would send to a daemon."""

    def __init__(self) -> None:
        self.segments: list[dict[str, Any]] = []

    def send_entity(self, entity: Any) -> None:
        self.segments.append(json.loads(entity.serialize()))


@pytest.fixture(autouse=True)
def emitter(monkeypatch: pytest.MonkeyPatch) -> Iterator[Kept]:
    """X-Ray's patch, which X-Ray itself cannot take back."""
    kept = Kept()
    monkeypatch.setattr(core.xray_recorder, "emitter", kept)
    monkeypatch.setattr(core.xray_recorder, "sampling", False)
    for patched, name in (
        (botocore.client.BaseClient, "_make_api_call"),
        (botocore.endpoint.Endpoint, "prepare_request"),
    ):
        monkeypatch.setattr(patched, name, getattr(patched, name))
    patch()
    yield kept
    vars(botocore.client).pop("_xray_enabled")


def traced(client: Any, parameters: dict[str, Any], emitter: Kept) -> dict[str, Any]:
    """The trace of one send."""
    with core.xray_recorder.in_segment("shop"):
        try:
            client.send_email(**parameters)
        except ClientError:
            pass
    (trace,) = emitter.segments.pop()["subsegments"]
    return dict(trace)


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("trouble", ANSWERED, ids=lambda trouble: trouble.name)
def test_a_refusal_leaves_the_trace_that_it_left(
    service: str, trouble: Trouble, emitter: Kept
) -> None:
    """All but what differs from send to send, and the class and text of the exception."""
    traces = []
    for guarded in (False, True):
        with local_ses() as ses:
            client = client_of(ses, service, guarded=guarded)
            trouble.prepare(ses)
            trace = traced(client, message(service, sender=trouble.sender), emitter)
        assert trace["aws"].pop("request_id")
        (exception,) = trace.pop("cause")["exceptions"]
        assert exception["remote"] is True
        kept = {name: trace[name] for name in ("name", "namespace", "aws", "http")}
        flags = {name: trace.get(name) for name in ("error", "fault", "throttle")}
        traces.append((kept, flags))
    assert traces[1] == traces[0]
    assert hasattr(errors, exception["type"])


@pytest.mark.parametrize("service", SERVICES)
def test_a_send_that_arrives_has_the_request_id_of_its_answer(
    ses: Simulator, service: str, emitter: Kept
) -> None:
    trace = traced(client_of(ses, service, guarded=True), message(service), emitter)
    assert trace["http"]["response"]["status"] == 200
    assert trace["aws"]["request_id"]
    assert "error" not in trace and "cause" not in trace


@pytest.mark.parametrize("service", SERVICES)
def test_an_error_that_the_guard_made_is_traced_like_one_of_ses(
    ses: Simulator, service: str, emitter: Kept
) -> None:
    client = client_of(ses, service, guarded=True)
    trace = traced(client, message(service, "ada@example..com"), emitter)
    assert trace["http"]["response"]["status"] == 400
    assert trace["error"] is True
    assert trace["cause"]["exceptions"][0]["type"] == "MalformedAddress"
    assert trace["aws"]["operation"] == "SendEmail"


def test_an_unknown_outcome_is_traced_as_a_fault(ses: Simulator, emitter: Kept) -> None:
    client = client_of(ses, "sesv2", guarded=True)
    ses.faults.hang_after_accept(1)
    trace = traced(client, message("sesv2"), emitter)
    assert trace["fault"] is True
    assert trace["cause"]["exceptions"][0]["type"] == "OutcomeUnknown"


def test_a_send_needs_no_segment_for_the_question_of_the_quota(
    ses: Simulator,
    emitter: Kept,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The guard asks in a thread of its own, where X-Ray has no segment and may be set to raise."""
    monkeypatch.setattr(core.xray_recorder.context, "context_missing", "RUNTIME_ERROR")
    client = client_of(ses, "sesv2", guarded=True)
    with caplog.at_level(logging.WARNING, logger="botoses_guard"):
        trace = traced(client, message("sesv2"), emitter)
    assert trace["http"]["response"]["status"] == 200
    assert len(ses.inbox) == 1
    assert "SegmentNotFoundException" in caplog.text
