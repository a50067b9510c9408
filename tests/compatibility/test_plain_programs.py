"""A program that was written for plain boto3 takes the same way with the guard as without."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionClosedError,
    ReadTimeoutError,
)

from tests.seam.sends import SERVICES, message

from .outcomes import TROUBLES, Trouble, client_of, local_ses

everywhere = pytest.mark.parametrize("service", SERVICES)
in_each_trouble = pytest.mark.parametrize("trouble", TROUBLES, ids=lambda trouble: trouble.name)


def send(client: Any, parameters: dict[str, Any]) -> tuple[str, ...]:
    """A program: which of its clauses took the error, and what it read there."""
    exceptions = client.exceptions
    try:
        client.send_email(**parameters)
    except exceptions.MessageRejected as error:
        return "MessageRejected", error.response["Error"]["Message"]
    except (ReadTimeoutError, ConnectionClosedError) as error:
        return "transport", error.fmt, repr(error.kwargs["endpoint_url"])
    except ClientError as error:
        answer = error.response["Error"]
        status = error.response["ResponseMetadata"]["HTTPStatusCode"]
        return answer["Code"], answer["Message"], str(status), error.operation_name
    return ("sent",)


PHRASES = (
    "not verified",
    "sending rate exceeded",
    "message quota exceeded",
    "temporarily unavailable",
    "Read timeout on endpoint URL",
    "Connection was closed before we received a valid response",
)


def send_of_two_families(client: Any, parameters: dict[str, Any]) -> tuple[str, ...]:
    """A program that knows botocore's two families, and looks for phrases in their text."""
    try:
        client.send_email(**parameters)
    except BotoCoreError as error:
        return "BotoCoreError", *(phrase for phrase in PHRASES if phrase in str(error))
    except ClientError as error:
        return "ClientError", *(phrase for phrase in PHRASES if phrase in str(error))
    return ("sent",)


def send_of_v2(client: Any, parameters: dict[str, Any]) -> tuple[str, ...]:
    """A program for the classes that v2 models for throttling."""
    try:
        client.send_email(**parameters)
    except client.exceptions.TooManyRequestsException as error:
        return "later", error.response["Error"]["Code"]
    except client.exceptions.LimitExceededException as error:
        return "tomorrow", error.response["Error"]["Code"]
    except (BotoCoreError, ClientError):
        return ("failed",)
    return ("sent",)


def _taken(program: Any, service: str, trouble: Trouble, guarded: bool) -> tuple[str, ...]:
    with local_ses() as ses:
        client = client_of(ses, service, guarded=guarded)
        trouble.prepare(ses)
        taken: tuple[str, ...] = program(client, message(service, sender=trouble.sender))
        return tuple(text.replace(ses.url, "URL") for text in taken)


@everywhere
@in_each_trouble
@pytest.mark.parametrize("program", [send, send_of_two_families], ids=lambda p: p.__name__)
def test_the_clause_that_took_an_error_takes_it_still(
    service: str, trouble: Trouble, program: Any
) -> None:
    plain = _taken(program, service, trouble, guarded=False)
    assert plain != ("sent",)
    assert _taken(program, service, trouble, guarded=True) == plain


@in_each_trouble
def test_the_classes_of_v2_for_throttling_take_what_they_took(trouble: Trouble) -> None:
    plain = _taken(send_of_v2, "sesv2", trouble, guarded=False)
    assert plain != ("sent",)
    assert _taken(send_of_v2, "sesv2", trouble, guarded=True) == plain


@everywhere
def test_a_program_that_retries_by_itself_gets_through(service: str) -> None:
    """Its loop looks at the code of a throttle, which v1 and v2 name differently."""
    with local_ses() as ses:
        client = client_of(ses, service, guarded=True)
        ses.faults.throttle(2)
        tries = 0
        while True:
            tries += 1
            try:
                answer = client.send_email(**message(service))
                break
            except ClientError as error:
                if error.response["Error"]["Code"] not in (
                    "Throttling",
                    "TooManyRequestsException",
                ):
                    raise
        assert answer["MessageId"]
        assert (tries, len(ses.inbox)) == (3, 1)


@everywhere
def test_what_the_guard_refuses_itself_reads_like_an_answer_of_ses(service: str) -> None:
    """The same clause, code and status as without the guard; the request never leaves."""
    read = {}
    for guarded in (False, True):
        with local_ses() as ses:
            client = client_of(ses, service, guarded=guarded)
            with pytest.raises(ClientError) as caught:
                client.send_email(**message(service, "ada@example..com"))
            answer = caught.value.response
            status = answer["ResponseMetadata"]["HTTPStatusCode"]
            read[guarded] = (answer["Error"]["Code"], answer["Error"]["Message"], status)
            assert ses.counters.sends == (0 if guarded else 1)
    assert read[True] == read[False]
