"""Errors that are copied, pickled, and sent to other processes: nothing is lost."""

from __future__ import annotations

import copy
import dataclasses
import json
import multiprocessing
import pickle
import subprocess
import sys
import threading
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import HTTPClientError

from botoses_guard import errors
from botoses_guard.errors import SESError
from tests.errors.samples import (
    EVERY_KIND,
    TRANSPORT_ERRORS,
    fields_of,
    refuse_in_a_worker,
    refused,
    unknown,
)

ROOT = Path(__file__).parents[2]

every_kind = pytest.mark.parametrize("error", EVERY_KIND, ids=lambda error: type(error).__name__)


def ours_of(error: SESError) -> type[SESError]:
    """The class of this package, which can be imported by its name."""
    found: type[SESError] = getattr(errors, type(error).__name__)
    return found


@every_kind
@pytest.mark.parametrize("protocol", [2, 3, 4, 5])
def test_a_pickle_keeps_class_text_and_fields(error: SESError, protocol: int) -> None:
    loaded = pickle.loads(pickle.dumps(error, protocol))
    assert isinstance(loaded, ours_of(error))
    assert str(loaded) == str(error)
    assert fields_of(loaded) == fields_of(error)


@every_kind
def test_a_pickle_of_a_pickle_is_the_same(error: SESError) -> None:
    once = pickle.loads(pickle.dumps(error))
    twice = pickle.loads(pickle.dumps(once))
    assert type(twice) is type(once)
    assert fields_of(twice) == fields_of(error)


def test_a_pickled_transport_error_keeps_botocores_type() -> None:
    for cause in TRANSPORT_ERRORS:
        loaded = pickle.loads(pickle.dumps(unknown(cause)))
        assert isinstance(loaded, type(cause))
        assert isinstance(loaded, errors.OutcomeUnknown)
        assert set(loaded.kwargs) == set(cause.kwargs)


def test_what_cannot_be_pickled_travels_as_text() -> None:
    """A transport's error may hold a socket, a lock or a generator."""
    error = unknown(HTTPClientError(error=OSError("reset")))
    lock = threading.Lock()
    error.kwargs = {"error": lock, "seconds": 3, "nested": {"lock": lock}}
    error.request = lock
    copies: tuple[Any, ...] = (pickle.loads(pickle.dumps(error)), copy.deepcopy(error))
    for travelled in copies:
        assert travelled.kwargs["seconds"] == 3
        assert "lock" in travelled.kwargs["error"]
        assert "lock" in travelled.kwargs["nested"]["lock"]
        assert fields_of(travelled) == fields_of(error)


@every_kind
def test_copies_keep_the_class_that_the_client_models(error: SESError) -> None:
    for made in (copy.copy(error), copy.deepcopy(error)):
        assert type(made) is type(error)
        assert str(made) == str(error)
        assert fields_of(made) == fields_of(error)


def test_a_deep_copy_shares_nothing_that_can_be_changed() -> None:
    error = refused(errors.UnverifiedIdentity, "MessageRejected")
    made = copy.deepcopy(error)
    made.response["Error"]["Code"] = "Changed"
    assert error.response["Error"]["Code"] == "MessageRejected"


def test_a_class_of_the_user_below_ours_travels_too() -> None:
    error = OrderNotSent({"Error": {"Code": "X", "Message": "No."}}, "SendEmail")
    error.order = 42
    loaded = pickle.loads(pickle.dumps(error))
    assert type(loaded) is OrderNotSent
    assert loaded.order == 42


class OrderNotSent(errors.NotRetryable):
    """A user's own class."""

    order: int = 0


@every_kind
def test_a_serialiser_that_keeps_only_the_arguments_keeps_code_message_and_operation(
    error: SESError,
) -> None:
    """Task queues write an exception as its class's name, its module and its ``args`` in JSON."""
    written = json.dumps([type(error).__module__, type(error).__name__, error.args])
    module, name, args = json.loads(written)
    loaded = getattr(sys.modules[module], name)(*args)
    assert type(loaded) is ours_of(error)
    assert loaded.args == error.args
    assert loaded.response["Error"]["Code"] == error.response["Error"]["Code"]
    assert loaded.response["Error"]["Message"] == error.response["Error"]["Message"]
    assert loaded.operation_name == error.operation_name


@pytest.mark.parametrize("text", ["", "a text of another kind", "An error occurred (X"])
def test_any_text_makes_an_error(text: str) -> None:
    error = errors.UnclassifiedError(text)
    assert error.response["Error"] == {"Code": "", "Message": text}
    assert error.operation_name == ""


def test_retries_in_a_text_are_read_back() -> None:
    text = (
        "An error occurred (Throttling) when calling the SendEmail operation "
        "(reached max retries: 4): Maximum sending rate exceeded."
    )
    error = errors.SendRateExceeded(text)
    assert error.response["ResponseMetadata"]["RetryAttempts"] == 4
    assert error.args == (text,)


def test_the_diagnosis_can_be_written_as_json() -> None:
    error = refused(errors.UnverifiedIdentity, "MessageRejected")
    assert json.loads(json.dumps(dataclasses.asdict(error.diagnosis)))
    assert json.loads(json.dumps([dataclasses.asdict(attempt) for attempt in error.attempts]))
    assert json.loads(json.dumps([dataclasses.asdict(fault) for fault in error.violations]))
    assert json.loads(json.dumps(error.response)) == error.response


def test_an_error_raised_in_a_spawned_worker_reaches_its_parent_whole() -> None:
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context) as workers:
        raised = workers.submit(
            refuse_in_a_worker, "ses", "ConfigurationSetDoesNotExist"
        ).exception()
    expected = refused(errors.ConfigurationSetMissing, "ConfigurationSetDoesNotExist")
    assert isinstance(raised, errors.ConfigurationSetMissing)
    assert fields_of(raised) == fields_of(expected)


_LOAD = """
import json, pickle, sys
errors = pickle.load(sys.stdin.buffer)
from botocore.exceptions import BotoCoreError, ClientError
print(json.dumps([
    [type(e).__name__, type(e).__module__, isinstance(e, ClientError), isinstance(e, BotoCoreError),
     str(e), e.diagnosis.category, list(e.recipients), e.retry_after]
    for e in errors
]))
"""


def test_a_process_that_never_made_a_client_loads_every_kind() -> None:
    finished = subprocess.run(
        [sys.executable, "-c", _LOAD],
        input=pickle.dumps(EVERY_KIND),
        capture_output=True,
        cwd=ROOT,
        check=True,
    )
    transports = tuple(type(cause) for cause in TRANSPORT_ERRORS)
    expected: list[list[Any]] = [
        [
            type(error).__name__,
            "botoses_guard.errors",
            True,
            isinstance(error, transports),
            str(error),
            error.diagnosis.category,
            list(error.recipients),
            error.retry_after,
        ]
        for error in EVERY_KIND
    ]
    assert json.loads(finished.stdout) == expected
