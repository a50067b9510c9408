"""Every example runs, prints what it promises, and what it sends arrives."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from botoses_guard.simulator import Simulator

from .program import environ_of, recipients, run


def test_one_line_sends_a_mail_that_plain_boto3_could_not(ses_simulator: Simulator) -> None:
    ran = run("-m", "examples.one_line", **environ_of(ses_simulator))
    assert (ran.returncode, ran.stderr) == (0, "")
    (message,) = ses_simulator.inbox
    assert message.recipients == ("ada@example.com",)
    assert message.source is not None and message.source.isascii()
    assert message.source.endswith("<shop@xn--bcher-kva.example>")
    first, second, third = ran.stdout.splitlines()
    assert first == f"sent {message.message_id}"
    assert second.startswith("accepted 1, waited ")
    assert third.endswith(": 13.3 recipients/s, 49999 left today")


def test_zero_code_is_refused_without_the_plugin(ses_simulator: Simulator) -> None:
    ran = run("-m", "examples.zero_code", **environ_of(ses_simulator))
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.startswith("refused: InvalidParameterValue ")
    assert recipients(ses_simulator) == []


def test_zero_code_arrives_with_the_plugin(ses_simulator: Simulator) -> None:
    plugin = {"BOTOCORE_EXPERIMENTAL__PLUGINS": "guard=botoses_guard"}
    ran = run("-m", "examples.zero_code", **environ_of(ses_simulator), **plugin)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout == f"sent {ses_simulator.inbox[0].message_id}\n"
    assert recipients(ses_simulator) == [("ada@xn--bcher-kva.example",)]


def test_zero_code_says_where_the_fault_is_with_the_plugin(ses_simulator: Simulator) -> None:
    plugin = {"BOTOCORE_EXPERIMENTAL__PLUGINS": "guard=botoses_guard"}
    address = "grace@@example.com"
    ran = run("-m", "examples.zero_code", address, **environ_of(ses_simulator), **plugin)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.startswith("refused: InvalidParameterValue ")
    assert "Destination.ToAddresses[0]" in ran.stdout
    assert ses_simulator.counters.sends == 0


def test_raise_and_requeue_sends_each_message_once(ses_simulator: Simulator) -> None:
    ran = run("-m", "examples.raise_and_requeue", **environ_of(ses_simulator))
    assert (ran.returncode, ran.stderr) == (0, "")
    assert sorted(recipients(ses_simulator)) == [
        (f"customer{number}@example.com",) for number in range(5)
    ]
    sent, _, put_back = ran.stdout.strip().partition(", ")
    assert sent == "sent 5"
    assert int(put_back.split()[2]) > 0
    assert ses_simulator.counters.refused_total == 0


@pytest.mark.ses_simulator(rate=20)
def test_four_processes_share_the_rate(ses_simulator: Simulator, tmp_path: Path) -> None:
    """Four that each went at the whole rate would be throttled."""
    environ = {**environ_of(ses_simulator), "BOTOSES_GUARD_STORE": f"sqlite:///{tmp_path}/budgets"}
    with ThreadPoolExecutor(4) as threads:
        ran = list(
            threads.map(
                lambda worker: run("-m", "examples.four_processes", str(worker), **environ),
                range(4),
            )
        )
    assert [(one.returncode, one.stderr) for one in ran] == [(0, "")] * 4
    for worker, one in enumerate(ran):
        assert one.stdout.startswith(f"worker {worker}: 10 sent in ")
        assert one.stdout.endswith(", 0 throttles, store ok\n")
    assert len(set(recipients(ses_simulator))) == 40
    assert ses_simulator.counters.refused_total == 0


def test_bulk_send_sends_again_what_was_throttled(ses_simulator: Simulator) -> None:
    ses_simulator.faults.throttle_entries(2)
    for _ in range(2):  # its template is there the second time
        ran = run("-m", "examples.bulk_send", **environ_of(ses_simulator))
        assert (ran.returncode, ran.stderr, ran.stdout) == (0, "", "accepted 3 of 3\n")
    assert len(recipients(ses_simulator)) == 6


def test_bulk_send_reports_what_stays_failed(ses_simulator: Simulator) -> None:
    ses_simulator.account.verified = ["shop@example.com", "ada@example.com"]
    ses_simulator.account.sandbox = True
    ran = run("-m", "examples.bulk_send", **environ_of(ses_simulator))
    assert (ran.returncode, ran.stderr) == (0, "")
    first, *failures = ran.stdout.splitlines()
    assert first == "accepted 1 of 3"
    assert [line.split()[:2] for line in failures] == [
        ["grace@example.com", "MESSAGE_REJECTED"],
        ["alan@example.com", "MESSAGE_REJECTED"],
    ]


def test_reading_an_exception_prints_every_fault(ses_simulator: Simulator) -> None:
    ran = run("-m", "examples.reading_an_exception", **environ_of(ses_simulator))
    assert (ran.returncode, ran.stderr) == (0, "")
    first, *faults, advice = ran.stdout.splitlines()
    assert first == "BadRequestException Local address contains control or whitespace"
    paths = [fault.partition(":")[0] for fault in faults]
    assert paths == ["Destination.ToAddresses[1]", "Destination.ToAddresses[2]"]
    assert "ASCII" in faults[0]
    assert advice == "Correct each fault, and send again."
    assert ses_simulator.counters.sends == 0


def test_the_fixture_works_in_a_test_suite_of_ones_own() -> None:
    ran = run("-m", "pytest", "-q", "-p", "no:cacheprovider", "examples/test_with_simulator.py")
    assert ran.returncode == 0, ran.stdout
    assert "3 passed" in ran.stdout
