"""The table of settings: what each takes, what it refuses, and in which words."""

from __future__ import annotations

import inspect
import re
import types
import warnings
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import botoses_guard
from botoses_guard.errors import SettingError, SettingWarning
from botoses_guard.plugin import Guard
from botoses_guard.settings import OPTIONS, Option, Settings, load, variables

BY_NAME = {option.name: option for option in OPTIONS}

# Text as it comes from the environment, and arguments with a type of their own.
ACCEPTED: list[tuple[str, Any, list[Any]]] = [
    ("enabled", True, ["1", "true", "True", "TRUE", "yes", "on", "ON", 1, True]),
    ("enabled", False, ["0", "false", "False", "no", "No", "off", 0, False]),
    ("resend_on_timeout", True, ["1", "true", "yes", True]),
    ("resend_on_timeout", False, ["0", False]),
    ("addresses", "normalize", ["normalize", "Normalize"]),
    ("addresses", "reject", ["reject"]),
    ("addresses", "off", ["off", "OFF"]),
    ("max_send_rate", 14.0, ["14", "14.0", " 14 ", "1.4e1", 14, 14.0]),
    ("max_send_rate", 0.5, ["0.5", Decimal("0.5")]),
    ("max_24_hour_send", 200.0, ["200", 200, 200.0]),
    ("max_24_hour_send", -1.0, ["-1", "-1.0", -1]),
    ("max_24_hour_send", 0.0, ["0", 0]),
    ("max_send_rate", 1e9, ["1e9", 1e9, 10**9]),
    ("max_24_hour_send", 1e12, [1e12]),
    ("rate_share", 1.0, ["1", 1, 1.0]),
    ("rate_share", 0.25, ["0.25", 0.25]),
    ("quota_ttl", 1.0, ["1", 1]),
    ("quota_ttl", 86_400.0, ["86400"]),
    ("on_limit", "wait", ["wait", "WAIT"]),
    ("on_limit", "raise", ["raise"]),
    ("max_wait", 86_400.0, ["86400", 86_400]),
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
    ("language", "en", ["en-US", "en_GB"]),
    ("language", "zh-TW", ["zh-TW", "zh-tw", "zh", "zh_TW", "zh_Hant", "ZH"]),
]
TAKEN = [(name, given, value) for name, value, all_given in ACCEPTED for given in all_given]

