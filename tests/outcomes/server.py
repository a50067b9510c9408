"""A server that answers each request as a script says, and counts what arrives."""

from __future__ import annotations

import socket
import ssl
import threading
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from .answers import accept
from .connection import PATIENCE, Connection, Request

Ending = Callable[[Connection, Request], None]
"""How an exchange ends once the whole request was read."""

Greeting = Callable[[Connection], None]
"""What happens to a connection before TLS; it goes on if it is still open."""


@dataclass
class Script:
    """What the server does to the requests of one test, and what it saw of them."""

    endings: deque[Ending] = field(default_factory=deque)
    """Of the requests to come, in order; the requests after those are accepted."""

    greetings: deque[Greeting | None] = field(default_factory=deque)
    """Of the connections to come, in order; ``None``, and those after them, are let in."""

    context: ssl.SSLContext | None = None
    """TLS of the connections, instead of the server's own."""

    arrivals: list[Request] = field(default_factory=list)
    """The requests that arrived whole, in order."""

    connections: int = 0
    """TCP connections."""

    _changed: threading.Condition = field(default_factory=threading.Condition)

    def count(self, expected: int) -> int:
        """How many requests have arrived.

        Args:
            expected: How many to wait for: a client that gives up may do so before the server, on
                a machine with much to do, has read its request.
        """
        with self._changed:
            self._changed.wait_for(lambda: len(self.arrivals) >= expected, PATIENCE)
            return len(self.arrivals)

    def connected(self) -> Greeting | None:
        """Count a connection; returns what happens to it."""
        with self._changed:
            self.connections += 1
            return self.greetings.popleft() if self.greetings else None

    def arrived(self, request: Request) -> Ending:
        """Count a request; returns how it ends."""
        with self._changed:
            self.arrivals.append(request)
            self._changed.notify_all()
            return self.endings.popleft() if self.endings else accept


class Server:
    """A listener on 127.0.0.1 with one thread for each connection."""

    def __init__(self, context: ssl.SSLContext | None = None) -> None:
        """
        Args:
            context: Of TLS; ``None`` for plain HTTP.
        """
        self._context = context
        self._script = Script()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port: int = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    def play(
        self,
        endings: Iterable[Ending] = (),
        greetings: Iterable[Greeting | None] = (),
        context: ssl.SSLContext | None = None,
    ) -> Script:
        """Begin a new script; connections that are open go on with their own."""
        self._script = Script(deque(endings), deque(greetings), context)
        return self._script

    def close(self) -> None:
        """Listen no more."""
        # shutdown() wakes accept(), which close() alone does not.
        self._listener.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                accepted, _ = self._listener.accept()
            except OSError:  # closed
                return
            connection, script = Connection(accepted), self._script
            threading.Thread(target=self._serve, args=(connection, script), daemon=True).start()

    def _serve(self, connection: Connection, script: Script) -> None:
        try:
            greeting = script.connected()
            if greeting is not None:
                greeting(connection)
            context = script.context or self._context
            if context is not None and connection.is_open:
                connection.start_tls(context)
            while connection.is_open and (request := connection.request()):
                script.arrived(request)(connection, request)
        except OSError:
            # The client went away, or would not shake hands: what it was told is the test's matter.
            pass
        finally:
            connection.close()
