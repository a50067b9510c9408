"""A program runs twice: by plain boto3, and guarded, each with an SES of its own."""

from __future__ import annotations

import email.charset
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import boto3
import pytest
from botocore.exceptions import ClientError

import botoses_guard
from botoses_guard.simulator import Simulator

from .arrivals import Arrival, arrival_of
from .letters import CONFIGURATION_SET, SHOP, Letter
from .program import Program, Send


class Refusal(NamedTuple):
    """The error that a program ends with, and the answer that is in it."""

    raised: str
    """The class, as the program's own ``except`` clauses name it."""

    code: str
    message: str
    status: int


class Outcome(NamedTuple):
    """What became of one letter."""

    arrived: tuple[Arrival, ...]
    refusal: Refusal | None
    requests: int


def outcomes_of(program: Program, guarded: bool) -> dict[str, Outcome]:
    """What becomes of each letter of ``program``, by name."""
    with account() as ses, guard_of(program.name) if guarded else no_guard():
        send = program.connect(ses)
        return {letter.name: _outcome(ses, send, letter) for letter in program.letters}


@contextmanager
def account(**settings: Any) -> Iterator[Simulator]:
    """An SES that this process's environment leads to, and a default session for it."""
    with (
        Simulator(
            rate=1000, verified=[SHOP], configuration_sets=[CONFIGURATION_SET], **settings
        ) as ses,
        pytest.MonkeyPatch.context() as patch,
    ):
        credentials = ses.session().get_credentials()
        assert credentials is not None
        patch.setenv("AWS_ENDPOINT_URL", ses.url)
        patch.setenv("AWS_ACCESS_KEY_ID", credentials.access_key)
        patch.setenv("AWS_SECRET_ACCESS_KEY", credentials.secret_key)
        patch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        patch.setenv("NO_PROXY", "127.0.0.1")
        patch.setattr(boto3, "DEFAULT_SESSION", None)
        # Some programs set the encoding of text for their whole process.
        patch.setattr(email.charset, "CHARSETS", dict(email.charset.CHARSETS))
        yield ses


@contextmanager
def guard_of(scope: str) -> Iterator[None]:
    """Guards every session that is made meanwhile."""
    guard = botoses_guard.register(scope=scope)
    try:
        yield
    finally:
        guard.unregister()


@contextmanager
def no_guard() -> Iterator[None]:
    """The other case: plain boto3."""
    yield


def _outcome(ses: Simulator, send: Send, letter: Letter) -> Outcome:
    ses.reset()
    refusal = None
    try:
        send(letter)
    except Exception as error:  # whatever a program makes of an error is compared
        refusal = _refusal_of(error)
    return Outcome(tuple(map(arrival_of, ses.inbox)), refusal, ses.counters.sends)


def _refusal_of(error: Exception) -> Refusal:
    answer = _answer_in(error)
    if answer is None:
        return Refusal(type(error).__name__, "", str(error), 0)
    raised = "ClientError" if isinstance(error, ClientError) else type(error).__name__
    status = answer["ResponseMetadata"]["HTTPStatusCode"]
    return Refusal(raised, answer["Error"]["Code"], answer["Error"]["Message"], status)


def _answer_in(error: BaseException | None) -> Any:
    """The answer of the ``ClientError`` that ``error`` is or came from."""
    while error is not None:
        if isinstance(error, ClientError):
            return error.response
        error = error.__cause__ or error.__context__
    return None