NOT_ACCEPTED: dict[str, list[Any]] = {
    "enabled": ["maybe", "2", "False ", 2, 1.0, "1 0"],
    "resend_on_timeout": ["y", "none", -1],
    "addresses": ["normal", "1", True, "reject,off"],
    "max_send_rate": ["0", "-1", "inf", "nan", "fast", "14/s", "1,5", "0x10", 0, True, [14], {}]
    + [1e306, "1000000001"],
    "max_24_hour_send": ["-2", "-0.5", "inf", "nan", "unlimited", False, 1e13, Decimal("1e99")],
    "rate_share": ["0", "1.01", "95%", "-0.5", "nan", True],
    "quota_ttl": ["0", "0.9", "-60", "inf", "1m", True],
    "on_limit": ["drop", "1", False],
    "max_wait": ["-1", "86400.1", "inf", "nan", "1 min", True],
    "max_attempts": ["0", "-1", "2.0", "many", 2.0, True, Decimal("2.5")],
    "store": [
        "memory",
        "memory:",
        "redis:host",
        "/x.db",
        "//host",
        5,
        b"memory://",
        "sqlite:////\udcff",
    ],
    "store_failure": ["ignore", "0"],
    "scope": [5, True, " ", "\udcff"],
    "language": ["zh-CN", "de", "english", 1],
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
    """The error names the argument, what is accepted and the value."""
    with pytest.raises(SettingError) as caught:
        load({name: given}, {})
    text = str(caught.value)
    if name == "store":
        assert text.startswith("store must be the address of a store, such as memory://")
    else:
        assert text == f"{name} must be {BY_NAME[name].accepts}, not {given!a}"


TEXTS: list[tuple[dict[str, Any], str]] = [
    ({"max_wait": 500_000}, "max_wait must be 0 to 86400 seconds, not 500000"),
    ({"rate_share": 95}, "rate_share must be above 0 and at most 1, not 95"),
    (
        {"max_send_rate": 1e306},
        "max_send_rate must be above 0 and at most 1000000000 recipients per second, not 1e+306",
    ),
    ({"quota_ttl": 0}, "quota_ttl must be at least 1 second, not 0"),
    ({"language": "de"}, "language must be en or zh-TW, not 'de'"),
    ({"max_wait": 10**5000}, "max_wait must be 0 to 86400 seconds, not such a number"),
    (
        {"on_limit": "x" * 200},
        f"on_limit must be wait or raise, not '{'x' * 79}...",
    ),
    (
        {"store": "/var/lib/x"},
        "store must be the address of a store, such as memory://; "
        "did you mean sqlite:////var/lib/x?",
    ),
    (
        {"store": "budgets.db"},
        "store must be the address of a store, such as memory://; "
        "did you mean sqlite:///budgets.db?",
    ),
    (
        {"store": "memory"},
        "store must be the address of a store, such as memory://; did you mean memory://?",
    ),
    ({"store": "hunter2"}, "store must be the address of a store, such as memory://"),
]


@pytest.mark.parametrize(("arguments", "text"), TEXTS, ids=range(len(TEXTS)))
def test_the_text_of_an_error(arguments: dict[str, Any], text: str) -> None:
    with pytest.raises(SettingError) as caught:
        load(arguments, {})
    assert str(caught.value) == text


@pytest.mark.parametrize(("name", "given"), REFUSED_AS_TEXT, ids=ids)
def test_what_a_variable_refuses(name: str, given: str) -> None:
    """The error names the variable, not the argument."""
    variable = BY_NAME[name].variable
    with pytest.raises(SettingError, match=f"^{variable} must be "):
        load({}, {variable: given})


@given(st.sampled_from(OPTIONS), st.text() | st.integers() | st.floats() | st.none())
def test_a_value_is_taken_or_refused_in_words(option: Option, value: Any) -> None:
    """A value that does not parse is an error at ``register``, and no other error."""
    try:
        load({option.name: value}, {})
    except SettingError as error:
        assert str(error).startswith(f"{option.name} must be ")


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


def test_an_unknown_argument_is_an_error_of_python() -> None:
    unknown: dict[str, Any] = {"max_wiat": 5}
    with pytest.raises(TypeError, match="max_wiat"):
        botoses_guard.register(**unknown)


def test_the_arguments_of_register_are_the_settings() -> None:
    parameters = list(inspect.signature(botoses_guard.register).parameters.values())
    target, *settings = parameters
    assert target.name == "target"
    assert [parameter.name for parameter in settings] == [option.name for option in OPTIONS]
    assert all(parameter.kind is parameter.KEYWORD_ONLY for parameter in settings)
    assert all(parameter.default is None for parameter in settings)


@pytest.mark.parametrize(("name", "given", "value"), TAKEN, ids=ids)
def test_register_hands_each_argument_on(
    name: str, given: Any, value: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if name == "store" and value != "memory://":
        given = value = f"sqlite:///{tmp_path}/budgets"
    guard = botoses_guard.register(**{name: given})
    guard.unregister()
    assert getattr(guard.settings, name) == value


def test_the_docstring_of_register_tells_of_each_argument() -> None:
    described = inspect.getdoc(botoses_guard.register) or ""
    for option in OPTIONS:
        assert f"\n    {option.name}: " in described


def test_the_table_of_the_readme_is_that_of_the_settings() -> None:
    readme = Path(__file__).parents[1].joinpath("README.md").read_text(encoding="utf-8")
    row = re.compile(r"^\| `(\w+)` \| `(BOTOSES_GUARD_\w+)` \| (.+?) \|", re.MULTILINE)
    rows = row.findall(readme)
    assert [(name, variable) for name, variable, _ in rows] == [
        (option.name, option.variable) for option in OPTIONS
    ]
    for option, (_, _, default) in zip(OPTIONS, rows, strict=True):
        if option.default is None:
            assert default.startswith("the account")
        else:
            assert option.convert(default.strip("`")) == option.default


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
    assert caught.value.__context__ is None or caught.value.__suppress_context__


@pytest.mark.parametrize("url", ["redis://user:hunter2@host:6379/0", "postgres://:hunter2@host"])
def test_no_picture_of_the_settings_shows_the_password_of_a_store(url: str) -> None:
    settings = load({"store": url}, {})
    assert settings.store == url
    assert "hunter2" not in repr(settings)
    assert f"{url.partition(':')[0]}://..." in repr(settings)


def frames_of(error: BaseException | None) -> Iterator[types.FrameType]:
    """Every frame that an error tracker may look into, but for those of this file."""
    while error is not None:
        traceback = error.__traceback__
        while traceback is not None:
            if traceback.tb_frame.f_code.co_filename != __file__:
                yield traceback.tb_frame
            traceback = traceback.tb_next
        error = error.__cause__ or error.__context__


@pytest.mark.parametrize(
    ("variable", "text"),
    [
        ("BOTOSES_GUARD_MAX_WAIT", "soon"),
        ("BOTOSES_GUARD_STORE", "redis://:hunter2@host/notadatabase"),
        ("BOTOSES_GUARD_STORE", "postgres://:hunter2@host"),
        ("BOTOSES_GUARD_STORE", ":hunter2@host"),
    ],
)
def test_no_frame_of_an_error_holds_a_secret(
    monkeypatch: pytest.MonkeyPatch, variable: str, text: str
) -> None:
    """Error trackers keep the local variables of each frame."""
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "hunter2")
    monkeypatch.setenv("BOTOSES_GUARD_STORE", "redis://:hunter2@host")
    monkeypatch.setenv(variable, text)
    with pytest.raises(SettingError) as caught:
        botoses_guard.register()
    held = [repr(frame.f_locals) for frame in frames_of(caught.value)]
    assert held
    assert not any("hunter2" in local for local in held)


def test_only_the_variables_of_the_guard_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("BOTOSES_GUARD_MAX_WAIT", "7")
    assert variables().items() >= {("BOTOSES_GUARD_MAX_WAIT", "7")}
    assert all(name.startswith("BOTOSES_GUARD_") for name in variables())
