"""The settings of a guard: one table of names, environment variables, defaults and converters.

An argument of ``register`` wins over the environment, the environment over the default. A value
that does not parse is an error that names the setting, the value and what is accepted.
"""

from __future__ import annotations

import math
import operator
import re
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, cast

from .errors import SettingError, SettingWarning

PREFIX = "BOTOSES_GUARD_"

AddressMode = Literal["normalize", "reject", "off"]

MAX_SIGNED_WAIT = 240
"""Seconds. A request is signed before it waits and SES takes signatures of up to 300 seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What one guard was told. The fields are those of :data:`OPTIONS`, in that order."""

    enabled: bool
    addresses: AddressMode
    max_send_rate: float | None
    """Recipients per second; ``None`` asks the account."""
    max_24_hour_send: float | None
    """Recipients per rolling 24 hours, -1 for no quota; ``None`` asks the account."""
    rate_share: float
    quota_ttl: float
    """Seconds."""
    on_limit: Literal["wait", "raise"]
    max_wait: float
    """Seconds."""
    max_attempts: int
    bulk_failures: Literal["return", "raise"]
    resend_on_timeout: bool
    store: StoreAddress
    store_failure: Literal["local", "raise"]
    scope: str | None
    language: str


class Option(NamedTuple):
    """One row of the table."""

    name: str
    default: Any
    convert: Callable[[Any], Any]
    """Argument or text → value; raises :class:`ValueError` or :class:`TypeError`."""

    accepts: str
    """What ``convert`` takes, in words."""

    @property
    def variable(self) -> str:
        return PREFIX + self.name.upper()


def _switch(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    return {"1": True, "true": True, "0": False, "false": False}[str(value).lower()]


def _choice(*choices: str) -> Callable[[Any], str]:
    def convert(value: Any) -> str:
        return {choice.lower(): choice for choice in choices}[str(value).lower()]

    return convert


def _number(low: float, high: float = math.inf, *, above: bool = False) -> Callable[[Any], float]:
    def convert(value: Any) -> float:
        if isinstance(value, bool):
            raise TypeError("a switch is no number")
        number = float(value)
        if not low <= number <= high or number == math.inf or (above and number == low):
            raise ValueError("out of range")
        return number

    return convert


def _quota(value: Any) -> float:
    return -1.0 if _number(-1)(value) == -1 else _number(0)(value)


def _count(value: Any) -> int:
    if isinstance(value, bool):
        raise TypeError("a switch is no number")
    count = int(value) if isinstance(value, str) else operator.index(value)
    if count < 1:
        raise ValueError("out of range")
    return count


def _name(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError("not a name")
    return value


class StoreAddress(str):
    """The address of a store. Its ``repr`` shows the scheme only: the rest may hold a password."""

    @property
    def scheme(self) -> str:
        return self.partition(":")[0].lower()

    def __repr__(self) -> str:
        return repr(str(self)) if self == _MEMORY else f"'{self.scheme}://...'"


def _store(value: Any) -> StoreAddress:
    # Which schemes there are, and what stands behind them, is for the store to judge.
    if not isinstance(value, str) or not _ADDRESS.match(value):
        raise SettingError(f"not the address of a store, such as {_MEMORY}")
    return StoreAddress(_MEMORY if value.lower() == _MEMORY else value)


_MEMORY = "memory://"
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")

OPTIONS: tuple[Option, ...] = (
    Option("enabled", True, _switch, "1 or 0, true or false"),
    Option(
        "addresses",
        "normalize",
        _choice("normalize", "reject", "off"),
        "normalize, reject or off",
    ),
    Option("max_send_rate", None, _number(0, above=True), "recipients per second, above 0"),
    Option("max_24_hour_send", None, _quota, "recipients per 24 hours, from 0; -1 for no quota"),
    Option("rate_share", 0.95, _number(0, 1, above=True), "a part of the rate: above 0, at most 1"),
    Option("quota_ttl", 60.0, _number(1), "seconds, from 1"),
    Option("on_limit", "wait", _choice("wait", "raise"), "wait or raise"),
    Option("max_wait", 60.0, _number(0, MAX_SIGNED_WAIT), f"seconds, from 0 to {MAX_SIGNED_WAIT}"),
    Option("max_attempts", 5, _count, "a whole number, from 1"),
    Option("bulk_failures", "return", _choice("return", "raise"), "return or raise"),
    Option("resend_on_timeout", False, _switch, "1 or 0, true or false"),
    Option("store", StoreAddress(_MEMORY), _store, "the address of a store"),
    Option("store_failure", "local", _choice("local", "raise"), "local or raise"),
    Option("scope", None, _name, "a name that is not blank"),
    Option("language", "en", _choice("en", "zh-TW"), "en or zh-TW"),
)
"""Every setting of the guard (README, "Settings")."""


def load(arguments: Mapping[str, Any], environ: Mapping[str, str]) -> Settings:
    """The settings that ``arguments`` and ``environ`` give, defaults for the rest.

    Args:
        arguments: the keyword arguments of ``register``; ``None`` stands for "not given".
        environ: the environment; an empty variable stands for "not given".

    Raises:
        SettingError: an argument is unknown, or a value does not parse.

    Warns:
        SettingWarning: a variable ``BOTOSES_GUARD_*`` is unknown; names the nearest known one.
    """
    names = {option.name for option in OPTIONS}
    for name in sorted(arguments.keys() - names):
        raise SettingError(f"unknown setting {name!r}{_nearest(name, names)}")
    _warn_of_unknown(environ)
    values = {option.name: _value(option, arguments, environ) for option in OPTIONS}
    return Settings(**cast(Any, values))


def _value(option: Option, arguments: Mapping[str, Any], environ: Mapping[str, str]) -> Any:
    given = arguments.get(option.name)
    if given is not None:
        return _converted(option, option.name, given)
    text = environ.get(option.variable, "").strip()
    if text:
        return _converted(option, option.variable, text)
    return option.default


def _converted(option: Option, source: str, value: Any) -> Any:
    try:
        return option.convert(value)
    except SettingError as error:
        raise SettingError(f"{source}: {error}") from None
    except (ValueError, TypeError, KeyError, OverflowError):
        raise SettingError(f"{source}: {ascii(value)} is not {option.accepts}") from None


def _warn_of_unknown(environ: Mapping[str, str]) -> None:
    variables = {option.variable for option in OPTIONS}
    for variable in sorted(environ):
        if variable.startswith(PREFIX) and variable not in variables:
            nearest = _nearest(variable, variables)
            # The caller of register() is three frames up: load, plugin.register, the user.
            warnings.warn(f"unknown variable {variable}{nearest}", SettingWarning, stacklevel=4)


def _nearest(name: str, known: set[str]) -> str:
    import difflib  # here, because hardly any program gets here

    matches = difflib.get_close_matches(name, sorted(known), n=1, cutoff=0)
    return f"; the nearest known one is {matches[0]}" if matches else ""
