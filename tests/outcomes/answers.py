"""What comes back over a connection: SES's own answers, and everything else."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from http import HTTPStatus
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .connection import Connection, Request
    from .server import Ending

MESSAGE_ID = "0100018f-outcomes-000000"
REQUEST_ID = "11111111-2222-3333-4444-555555555555"
"""SES gives one to each answer of its own."""

_V1_METADATA = f"<ResponseMetadata><RequestId>{REQUEST_ID}</RequestId></ResponseMetadata>"
OF_SES = {"x-amzn-RequestId": REQUEST_ID}
"""The header field of each answer that SES's own servers give."""

_XMLNS = "http://ses.amazonaws.com/doc/2010-12-01/"

HTML = b"<html><body><h1>Something between answered</h1></body></html>"

_REASONS = {status.value: status.phrase for status in HTTPStatus}

TYPES = {
    "html": "text/html",
    "json": "application/json",
    "text": "text/plain",
    "xml": "text/xml",
}

BODIES: dict[str, tuple[bytes, str]] = {
    "HTML": (HTML, TYPES["html"]),
    "nothing": (b"", ""),
    "text": (b"upstream connect error or disconnect before headers", TYPES["text"]),
    "foreign JSON": (b'{"error": "upstream", "message": "no route"}', TYPES["json"]),
    "foreign XML": (b"<fault><reason>no route</reason></fault>", TYPES["xml"]),
    "a JSON list": (b'["no route"]', TYPES["json"]),
    "JSON with a numeric code": (b'{"code": 17, "message": "no route"}', TYPES["json"]),
    "JSON with the code INTERNAL": (b'{"code": "INTERNAL", "message": "no"}', TYPES["json"]),
}
"""Bodies that are not SES's, with their Content-Type."""


def http(
    status: int,
    body: bytes = b"",
    content_type: str = "",
    fields: Mapping[str, str] = MappingProxyType({}),
    *,
    length: int | None = None,
) -> bytes:
    """A whole HTTP/1.1 answer.

    Args:
        status: Of the answer.
        body: Of the answer.
        content_type: Left out when empty.
        fields: Further header fields.
        length: The Content-Length, where it is not the body's.
    """
    given = dict(fields)
    if content_type:
        given["Content-Type"] = content_type
    if status >= 200 and status != 204:
        given["Content-Length"] = str(len(body) if length is None else length)
    lines = [f"HTTP/1.1 {status} {_REASONS.get(status, 'Unknown')}"]
    lines += [f"{name}: {value}" for name, value in given.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


def of_v1(status: int, name: str, content: str) -> bytes:
    """An answer of SES's API v1 with an element ``name``."""
    body = f'<{name} xmlns="{_XMLNS}">{content}{_V1_METADATA}</{name}>'
    return http(status, body.encode(), TYPES["xml"], OF_SES)


def of_v2(
    status: int, members: Mapping[str, object], fields: Mapping[str, str] = MappingProxyType({})
) -> bytes:
    """An answer of SES's API v2."""
    return http(status, json.dumps(members).encode(), TYPES["json"], {**OF_SES, **fields})


def accepted(request: Request, message_id: str | None = MESSAGE_ID) -> bytes:
    """SES's answer to a send that it accepted; without an id, what only looks like one."""
    if request.service == "sesv2":
        return of_v2(200, {} if message_id is None else {"MessageId": message_id})
    member = "" if message_id is None else f"<MessageId>{message_id}</MessageId>"
    result = f"{request.operation}Result"
    return of_v1(200, f"{request.operation}Response", f"<{result}>{member}</{result}>")


def refusal(service: str, status: int, code: str, message: str) -> bytes:
    """SES's answer to a send that it did not accept."""
    if service == "sesv2":
        return of_v2(status, {"message": message}, {"x-amzn-ErrorType": code})
    kind = "Receiver" if status >= 500 else "Sender"
    error = f"<Type>{kind}</Type><Code>{code}</Code><Message>{message}</Message>"
    body = (
        f'<ErrorResponse xmlns="{_XMLNS}"><Error>{error}</Error>'
        f"<RequestId>{REQUEST_ID}</RequestId></ErrorResponse>"
    )
    return http(status, body.encode(), TYPES["xml"], OF_SES)


def half_refusal(status: int, code: str) -> bytes:
    """A refusal of v1 from something that lost half of its body."""
    _, _, body = refusal("ses", status, code, "A text of its own.").partition(b"\r\n\r\n")
    return http(status, body[: len(body) // 2], TYPES["xml"], OF_SES)


def accept(connection: Connection, request: Request) -> None:
    """Accept, as SES does."""
    connection.send(accepted(request))


def refuse(status: int, message: str, *, ses: str, sesv2: str) -> Ending:
    """Refuse with the code of the API that was asked, as SES does."""
    codes = {"ses": ses, "sesv2": sesv2}

    def ending(connection: Connection, request: Request) -> None:
        connection.send(refusal(request.service, status, codes[request.service], message))

    return ending


def say(answer: bytes) -> Ending:
    """Send these bytes and keep the connection."""

    def ending(connection: Connection, request: Request) -> None:
        connection.send(answer)

    return ending


def say_and_close(answer: bytes) -> Ending:
    """Send these bytes, and no more."""

    def ending(connection: Connection, request: Request) -> None:
        connection.send(answer)
        connection.close_tls()

    return ending


def truncated_gzip() -> bytes:
    """An answer whose body breaks off within its compression."""
    body = gzip.compress(b'{"MessageId": "x"}')[:-9]
    return http(200, body, TYPES["json"], {"Content-Encoding": "gzip"})
