"""The fixture for other suites, and what is said where the extra is not installed."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

import botoses_guard.simulator
from botoses_guard.__main__ import main
from botoses_guard.simulator import Simulator

SUITE = """
import pytest

def test_a_simulator_of_its_own(ses_simulator):
    ses_simulator.client("ses").verify_email_identity(EmailAddress="ada@example.org")
    assert ses_simulator.account.rate == 14

@pytest.mark.ses_simulator(rate=3, sandbox=True)
def test_a_simulator_as_it_is_marked(ses_simulator):
    assert ses_simulator.client("ses").get_send_quota()["MaxSendRate"] == 3
    assert ses_simulator.client("ses").list_identities()["Identities"] == []

def test_none():
    pass
"""

WITHOUT_AIOHTTP = """
import sys

class Blocker:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == "aiohttp":
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Blocker())
"""
NAME = "Simulation"
REASON = "the local SES needs the extra 'simulator': pip install 'botoses-guard[simulator]'"


def run_python(program: str, *, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", textwrap.dedent(program)],
        capture_output=True,
        text=True,
        timeout=120,
        cwd=cwd,
    )


def run_pytest(folder: Path, before: str = "") -> subprocess.CompletedProcess[str]:
    """pytest over :data:`SUITE`, with the plugin of the package and strict markers."""
    (folder / "test_suite.py").write_text(SUITE)
    arguments = ["-q", "--strict-markers", "-p", "no:cacheprovider", "-W", "error", "--tb=short"]
    program = f"{before}\nimport pytest\nraise SystemExit(pytest.main({arguments!r}))\n"
    return run_python(program, cwd=folder)


def test_the_fixture_and_its_marker_are_there_for_every_suite(tmp_path: Path) -> None:
    done = run_pytest(tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "3 passed" in done.stdout


def test_without_the_extra_only_the_tests_that_need_it_fail(tmp_path: Path) -> None:
    done = run_pytest(tmp_path, WITHOUT_AIOHTTP)
    assert done.returncode == 1
    assert "1 passed, 2 errors" in done.stdout
    assert REASON in done.stdout


def test_the_package_is_imported_without_the_extra(tmp_path: Path) -> None:
    program = f"""{WITHOUT_AIOHTTP}
import botoses_guard.simulator
import botoses_guard.simulator.command
import botoses_guard.simulator.pytest_plugin

try:
    botoses_guard.simulator.Simulator
except ImportError as error:
    print(error, "/", type(error.__cause__).__name__)
"""
    done = run_python(program, cwd=tmp_path)
    assert done.stdout == f"{REASON} / ModuleNotFoundError\n", done.stderr


def test_the_command_names_the_extra(tmp_path: Path) -> None:
    program = f"""{WITHOUT_AIOHTTP}
from botoses_guard.__main__ import main

raise SystemExit(main(["simulate", "--port", "0"]))
"""
    done = run_python(program, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (2, f"{REASON}\n")


@pytest.mark.ses_simulator(rate=3)
def test_the_fixture_takes_its_settings_from_the_marker(ses_simulator: Simulator) -> None:
    assert ses_simulator.client("sesv2").get_account()["SendQuota"]["MaxSendRate"] == 3.0


@pytest.fixture
def without_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """``None`` in ``sys.modules`` makes an import fail like that of a package that is not there."""
    monkeypatch.setitem(sys.modules, "botoses_guard.simulator.server", None)


@pytest.mark.usefixtures("without_the_extra")
def test_the_import_names_the_extra() -> None:
    with pytest.raises(ImportError) as caught:
        botoses_guard.simulator.Simulator  # noqa: B018  # to read it is to import it
    assert str(caught.value) == REASON


@pytest.mark.usefixtures("without_the_extra")
def test_the_command_ends_with_the_name_of_the_extra(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["simulate", "--port", "0", "--quota", "-1"]) == 2
    assert capsys.readouterr().err == f"{REASON}\n"


def test_the_package_has_nothing_else() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'Simulation'"):
        getattr(botoses_guard.simulator, NAME)
