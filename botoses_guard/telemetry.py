"""What happened to the sends of a guard: counters, and one log record for each send.

A record's ``extra`` is the same for each way in which a send may end (README, "Logs"). None holds
an address, a subject or a body.
"""

from __future__ import annotations

import logging
import os
import threading
import weakref
from collections import Counter, deque
from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, Literal, NamedTuple, Protocol

logger = logging.getLogger(__package__)

Event = Literal["send.accepted", "send.refused", "send.outcome_unknown", "send.not_sent"]
"""How a send ended; the names are public."""

INTERRUPTED = "Interrupted"
"""The code of a send that was broken off by what botocore has no event for, such as Ctrl-C."""

_LEVELS = {
    # A person must act on these; a throttle passes by itself.
    "daily_quota": logging.ERROR,
    "account_paused": logging.ERROR,
    "config_set_paused": logging.ERROR,
    "not_authorized": logging.WARNING,
    "expired_credentials": logging.WARNING,
    "service_unavailable": logging.WARNING,
    "store_unavailable": logging.WARNING,
    "send_rate": logging.INFO,
    "systemic_throttle": logging.INFO,
}
"""Level of the record about a refusal; the others are the caller's to log: they come as errors."""

_ONCE = logging.WARNING
"""From this level on a trouble has its level once, and again only after a send succeeded."""


class Send(Protocol):
    """One send that came to an end."""

    made: int
    """HTTP requests."""
    waits: int
    """How often it waited for a slot."""
    waited: float
    """Seconds, all waits together."""

    @property
    def operation(self) -> str:
        """The name of the operation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What a guard did since it was registered."""

    sends: int
    """Calls of send operations that came to an end, whichever."""

    recipients: int
    """Recipients of the sends that SES accepted."""

    accepted: int
    """Sends that SES accepted; a bulk call whose entries failed is one of them."""

    failed_entries: int
    """Entries of bulk calls that stayed failed."""

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

    not_sent: int
    """Sends that ended before SES was asked: no connection, no credentials, wrong parameters."""


class _Dropped(NamedTuple):
    """A send that ended without an event of botocore."""

    operation: str
    made: int
    waits: int
    waited: float
    recipients: int
    under_way: bool


