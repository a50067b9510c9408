"""Faults on command, each for a number of requests to come."""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass
from typing import Literal

from .answers import QUOTA, RATE, SYSTEMIC
from .protocol import operation_names

Kind = Literal[
    "refuse",
    "respond",
    "hang_after_accept",
    "cut_after_accept",
    "cut_after_headers",
    "cut",
    "delay",
]


@dataclass(frozen=True, slots=True)
class Fault:
    """What happens to one request."""

    kind: Kind
    trouble: str = ""
    code: str = ""
    message: str | None = None
    status: int = 0
    body: bool = True
    seconds: float = 0.0


class Faults:
    """The faults that wait for sends: the next send takes the first one."""

    def __init__(self) -> None:
        self._queue: deque[Fault] = deque()
        self._of: dict[str, Faults] = {}
        self._entries: deque[str] = deque()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        own = len(self._queue) + len(self._entries)
        return own + sum(len(faults) for faults in self._of.values())

    def of(self, operation: str) -> Faults:
        """The faults of one operation alone, such as ``GetSendQuota``; they go before the others.

        Raises:
            ValueError: SES has no such operation.
        """
        if operation not in operation_names():
            raise ValueError(f"{ascii(operation)} is no operation of ses or sesv2")
        return self._of.setdefault(operation, Faults())

    def add(self, fault: Fault, times: int = 1) -> None:
        """Let the next ``times`` sends that have none yet meet ``fault``."""
        with self._lock:
            self._queue.extend([fault] * times)

    def take(self, operation: str, is_send: bool) -> Fault | None:
        """The fault that a request for ``operation`` meets."""
        faults = self._of.get(operation)
        fault = None if faults is None else faults._next()
        return self._next() if fault is None and is_send else fault

    def take_entry(self) -> str:
        """The trouble that the next entry of a bulk call meets; empty for none."""
        with self._lock:
            return self._entries.popleft() if self._entries else ""

    def _next(self) -> Fault | None:
        with self._lock:
            return self._queue.popleft() if self._queue else None

    def clear(self) -> None:
        with self._lock:
            self._queue.clear()
            self._of.clear()
            self._entries.clear()

    def throttle_entries(self, times: int = 1, after: int = 0) -> None:
        """Let entries of bulk calls fail for the sending rate, inside an answer of 200.

        Args:
            times: how many entries fail.
            after: how many entries pass before them.
        """
        with self._lock:
            self._entries.extend([""] * after + ["rate"] * times)

    def fail_entries(self, times: int = 1, after: int = 0) -> None:
        """Let entries of bulk calls fail for no reason of the caller's (``TransientFailure``).

        Args:
            times: how many entries fail.
            after: how many entries pass before them.
        """
        with self._lock:
            self._entries.extend([""] * after + ["internal"] * times)

    def throttle(self, times: int = 1, message: str = RATE) -> None:
        """Answer as if the sending rate were exceeded, in SES's words or in others."""
        self.add(Fault("refuse", trouble="rate", message=message), times)

    def throttle_systemic(self, times: int = 1) -> None:
        """Answer with a throttling text that is neither about the rate nor about the quota."""
        self.add(Fault("refuse", trouble="systemic", message=SYSTEMIC), times)

    def exhaust_quota(self, times: int = 1) -> None:
        """Answer as if the 24-hour quota were used up."""
        self.add(Fault("refuse", trouble="quota", message=QUOTA), times)

    def error(self, code: str, message: str | None, status: int = 400, times: int = 1) -> None:
        """Answer with an error of the caller's making."""
        self.add(Fault("respond", code=code, message=message, status=status), times)

    def respond(self, status: int, times: int = 1, *, body: bool | None = None) -> None:
        """Answer a status of the 5xx range.

        Args:
            status: of the answer.
            times: for how many sends.
            body: whether SES's own error stands in the answer, as with 500 and 503, or nothing of
                SES's, as with a gateway's 502 and 504.
        """
        own = status in (500, 503) if body is None else body
        self.add(Fault("respond", status=status, body=own), times)

    def hang_after_accept(self, times: int = 1) -> None:
        """Accept, and never answer."""
        self.add(Fault("hang_after_accept"), times)

    def cut_after_accept(self, times: int = 1) -> None:
        """Accept, and cut the connection without an answer."""
        self.add(Fault("cut_after_accept"), times)

    def cut_after_headers(self, times: int = 1) -> None:
        """Accept, and cut the connection in the middle of the answer's body."""
        self.add(Fault("cut_after_headers"), times)

    def cut(self, times: int = 1) -> None:
        """Cut the connection without accepting."""
        self.add(Fault("cut"), times)

    def delay(self, seconds: float, times: int = 1) -> None:
        """Accept, and answer late."""
        self.add(Fault("delay", seconds=seconds), times)
