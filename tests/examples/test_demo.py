"""The demonstration shows what it is meant to show, wherever it runs."""

from __future__ import annotations

import io
import shutil
import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from examples.demo import campaign, lost_answer, program, troubles, workers
from examples.demo.__main__ import environment, language_of
from examples.demo.folding import fold
from examples.demo.screen import Screen

from .program import run

# What a machine may hold that must make no difference.
MACHINE = {
    "AWS_PROFILE": "absent",
    "AWS_RETRY_MODE": "adaptive",
    "BOTOCORE_EXPERIMENTAL__PLUGINS": "guard=botoses_guard",
    "BOTOSES_GUARD_ENABLED": "0",
    "HTTP_PROXY": "http://127.0.0.1:9",
}


@pytest.fixture(scope="module")
def shown() -> subprocess.CompletedProcess[str]:
    return run("-m", "examples.demo", "--quick", LANG="zh_TW.UTF-8", **MACHINE)


def section(shown: subprocess.CompletedProcess[str], title: str) -> str:
    """What is shown from a title of a trouble to the next."""
    return shown.stdout.partition(f"\n{title}: ")[2].partition("\n\n")[0]


def test_it_runs_without_a_terminal_and_writes_no_control_codes(
    shown: subprocess.CompletedProcess[str],
) -> None:
    assert (shown.returncode, shown.stderr) == (0, "")
    assert "\x1b" not in shown.stdout


def test_the_campaign_of_the_guard_arrives_whole(shown: subprocess.CompletedProcess[str]) -> None:
    row = next(line for line in shown.stdout.splitlines() if line.startswith("boto3 + the one"))
    arrived, lost, twice, refused, _ = row.removeprefix("boto3 + the one line").split()
    assert (arrived, lost, twice, refused) == ("20", "0", "0", "0")


def test_the_processes_of_a_store_lose_nothing(shown: subprocess.CompletedProcess[str]) -> None:
    row = next(line for line in shown.stdout.splitlines() if line.startswith("the same, with"))
    arrived, lost, twice, refused, _ = row.removeprefix("the same, with a store").split()
    assert (arrived, lost, twice, refused) == ("20", "0", "0", "0")


def test_a_lost_answer_doubles_the_message_of_plain_boto3_only(
    shown: subprocess.CompletedProcess[str],
) -> None:
    _, _, table = shown.stdout.partition("An answer that never comes")
    plain, guarded = (line for line in table.splitlines() if line.startswith("boto3"))
    assert plain.split()[1:] == ["2", "2", "accepted"]
    assert guarded.removeprefix("boto3 + the one line").split() == [
        "1",
        "1",
        "OutcomeUnknown,",
        "a",
        "ReadTimeoutError",
    ]


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Unverified identity", "UnverifiedIdentity, a MessageRejected"),
        ("Account paused", "AccountPaused, a MessageRejected"),
        ("Daily quota", "DailyQuotaExceeded, a ClientError"),
        ("Sending rate", "accepted, to ada@example.com"),
        ("Another throttling text", "accepted, to ada@example.com"),
        ("No recipients", "NoRecipients, a BadRequestException"),
        ("Unicode in the domain", "accepted, to ada@xn--bcher-kva.example"),
        ("Unicode in the name", "accepted, to =?utf-8?q?Ada_=C5=81ukasiewicz?= <ada@example.com>"),
        ("Unicode in the local part", "NonASCIIAddress, a BadRequestException"),
        ("MAIL FROM", "MailFromDomainNotVerified, a MailFromDomainNotVerifiedException"),
        ("Configuration set", "ConfigurationSetMissing, a NotFoundException"),
    ],
)
def test_each_trouble_shows_what_the_guard_makes_of_it(
    title: str, expected: str, shown: subprocess.CompletedProcess[str]
) -> None:
    plain, _, guarded = section(shown, title).partition("\n  guarded")
    assert "\n  boto3 " in plain
    assert expected in guarded
    assert title in [trouble.title for trouble in troubles.TROUBLES]


def test_the_advice_is_in_the_language_of_the_locale(
    shown: subprocess.CompletedProcess[str],
) -> None:
    assert "組態集" in section(shown, "Configuration set")