class Telemetry:
    """The counters of one guard. Methods may be called from any thread."""

    def __init__(self) -> None:
        # Reentrant: a signal handler that sends, or reads the counters, may come in between.
        self._lock = threading.RLock()
        self._accepted = 0
        self._recipients = 0
        self._failed_entries = 0
        self._attempts = 0  # those that were not the only one of an accepted send
        self._waits = 0
        self._waited = 0.0
        self._longest_wait = 0.0
        self._throttles = 0
        self._unknown = 0
        self._not_sent = 0
        self._dropped: deque[_Dropped] = deque()
        self._refusals: Counter[str] = Counter()
        self._told_of_names = False
        self._reported: set[tuple[Event, str]] = set()
        _all.add(self)

    def begun(self) -> None:
        """A send begins; those that were dropped before are told of."""
        if self._dropped:
            self._tell_of_dropped()

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

    def throttled(self) -> None:
        """SES answered that it is asked too fast."""
        with self._lock:
            self._throttles += 1

    def accepted(self, send: Send, recipients: int) -> None:
        """SES accepted a send; of a bulk call ``recipients`` are those that it accepted."""
        with self._lock:
            self._accepted += 1
            self._recipients += recipients
        if self._reported:
            self._reported.clear()
        if logger.isEnabledFor(logging.DEBUG):
            message = f"{send.operation} accepted"
            _log(logging.DEBUG, "send.accepted", send, recipients, "", "", message)

    def resent(self, recipients: int) -> None:
        """SES answered about entries of a bulk call that were sent again."""
        with self._lock:
            self._attempts += 1
            self._recipients += recipients

    def failed(self, entries: int) -> None:
        """Entries of a bulk call stay failed."""
        with self._lock:
            self._failed_entries += entries

    def refused(self, send: Send, recipients: int, category: str, code: str) -> None:
        """A send ends with an error, from SES or from the guard."""
        with self._lock:
            self._refusals[category] += 1
        level = self._once(_LEVELS.get(category, logging.DEBUG), "send.refused", category)
        message = f"{send.operation} refused: {category} ({code})"
        _log(level, "send.refused", send, recipients, category, code, message)

    def unknown(self, send: Send, recipients: int, code: str, *, ends: bool = True) -> None:
        """No answer of SES came; the send ends with that, or goes on as a bulk call does."""
        with self._lock:
            self._unknown += ends
        level = self._once(logging.WARNING, "send.outcome_unknown", "outcome_unknown")
        message = f"{send.operation} may have been accepted: no answer of SES came ({code})"
        category = "outcome_unknown"
        _log(level, "send.outcome_unknown", send, recipients, category, code, message)

    def not_sent(self, send: Send, recipients: int, code: str) -> None:
        """A send ended before SES was asked; its exception tells the caller why."""
        with self._lock:
            self._not_sent += 1
        message = f"{send.operation} was not sent ({code})"
        _log(logging.DEBUG, "send.not_sent", send, recipients, "", code, message)

    def drop(self, send: Send, recipients: int, under_way: bool) -> None:
        """A send ended without an event of botocore; it is told of with the next one.

        The garbage collector calls this, at any time and in any thread: it may take no lock.
        """
        told = _Dropped(send.operation, send.made, send.waits, send.waited, recipients, under_way)
        self._dropped.append(told)

    def _tell_of_dropped(self) -> None:
        while self._dropped:
            try:
                send = self._dropped.popleft()
            except IndexError:
                return  # another thread tells of it
            if send.under_way:
                self.attempted()
                made = send._replace(made=send.made + 1)
                self.unknown(SimpleNamespace(**made._asdict()), send.recipients, INTERRUPTED)
            else:
                self.not_sent(SimpleNamespace(**send._asdict()), send.recipients, INTERRUPTED)

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
        self._tell_of_dropped()
        with self._lock:
            return Counts(
                sends=self._accepted
                + self._unknown
                + self._not_sent
                + sum(self._refusals.values()),
                accepted=self._accepted,
                recipients=self._recipients,
                failed_entries=self._failed_entries,
                attempts=self._accepted + self._attempts,
                waits=self._waits,
                waited=self._waited,
                longest_wait=self._longest_wait,
                throttles=self._throttles,
                refusals=dict(self._refusals),
                outcome_unknown=self._unknown,
                not_sent=self._not_sent,
            )

    def _once(self, level: int, event: Event, trouble: str) -> int:
        """The level of a record: a trouble is loud once, and again after a send succeeded."""
        if level < _ONCE:
            return level
        with self._lock:
            known = (event, trouble) in self._reported
            self._reported.add((event, trouble))
        return logging.DEBUG if known else level

    def _renew_lock(self) -> None:
        self._lock = threading.RLock()


_telling: ContextVar[bool] = ContextVar("botoses_guard.telling", default=False)


def _log(
    level: int,
    event: Event,
    send: Send,
    recipients: int,
    category: str,
    code: str,
    message: str,
) -> None:
    if _telling.get() or not logger.isEnabledFor(level):
        return  # a log handler that mails would have its own mail to tell of, and so on for ever
    extra: dict[str, Any] = {
        "ses_event": event,
        "ses_operation": send.operation,
        "ses_category": category,
        "ses_code": code,
        "ses_recipients": recipients,
        "ses_attempts": send.made,
        "ses_waits": send.waits,
        "ses_waited": round(send.waited, 6),
    }
    telling = _telling.set(True)
    try:
        logger.log(level, "%s", message, extra=extra)
    except Exception:
        # A filter or record factory of the program. The outcome stands: an accepted mail does not
        # become an error by a record that could not be written. logging tells of it as of its own.
        record = logging.makeLogRecord({"name": logger.name, "levelno": level, "msg": message})
        logging.Handler().handleError(record)
    finally:
        _telling.reset(telling)


_all: weakref.WeakSet[Telemetry] = weakref.WeakSet()


def _renew_locks() -> None:
    """A forked child may not wait for a lock whose owner exists in the parent only."""
    for telemetry in list(_all):
        telemetry._renew_lock()


if hasattr(os, "register_at_fork"):  # not on Windows, which does not fork
    os.register_at_fork(after_in_child=_renew_locks)
