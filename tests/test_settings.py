"""The table of settings: what each takes, what it refuses, and in which words."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from botoses_guard.errors import SettingError, SettingWarning
from botoses_guard.plugin import Guard
from botoses_guard.settings import OPTIONS, Option, Settings, load

BY_NAME = {option.name: option for option in OPTIONS}

# Text as it comes from the environment, and arguments with a type of their own.
ACCEPTED: list[tuple[str, Any, list[Any]]] = [
    ("enabled", True, ["1", "true", "True", "TRUE", 1, True]),
    ("enabled", False, ["0", "false", "False", 0, False]),
    ("resend_on_timeout", True, ["1", "true", True]),
    ("resend_on_timeout", False, ["0", False]),
    ("addresses", "normalize", ["normalize", "Normalize"]),
    ("addresses", "reject", ["reject"]),
    ("addresses", "off", ["off", "OFF"]),
    ("max_send_rate", 14.0, ["14", "14.0", " 14 ", "1.4e1", 14, 14.0]),
    ("max_send_rate", 0.5, ["0.5", Decimal("0.5")]),
    ("max_24_hour_send", 200.0, ["200", 200, 200.0]),
    ("max_24_hour_send", -1.0, ["-1", "-1.0", -1]),
    ("max_24_hour_send", 0.0, ["0", 0]),
    ("rate_share", 1.0, ["1", 1, 1.0]),
    ("rate_share", 0.25, ["0.25", 0.25]),
    ("quota_ttl", 1.0, ["1", 1]),
    ("quota_ttl", 86_400.0, ["86400"]),
    ("on_limit", "wait", ["wait", "WAIT"]),
    ("on_limit", "raise", ["raise"]),
    ("max_wait", 240.0, ["240", 240]),
    ("max_wait", 0.0, ["0", 0]),
    ("max_attempts", 1, ["1", 1]),
    ("max_attempts", 12, ["12"]),
    ("store", "memory://", ["memory://", "MEMORY://"]),
    ("store", "sqlite:////run/ses.db", ["sqlite:////run/ses.db"]),
    ("store", "redis://user:secret@host:6379/0", ["redis://user:secret@host:6379/0"]),
    ("store_failure", "local", ["local"]),
    ("store_failure", "raise", ["raise"]),
    ("scope", "newsletter", ["newsletter"]),
    ("language", "en", ["en", "EN"]),
    ("language", "zh-TW", ["zh-TW", "zh-tw"]),
]
TAKEN = [(name, given, value) for name, value, all_given in ACCEPTED for given in all_given]

NOT_ACCEPTED: dict[str, list[Any]] = {
    "enabled": ["yes", "no", "on", "off", "2", "False ", 2, 1.0, "1 0"],
    "resend_on_timeout": ["y", "none", -1],
    "addresses": ["normal", "1", True, "reject,off"],
    "max_send_rate": ["0", "-1", "inf", "nan", "fast", "14/s", "1,5", "0x10", 0, True, [14], {}],
    "max_24_hour_send": ["-2", "-0.5", "inf", "nan", "unlimited", False, 10**400],
    "rate_share": ["0", "1.01", "95%", "-0.5", "nan", True],
    "quota_ttl": ["0", "0.9", "-60", "inf", "1m", True],
    "on_limit": ["drop", "1", False],
    "max_wait": ["-1", "240.1", "inf", "nan", "1 min", True],
    "max_attempts": ["0", "-1", "2.0", "many", 2.0, True, Decimal("2.5")],
    "store": ["memory", "memory:", "redis:host", "/x.db", "//host", 5, b"memory://"],
    "store_failure": ["ignore", "0"],
    "scope": [5, True, " "],
    "language": ["zh", "zh_TW", "de", "en-US"],
}
REFUSED = [(name, given) for name, all_given in NOT_ACCEPTED.items() for given in all_given]
REFUSED_AS_TEXT = [
    (name, given) for name, given in REFUSED if isinstance(given, str) and given == given.strip()
]


def ids(value: object) -> str:
    return ascii(value)[:30]


@pytest.mark.parametrize(("name", "given", "value"), TAKEN, ids=ids)
def test_what_an_argument_takes(name: str, given: Any, value: Any) -> None:
    taken = getattr(load({name: given}, {}), name)
    assert taken == value
    assert isinstance(taken, type(value))
    assert isinstance(value, bool) is isinstance(taken, bool)


@pytest.mark.parametrize(
    ("name", "given", "value"), [row for row in TAKEN if isinstance(row[1], str)], ids=ids
)
def test_what_a_variable_takes(name: str, given: str, value: Any) -> None:
    assert getattr(load({}, {BY_NAME[name].variable: given}), name) == value


@pytest.mark.parametrize(("name", "given"), REFUSED, ids=ids)
def test_what_an_argument_refuses(name: str, given: Any) -> None:
    """The error names the argument, the value and what is accepted."""
    with pytest.raises(SettingError) as caught:
        load({name: given}, {})
    text = str(caught.value)
    assert text.startswith(f"{name}: ")
    if name != "store":
        assert ascii(given) in text
        assert BY_NAME[name].accepts in text


@pytest.mark.parametrize(("name", "given"), REFUSED_AS_TEXT, ids=ids)
def test_what_a_variable_refuses(name: str, given: str) -> None:
    """The error names the variable, not the argument."""
    variable = BY_NAME[name].variable
    with pytest.raises(SettingError, match=f"^{variable}: "):
        load({}, {variable: given})


@given(st.sampled_from(OPTIONS), st.text() | st.integers() | st.floats() | st.none())
def test_a_value_is_taken_or_refused_in_words(option: Option, value: Any) -> None:
    """A value that does not parse is an error at ``register``, and no other error."""
    try:
        load({option.name: value}, {})
    except SettingError as error:
        assert str(error).startswith(f"{option.name}: ")


DEFAULTS = {
    "BOTOSES_GUARD_ENABLED": True,
    "BOTOSES_GUARD_ADDRESSES": "normalize",
    "BOTOSES_GUARD_MAX_SEND_RATE": None,
    "BOTOSES_GUARD_MAX_24_HOUR_SEND": None,
    "BOTOSES_GUARD_RATE_SHARE": 0.95,
    "BOTOSES_GUARD_QUOTA_TTL": 60.0,
    "BOTOSES_GUARD_ON_LIMIT": "wait",
    "BOTOSES_GUARD_MAX_WAIT": 60.0,
    "BOTOSES_GUARD_MAX_ATTEMPTS": 5,
    "BOTOSES_GUARD_BULK_FAILURES": "return",
    "BOTOSES_GUARD_RESEND_ON_TIMEOUT": False,
    "BOTOSES_GUARD_STORE": "memory://",
    "BOTOSES_GUARD_STORE_FAILURE": "local",
    "BOTOSES_GUARD_SCOPE": None,
    "BOTOSES_GUARD_LANGUAGE": "en",
}


def test_the_variables_and_defaults_are_the_published_ones() -> None:
    """The names are public: users have them in their environments."""
    assert {option.variable: option.default for option in OPTIONS} == DEFAULTS
    loaded = load({}, {})
    assert [getattr(loaded, option.name) for option in OPTIONS] == list(DEFAULTS.values())


def test_the_fields_of_settings_are_the_options_in_order() -> None:
    assert list(Settings.__annotations__) == [option.name for option in OPTIONS]


@pytest.mark.parametrize("option", OPTIONS, ids=lambda option: option.name)
def test_a_default_is_itself_accepted(option: Option) -> None:
    if option.default is not None:
        assert option.convert(option.default) == option.default


@pytest.mark.parametrize(
    ("arguments", "environ", "wait"),
    [
        ({}, {}, 60.0),
        ({}, {"BOTOSES_GUARD_MAX_WAIT": "5"}, 5.0),
        ({"max_wait": 7}, {"BOTOSES_GUARD_MAX_WAIT": "5"}, 7.0),
        ({"max_wait": 0}, {"BOTOSES_GUARD_MAX_WAIT": "5"}, 0.0),
        ({"max_wait": None}, {"BOTOSES_GUARD_MAX_WAIT": "5"}, 5.0),
        ({}, {"BOTOSES_GUARD_MAX_WAIT": ""}, 60.0),
        ({}, {"BOTOSES_GUARD_MAX_WAIT": "  "}, 60.0),
        ({"max_wait": 7}, {"BOTOSES_GUARD_MAX_WAIT": "junk"}, 7.0),
    ],
)
def test_an_argument_wins_over_the_environment_and_that_over_the_default(
    arguments: Mapping[str, Any], environ: Mapping[str, str], wait: float
) -> None:
    assert load(arguments, environ).max_wait == wait


@pytest.mark.parametrize(
    ("name", "nearest"),
    [("max_rate", "max_send_rate"), ("adresses", "addresses"), ("quotattl", "quota_ttl")],
)
def test_an_unknown_argument_is_an_error_that_names_the_nearest_known_one(
    name: str, nearest: str
) -> None:
    with pytest.raises(SettingError) as caught:
        load({name: 1}, {})
    assert str(caught.value) == f"unknown setting {name!r}; the nearest known one is {nearest}"


def test_of_many_unknown_arguments_always_the_same_one_is_named() -> None:
    with pytest.raises(SettingError, match="unknown setting 'a'"):
        load({"c": 1, "b": 1, "a": 1}, {})


def test_an_unknown_variable_is_a_warning_at_the_callers_line() -> None:
    """The caller of ``register``, who can do something about it."""

    def register() -> Settings:
        return load({}, {"BOTOSES_GUARD_MAX_SENDRATE": "1", "BOTOSES": "1", "HOME": "/"})

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        register()  # the line that is named
    [warning] = caught
    assert warning.category is SettingWarning
    assert str(warning.message) == (
        "unknown variable BOTOSES_GUARD_MAX_SENDRATE; the nearest known one is "
        "BOTOSES_GUARD_MAX_SEND_RATE"
    )
    assert warning.filename == __file__
    with open(__file__, encoding="utf-8") as source:
        assert "# the line that is named" in source.readlines()[warning.lineno - 1]


SECRETS = [
    "redis://:hunter2@[::1",
    "rediss://:hunter2@host:port",
    "redis://host/0?password=hunter2&nothing=1",
    "unix://hunter2",
    "sqlite://:hunter2@host/path",
    "dynamodb://:hunter2@table",
    "memory://:hunter2@host",
    "memory:hunter2",
    "memory://?password=hunter2",
    "memory://#hunter2",
    "postgres://user:hunter2@host",
    "//:hunter2@host",
    ":hunter2@host",
    b"redis://:hunter2@host",
    ["redis://:hunter2@host"],
]


@pytest.mark.parametrize("url", SECRETS)
def test_no_error_shows_the_password_of_a_store(url: Any) -> None:
    with pytest.raises(SettingError) as caught:
        Guard(load({"store": url}, {}))
    assert "store" in str(caught.value)
    assert "hunter2" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


@pytest.mark.parametrize("url", ["redis://user:hunter2@host:6379/0", "postgres://:hunter2@host"])
def test_no_picture_of_the_settings_shows_the_password_of_a_store(url: str) -> None:
    settings = load({"store": url}, {})
    assert settings.store == url
    assert "hunter2" not in repr(settings)
    assert f"{url.partition(':')[0]}://..." in repr(settings)