@pytest.mark.parametrize(
    ("environ", "language"),
    [
        ({}, "en"),
        ({"LANG": "en_GB.UTF-8"}, "en"),
        ({"LANG": "zh_TW.UTF-8"}, "zh-TW"),
        ({"LANG": "zh_CN.UTF-8"}, "en"),
        ({"LANG": "zh_TW.UTF-8", "LC_MESSAGES": "en_GB.UTF-8"}, "en"),
        ({"LANG": "en_GB.UTF-8", "LC_MESSAGES": "", "LC_ALL": "zh_TW"}, "zh-TW"),
        ({"LANG": "C", "LC_MESSAGES": "zh_TW", "LC_ALL": "C"}, "en"),
    ],
)
def test_the_first_variable_of_the_locale_counts(environ: dict[str, str], language: str) -> None:
    assert language_of(environ) == language


def test_the_environment_of_the_machine_stays_outside() -> None:
    inside = environment({**MACHINE, "PATH": "/bin"})
    assert inside["PATH"] == "/bin"
    assert not inside.keys() & (MACHINE.keys() - {"HTTP_PROXY"})
    assert inside["no_proxy"] == "127.0.0.1"


def test_without_rich_it_names_the_extra() -> None:
    code = "import sys; sys.modules['rich'] = None; import examples.demo.__main__ as demo; "
    ran = run("-c", f"{code} sys.exit(demo.main([]))")
    assert ran.returncode == 1
    assert ran.stderr == (
        "the demo needs the extra 'cli': pip install 'botoses-guard[simulator,cli]'\n"
    )


def test_a_terminal_shows_how_the_campaigns_get_on() -> None:
    written = io.StringIO()
    console = Console(file=written, force_terminal=True, width=100)
    plan = campaign.Plan(recipients=3, rate=100)
    screen = Screen(console)
    for race, ways in ((screen.race, campaign.WAYS), (screen.race_of_processes, workers.WAYS)):
        written.truncate(0)
        with race(plan) as progress:
            for way in ways:
                progress(way, 2, 1)
        _, _, end = written.getvalue().rpartition("boto3  ")
        assert end.count("2 accepted") == end.count("1 failed") == len(ways)


def test_four_processes_share_what_four_by_themselves_overrun() -> None:
    """Together they ask for four times the rate, or, by their store, for the rate."""
    seen: set[str] = set()
    plan = campaign.Plan(recipients=48, rate=20)
    outcomes = workers.race(plan, lambda way, accepted, failed: seen.add(way))
    assert seen == workers.WAYS.keys()
    plain, alone, shared = outcomes.values()
    assert (shared.arrived, shared.lost, shared.twice, shared.refused) == (48, 0, 0, 0)
    assert plain.refused > 0
    assert alone.refused > 0


def test_processes_that_do_not_start_end_the_race(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "WAYS", {"none": workers.Way("plain")})
    monkeypatch.setattr(sys, "executable", shutil.which("true"))
    with pytest.raises(AssertionError):
        workers.race(campaign.Plan(recipients=1), lambda *_: None)


class Broken:
    """A client with a bug of its own."""

    def send_email(self, **_: Any) -> None:
        raise ZeroDivisionError


def test_only_what_a_send_may_raise_counts_as_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(campaign, "WAYS", {"broken": lambda ses: Broken()})
    with pytest.raises(ZeroDivisionError):
        campaign.race(campaign.Plan(recipients=1), lambda *_: None)


def test_a_lost_answer_is_counted_by_the_simulator() -> None:
    outcome = lost_answer.lose_the_answer(program.guarded)
    assert (outcome.requests, outcome.copies) == (1, 1)
    assert outcome.sight.exception == "OutcomeUnknown"


CHINESE = st.text("的郵件沒有再次傳送SES 主控台bounce，。；（）", max_size=60)


@given(CHINESE, st.integers(4, 40))
def test_folding_loses_nothing(text: str, width: int) -> None:
    """The lines hold the characters of the text, in their order."""
    assert "".join("".join(fold(text, width)).split()) == "".join(text.split())


@given(CHINESE.filter(lambda text: text[:1] not in "，。；）"), st.integers(4, 40))
def test_no_line_begins_with_closing_punctuation(text: str, width: int) -> None:
    """UAX #14, LB13: do not break before a closing punctuation, even after spaces."""
    assert not [line for line in fold(text, width)[1:] if line[:1] in tuple("，。；）")]


def test_ideographs_break_where_the_line_is_full() -> None:
    assert fold("郵件由 SES 傳送，再見", 10) == ["郵件由 SES", "傳送，再見"]
