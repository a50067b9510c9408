"""TLS in front of an HTTP server, which spoils a handshake or the first answer of a connection."""

from __future__ import annotations

import socket
import ssl
import threading
from collections import deque
from collections.abc import Iterable
from http.client import HTTPResponse, IncompleteRead

from ..outcomes.connection import PATIENCE, Connection, Request
from ..outcomes.server import Ending, Greeting


class Front:
    """A listener on 127.0.0.1 with one thread for each connection."""

    def __init__(
        self,
        behind: int,
        context: ssl.SSLContext,
        handshakes: Iterable[Greeting | None] = (),
        answers: Iterable[Ending | None] = (),
    ) -> None:
        """
        Args:
            behind: Port of the HTTP server on 127.0.0.1 that answers.
            context: Of TLS.
            handshakes: Of the connections to come, in order; ``None`` is a good one.
            answers: To the first request of each connection; ``None`` is the server's own. The
                server gets the request in any case.
        """
        self._behind = behind
        self._context = context
        self._handshakes = deque(handshakes)
        self._answers = deque(answers)
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port: int = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

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
            handshake = self._handshakes.popleft() if self._handshakes else None
            answer = self._answers.popleft() if self._answers and handshake is None else None
            threading.Thread(
                target=self._serve, args=(Connection(accepted), handshake, answer), daemon=True
            ).start()

    def _serve(
        self, connection: Connection, handshake: Greeting | None, answer: Ending | None
    ) -> None:
        try:
            if handshake is not None:
                handshake(connection)
                return
            connection.start_tls(self._context)
            self._answer(connection, answer)
        except OSError:
            # Either side went away: what the client was told is the caller's matter.
            pass
        finally:
            connection.close()

    def _answer(self, connection: Connection, trouble: Ending | None) -> None:
        with socket.create_connection(("127.0.0.1", self._behind), PATIENCE) as server:
            is_whole = True
            while is_whole and (request := connection.request()):
                answer, is_whole = _ask(server, request)
                if trouble is not None:
                    trouble(connection, request)
                    return
                connection.send(answer)


def _ask(server: socket.socket, request: Request) -> tuple[bytes, bool]:
    """The server's answer, and whether it is whole.

    Raises:
        OSError: There is none.
    """
    server.sendall(request.head + b"\r\n\r\n" + request.body)
    response = HTTPResponse(server, method="POST")
    response.begin()
    lines = [f"HTTP/1.1 {response.status} {response.reason}"]
    lines += [f"{name}: {value}" for name, value in response.headers.items()]
    try:
        body, is_whole = response.read(), True
    except IncompleteRead as broken:
        body, is_whole = broken.partial, False
    if response.chunked:
        body = b"%x\r\n%s\r\n%s" % (len(body), body, b"0\r\n\r\n" if is_whole else b"")
    return "\r\n".join([*lines, "", ""]).encode() + body, is_whole
