"""The composition root: settings → a guard → handlers on clients.

``targets`` tells what can be guarded, ``registry`` which guard stands where, and ``attachment``
builds what stands on one client.
"""

from __future__ import annotations

import logging
import warnings
from typing import Any

import boto3
from botocore.client import BaseClient

from ..errors import SettingError, SettingWarning
from ..operations import SERVICES
from ..settings import (
    AddressMode,
    BulkFailures,
    Language,
    OnLimit,
    Settings,
    StoreFailure,
    hidden,
    load,
    variables,
)
from . import registry
from .earlier import unguarded_clients_of
from .guard import Guard, Snapshot
from .targets import Target, emitter_of, is_async, service_of, wrong_target

__all__ = ["Guard", "Snapshot", "initialize_client_plugin", "register"]

logger = logging.getLogger("botoses_guard")

_of_environment: dict[Settings, Guard] = {}


def register(
    target: Target | None = None,
    *,
    enabled: bool | None = None,
    addresses: AddressMode | None = None,
    max_send_rate: float | None = None,
    max_24_hour_send: float | None = None,
    rate_share: float | None = None,
    quota_ttl: float | None = None,
    on_limit: OnLimit | None = None,
    max_wait: float | None = None,
    max_attempts: int | None = None,
    bulk_failures: BulkFailures | None = None,
    resend_on_timeout: bool | None = None,
    store: str | None = None,
    store_failure: StoreFailure | None = None,
    scope: str | None = None,
    language: Language | None = None,
) -> Guard:
    """Guard every SES send of a session or client.

    A setting that is not given, or ``None``, is that of its environment variable
    ``BOTOSES_GUARD_<NAME>``, else the default.

    Args:
        target: a :class:`boto3.Session` or a botocore session, for the clients that it makes from
            now on; a finished ``ses`` or ``sesv2`` client; or ``None``, for every session from now
            on and boto3's default one.
        enabled: ``False`` takes the guard off what has one, and lets the environment put none on.
            Default: ``True``.
        addresses: ``"normalize"`` (the default) makes addresses ready for the wire, ``"reject"``
            refuses those that are not, ``"off"`` leaves them alone.
        max_send_rate: recipients per second. Default: what the account says.
        max_24_hour_send: recipients per rolling 24 hours, ``-1`` for no quota. Default: what the
            account says.
        rate_share: the part of the rate that this guard may use, above 0 and at most 1.
            Default: 0.95.
        quota_ttl: seconds for which a quota that the account told counts as fresh. Default: 60.
        on_limit: ``"wait"`` (the default) for a slot, or ``"raise"`` at once.
        max_wait: the longest wait of one send in seconds, at most 86400. Default: 60.
        max_attempts: HTTP requests of one send that meets throttling. Default: 5.
        bulk_failures: entries of a bulk call that stay failed: ``"return"`` (the default) leaves
            them in the answer, ``"raise"`` raises :class:`.BulkSendFailed`.
        resend_on_timeout: ``True`` lets botocore send again after a timeout, which can send a mail
            twice. Default: ``False``.
        store: the address of the store that keeps rate and quota. Default: ``"memory://"``.
        store_failure: while the store is unreachable, ``"local"`` (the default) goes on with a part
            of the rate, ``"raise"`` refuses.
        scope: the name under which senders share one budget; the region is always added.
            Default: the account id.
        language: of the advice in errors, ``"en"`` (the default) or ``"zh-TW"``.

    Returns:
        The guard. Registering a target again with the same settings gives its guard again; with
        other settings, a new guard that takes the place of the first.

    Raises:
        TypeError: ``target`` is none of these.
        SettingError: a setting does not parse, or there can be no store at that address.

    Warns:
        SettingWarning: a variable ``BOTOSES_GUARD_*`` is unknown, or the session has made a client
            for SES before, which is not guarded.
    """
    store = hidden(store)
    given = {name: value for name, value in locals().items() if name != "target"}
    loaded = load(given, variables())
    guard = _put(target, lambda before: _same(before, loaded))
    missed = _missed(target) if loaded.enabled else []
    if missed:
        warnings.warn(
            f"{', '.join(missed)}: made before register() and not guarded; register the session "
            "before it makes its clients, or the client itself",
            SettingWarning,
            stacklevel=2,
        )
    return guard


def _put(target: Target | None, choose: registry.Choose) -> Guard:
    if target is None:
        return registry.put_on_new_sessions(choose)
    emitter = emitter_of(target)
    if emitter is not None:
        return registry.put_on_session(choose, emitter)
    if isinstance(target, BaseClient) and service_of(target) is not None:
        return registry.put_on_client(choose, target)
    raise wrong_target(target)


def _missed(target: Target | None) -> list[str]:
    """The clients that ``target``, or boto3's default session, made before."""
    session = boto3.DEFAULT_SESSION if target is None else target
    if session is None or isinstance(session, BaseClient):
        return []
    return unguarded_clients_of(session)


def _same(guard: Guard | None, settings: Settings) -> Guard:
    """``guard`` when it has these settings, else a new one."""
    return guard if guard is not None and guard.settings == settings else Guard(settings)


def initialize_client_plugin(client: Any) -> None:
    """Guard a client by its environment; botocore calls this for each client.

    It does so where ``BOTOCORE_EXPERIMENTAL__PLUGINS`` names this package. A client that has a
    guard keeps it: what the program says goes before its environment. botocore hides what a plugin
    raises, so that a wrong setting is logged as an error and warned of, too.

    Raises:
        SettingError: a variable ``BOTOSES_GUARD_*`` does not parse, or there can be no store at
            that address.

    Warns:
        SettingWarning: the same, or a variable is unknown.
    """
    if is_async(client) and client.meta.service_model.service_name in SERVICES:
        logger.warning("asynchronous clients are not guarded by this version")
    if service_of(client) is None or registry.guard_of(client) is not None:
        return
    try:
        guard = _guard_of_environment(load({}, variables()))
    except Exception as error:
        # Other errors are of a client library that is broken; their texts may hold anything.
        ours = isinstance(error, (SettingError, SettingWarning))
        reason = str(error) if ours else type(error).__name__
        text = f"{registry.name_of(client)} is not guarded: {reason}"
        logger.error("%s", text)
        warnings.warn(text, SettingWarning, stacklevel=2)
        raise
    guard.attach(client)


def _guard_of_environment(settings: Settings) -> Guard:
    return _of_environment.get(settings) or _of_environment.setdefault(settings, Guard(settings))
