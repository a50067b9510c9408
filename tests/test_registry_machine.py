"""Who guards what, whatever is registered and taken off in which order."""

from __future__ import annotations

import copy
import warnings
from typing import Any

import boto3
import botocore
import botocore.session
from botocore.client import BaseClient
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule

import botoses_guard
from botoses_guard.errors import SettingWarning
from botoses_guard.plugin import Guard
from botoses_guard.plugin.registry import guard_of

_loader: Any = botocore.session.Session().get_component("data_loader")
"""Its copies share what it has read, so that each service is read once."""

SETTINGS = st.fixed_dictionaries(
    {"max_wait": st.sampled_from([1, 2]), "enabled": st.sampled_from([True, True, False])}
)


def new_session() -> boto3.Session:
    inner = botocore.session.Session()
    inner.register_component("data_loader", copy.copy(_loader))
    return boto3.Session("test", "test", region_name="us-east-1", botocore_session=inner)


def handlers_of(client: Any) -> list[Any]:
    found = client.meta.events._emitter._handlers.prefix_search("before-send.ses.SendEmail")
    return [one for one in found if getattr(one, "__module__", "").startswith("botoses_guard")]


class RegistryMachine(RuleBasedStateMachine):
    """A model that knows of each session and client which guard it should have."""

    sessions = Bundle("sessions")
    clients = Bundle("clients")
    guards = Bundle("guards")

    @initialize()
    def begin(self) -> None:
        self.of_client: dict[BaseClient, Guard | None] = {}
        self.of_session: dict[boto3.Session, Guard | None] = {}
        self.of_new_sessions: Guard | None = None
        self.known: list[Guard] = []

    def register(self, target: Any, before: Guard | None, told: dict[str, Any]) -> Guard:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SettingWarning)
            guard = botoses_guard.register(target, **told)
        known = guard in self.known
        self.known.append(guard)
        assert {name: getattr(guard.settings, name) for name in told} == told
        same = before is not None and before.settings == guard.settings
        assert (guard is before) if same else not known
        return guard

    @rule(target=sessions)
    def make_session(self) -> boto3.Session:
        session = new_session()
        self.of_session[session] = self.of_new_sessions
        return session

    @rule(target=clients, session=sessions)
    def make_client(self, session: boto3.Session) -> BaseClient:
        client: BaseClient = session.client("ses")
        self.of_client[client] = self.of_session[session]
        return client

    @rule(target=guards, session=sessions, told=SETTINGS)
    def register_session(self, session: boto3.Session, told: dict[str, Any]) -> Guard:
        guard = self.register(session, self.of_session[session], told)
        self.of_session[session] = guard
        return guard

    @rule(target=guards, client=clients, told=SETTINGS)
    def register_client(self, client: BaseClient, told: dict[str, Any]) -> Guard:
        guard = self.register(client, self.of_client[client], told)
        self.of_client[client] = guard
        return guard

    @rule(target=guards, told=SETTINGS)
    def register_new_sessions(self, told: dict[str, Any]) -> Guard:
        self.of_new_sessions = self.register(None, self.of_new_sessions, told)
        return self.of_new_sessions

    @rule(guard=guards)
    def unregister(self, guard: Guard) -> None:
        guard.unregister()
        for client, other in self.of_client.items():
            self.of_client[client] = None if other is guard else other
        for session, other in self.of_session.items():
            self.of_session[session] = None if other is guard else other
        if self.of_new_sessions is guard:
            self.of_new_sessions = None

    @rule(guard=guards, client=clients)
    def attach(self, guard: Guard, client: BaseClient) -> None:
        guard.attach(client)
        self.of_client[client] = guard

    @invariant()
    def each_client_has_the_handlers_of_its_guard(self) -> None:
        for client, guard in self.of_client.items():
            assert guard_of(client) is guard
            acts = guard is not None and guard.settings.enabled
            assert len(handlers_of(client)) == (1 if acts else 0)

    @invariant()
    def each_guard_knows_its_clients(self) -> None:
        for guard in set(self.known):
            clients = sum(other is guard for other in self.of_client.values())
            assert sum(guard.snapshot().clients.values()) == clients

    def teardown(self) -> None:
        for guard in self.known:
            guard.unregister()
        left: list[Any] = botocore._INITIALIZERS  # type: ignore[attr-defined]
        assert not any(one.__module__.startswith("botoses_guard") for one in left)


RegistryMachine.TestCase.settings = settings(max_examples=20, stateful_step_count=25, deadline=None)
test_each_client_has_the_guard_that_it_should_have = RegistryMachine.TestCase
