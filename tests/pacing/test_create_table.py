"""``python -m botoses_guard create-table``, and a guard that uses what it made."""

from __future__ import annotations

import uuid

import pytest

from botoses_guard.__main__ import main
from botoses_guard.pacing import open_store

from .demands import demand, granted
from .dynamodb_store import REGION, dynamodb


@pytest.fixture(autouse=True)
def credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")


def create(name: str) -> int:
    return main(["create-table", name, "--region", REGION, "--endpoint", dynamodb().endpoint])


def test_the_table_that_it_makes_is_a_store(capsys: pytest.CaptureFixture[str]) -> None:
    name = f"budgets-{uuid.uuid4().hex}"
    assert create(name) == 0
    assert f"BOTOSES_GUARD_STORE=dynamodb://{name}" in capsys.readouterr().out
    url = f"dynamodb://{name}?region={REGION}&endpoint={dynamodb().endpoint}"
    store = open_store(url, "raise")
    assert [granted(store.reserve("key", demand(rate=10.0))).wait for _ in range(2)] == [
        0.0,
        pytest.approx(0.0, abs=0.1),
    ]
    assert store.state == "ok"


def test_a_table_that_is_there_is_left_alone(capsys: pytest.CaptureFixture[str]) -> None:
    name = f"budgets-{uuid.uuid4().hex}"
    create(name)
    assert create(name) == 1
    assert "ResourceInUseException" in capsys.readouterr().err
