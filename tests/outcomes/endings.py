"""How a connection breaks once the whole request was read."""

from __future__ import annotations

import re

from .answers import accepted, http
from .connection import Connection, Request
from .server import Ending


def fin(connection: Connection, request: Request) -> None:
    connection.close()


def rst(connection: Connection, request: Request) -> None:
    connection.reset()


def close_cleanly(connection: Connection, request: Request) -> None:
    connection.close_tls()


def hang(connection: Connection, request: Request) -> None:
    connection.wait()


def early_hints_alone(connection: Connection, request: Request) -> None:
    connection.send(http(103, fields={"Link": "</style.css>"}))
    connection.wait()


def early_hints(connection: Connection, request: Request) -> None:
    connection.send(http(103, fields={"Link": "</style.css>"}) + accepted(request))


def cut_status_line(connection: Connection, request: Request) -> None:
    connection.send(b"HTTP/1.")
    connection.close()


def cut_headers(connection: Connection, request: Request) -> None:
    connection.send(accepted(request)[:40])
    connection.close()


def _half(answer: bytes) -> bytes:
    """An answer up to the middle of its body."""
    body = answer.index(b"\r\n\r\n") + 4
    return answer[: body + (len(answer) - body) // 2]


def cut_body(connection: Connection, request: Request) -> None:
    connection.send(_half(accepted(request)))
    connection.close()


def close_in_body(connection: Connection, request: Request) -> None:
    connection.send(_half(accepted(request)))
    connection.close_tls()


def reset_in_body(connection: Connection, request: Request) -> None:
    connection.send(_half(accepted(request)))
    connection.reset()


def hang_in_body(connection: Connection, request: Request) -> None:
    connection.send(_half(accepted(request)))
    connection.wait()


def _chunked(request: Request) -> tuple[bytes, bytes]:
    """Head and body of the answer, to be sent in chunks."""
    head, _, body = accepted(request).partition(b"\r\n\r\n")
    return re.sub(rb"Content-Length: \d+", b"Transfer-Encoding: chunked", head), body


def cut_chunk(connection: Connection, request: Request) -> None:
    head, body = _chunked(request)
    connection.send(b"%s\r\n\r\n%x\r\n%s" % (head, len(body), body[:-9]))
    connection.close()


def bad_chunk(connection: Connection, request: Request) -> None:
    head, body = _chunked(request)
    connection.send(b"%s\r\n\r\n%s\r\n0\r\n\r\n" % (head, body))
    connection.close()


def accepted_without_id(connection: Connection, request: Request) -> None:
    connection.send(accepted(request, message_id=None))


def accepted_with_no_id(connection: Connection, request: Request) -> None:
    connection.send(accepted(request, message_id=""))


def garbage(connection: Connection, request: Request) -> None:
    connection.send(b"\x00\xff\x13garbage\r\n\r\n")
    connection.close()


def below_tls(data: bytes) -> Ending:
    """Break TLS with bytes that no peer of it sends."""

    def ending(connection: Connection, request: Request) -> None:
        connection.send_bare(data)
        connection.close()

    return ending


_APPLICATION_DATA = b"\x17\x03\x03"
"""Type and version of such a record (RFC 8446 section 5.1); its length follows."""

BROKEN_TLS: dict[str, Ending] = {
    "plain text": below_tls(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n"),
    "an over-long record": below_tls(_APPLICATION_DATA + b"\xff\xff" + bytes(70000)),
    "a short record": below_tls(_APPLICATION_DATA + b"\x00\x01\x00"),
    "a garbage record": below_tls(_APPLICATION_DATA + b"\x00\x40" + bytes(range(64))),
    "an unknown record type": below_tls(b"\x63\x03\x03\x00\x02\x00\x00"),
    "a bare fatal alert": below_tls(b"\x15\x03\x03\x00\x02\x02\x50"),
    "zeros": below_tls(bytes(64)),
    "an unclean EOF": fin,
}
"""What comes after the handshake instead of TLS."""
