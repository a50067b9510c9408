"""What kind of failure an error of the client library is, in a few words."""

from __future__ import annotations

import re
import socket
import ssl

from redis import exceptions

from ..backend import BackendFailure, BackendMistake

_ANSWERS = {
    "READONLY": "read-only",
    "OOM": "out of memory",
    "NOPERM": "no permission",
    "ACL failure": "no permission",
    "WRONGTYPE": "wrong type at the key",
    "WRONGPASS": "wrong password",
    "LOADING": "loading its data",
    "BUSY": "busy with a script",
    "MISCONF": "cannot save its data",
    "NOREPLICAS": "too few replicas",
    "MASTERDOWN": "master down",
    "CLUSTERDOWN": "cluster down",
    "MOVED": "key on another node of the cluster",
    "ASK": "key on another node of the cluster",
    "TRYAGAIN": "key on another node of the cluster",
    "used memory": "out of memory",
    "STATE unreadable": "unreadable state at the key",
    "max number of clients": "too many clients",
    "DB index": "no such database",
    "invalid password": "wrong password",
    "without any password": "no password wanted",
}
# Redis before 7 tells the code of a script's command in the midst of its text.
_ANSWER = re.compile("|".join(rf"\b{re.escape(code)}\b" for code in _ANSWERS))

_CLASSES = (
    (exceptions.ReadOnlyError, "read-only"),
    (exceptions.NoPermissionError, "no permission"),
    (exceptions.BusyLoadingError, "loading its data"),
    (exceptions.MasterDownError, "master down"),
    (exceptions.ClusterDownError, "cluster down"),
    (exceptions.AskError, "key on another node of the cluster"),
    (exceptions.TryAgainError, "key on another node of the cluster"),
    (exceptions.AuthenticationError, "wrong password"),
    (exceptions.TimeoutError, "timeout"),
    (TimeoutError, "timeout"),
    (ConnectionRefusedError, "refused"),
    (FileNotFoundError, "no such socket or certificate"),
    (PermissionError, "no permission for the socket"),
    (ConnectionResetError, "connection reset"),
    (BrokenPipeError, "connection reset"),
    (socket.gaierror, "unknown host"),
    (ssl.SSLCertVerificationError, "certificate refused"),
    (ssl.SSLError, "TLS failure"),
)

_MISTAKES = frozenset(
    {
        "no permission",
        "no permission for the socket",
        "wrong type at the key",
        "wrong password",
        "no password wanted",
        "no such database",
        "unknown host",
        "certificate refused",
        "key on another node of the cluster",
        "unreadable state at the key",
        "refused the script",
    }
)


def failure_of(error: BaseException) -> BackendFailure:
    """The failure that an error of redis-py is."""
    kind = kind_of(error)
    return BackendMistake(kind) if kind in _MISTAKES else BackendFailure(kind)


def kind_of(error: BaseException) -> str:
    """What went wrong; names no address, user or password.

    Args:
        error: that redis-py raised.
    """
    found = _ANSWER.search(str(error)) if isinstance(error, exceptions.RedisError) else None
    if found:
        return _ANSWERS[found[0]]
    cause: BaseException | None = error
    while cause is not None:
        for known, kind in _CLASSES:
            if isinstance(cause, known):
                return kind
        cause = cause.__cause__ or cause.__context__
    if isinstance(error, exceptions.ConnectionError):
        return "connection closed"
    return (
        "refused the script" if isinstance(error, exceptions.ResponseError) else "no valid answer"
    )
