"""The proof that a request did not leave, from exceptions as urllib3 and botocore make them.

tests/outcomes runs the same against real servers; here stand the ways in which exceptions chain.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ConnectionClosedError, HTTPClientError

from botoses_guard import errors
from botoses_guard.handlers.departure import may_have_left, status_of_unreadable

from ..seam.sends import message


class Caught(Exception):
    """Ends a call with what its first attempt came to."""


@contextmanager
def server(*answers: bytes) -> Iterator[str]:
    """The address of a server that gives one answer to each connection, and closes it."""
    import threading

    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        for answer in answers:
            connection, _ = listening.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(answer)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    with listening:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        thread.join(5)


def closed_port() -> str:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return f"http://127.0.0.1:{listening.getsockname()[1]}"


def client_at(url: str) -> Any:
    make: Any = Config
    return boto3.Session(aws_access_key_id="a", aws_secret_access_key="b").client(
        "sesv2",
        region_name="us-east-1",
        endpoint_url=url,
        config=make(retries={"total_max_attempts": 1}),
    )


def failure_at(url: str) -> Exception:
    """What ``needs-retry`` is told of a send to ``url``."""
    client = client_at(url)
    found: list[Exception] = []

    def note(caught_exception: Exception, **_: Any) -> None:
        found.append(caught_exception)

    client.meta.events.register_first("needs-retry.sesv2.SendEmail", note)
    with pytest.raises(Exception):  # noqa: B017
        client.send_email(**message("sesv2"))
    return found[0]


def test_a_refused_connection_is_proven() -> None:
    assert not may_have_left(failure_at(closed_port()))


def test_an_answer_that_never_comes_is_not() -> None:
    with server(b"") as url:
        assert may_have_left(failure_at(url))


def test_a_failure_that_was_handled_before_proves_nothing_of_this_request() -> None:
    """``except EndpointConnectionError: other.send_email(...)`` chains the earlier failure to
    whatever the second request meets."""
    with server(b"") as url:
        try:
            client_at(closed_port()).send_email(**message("sesv2"))
        except Exception as earlier:
            later = failure_at(url)
            chain = [later]
            while chain[-1].__context__ is not None:
                chain.append(chain[-1].__context__)  # type: ignore[arg-type]
            assert earlier in chain
            assert may_have_left(later)


def failing(error: Exception, answers: bytes = b"") -> Exception:
    """What ``needs-retry`` is told of an exception that a handler of ``before-send`` raises."""
    client = client_at(closed_port())
    found: list[Exception] = []

    def fail(**_: Any) -> None:
        raise error

    def note(caught_exception: Exception, **_: Any) -> None:
        found.append(caught_exception)

    client.meta.events.register("before-send.sesv2.SendEmail", fail)
    client.meta.events.register_first("needs-retry.sesv2.SendEmail", note)
    with pytest.raises(type(error)):
        client.send_email(**message("sesv2"))
    return found[0]


@pytest.mark.parametrize("error", [LookupError("mine"), OSError("mine"), ValueError()])
def test_a_handler_that_breaks_a_request_off_is_proof(error: Exception) -> None:
    """The transport was never handed the request."""
    assert not may_have_left(failing(error))


def test_a_handler_that_raises_the_transports_error_may_have_sent_it_itself() -> None:
    assert may_have_left(failing(HTTPClientError(error="of a transport of its own")))


def test_an_error_of_a_guard_in_a_handler_is_about_another_send() -> None:
    """An audit mail of unknown outcome is a transport's error as well, but not of this send."""
    answer = {"Error": {"Code": "OutcomeUnknown", "Message": "cut"}, "ResponseMetadata": {}}
    unknown = errors.of_transport(errors.OutcomeUnknown, ConnectionClosedError)
    assert not may_have_left(failing(unknown(answer, "SendEmail")))


def test_an_exception_that_was_never_raised_proves_nothing() -> None:
    assert may_have_left(HTTPClientError(error=OSError("bare")))


def test_an_exception_that_names_itself_ends() -> None:
    error = OSError("around")
    error.args = (error,)
    assert may_have_left(error)


def unreadable(body: bytes, status: int) -> Exception:
    """What botocore's parser raises for an answer of v1 with this body."""
    client: Any = boto3.Session(aws_access_key_id="a", aws_secret_access_key="b").client(
        "ses", region_name="us-east-1", endpoint_url=closed_port()
    )

    class Raw:
        def stream(self) -> Iterator[bytes]:
            yield body

    def answer(request: Any, **_: Any) -> Any:
        from botocore.awsrequest import AWSResponse

        headers: Any = {}
        return AWSResponse(request.url, status, headers, Raw())

    client.meta.events.register("before-send.ses.SendEmail", answer)
    with pytest.raises(Exception) as caught:  # noqa: B017
        client.send_email(**message("ses"))
    error: Exception = caught.value
    return error


@pytest.mark.parametrize(
    ("body", "status"), [(b"no XML", 403), (b"no XML", 200), (b"<a/>", 200), (b"<", 502)]
)
def test_the_status_of_an_answer_that_botocore_cannot_parse(body: bytes, status: int) -> None:
    assert status_of_unreadable(unreadable(body, status)) == status


def test_no_status_where_no_answer_was_parsed() -> None:
    assert status_of_unreadable(failure_at(closed_port())) is None
    assert status_of_unreadable(KeyError("mine")) is None
