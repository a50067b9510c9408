"""What is guarded, by which guard, and that it can be taken off."""

from __future__ import annotations

import gc
import logging
import subprocess
import sys
import threading
import warnings
import weakref
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import boto3
import botocore
import botocore.session
import pytest

import botoses_guard
from botoses_guard.errors import SettingError, SettingWarning
from botoses_guard.operations import OPERATIONS, SERVICES
from botoses_guard.plugin.attachment import _region
from botoses_guard.plugin.registry import guard_of, guard_of_session

EVENTS = ("before-parameter-build", "before-send", "needs-retry", "after-call")


def new_session() -> boto3.Session:
    return boto3.Session(
        aws_access_key_id="test", aws_secret_access_key="test", region_name="us-east-1"
    )


def new_client(service: str = "sesv2", session: boto3.Session | None = None) -> Any:
    return (session or new_session()).client(service)  # type: ignore[call-overload]


def handlers_of(client: Any) -> dict[str, list[Any]]:
    """Every handler that a send operation of any service would call on this client."""
    trie = client.meta.events._emitter._handlers
    return {
        f"{event}.{operation.service.name}.{operation.name}": list(
            trie.prefix_search(f"{event}.{operation.service.name}.{operation.name}")
        )
        for event in EVENTS
        for operation in OPERATIONS
    }


@pytest.fixture(autouse=True)
def nothing_stays_registered() -> Iterator[None]:
    yield
    guard = botoses_guard.register(enabled=False)
    guard.unregister()
    left: list[Any] = botocore._INITIALIZERS  # type: ignore[attr-defined]
    assert not any("botoses" in initializer.__module__ for initializer in left)


@pytest.mark.parametrize("service", sorted(SERVICES))
def test_a_session_guards_the_clients_that_it_makes_from_now_on(service: str) -> None:
    session = new_session()
    before = new_client(service, session)
    with pytest.warns(SettingWarning):
        guard = botoses_guard.register(session)
    after = new_client(service, session)
    assert (guard_of(before), guard_of(after)) == (None, guard)


def test_a_botocore_session_is_a_target() -> None:
    session = botocore.session.Session()
    session.set_credentials("test", "test")
    guard = botoses_guard.register(session)
    client = session.create_client("ses", region_name="us-east-1")
    assert guard_of(client) is guard


def test_a_boto3_session_and_the_botocore_one_inside_it_are_one_target() -> None:
    inner = botocore.session.Session()
    outer = boto3.Session(botocore_session=inner)
    assert botoses_guard.register(inner) is botoses_guard.register(outer)


def test_a_finished_client_is_a_target() -> None:
    client = new_client()
    assert guard_of(client) is None
    guard = botoses_guard.register(client)
    assert guard_of(client) is guard


def test_nothing_as_target_is_every_session_from_now_on_and_the_default_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", new_session())
    guard = botoses_guard.register()
    try:
        assert guard_of(new_client()) is guard
        assert guard_of(boto3.client("ses")) is guard
    finally:
        guard.unregister()
    assert guard_of(new_client()) is None
    assert guard_of(boto3.client("ses")) is None


def test_twice_is_harmless_for_each_kind_of_target() -> None:
    session, client = new_session(), new_client()
    for target in (session, client):
        first = botoses_guard.register(target)
        assert botoses_guard.register(target) is first
    everywhere = botoses_guard.register()
    try:
        assert botoses_guard.register() is everywhere
        made = new_client()
        assert len(handlers_of(made)["before-send.sesv2.SendEmail"]) == (
            len(handlers_of(client)["before-send.sesv2.SendEmail"])
        )
    finally:
        everywhere.unregister()


def test_registering_after_unregister_begins_anew() -> None:
    """The counters of the guard that was taken off are its own."""
    for target in (None, new_session(), new_client()):
        first = botoses_guard.register(target)
        first.unregister()
        second = botoses_guard.register(target)
        second.unregister()
        assert second is not first


