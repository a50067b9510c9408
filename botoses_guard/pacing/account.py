"""What an account says of its own quota, and when it is asked."""

from __future__ import annotations

import logging
import os
import random
import threading
import weakref
from collections.abc import Callable

from .clock import monotonic
from .inquiry import SendQuota

logger = logging.getLogger(__name__)

PATIENCE = 2.0
"""Seconds that the very first sends wait for the very first answer."""

JITTER = 0.1
"""Part of the interval by which questions are spread, so that processes do not ask in step."""

LONGEST_PAUSE = 64
"""How many times the interval passes between questions that keep failing."""


class Account:
    """The last quota that an account told, asked for in the background.

    No send waits for a question while a value is held; a value is kept when a question fails. The
    answer comes by :meth:`learn`, whoever asked.
    """

    def __init__(
        self,
        clock: Callable[[], float] = monotonic,
        uniform: Callable[[], float] = random.random,
    ) -> None:
        self._clock = clock
        self._uniform = uniform
        self._quota: SendQuota | None = None
        self._warned = False
        self._begin()
        _accounts.add(self)

    def _begin(self) -> None:
        self._lock = threading.Lock()
        self._asking = False
        self._answered = threading.Event()
        self._due = 0.0
        self._failures = 0

    @property
    def known(self) -> SendQuota | None:
        """The value at hand; never asks."""
        return self._quota

    def quota(
        self, ask: Callable[[], float | None], interval: float, patience: float
    ) -> SendQuota | None:
        """The account's quota as far as it is known.

        Args:
            ask: makes the account answer, which leads to :meth:`learn`; may raise anything.
                Returns the seconds after which to ask again, ``None`` for the interval.
            interval: seconds for which an answer counts as fresh.
            patience: seconds to wait for the first answer ever; 0 does not wait.
        """
        if self._clock() >= self._due:
            self._ask_soon(ask, interval)
        if self._quota is None and patience and not self._answered.wait(patience):
            self._go_on_without(patience)
        return self._quota

    def _go_on_without(self, patience: float) -> None:
        with self._lock:
            if self._answered.is_set():
                return  # another sender said so, or the answer came
            self._answered.set()
        logger.warning("no answer about the send quota after %.0f s: going on without", patience)

    def learn(self, quota: SendQuota) -> None:
        """Take an answer."""
        if self._quota is None or self._quota.max_send_rate != quota.max_send_rate:
            logger.info("the account's maximum send rate is %g/s", quota.max_send_rate)
        self._quota = quota
        self._answered.set()

    def _ask_soon(self, ask: Callable[[], float | None], interval: float) -> None:
        with self._lock:
            if self._asking or self._clock() < self._due:
                return
            self._asking = True
        asker = threading.Thread(
            target=self._ask, args=(ask, interval), name="botoses-guard-quota", daemon=True
        )
        try:
            asker.start()
        except RuntimeError as error:  # no more threads, or the interpreter is shutting down
            self._failed(error)
            self._done(interval)

    def _ask(self, ask: Callable[[], float | None], interval: float) -> None:
        again: float | None = None
        try:
            again = ask()
            self._failures = 0
        except Exception as error:  # whatever goes wrong here may not fail a send
            self._failed(error)
        finally:
            self._done(interval if again is None else again)

    def _failed(self, error: Exception) -> None:
        self._failures += 1
        # The class and not the text of the error: a text may hold whatever the user's hooks put in.
        level = logging.DEBUG if self._warned else logging.WARNING
        self._warned = True
        logger.log(
            level,
            "the account's send quota cannot be read (%s): pacing goes by max_send_rate where it "
            "is set, else by what SES throttles",
            _name(error),
        )

    def _done(self, interval: float) -> None:
        pause = min(2**self._failures, LONGEST_PAUSE)
        spread = 1 + JITTER * (2 * self._uniform() - 1)
        with self._lock:
            self._due = self._clock() + interval * pause * spread
            self._asking = False
        self._answered.set()


def _name(error: Exception) -> str:
    response = getattr(error, "response", None)
    code = response.get("Error", {}).get("Code") if isinstance(response, dict) else None
    return str(code or type(error).__name__)


_accounts: weakref.WeakSet[Account] = weakref.WeakSet()


def _begin_anew() -> None:
    """A forked child has no asker, whatever its parent had, and may not wait for its locks."""
    for account in list(_accounts):
        account._begin()


if hasattr(os, "register_at_fork"):  # not on Windows, which does not fork
    os.register_at_fork(after_in_child=_begin_anew)
