"""An HTTP proxy that opens tunnels (RFC 9110 section 9.3.6), or does not."""

from __future__ import annotations

import selectors
import socket
import ssl
import struct
import threading
from collections import deque
from collections.abc import Callable, Iterable

from .connection import PATIENCE, Connection

Refusal = Callable[[Connection], None]
"""What a client gets instead of its tunnel."""


class Proxy:
    """A listener on 127.0.0.1 with one thread for each tunnel."""

    def __init__(self, context: ssl.SSLContext | None = None) -> None:
        """
        Args:
            context: Of TLS to the proxy itself; ``None`` for a proxy that is spoken to in plain.
        """
        self._context = context
        self.connections = 0
        """TCP connections since :meth:`play`."""
        self.play()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port: int = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    def play(
        self,
        refusals: Iterable[Refusal | None] = (),
        greetings: Iterable[Refusal] = (),
        context: ssl.SSLContext | None = None,
    ) -> None:
        """Begin anew.

        Args:
            refusals: Of the tunnels to come, in order; ``None``, and those after them, are opened.
            greetings: What the connections to come meet before that, in order.
            context: Of TLS to the proxy, instead of its usual one.
        """
        self._refusals = deque(refusals)
        self._greetings = deque(greetings)
        self._played = context or self._context
        self.connections = 0

    def close(self) -> None:
        """Listen no more."""
        self._listener.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                accepted, _ = self._listener.accept()
            except OSError:  # closed
                return
            self.connections += 1
            greeting = self._greetings.popleft() if self._greetings else None
            refusal = self._refusals.popleft() if self._refusals else None
            threading.Thread(
                target=self._serve, args=(Connection(accepted), greeting, refusal), daemon=True
            ).start()

    def _serve(
        self, connection: Connection, greeting: Refusal | None, refusal: Refusal | None
    ) -> None:
        try:
            if greeting is not None:
                greeting(connection)
                return
            if self._played is not None:
                connection.start_tls(self._played)
            asked = connection.head()
            if not asked:
                return
            if refusal is not None:
                refusal(connection)
                return
            host, _, port = asked.split()[1].decode().rpartition(":")
            with socket.create_connection((host, int(port)), PATIENCE) as server:
                connection.send(b"HTTP/1.1 200 Connection established\r\n\r\n")
                _relay(connection.socket, server)
        except OSError:
            # An end of the tunnel went away: what the client was told is the test's matter.
            pass
        finally:
            connection.close()


def _relay(client: socket.socket, server: socket.socket) -> None:
    """Carry bytes, ends (FIN) and resets (RST) from each side to the other."""
    other = {client: server, server: client}
    with selectors.DefaultSelector() as selector:
        for side in other:
            side.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            selector.register(side, selectors.EVENT_READ)
        while selector.get_map():
            for key, _ in selector.select(PATIENCE):
                side = client if key.fileobj is client else server
                try:
                    data = side.recv(65536)
                except ConnectionResetError:
                    _reset(other[side])
                    return
                # TLS may have taken more from the socket, which no selector sees any more.
                while isinstance(side, ssl.SSLSocket) and side.pending():
                    data += side.recv(65536)
                if data:
                    other[side].sendall(data)
                    continue
                selector.unregister(side)
                other[side].shutdown(socket.SHUT_WR)


def _reset(side: socket.socket) -> None:
    side.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    side.close()


def answer(status: int, reason: str) -> Refusal:
    """Refuse with a status and close."""

    def refusal(connection: Connection) -> None:
        connection.send(f"HTTP/1.1 {status} {reason}\r\nContent-Length: 0\r\n\r\n".encode())
        connection.close()

    return refusal


def cut(connection: Connection) -> None:
    """Close without an answer to the client's CONNECT."""
    connection.close()


def reset(connection: Connection) -> None:
    connection.reset()


def hang(connection: Connection) -> None:
    connection.wait()


def garbage(connection: Connection) -> None:
    connection.send(b"\x00\xff\x13garbage\r\n\r\n")
    connection.close()