def test_other_settings_take_the_place_of_the_first() -> None:
    client = new_client()
    first = botoses_guard.register(client)
    handlers = handlers_of(client)
    second = botoses_guard.register(client, on_limit="raise")
    assert second is not first
    assert guard_of(client) is second
    assert [len(h) for h in handlers_of(client).values()] == [len(h) for h in handlers.values()]


@pytest.mark.parametrize("service", sorted(SERVICES))
def test_unregister_restores_the_client_exactly(service: str) -> None:
    client = new_client(service)
    before = handlers_of(client)
    ids = set(client.meta.events._emitter._unique_id_handlers)
    guard = botoses_guard.register(client)
    assert handlers_of(client) != before
    guard.unregister()
    guard.unregister()
    assert handlers_of(client) == before
    assert set(client.meta.events._emitter._unique_id_handlers) == ids


def test_unregister_restores_the_session_and_the_clients_that_it_made() -> None:
    session = new_session()
    plain = handlers_of(new_client(session=session))
    guard = botoses_guard.register(session)
    client = new_client(session=session)
    guard.unregister()
    assert {event: len(found) for event, found in handlers_of(client).items()} == {
        event: len(found) for event, found in plain.items()
    }
    assert guard_of_session(session.events) is None
    assert guard_of(new_client(session=session)) is None


def test_clients_of_other_services_get_no_handler() -> None:
    plain = new_client("sts")
    session = new_session()
    botoses_guard.register(session)
    client = new_client("sts", session)
    assert {e: len(h) for e, h in handlers_of(client).items()} == {
        e: len(h) for e, h in handlers_of(plain).items()
    }
    assert "Guarded" not in [base.__name__ for base in type(client).__mro__]


@pytest.mark.parametrize("target", ["ses", 1, object(), boto3, boto3.Session])
def test_a_wrong_target_is_told_what_is_accepted(target: Any) -> None:
    with pytest.raises(TypeError, match=r"a boto3\.Session, a botocore session, a ses or sesv2"):
        botoses_guard.register(target)


def test_a_client_of_another_service_is_a_wrong_target() -> None:
    with pytest.raises(TypeError, match="this is a client of sts"):
        botoses_guard.register(new_client("sts"))


def test_an_asynchronous_session_is_a_wrong_target() -> None:
    class AioSession(botocore.session.Session):
        __module__ = "aiobotocore.session"

    session = AioSession()
    with pytest.raises(TypeError, match="asynchronous"):
        botoses_guard.register(session)


def test_everywhere_leaves_asynchronous_sessions_alone() -> None:
    class AioSession(botocore.session.Session):
        __module__ = "aiobotocore.session"

    guard = botoses_guard.register()
    try:
        session = AioSession()
        assert guard_of_session(session.get_component("event_emitter")) is None
    finally:
        guard.unregister()


def test_a_disabled_guard_puts_no_handler_on_anything() -> None:
    session, client = new_session(), new_client()
    before = handlers_of(client)
    botoses_guard.register(client, enabled=False)
    botoses_guard.register(session, enabled=False)
    assert handlers_of(client) == before
    assert unguarded(new_client(session=session))


def unguarded(client: Any) -> bool:
    return not any(
        getattr(handler, "__module__", "").startswith("botoses_guard")
        for handlers in handlers_of(client).values()
        for handler in handlers
    )


def test_disabled_takes_the_guard_off_a_client() -> None:
    client = new_client()
    guard = botoses_guard.register(client)
    assert not unguarded(client)
    botoses_guard.register(client, enabled=False)
    assert unguarded(client)
    assert guard.snapshot().clients == {}
    botoses_guard.register(client)
    assert not unguarded(client)


def test_disabled_takes_the_guard_off_the_clients_of_a_session_to_come() -> None:
    session = new_session()
    botoses_guard.register(session)
    before = new_client(session=session)
    botoses_guard.register(session, enabled=False)
    assert unguarded(new_client(session=session))
    assert not unguarded(before)


