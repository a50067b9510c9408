"""What a client meets instead of the server's side of the TLS handshake."""

from __future__ import annotations

from .connection import Connection


def cut(connection: Connection) -> None:
    connection.read_some()
    connection.close()


def reset(connection: Connection) -> None:
    connection.read_some()
    connection.reset()


def hang(connection: Connection) -> None:
    connection.wait()


def plain_text(connection: Connection) -> None:
    """Answer as a server of plain HTTP does that is spoken to in TLS."""
    connection.read_some()
    connection.send(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n")
    connection.close()


def cut_after_hello(connection: Connection) -> None:
    """Send the start of a ServerHello (RFC 8446 section 4.1.3), and no more."""
    connection.read_some()
    connection.send(b"\x16\x03\x03\x00\x7a\x02\x00\x00\x76\x03\x03")
    connection.close()
