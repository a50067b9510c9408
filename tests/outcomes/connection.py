"""One connection of a client, seen from the server, down to the bytes of its TLS records."""

from __future__ import annotations

import re
import socket
import ssl
import struct
from typing import NamedTuple

PATIENCE = 5.0
"""Seconds after which the server gives a connection up; no client here waits as long."""

_ACTION = re.compile(rb"(?:^|&)Action=(\w+)")
_LENGTH = re.compile(rb"^content-length: *(\d+)", re.IGNORECASE | re.MULTILINE)


class Request(NamedTuple):
    """One HTTP request as it arrived."""

    head: bytes
    body: bytes

    @property
    def service(self) -> str:
        """Client name of the API that was asked."""
        return "sesv2" if b"/v2/email/" in self.head.partition(b"\r\n")[0] else "ses"

    @property
    def operation(self) -> str:
        """Name of the operation of v1 that was asked for; v2 answers all in one form."""
        found = _ACTION.search(self.body)
        return found.group(1).decode() if found else ""


class Connection:
    """A connection that was accepted."""

    def __init__(self, accepted: socket.socket) -> None:
        accepted.settimeout(PATIENCE)
        accepted.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket = accepted
        """What is spoken by: an :class:`ssl.SSLSocket` from the handshake on."""
        self._read = b""
        self.is_open = True

    def start_tls(self, context: ssl.SSLContext) -> None:
        """Shake hands.

        Raises:
            OSError: The client did not, or went away.
        """
        # The handshake is not part of the wrapping, so that a socket whose handshake fails is
        # still this connection's to close.
        self.socket = context.wrap_socket(
            self.socket, server_side=True, do_handshake_on_connect=False
        )
        self.socket.do_handshake()

    def head(self) -> bytes:
        """Read up to the end of a request's head; empty when the client went away."""
        while b"\r\n\r\n" not in self._read:
            more = self.socket.recv(65536)
            if not more:
                return b""
            self._read += more
        head, _, self._read = self._read.partition(b"\r\n\r\n")
        return head

    def read_some(self) -> None:
        """Read what comes first, such as a ClientHello: to close before would be a reset."""
        self._read += self.socket.recv(65536)

    def request(self) -> Request | None:
        """Read one whole request; ``None`` when the client went away."""
        head = self.head()
        length = _LENGTH.search(head)
        missing = int(length.group(1)) if length else 0
        while len(self._read) < missing:
            more = self.socket.recv(65536)
            if not more:
                return None
            self._read += more
        body, self._read = self._read[:missing], self._read[missing:]
        return Request(head, body) if head else None

    def send(self, data: bytes) -> None:
        """Send ``data``, within TLS where there is TLS."""
        self.socket.sendall(data)

    def send_bare(self, data: bytes) -> None:
        """Send ``data`` below TLS, as whoever broke into the connection would."""
        if isinstance(self.socket, ssl.SSLSocket):
            self.socket = socket.socket(fileno=self.socket.detach())
        self.socket.sendall(data)

    def wait(self) -> None:
        """Say nothing until the client goes away."""
        while self.socket.recv(65536):
            pass
        self.close()

    def close(self) -> None:
        """Close TCP (FIN), and leave TLS as it is."""
        self.is_open = False
        self.socket.close()

    def close_tls(self) -> None:
        """Close TLS where there is TLS (close_notify), then TCP."""
        if isinstance(self.socket, ssl.SSLSocket):
            # Sends close_notify, and does not wait for the client's.
            self.socket.setblocking(False)
            try:
                self.socket.unwrap()
            except ssl.SSLWantReadError:
                pass
        self.close()

    def reset(self) -> None:
        """Abort TCP (RST)."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close()
