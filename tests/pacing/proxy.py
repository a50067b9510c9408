"""A TCP proxy on loopback that answers late, hangs up, or speaks TLS."""

from __future__ import annotations

import contextlib
import socket
import ssl
import struct
import threading
from types import TracebackType


class Proxy:
    """Passes on what comes, as long as nothing else is told."""

    def __init__(self, port: int, tls: ssl.SSLContext | None = None) -> None:
        """
        Args:
            port: of the server behind it, on loopback.
            tls: what to speak to those who connect; ``None`` for plain TCP.
        """
        self._behind = port
        self._tls = tls
        self.late = 0.0
        """Seconds by which answers come late."""
        self.resets = False
        """Whether the next question is answered by a reset, and connections are not kept."""
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._over = threading.Event()
        self._open: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                front, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(front,), daemon=True).start()

    def _serve(self, plain: socket.socket) -> None:
        self._open.append(plain)
        try:
            front = self._tls.wrap_socket(plain, server_side=True) if self._tls else plain
            back = socket.create_connection(("127.0.0.1", self._behind))
        except OSError:  # no handshake, or nobody behind
            plain.close()
            return
        self._open += [front, back]
        threading.Thread(target=self._answer, args=(front, back), daemon=True).start()
        with contextlib.suppress(OSError), front, back:
            while asked := front.recv(65536):
                if self.resets:
                    no_linger = struct.pack("ii", 1, 0)  # closing then sends a reset
                    front.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, no_linger)
                    return
                back.sendall(asked)

    def _answer(self, front: socket.socket, back: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while answer := back.recv(65536):
                if self._over.wait(self.late):
                    return
                front.sendall(answer)

    def __enter__(self) -> Proxy:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()
        self._listener.close()
        for one in self._open:
            one.close()
