"""Errors below classes that were not made for it, and errors that refer to themselves."""

from __future__ import annotations

import asyncio
import copy
import json
import pickle
import sys
import threading
import traceback
from typing import Any

import pytest
from botocore.exceptions import ReadTimeoutError
from botocore.parsers import ResponseParserError

from botoses_guard import errors
from botoses_guard.errors import Attempt, OutcomeUnknown, SESError
from tests.errors.samples import answer, client, fields, fields_of


class Chatty(Exception):
    """Has a text, a representation and a state of its own, and needs arguments for all of them."""

    def __init__(self, host: str, port: int) -> None:
        super().__init__(host, port)
        self.host = host

    def __str__(self) -> str:
        return f"chatty {self.host}"

    __repr__ = __str__

    def __setstate__(self, state: Any) -> None:
        self.host = state["host"]

    def __reduce__(self) -> Any:
        return type(self), (self.host, 1)


class ReadOnly(Exception):
    """Has what ours has, and lets nobody set it."""

    @property
    def attempts(self) -> int:
        return 3

    @property
    def diagnosis(self) -> str:
        return "theirs"


class Registered(Exception):
    """Wants a keyword of each class below it."""

    def __init_subclass__(cls, *, name: str) -> None:
        super().__init_subclass__()


class Metaclass(type):
    """Of another kind than the class of our classes."""


class WithMetaclass(Exception, metaclass=Metaclass):
    """A class of it."""


class Final(Exception):
    """Lets nobody below it."""

    def __init_subclass__(cls) -> None:
        raise TypeError("final")


class NeedsMore(Exception):
    """Is not made without an argument."""

    def __new__(cls, needed: str) -> NeedsMore:
        return super().__new__(cls, needed)


ODD: list[type[Exception]] = [
    OSError,
    ConnectionResetError,
    KeyError,
    AttributeError,
    TypeError,
    ValueError,
    UnicodeDecodeError,
    json.JSONDecodeError,
    asyncio.TimeoutError,
    asyncio.IncompleteReadError,
    StopIteration,
    ResponseParserError,
    Chatty,
    ReadOnly,
    WithMetaclass,
]
NOT_COMBINED: list[type[Exception]] = [Registered, Final, NeedsMore, OutcomeUnknown, SESError]
if sys.version_info >= (3, 11):
    NOT_COMBINED.append(ExceptionGroup)


def below(theirs: type[Exception]) -> SESError:
    made = errors.of_transport(OutcomeUnknown, theirs)
    return made(
        answer("OutcomeUnknown", "No answer.", 0),
        "SendEmail",
        **fields("outcome_unknown", "OutcomeUnknown", "No answer."),
    )


@pytest.mark.parametrize("theirs", ODD, ids=lambda theirs: theirs.__name__)
def test_an_error_is_below_any_class_and_stays_ours(theirs: type[Exception]) -> None:
    error = below(theirs)
    assert isinstance(error, theirs) and isinstance(error, OutcomeUnknown)
    plain = OutcomeUnknown(error.response, "SendEmail", diagnosis=error.diagnosis)
    assert str(error).splitlines()[0] == str(plain).splitlines()[0] == error.args[0]
    assert repr(error) == f"OutcomeUnknown({error.args[0]!r})"
    assert error.attempts[0] == Attempt(1, 0.0, 400, "Throttling", "send_rate")
    assert error.diagnosis.category == "outcome_unknown"
    shown = "".join(traceback.format_exception(error))
    assert "str() failed" not in shown


@pytest.mark.parametrize("theirs", ODD, ids=lambda theirs: theirs.__name__)
def test_it_travels_whole(theirs: type[Exception]) -> None:
    error = below(theirs)
    for made in (pickle.loads(pickle.dumps(error)), copy.copy(error), copy.deepcopy(error)):
        assert type(made) is type(error)
        assert fields_of(made) == fields_of(error)
        assert str(made) == str(error)


@pytest.mark.parametrize("theirs", NOT_COMBINED, ids=lambda theirs: theirs.__name__)
def test_where_no_class_can_be_below_both_the_error_is_ours_alone(theirs: type[Exception]) -> None:
    error = below(theirs)
    assert type(error) is OutcomeUnknown
    assert fields_of(pickle.loads(pickle.dumps(error))) == fields_of(error)


def test_a_class_that_another_process_cannot_import_is_left_behind() -> None:
    class Local(ReadTimeoutError):
        """Of one function."""

    error = below(Local)
    assert isinstance(error, Local)
    loaded = pickle.loads(pickle.dumps(error))
    assert not isinstance(loaded, Local)
    assert isinstance(loaded, ReadTimeoutError) and isinstance(loaded, OutcomeUnknown)
    assert fields_of(loaded) == fields_of(error)


@pytest.mark.parametrize("code", [None, 14, 1.5, ["MessageRejected"], {}, b"MessageRejected"])
def test_a_code_of_any_kind_leaves_the_class_as_it_is(code: Any) -> None:
    exceptions = client("ses").exceptions
    assert errors.of_client(errors.UnclassifiedError, exceptions, code) is errors.UnclassifiedError
    said = {"Error": {"Code": code, "Message": code}}
    found = errors.UnclassifiedError(said, "SendEmail").diagnosis
    assert type(found.code) is type(found.message) is str


def cyclic() -> Any:
    error: Any = below(ReadTimeoutError)
    error.seen = {"error": error, "twice": [error]}
    return error


@pytest.mark.parametrize(
    "copied",
    [copy.deepcopy, lambda error: pickle.loads(pickle.dumps(error))],
    ids=["deep", "pickle"],
)
def test_an_error_that_refers_to_itself_is_copied_once(copied: Any) -> None:
    error = cyclic()
    made = copied(error)
    assert made is not error
    assert made.seen["error"] is made and made.seen["twice"] == [made]
    assert str(made) == str(error)


def test_an_error_within_an_error_is_one_in_the_copy_too() -> None:
    error = below(ReadTimeoutError)
    first, second = copy.deepcopy([error, error])
    assert first is second


def test_an_error_that_was_never_initialised_can_be_printed() -> None:
    error = errors.UnclassifiedError.__new__(errors.UnclassifiedError, "text")
    assert str(error) == "text"
    assert (error.violations, error.attempts, error.recipients) == ((), (), ())
    assert error.diagnosis.category == "other"


def test_threads_that_meet_at_a_class_of_the_transport_get_one() -> None:
    class Fresh(ReadTimeoutError):
        """New, so that none was made for it."""

    start = threading.Barrier(8)
    made: list[type[SESError]] = []

    def make() -> None:
        start.wait()
        made.append(errors.of_transport(OutcomeUnknown, Fresh))

    threads = [threading.Thread(target=make) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 8 and len(set(made)) == 1
