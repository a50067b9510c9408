"""What happened to the sends of a guard: counters, and log records that fit each event.

No record holds an address, a subject or a body.
"""

from __future__ import annotations

import logging
import threading
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
    """Calls of send operations, presigned URLs aside."""

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


_COUNTED = ("sends", "accepted", "recipients", "attempts", "waits", "throttles", "outcome_unknown")


class Telemetry:
    """The counters of one guard. Methods may be called from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: Counter[str] = Counter()
        self._refusals: Counter[str] = Counter()
        self._waited = 0.0
        self._longest_wait = 0.0
        self._reported: set[tuple[str, str]] = set()

    def sent(self) -> None:
        """A send begins."""
        with self._lock:
            self._counts["sends"] += 1

    def waited(self, seconds: float) -> None:
        """An attempt waited for its slot and now goes out."""
        with self._lock:
            self._counts["attempts"] += 1
            if seconds > 0:
                self._counts["waits"] += 1
                self._waited += seconds
                self._longest_wait = max(self._longest_wait, seconds)

    def accepted(self, recipients: int) -> None:
        """SES accepted a send."""
        with self._lock:
            self._counts["accepted"] += 1
            self._counts["recipients"] += recipients
            if self._reported:
                self._reported.clear()

    def throttled(self, category: str) -> None:
        """SES answered that it is asked too fast."""
        with self._lock:
            self._counts["throttles"] += 1
        self._log(category, "SES throttles (%s)", category)

    def refused(self, category: str, operation: str, code: str) -> None:
        """A send ends with an error, from SES or from the guard."""
        with self._lock:
            self._refusals[category] += 1
        self._log(category, "%s refused: %s (%s)", operation, category, code)

    def unknown(self, operation: str, code: str) -> None:
        """A send ends without an answer."""
        with self._lock:
            self._counts["outcome_unknown"] += 1
        logger.warning("%s may have been accepted: no answer came (%s)", operation, code)

    def counts(self) -> Counts:
        """The counters as they stand."""
        with self._lock:
            return Counts(
                waited=self._waited,
                longest_wait=self._longest_wait,
                refusals=dict(self._refusals),
                **{name: self._counts[name] for name in _COUNTED},
            )

    def _log(self, category: str, message: str, *args: Any) -> None:
        level = _LEVELS.get(category, logging.DEBUG)
        if level >= _ONCE:
            with self._lock:
                if (category, message) in self._reported:
                    return
                self._reported.add((category, message))
        logger.log(level, message, *args)
