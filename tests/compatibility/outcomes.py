"""What befalls a send, and a client that meets it, with the guard and without."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, Iterator, NamedTuple

import boto3
from botocore.config import Config

import botoses_guard
from botoses_guard.simulator import Simulator

NOT_VERIFIED = "stranger@example.com"
"""A sender that the account has not verified."""


@contextmanager
def local_ses() -> Iterator[Simulator]:
    """An account with one verified sender and a rate that no test meets."""
    with Simulator(rate=1000, verified=["shop@example.com"]) as ses:
        yield ses


def client_of(ses: Simulator, service: str, *, guarded: bool) -> Any:
    """A client of one attempt, so that each trouble is met once with the guard and without."""
    make: Any = Config
    config = make(retries={"mode": "standard", "total_max_attempts": 1}, read_timeout=0.2)
    return ses.client(service, session=_session(guarded), config=config)


@lru_cache
def _session(guarded: bool) -> boto3.Session:
    """Made once, for it reads the models of the services; each local SES is another account."""
    session = boto3.Session()
    if guarded:
        botoses_guard.register(session, max_attempts=1)
    return session


class Trouble(NamedTuple):
    """Something that goes wrong with a send."""

    name: str
    prepare: Callable[[Simulator], object] = lambda ses: None
    sender: str = "shop@example.com"
    is_answered: bool = True


TROUBLES = (
    Trouble("not verified", sender=NOT_VERIFIED),
    Trouble("rate", lambda ses: ses.faults.throttle(1)),
    Trouble("quota", lambda ses: ses.faults.exhaust_quota(1)),
    Trouble("unavailable", lambda ses: ses.faults.respond(503, 1)),
    Trouble("no answer", lambda ses: ses.faults.hang_after_accept(1), is_answered=False),
    Trouble("lost connection", lambda ses: ses.faults.cut_after_accept(1), is_answered=False),
)
