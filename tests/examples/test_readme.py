"""README.md says what is true of the package."""

from __future__ import annotations

import re
from typing import Any

import boto3
import pytest

import botoses_guard
from botoses_guard.settings import OPTIONS, Option
from botoses_guard.simulator import Simulator

from .program import ROOT, environ_of, recipients

README = (ROOT / "README.md").read_text("utf-8")
BLOCKS = re.findall(r"^```python\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)
LINKS = re.findall(r"\]\(([^)#:]+)\)", README)

MESSAGE: dict[str, Any] = {
    "FromEmailAddress": "shop@example.com",
    "Destination": {"ToAddresses": ["ada@example.com"]},
    "Content": {"Simple": {"Subject": {"Data": "Hello"}, "Body": {"Text": {"Data": "Hello"}}}},
}


def block_with(words: str) -> str:
    (block,) = (block for block in BLOCKS if words in block)
    return str(block)


def run_block(block: str, **names: Any) -> dict[str, Any]:
    """Run a block whose ``(...)`` stands for the reader's own arguments."""
    exec(compile(block.replace("(...)", "(**arguments)"), "README.md", "exec"), names)
    return names


@pytest.mark.parametrize("block", BLOCKS)
def test_every_python_block_compiles(block: str) -> None:
    compile(block, "README.md", "exec")


def test_the_one_line_guards_a_client(
    ses_simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environ_of(ses_simulator).items():
        monkeypatch.setenv(name, value)
    destination = {"ToAddresses": ["ada@bücher.example"]}
    run_block(block_with("# the one line"), arguments={**MESSAGE, "Destination": destination})
    assert recipients(ses_simulator) == [("ada@xn--bcher-kva.example",)]


class Queue:
    """Remembers what is put into it."""

    def __init__(self) -> None:
        self.delays: list[float] = []

    def put(self, message: object, delay: float) -> None:
        self.delays.append(delay)


@pytest.mark.parametrize(
    ("account", "recipient", "printed"),
    [
        ({"quota": 0}, "ada@example.com", ""),
        ({}, "jörg@example.com", "Destination.ToAddresses[0] "),
        ({"paused": True}, "ada@example.com", "account_paused "),
    ],
)
def test_an_exception_carries_what_is_read_of_it(
    account: dict[str, Any], recipient: str, printed: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with Simulator(**account) as ses:
        client = ses.client("sesv2")
        botoses_guard.register(client)
        queue = Queue()
        run_block(
            block_with("DailyQuotaExceeded"),
            botoses_guard=botoses_guard,
            client=client,
            arguments={**MESSAGE, "Destination": {"ToAddresses": [recipient]}},
            queue=queue,
            message=MESSAGE,
        )
    assert capsys.readouterr().out.startswith(printed)
    assert [delay > 0 for delay in queue.delays] == [True] * ("quota" in account)


def test_the_fixture_serves_the_program_under_test(ses_simulator: Simulator) -> None:
    class MyProgram:
        @staticmethod
        def send(client: Any) -> None:
            client.send_email(**MESSAGE)

    names = run_block(block_with("ses_simulator"), my_program=MyProgram)
    names["test_my_sending_code"](ses_simulator)


def shown(default: Any) -> str | None:
    """A default as a table shows it; ``None`` where words describe it."""
    if default is None:
        return None
    if isinstance(default, bool):
        return f"{default:d}"
    return default if isinstance(default, str) else f"{default:g}"


def settings_rows() -> list[list[str]]:
    lines = [line for line in README.splitlines() if "`BOTOSES_GUARD_" in line and line[0] == "|"]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


@pytest.mark.parametrize(
    ("row", "option"),
    list(zip(settings_rows(), OPTIONS, strict=True)),
    ids=[option.name for option in OPTIONS],
)
def test_every_setting_stands_with_its_variable_and_default(row: list[str], option: Option) -> None:
    name, variable, default, meaning = row
    expected = shown(option.default)
    assert (name, variable) == (f"`{option.name}`", f"`{option.variable}`")
    assert default.startswith("the account") if expected is None else default == f"`{expected}`"
    assert meaning


@pytest.mark.parametrize("link", LINKS)
def test_every_link_into_the_project_leads_somewhere(link: str) -> None:
    assert (ROOT / link).exists()


def test_every_way_to_register_is_accepted(ses_simulator: Simulator) -> None:
    """The table of targets: a session, a client, and every session from now on."""
    for target in (boto3.Session(), ses_simulator.client("ses"), None):
        botoses_guard.register(target).unregister()
