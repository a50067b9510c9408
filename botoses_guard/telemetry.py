"""What happened to the sends of a guard: counters, and log records that fit each event.

No record holds an address, a subject or a body.
"""

from __future__ import annotations

import logging
import os
import threading
import weakref
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

logger = logging.getLogger(__package__)

_LEVELS = {
    # A person must act on these; a throttle passes by itself.
    "daily_quota": logging.ERROR,
    "account_paused": logging.ERROR,
    "config_set_paused": logging.ERROR,
    "not_authorized": logging.WARNING,
    "expired_credentials": logging.WARNING,
    "service_unavailable": logging.WARNING,
    "send_rate": logging.INFO,
    "systemic_throttle": logging.INFO,
}
"""Level of the record about a refusal; the others are the caller's to log: they come as errors."""

_ONCE = logging.WARNING
"""From this level on a trouble is logged once, and again only after a send succeeded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What a guard did since it was registered."""

    sends: int
    """Calls of send operations that came to an end, whichever."""

    recipients: int
    """Recipients of the sends that SES accepted."""

    accepted: int
    """Sends that SES accepted."""

    attempts: int
    """HTTP requests."""

    waits: int
    """Attempts that waited for their slot."""

    waited: float
    """Seconds, all waits together."""

    longest_wait: float
    """Seconds."""

    throttles: int
    """Answers of SES that it is asked too fast."""

    refusals: Mapping[str, int]
    """Sends that ended with an error, by category; the guard's own refusals included."""

    outcome_unknown: int
    """Sends that may have been accepted though no answer came."""


class Telemetry:
    """The counters of one guard. Methods may be called from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._accepted = 0
        self._recipients = 0
        self._attempts = 0  # those that were not accepted
        self._waits = 0
        self._waited = 0.0
        self._longest_wait = 0.0
        self._throttles = 0
        self._unknown = 0
        self._refusals: Counter[str] = Counter()
        self._told_of_names = False
        self._reported: set[tuple[str, str]] = set()
        _all.add(self)

    def waited(self, seconds: float) -> None:
        """An attempt waited for its slot."""
        with self._lock:
            self._waits += 1
            self._waited += seconds
            self._longest_wait = max(self._longest_wait, seconds)

    def attempted(self) -> None:
        """An attempt was not accepted."""
        with self._lock:
            self._attempts += 1

    def accepted(self, recipients: int) -> None:
        """SES accepted a send."""
        with self._lock:
            self._accepted += 1
            self._recipients += recipients
        if self._reported:
            self._reported.clear()

    def throttled(self, category: str) -> None:
        """SES answered that it is asked too fast."""
        with self._lock:
            self._throttles += 1
        self._log(category, "SES throttles (%s)", category)

    def refused(self, category: str, operation: str, code: str) -> None:
        """A send ends with an error, from SES or from the guard."""
        with self._lock:
            self._refusals[category] += 1
        self._log(category, "%s refused: %s (%s)", operation, category, code)

    def unknown(self, operation: str, code: str) -> None:
        """A send ends without an answer."""
        with self._lock:
            self._unknown += 1
        logger.warning("%s may have been accepted: no answer came (%s)", operation, code)

    def name_dropped(self) -> None:
        """A send's ``FromEmailAddress`` has no name and replaces a From header that has one."""
        if not self._told_of_names:
            self._told_of_names = True
            logger.warning(
                "FromEmailAddress replaces the From header of a raw message, whose display name "
                "is lost: give the name in FromEmailAddress, too"
            )

    def counts(self) -> Counts:
        """The counters as they stand."""
        with self._lock:
            return Counts(
                sends=self._accepted + self._unknown + sum(self._refusals.values()),
                accepted=self._accepted,
                recipients=self._recipients,
                attempts=self._accepted + self._attempts,
                waits=self._waits,
                waited=self._waited,
                longest_wait=self._longest_wait,
                throttles=self._throttles,
                refusals=dict(self._refusals),
                outcome_unknown=self._unknown,
            )

    def _log(self, category: str, message: str, *args: Any) -> None:
        level = _LEVELS.get(category, logging.DEBUG)
        if level >= _ONCE:
            with self._lock:
                if (category, message) in self._reported:
                    return
                self._reported.add((category, message))
        logger.log(level, message, *args)

    def _renew_lock(self) -> None:
        self._lock = threading.Lock()


_all: weakref.WeakSet[Telemetry] = weakref.WeakSet()


def _renew_locks() -> None:
    """A forked child may not wait for a lock whose owner exists in the parent only."""
    for telemetry in list(_all):
        telemetry._renew_lock()


if hasattr(os, "register_at_fork"):  # not on Windows, which does not fork
    os.register_at_fork(after_in_child=_renew_locks)
