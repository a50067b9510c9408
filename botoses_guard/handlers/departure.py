"""Did the request leave? The proof that it did not, from the frames that an exception came through.

The class of an exception does not tell. urllib3 calls a reset behind a CONNECT proxy a
``ProxyError`` although the whole request had gone, OpenSSL has many reasons for a TLS stream that
breaks after the handshake, and botocore's ``SSLError`` and ``HTTPClientError`` each cover both
sides. Where an exception was raised does tell: inside the step of the transport that makes the
connection (resolve, connect, the proxy's CONNECT, the TLS handshake) nothing of the request had
been written.
"""

from __future__ import annotations

from collections.abc import Iterator
from types import CodeType, FrameType
from typing import Any

from botocore.exceptions import HTTPClientError

from ..errors import SESError

_CONNECT_STEPS = frozenset(
    {
        # urllib3 1.26 and 2: taking a connection from the pool, and connecting it.
        ("urllib3.connectionpool", "_get_conn"),
        ("urllib3.connectionpool", "_prepare_proxy"),
        ("urllib3.connectionpool", "_validate_conn"),
        ("urllib3.connection", "connect"),
    }
)
"""The functions that end before the first byte of a request is written: module and name."""

_HAND_OVER = ("botocore.endpoint", "_send")
"""The function by which botocore hands a request to its transport, after ``before-send``."""

_ATTEMPT = ("botocore.endpoint", "_do_get_response")
"""The function that makes one attempt and parses its answer."""


def may_have_left(failure: Exception) -> bool:
    """Whether the request of an attempt that failed may have reached SES.

    Args:
        failure: what botocore gives to ``needs-retry`` as the caught exception.

    Returns:
        ``False`` only when it is proven that nothing of the request was written: the connection
        was never finished, or the request was never handed to the transport.
    """
    passed = {_name_of(frame.f_code, frame) for frame in _frames(failure)}
    if passed & _CONNECT_STEPS:
        return False
    if _ATTEMPT in passed and _HAND_OVER not in passed:
        # A handler of before-send raised. One that raises the transport's own error stands in for
        # the transport, and may have sent the request by means of its own. An error of a guard is
        # about another send, which that handler made.
        return isinstance(failure, HTTPClientError) and not isinstance(failure, SESError)
    return True


def status_of_unreadable(failure: Exception) -> int | None:
    """The HTTP status of the answer that botocore could not parse.

    Args:
        failure: what the parser raised, and ``after-call-error`` tells.

    Returns:
        ``None`` when ``failure`` was not raised while an answer was being parsed.
    """
    traceback = failure.__traceback__
    while traceback is not None:
        frame = traceback.tb_frame
        if _name_of(frame.f_code, frame) == _ATTEMPT:
            status = getattr(frame.f_locals.get("http_response"), "status_code", None)
            return status if isinstance(status, int) else None
        traceback = traceback.tb_next
    return None


def _name_of(code: CodeType, frame: FrameType) -> tuple[Any, str]:
    return frame.f_globals.get("__name__"), code.co_name


def _frames(failure: BaseException) -> Iterator[FrameType]:
    """The frames that an exception and those which led to it came through in this attempt.

    Python chains an exception to whatever was being handled, also to one of an earlier attempt or
    send: ``except EndpointConnectionError: other_client.send_email(...)``. One of this attempt was
    caught by a frame of this attempt, so that its traceback begins in a frame that is known.
    """
    known: set[FrameType] = set()
    seen: set[int] = set()
    waiting: list[BaseException] = [failure]
    while waiting:
        error = waiting.pop()
        if id(error) in seen:
            continue
        seen.add(id(error))
        traceback = error.__traceback__
        if traceback is not None and known and traceback.tb_frame not in known:
            continue
        while traceback is not None:
            known.add(traceback.tb_frame)
            yield traceback.tb_frame
            traceback = traceback.tb_next
        waiting += reversed(list(_led_to(error)))


def _led_to(error: BaseException) -> Iterator[BaseException]:
    """The exceptions that one names as its cause, as urllib3 and botocore keep them."""
    kwargs = getattr(error, "kwargs", None)
    for cause in (
        error.__cause__,
        error.__context__,
        getattr(error, "reason", None),
        kwargs.get("error") if isinstance(kwargs, dict) else None,
        *error.args,
    ):
        if isinstance(cause, BaseException):
            yield cause
