"""The simulator's own JSON interface, for a program in another process: ``/_simulator/``.

===========================  ==================================================================
``GET state``                counters, settings of the account, number of duplicates
``GET inbox?start=0``        up to 1,000 accepted messages from ``start`` on
``POST faults``              ``{"throttle": 3}``, ``{"respond": {"status": 503, "times": 2}}``,
                             ``{"of": {"GetSendQuota": {"throttle": 1}}}`` ...
``POST account``             ``{"rate": 14, "paused": true}``: the settings named are set
``POST reset``               empties inbox, counters and faults, forgets what was sent or created
===========================  ==================================================================
"""

from __future__ import annotations

import base64
import inspect
import re
from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from .faults import Faults

if TYPE_CHECKING:
    from .server import Simulator

_LARGEST = 1_000_000_000
"""The most that a rate, a quota or a latency is set to."""

PAGE = 1_000
"""Messages in one answer of the inbox."""

_FAULTS = (
    "throttle",
    "throttle_systemic",
    "exhaust_quota",
    "error",
    "respond",
    "hang_after_accept",
    "cut_after_accept",
    "cut_after_headers",
    "cut",
    "delay",
    "throttle_entries",
    "fail_entries",
)

_FAULT_NUMBERS: Mapping[str, tuple[float, float]] = {
    "seconds": (0, 86_400),
    "status": (300, 599),
    "after": (0, 1_000_000),
}

_SETTINGS: Mapping[str, tuple[type, ...]] = {
    "rate": (int, float),
    "burst": (int, float, type(None)),
    "quota": (int, float),
    "sandbox": (bool,),
    "verified": (list, type(None)),
    "paused": (bool,),
    "paused_by_aws": (bool,),
    "mail_from_failed": (list,),
    "configuration_sets": (list,),
    "templates": (list,),
    "latency": (int, float),
}


_CODE = re.compile(r"[A-Za-z0-9.]{1,128}")


class WrongControl(Exception):
    """A control request that is not understood; the text says why."""


def control(simulator: Simulator, method: str, what: str, given: Any, start: str) -> Any:
    """Carry out a control request.

    Raises:
        WrongControl: it is not understood; nothing was changed.
    """
    actions = {
        ("GET", "state"): lambda: _state(simulator),
        ("GET", "inbox"): lambda: _inbox(simulator, start),
        ("POST", "faults"): lambda: _set_faults(simulator, given),
        ("POST", "account"): lambda: _set_account(simulator, given),
        ("POST", "reset"): simulator.reset,
    }
    action = actions.get((method, what))
    if action is None:
        known = ", ".join(f"{one} {other}" for one, other in actions)
        raise WrongControl(f"{method} {what} is no request of the simulator; it has {known}")
    return action() or {}


def _state(simulator: Simulator) -> dict[str, Any]:
    counters = simulator.counters
    return {
        "counters": {
            **{field.name: getattr(counters, field.name) for field in fields(counters)},
            "refused_total": counters.refused_total,
        },
        "account": {name: _plain(_get(simulator, name)) for name in _SETTINGS},
        "messages": len(simulator.inbox),
        "duplicates": len(simulator.inbox.duplicates),
        "faults": len(simulator.faults),
    }


def _inbox(simulator: Simulator, start: str) -> dict[str, Any]:
    if not start.isdecimal():
        raise WrongControl(f"start is a number from 0; not {ascii(start)}")
    messages = list(simulator.inbox)[int(start) : int(start) + PAGE]
    return {
        "messages": [
            {
                "message_id": message.message_id,
                "time": message.time,
                "service": message.service,
                "operation": message.operation,
                "region": message.region,
                "source": message.source,
                "recipients": message.recipients,
                "subject": message.subject,
                "body": message.body,
                "template": message.template,
                "raw": None if message.raw is None else base64.b64encode(message.raw).decode(),
            }
            for message in messages
        ],
        "total": len(simulator.inbox),
    }


def _set_faults(simulator: Simulator, given: Any) -> None:
    for order in _orders(simulator.faults, _object(given)):
        order()


def _orders(faults: Faults, given: dict[str, Any]) -> list[Callable[[], None]]:
    """Calls that order the faults; made only when every one of them is understood."""
    orders = []
    for name, value in given.items():
        if name != "of":
            orders.append(_order(faults, name, value))
            continue
        for operation, wanted in _object(value).items():
            try:
                orders += _orders(faults.of(operation), _object(wanted))
            except ValueError as error:
                raise WrongControl(str(error)) from None
    return orders


def _order(faults: Faults, name: str, value: Any) -> Callable[[], None]:
    if name not in _FAULTS:
        raise WrongControl(f"{ascii(name)} is no fault; there are {', '.join(_FAULTS)}, of")
    method = getattr(faults, name)
    arguments = value if isinstance(value, dict) else {"times": value}
    times = arguments.get("times", 1)
    if isinstance(times, bool) or not isinstance(times, int) or not 0 < times <= 1_000_000:
        raise WrongControl(f"{name}.times is a number from 1 to 1,000,000; not {ascii(times)}")
    _check_arguments(name, arguments)
    try:
        bound = inspect.signature(method).bind(**arguments)
    except TypeError as error:
        raise WrongControl(f"{name}: {error}") from None
    return lambda: method(*bound.args, **bound.kwargs)


def _check_arguments(name: str, arguments: dict[str, Any]) -> None:
    for part, value in arguments.items():
        if part in _FAULT_NUMBERS:
            least, most = _FAULT_NUMBERS[part]
            kinds = (int, float) if part == "seconds" else (int,)
            if (
                not isinstance(value, kinds)
                or isinstance(value, bool)
                or not least <= value <= most
            ):
                raise WrongControl(f"{name}.{part} is from {least} to {most}; not {ascii(value)}")
        elif part == "code":
            if not isinstance(value, str) or not _CODE.fullmatch(value):
                raise WrongControl(f"{name}.code is a word; not {ascii(value)}")
        elif part == "message":
            if not isinstance(value, str):
                raise WrongControl(f"{name}.message is a text; not {ascii(value)}")
        elif part == "body" and not isinstance(value, bool):
            raise WrongControl(f"{name}.body is true or false; not {ascii(value)}")


def _set_account(simulator: Simulator, given: Any) -> None:
    settings = _object(given)
    for name, value in settings.items():
        _check_setting(name, value)
    for name, value in settings.items():
        if name == "latency":
            simulator.latency = value
        else:
            setattr(simulator.account, name, value)


def _check_setting(name: str, value: Any) -> None:
    kinds = _SETTINGS.get(name)
    if kinds is None:
        raise WrongControl(f"{ascii(name)} is no setting; there are {', '.join(_SETTINGS)}")
    if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
        names = " or ".join("null" if kind is type(None) else kind.__name__ for kind in kinds)
        raise WrongControl(f"{name} is {names}; not {ascii(value)}")
    if isinstance(value, list):
        if not all(isinstance(element, str) for element in value):
            raise WrongControl(f"{name} is a list of texts; not {ascii(value)}")
    elif not isinstance(value, bool) and isinstance(value, (int, float)):
        least = -1 if name == "quota" else 0
        if not least <= value <= _LARGEST:
            raise WrongControl(f"{name} is a number from {least} to {_LARGEST:,}; not {value}")


def _object(given: Any) -> dict[str, Any]:
    if not isinstance(given, dict):
        raise WrongControl("the body is a JSON object")
    return given


def _get(simulator: Simulator, name: str) -> Any:
    return simulator.latency if name == "latency" else getattr(simulator.account, name)


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, (bool, int, float)) else sorted(value)
