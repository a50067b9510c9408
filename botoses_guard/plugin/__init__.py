"""The composition root: settings → a guard → handlers on clients.

``guard`` puts itself on clients and sessions, ``attachment`` builds what stands on one client, and
``targets`` tells what can be guarded.
"""

from __future__ import annotations

import logging
import os
from typing import Any

from ..settings import Settings, load
from .guard import Guard, Snapshot, guard_of, guard_of_session
from .targets import emitter_of, is_async, service_of, wrong_target

__all__ = ["Guard", "Snapshot", "initialize_client_plugin", "register"]

logger = logging.getLogger("botoses_guard")

_everywhere: Guard | None = None
_of_environment: dict[Settings, Guard] = {}


def register(target: Any = None, **settings: Any) -> Guard:
    """Guard every SES send of a session or client.

    Args:
        target: a :class:`boto3.Session` or a botocore session, for the clients that it makes from
            now on; a finished ``ses`` or ``sesv2`` client; or ``None``, for every session from now
            on and boto3's default one.
        settings: the settings of the guard (README, "Settings"), which override the environment
            variables ``BOTOSES_GUARD_*``.

    Returns:
        The guard. Registering a target again with the same settings gives its guard again; with
        other settings, a new guard that takes the place of the first.

    Raises:
        TypeError: ``target`` is none of these.
        SettingError: a setting is unknown or does not parse.
    """
    loaded = load(settings, os.environ)
    if target is None:
        return _register_everywhere(loaded)
    emitter = emitter_of(target)
    if emitter is not None:
        guard = _same(guard_of_session(emitter), loaded)
        guard.attach_session(emitter)
        return guard
    if service_of(target) is None:
        raise wrong_target(target)
    guard = _same(guard_of(target), loaded)
    guard.attach(target)
    return guard


def initialize_client_plugin(client: Any) -> None:
    """What botocore calls for each client under ``BOTOCORE_EXPERIMENTAL__PLUGINS``.

    A client that has a guard keeps it: what the program says is nearer than its environment.
    botocore hides what a plugin raises, so that wrong settings are logged as an error, too.

    Raises:
        SettingError: a variable ``BOTOSES_GUARD_*`` does not parse.
    """
    if is_async(client):
        logger.warning("asynchronous clients are not guarded by this version")
    if service_of(client) is None or guard_of(client) is not None:
        return
    try:
        loaded = load({}, os.environ)
    except Exception as error:
        logger.error("the client is not guarded: %s", error)
        raise
    _of_environment.setdefault(loaded, Guard(loaded)).attach(client)


def _register_everywhere(settings: Settings) -> Guard:
    global _everywhere
    before = _everywhere if _everywhere and _everywhere.is_everywhere else None
    guard = _same(before, settings)
    if _everywhere is not None:
        _everywhere.detach_everywhere()
    guard.attach_everywhere()
    _everywhere = guard
    return guard


def _same(guard: Guard | None, settings: Settings) -> Guard:
    """``guard`` when it has these settings, else a new one."""
    return guard if guard is not None and guard.settings == settings else Guard(settings)
