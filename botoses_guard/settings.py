"""The settings of a guard: one table of names, environment variables, defaults and converters.

An argument of ``register`` wins over the environment, the environment over the default. A value
that does not parse is an error that names the setting, the value and what is accepted.
"""

from __future__ import annotations

import math
import operator
import os
import re
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, cast

from .errors import SettingError, SettingWarning

PREFIX = "BOTOSES_GUARD_"

AddressMode = Literal["normalize", "reject", "off"]
OnLimit = Literal["wait", "raise"]
BulkFailures = Literal["return", "raise"]
StoreFailure = Literal["local", "raise"]
Language = Literal["en", "zh-TW"]

LONGEST_WAIT = 86_400
"""Seconds."""

FASTEST = 1_000_000_000
"""Recipients per second: far more than any account has, and few enough to reckon with exactly."""

LONGEST_SHOWN = 80
"""Characters of a wrong value in an error."""

MOST_PER_DAY = 1_000_000_000_000
"""Recipients per 24 hours: the same."""


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
    on_limit: OnLimit
    max_wait: float
    """Seconds."""
    max_attempts: int
    bulk_failures: BulkFailures
    resend_on_timeout: bool
    store: StoreAddress
    store_failure: StoreFailure
    scope: str | None
    language: Language


class Option(NamedTuple):
    """One row of the table."""

    name: str
    default: Any
    convert: Callable[[Any], Any]
    """Argument or text → value; raises :class:`ValueError` or :class:`TypeError`."""

    accepts: str
    """The values that ``convert`` takes: completes "must be"."""

    @property
    def variable(self) -> str:
        return PREFIX + self.name.upper()


def _switch(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    return _SWITCHES[str(value).lower()]


_SWITCHES = {
    **dict.fromkeys(("1", "true", "yes", "on"), True),
    **dict.fromkeys(("0", "false", "no", "off"), False),
}


def _choice(*choices: str) -> Callable[[Any], str]:
    def convert(value: Any) -> str:
        return {choice.lower(): choice for choice in choices}[str(value).lower()]

    return convert


def _language(value: Any) -> str:
    return _LANGUAGES[str(value).lower().replace("_", "-")]


_LANGUAGES: dict[str, Language] = {
    **dict.fromkeys(("en", "en-us", "en-gb"), "en"),
    **dict.fromkeys(("zh", "zh-tw", "zh-hant"), "zh-TW"),
}


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
    return -1.0 if _number(-1)(value) == -1 else _number(0, MOST_PER_DAY)(value)


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
    if not _is_text(value):
        raise ValueError("not a name in any store")
    return value


def _is_text(value: str) -> bool:
    """Whether it is free of halves of surrogate pairs, which bytes of another encoding become."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


class StoreAddress(str):
    """The address of a store. Its ``repr`` shows the scheme only: the rest may hold a password."""

    @property
    def scheme(self) -> str:
        return self.partition(":")[0].lower()

    def __repr__(self) -> str:
        return repr(str(self)) if self == _MEMORY else f"'{self.scheme}://...'"


def _store(value: Any) -> StoreAddress:
    # Which schemes there are, and what stands behind them, is for the store to judge.
    if not isinstance(value, str) or not _ADDRESS.match(value) or not _is_text(value):
        raise SettingError(f"must be the address of a store, such as {_MEMORY}{_meant(value)}")
    return StoreAddress(_MEMORY if value.lower() == _MEMORY else value)


def _meant(value: object) -> str:
    """A question for who gave a path or a scheme alone; other values may hold a password."""
    if not isinstance(value, str):
        return ""
    if value.lower().rstrip(":/") == "memory":
        return f"; did you mean {_MEMORY}?"
    return f"; did you mean sqlite:///{value}?" if _PATH.fullmatch(value) else ""


def hidden(store: Any) -> Any:
    """The address of a store as a :class:`StoreAddress`, whatever it may be worth."""
    return StoreAddress(store) if isinstance(store, str) else store


_MEMORY = "memory://"
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_PATH = re.compile(r"\.{0,2}(/[\w.-]+)+|[\w./-]+\.(db|sqlite3?)")

_SWITCH = "true or false (also 1, 0, yes, no, on, off)"

OPTIONS: tuple[Option, ...] = (
    Option("enabled", True, _switch, _SWITCH),
    Option(
        "addresses",
        "normalize",
        _choice("normalize", "reject", "off"),
        "normalize, reject or off",
    ),
    Option(
        "max_send_rate",
        None,
        _number(0, FASTEST, above=True),
        f"above 0 and at most {FASTEST} recipients per second",
    ),
    Option(
        "max_24_hour_send",
        None,
        _quota,
        f"0 to {MOST_PER_DAY} recipients per 24 hours, or -1 for no quota",
    ),
    Option("rate_share", 0.95, _number(0, 1, above=True), "above 0 and at most 1"),
    Option("quota_ttl", 60.0, _number(1), "at least 1 second"),
    Option("on_limit", "wait", _choice("wait", "raise"), "wait or raise"),
    Option("max_wait", 60.0, _number(0, LONGEST_WAIT), f"0 to {LONGEST_WAIT} seconds"),
    Option("max_attempts", 5, _count, "a whole number of at least 1"),
    Option("bulk_failures", "return", _choice("return", "raise"), "return or raise"),
    Option("resend_on_timeout", False, _switch, _SWITCH),
    Option("store", StoreAddress(_MEMORY), _store, "the address of a store"),
    Option("store_failure", "local", _choice("local", "raise"), "local or raise"),
    Option("scope", None, _name, "a name that is not blank"),
    Option("language", "en", _language, "en or zh-TW"),
)
"""Every setting of the guard (README, "Settings")."""


def variables() -> dict[str, str]:
    """The environment variables of the guard, and no other.

    Error trackers keep the local variables of each frame of an error. So nothing else of the
    environment may be in one, and of the store's address no more than its ``repr`` shows.
    """
    return {
        name: hidden(text) if name == f"{PREFIX}STORE" else text
        for name, text in os.environ.items()
        if name.startswith(PREFIX)
    }


def load(arguments: Mapping[str, Any], environ: Mapping[str, str]) -> Settings:
    """The settings that ``arguments`` and ``environ`` give, defaults for the rest.

    Args:
        arguments: the keyword arguments of ``register``; ``None`` stands for "not given".
        environ: from :func:`variables`; an empty variable stands for "not given".

    Raises:
        SettingError: a value does not parse.

    Warns:
        SettingWarning: a variable ``BOTOSES_GUARD_*`` is unknown; names the nearest known one.
    """
    _warn_of_unknown(environ)
    values = {option.name: _value(option, arguments, environ) for option in OPTIONS}
    return Settings(**cast(Any, values))


def _value(option: Option, arguments: Mapping[str, Any], environ: Mapping[str, str]) -> Any:
    given = arguments.get(option.name)
    if given is not None:
        return _converted(option, option.name, given)
    text = environ.get(option.variable, "")
    if text.strip():
        return _converted(option, option.variable, type(text)(text.strip()))
    return option.default


def _converted(option: Option, source: str, value: Any) -> Any:
    try:
        return option.convert(value)
    except SettingError as error:
        raise SettingError(f"{source} {error}") from None
    except (ValueError, TypeError, KeyError, OverflowError):
        text = f"{source} must be {option.accepts}, not {_shown(value)}"
        raise SettingError(text) from None


def _shown(value: object) -> str:
    try:
        text = ascii(value)
    except ValueError:  # a whole number of thousands of digits
        return "such a number"
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}..."


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
