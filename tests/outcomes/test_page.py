"""The function that ``docs/outcomes.md`` gives to those who retry."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import cycle
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from . import cases, endings, lost_sockets, own_answers, unsent
from .stage import SERVICES, Stage, guarded, send

pytestmark = lost_sockets.ignored

PAGE = Path(__file__).parents[2] / "docs" / "outcomes.md"
THROTTLED = next(case for case in own_answers.CASES if case.name == "throttled")


def in_turn(found: Sequence[NamedTuple]) -> pytest.MarkDecorator:
    """Each case with one of the APIs."""
    return pytest.mark.parametrize(
        "case, service",
        [
            pytest.param(case, service, id=f"{case[0]}-{service}")
            for case, service in zip(found, cycle(SERVICES))
        ],
    )


@pytest.fixture(scope="module")
def may_send_again() -> Callable[[Exception], bool]:
    [source] = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    names: dict[str, Any] = {}
    exec(compile(source, str(PAGE), "exec"), names)
    found: Callable[[Exception], bool] = names["may_send_again"]
    return found


@in_turn(cases.CASES)
def test_what_left_may_not_be_sent_again(
    stage: Stage, may_send_again: Callable[[Exception], bool], case: cases.Case, service: str
) -> None:
    transport = case.transports[-1]
    stage.play(transport, [case.ending], context=stage.context(case.tls))
    client = stage.client(service, stage.route(transport), read_timeout=case.read_timeout)
    with guarded(client):
        sent = send(client, service)
    assert sent.error is not None
    assert not may_send_again(sent.error)


@in_turn(unsent.CASES)
def test_what_never_left_may_be_sent_again(
    stage: Stage, may_send_again: Callable[[Exception], bool], case: unsent.Case, service: str
) -> None:
    timeout = unsent.SLOW if case.is_slow else {}
    with case.trouble(stage, case.transports[-1], unsent.ALWAYS) as (_, route):
        client = stage.new_client(service, route, **timeout)
        with guarded(client):
            sent = send(client, service)
    assert sent.error is not None
    assert may_send_again(sent.error)


@pytest.mark.parametrize("service", SERVICES)
def test_what_is_throttled_for_ever_may_be_sent_again(
    stage: Stage, may_send_again: Callable[[Exception], bool], service: str
) -> None:
    stage.play("plain", [THROTTLED.ending or endings.hang] * 2)
    client = stage.client(service, stage.route("plain"))
    with guarded(client, max_attempts=2):
        sent = send(client, service)
    assert sent.error is not None
    assert may_send_again(sent.error)