def test_disabled_takes_the_guard_off_the_sessions_to_come(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", new_session())
    botoses_guard.register()
    assert not unguarded(boto3.client("ses"))
    botoses_guard.register(enabled=False)
    assert unguarded(new_client())
    assert unguarded(boto3.client("ses"))


def test_disabled_by_the_environment_takes_the_guard_off(monkeypatch: pytest.MonkeyPatch) -> None:
    client = new_client()
    botoses_guard.register(client)
    monkeypatch.setenv("BOTOSES_GUARD_ENABLED", "off")
    botoses_guard.register(client)
    assert unguarded(client)


def test_disabled_by_the_program_goes_before_its_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("BOTOCORE_EXPERIMENTAL__PLUGINS", "guard=botoses_guard")
    session = new_session()
    guard = botoses_guard.register(session, enabled=False)
    client = new_client(session=session)
    assert guard_of(client) is guard
    guard.unregister()
    assert guard_of(new_client(session=session)) not in (None, guard)
    botoses_guard.register(enabled=False)
    monkeypatch.delenv("BOTOCORE_EXPERIMENTAL__PLUGINS")
    assert unguarded(client)


def test_a_disabled_guard_opens_no_store(tmp_path: Path) -> None:
    """It is what helps against one that fails."""
    botoses_guard.register(new_client(), enabled=False, store=f"sqlite:///{tmp_path}/no/budgets")


def test_a_guard_tells_which_clients_it_has() -> None:
    session = new_session()
    guard = botoses_guard.register(session)
    clients = [new_client("ses", session), new_client("sesv2", session)]
    clients.append(session.client("ses", region_name="eu-west-1"))
    clients.append(session.client("ses", region_name="eu-west-1"))
    new_client("sts", session)
    assert guard.snapshot().clients == {
        "ses in eu-west-1": 2,
        "ses in us-east-1": 1,
        "sesv2 in us-east-1": 1,
    }
    del clients[1:]
    gc.collect()
    assert guard.snapshot().clients == {"ses in us-east-1": 1}
    guard.unregister()
    assert guard.snapshot().clients == {}


def test_each_client_that_is_guarded_is_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    session = new_session()
    guard = botoses_guard.register(session)
    assert caplog.messages == []
    client = new_client("ses", session)
    guard.attach(client)
    botoses_guard.register(client)
    botoses_guard.register(client, enabled=False)
    assert caplog.messages == ["guarding ses in us-east-1, store memory://"]


def test_the_log_does_not_show_the_password_of_a_store(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    botoses_guard.register(new_client(), store="redis://user:hunter2@host/3")
    assert caplog.messages == ["guarding sesv2 in us-east-1, store redis://host:6379 (database 3)"]


@pytest.mark.parametrize(
    ("endpoint", "region"),
    [
        (None, "us-east-1"),
        ("https://email-fips.us-east-1.amazonaws.com", "us-east-1"),
        ("https://vpce-0a1.email.us-east-1.vpce.amazonaws.com", "us-east-1"),
        ("http://localhost:4566", "us-east-1@localhost:4566"),
        ("http://[::1]:4566", "us-east-1@[::1]:4566"),
        ("http://emulator/path", "us-east-1@emulator"),
        ("http://user:hunter2@localhost:4566", "us-east-1@localhost:4566"),
        ("http://user:hunter@2@localhost", "us-east-1@localhost"),
        ("http://us-east-1:hunter2@localhost", "us-east-1@localhost"),
        ("https://user:hunter2@email.us-east-1.amazonaws.com", "us-east-1"),
    ],
)
def test_the_key_of_a_budget_has_of_the_endpoint_no_more_than_host_and_port(
    endpoint: str | None, region: str
) -> None:
    session: Any = new_session()
    assert _region(session.client("ses", endpoint_url=endpoint)) == region


class TestClientsThatWereMadeBefore:
    """They are not guarded, and that is said."""

    @pytest.mark.parametrize("kind", ["boto3", "botocore"])
    def test_of_the_session(self, kind: str) -> None:
        session = new_session()
        clients = [new_client("ses", session), new_client("sesv2", session)]
        target: Any = session if kind == "boto3" else session._session
        with pytest.warns(SettingWarning) as warned:
            botoses_guard.register(target)
        assert [str(warning.message) for warning in warned] == [
            "ses in us-east-1, sesv2 in us-east-1: made before register() and not guarded; "
            "register the session before it makes its clients, or the client itself"
        ]
        assert warned[0].filename == __file__
        assert [guard_of(client) for client in clients] == [None, None]

    def test_of_the_default_session(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(boto3, "DEFAULT_SESSION", new_session())
        client = boto3.client("ses")
        with pytest.warns(SettingWarning, match="^ses in us-east-1: made before"):
            botoses_guard.register()
        assert guard_of(client) is None

    def test_not_those_of_another_session(self) -> None:
        client = new_client()
        botoses_guard.register(new_session())
        assert guard_of(client) is None

    def test_not_those_that_are_guarded_or_gone_or_of_another_service(self) -> None:
        session = new_session()
        guarded, other = new_client(session=session), new_client("sts", session)
        botoses_guard.register(guarded)
        gone = new_client("ses", session)
        gone.itself = gone
        del gone
        botoses_guard.register(session)
        assert guard_of(other) is None

    def test_not_for_a_guard_that_is_disabled(self) -> None:
        session = new_session()
        client = new_client(session=session)
        botoses_guard.register(session, enabled=False)
        assert guard_of(client) is None

    def test_not_twice_for_one_that_is_registered_then(self) -> None:
        session = new_session()
        client = new_client(session=session)
        with pytest.warns(SettingWarning):
            botoses_guard.register(session)
        botoses_guard.register(client)
        botoses_guard.register(session)


def at_once(work: Callable[[], Any], threads: int = 8) -> list[Any]:
    begin, found = threading.Barrier(threads), []

    def run() -> None:
        begin.wait()
        found.append(work())

    running = [threading.Thread(target=run) for _ in range(threads)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
    return found


@pytest.mark.parametrize("target", [new_session, new_client, lambda: None])
def test_threads_that_register_a_target_at_once_get_one_guard(target: Callable[[], Any]) -> None:
    for number in range(5):
        guards = at_once(partial(botoses_guard.register, target(), max_wait=number))
        assert len(set(map(id, guards))) == 1


@pytest.mark.filterwarnings("ignore::botoses_guard.errors.SettingWarning")
def test_what_is_made_while_others_register_has_one_guard_or_none() -> None:
    session = new_session()

    def work() -> list[Any]:
        made = []
        for number in range(3):
            guard = botoses_guard.register(session, max_wait=number)
            made.append(new_client("ses", session))
            guard.unregister()
        return made

    clients = [client for made in at_once(work, 4) for client in made]
    botoses_guard.register(session).unregister()
    for client in clients:
        guard = guard_of(client)
        if guard is not None:
            guard.unregister()
        assert unguarded(client)


def test_a_guard_that_was_taken_off_meanwhile_does_not_get_the_client() -> None:
    session = new_session()
    guard = botoses_guard.register(session)
    session.events.register("creating-client-class.ses", lambda **_: guard.unregister())
    assert guard_of(new_client("ses", session)) is None


def test_a_guard_keeps_no_client_alive() -> None:
    session = new_session()
    botoses_guard.register(session)
    client = new_client(session=session)
    gone = weakref.ref(client)
    del client
    gc.collect()
    assert gone() is None


def test_the_plugin_hook_guards_a_client_by_its_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("BOTOSES_GUARD_MAX_WAIT", "7")
    client = new_client()
    botoses_guard.initialize_client_plugin(client)
    guard = guard_of(client)
    assert guard is not None
    assert guard.settings.max_wait == 7
    other = new_client("ses")
    botoses_guard.initialize_client_plugin(other)
    assert guard_of(other) is guard


def test_the_plugin_hook_leaves_other_services_and_guarded_clients_alone() -> None:
    botoses_guard.initialize_client_plugin(new_client("sts"))
    client = new_client()
    guard = botoses_guard.register(client, on_limit="raise")
    botoses_guard.initialize_client_plugin(client)
    assert guard_of(client) is guard


def test_both_ways_at_once_are_harmless(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOTOCORE_EXPERIMENTAL__PLUGINS", "guard=botoses_guard")
    plain = new_client()
    by_environment = handlers_of(plain)
    session = new_session()
    guard = botoses_guard.register(session)
    client = new_client(session=session)
    assert guard_of(client) is guard
    assert {e: len(h) for e, h in handlers_of(client).items()} == {
        e: len(h) for e, h in by_environment.items()
    }


@pytest.mark.parametrize(
    ("variable", "text", "wrong"),
    [
        ("MAX_WAIT", "forever", "MAX_WAIT must be 0 to 86400 seconds, not 'forever'"),
        ("STORE", "/var/lib/x", "did you mean sqlite:////var/lib/x?"),
        ("STORE", "memory://x", "store (BOTOSES_GUARD_STORE): memory:// takes nothing behind it"),
        ("STORE", "sqlite:////no/such/folder/x", "no such directory"),
        ("STORE", "redis://host/x", "database"),
    ],
)
def test_a_wrong_setting_is_logged_and_warned_of_where_botocore_hides_it(
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    variable: str,
    text: str,
    wrong: str,
) -> None:
    monkeypatch.setenv("BOTOCORE_EXPERIMENTAL__PLUGINS", "guard=botoses_guard")
    monkeypatch.setenv(f"BOTOSES_GUARD_{variable}", text)
    with pytest.warns(SettingWarning) as warned:
        client = new_client()
    assert guard_of(client) is None
    [record] = [r for r in caplog.records if r.name == "botoses_guard"]
    assert record.levelno == logging.ERROR
    assert record.getMessage().startswith("sesv2 in us-east-1 is not guarded: ")
    assert wrong in record.getMessage()
    assert [str(warning.message) for warning in warned] == [record.getMessage()]


def test_a_client_library_that_is_broken_is_a_word_in_the_log(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("BOTOSES_GUARD_STORE", "redis://never-opened-before")
    monkeypatch.setitem(sys.modules, "redis", None)
    client = new_client()
    with pytest.warns(SettingWarning, match="needs redis-py"), pytest.raises(SettingError):
        botoses_guard.initialize_client_plugin(client)
    assert "needs redis-py" in caplog.messages[0]


def test_a_variable_that_is_an_error_by_pythons_filters_is_named(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("BOTOSES_GUARD_MAX_WIAT", "3")
    with pytest.raises(SettingWarning):
        botoses_guard.initialize_client_plugin(new_client())
    assert "unknown variable BOTOSES_GUARD_MAX_WIAT" in caplog.messages[0]


def test_a_wrong_setting_stops_no_program_whose_warnings_are_errors(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("BOTOCORE_EXPERIMENTAL__PLUGINS", "guard=botoses_guard")
    monkeypatch.setenv("BOTOSES_GUARD_MAX_WAIT", "forever")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert guard_of(new_client()) is None


def test_a_setting_that_does_not_parse_is_an_error_at_register() -> None:
    with pytest.raises(SettingError, match="max_wait"):
        botoses_guard.register(new_session(), max_wait=-1)


def test_an_unknown_variable_is_a_warning_at_the_line_that_registers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("BOTOSES_GUARD_MAX_WIAT", "3")
    with pytest.warns(SettingWarning, match="BOTOSES_GUARD_MAX_WAIT") as caught:
        botoses_guard.register(new_session())
    assert caught[0].filename == __file__


def test_importing_the_package_imports_no_extra() -> None:
    """Nothing beside botocore, boto3, idna and cachetools is imported by the package itself."""
    script = (
        "import sys, boto3; before = set(sys.modules); import botoses_guard;"
        "print(sorted({m.partition('.')[0] for m in set(sys.modules) - before}"
        " - set(sys.stdlib_module_names)))"
    )
    found = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert found.stdout.strip() == "['botoses_guard', 'cachetools', 'idna']"
