"""``python -m botoses_guard simulate``, as a process."""

from __future__ import annotations

import argparse
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from botoses_guard.__main__ import main
from botoses_guard.simulator import Simulator, command

COMMAND = (sys.executable, "-W", "error", "-m", "botoses_guard", "simulate")


@contextmanager
def running(*arguments: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The process, and where it says that it listens."""
    process = subprocess.Popen(
        [*COMMAND, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    with process:
        assert process.stdout is not None
        try:
            yield process, process.stdout.readline()
        finally:
            process.kill()


def refused(*arguments: str) -> str:
    """What the command says when it does not start."""
    done = subprocess.run([*COMMAND, *arguments], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout) == (2, "")
    assert "Traceback" not in done.stderr
    return done.stderr


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_says_where_it_listens_and_ends_when_asked(number: signal.Signals) -> None:
    with running("--port", "0", "--rate", "7", "--quota", "-1") as (process, line):
        assert line.startswith("a local SES listens at http://127.0.0.1:")
        with urllib.request.urlopen(f"{line.split()[-1]}/_simulator/state", timeout=10) as answer:
            account = json.load(answer)["account"]
        assert (account["rate"], account["quota"]) == (7.0, -1.0)
        process.send_signal(number)
        output, complaints = process.communicate(timeout=60)
    assert (process.returncode, output, complaints) == (0, "", "")


def test_a_port_that_is_taken_is_no_traceback() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert f"no local SES at 127.0.0.1 port {port}: " in refused("--port", str(port))


def parsed(*arguments: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    return parser.parse_args(arguments)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "example.com", ""])
def test_another_address_than_loopback_wants_to_be_meant(
    capsys: pytest.CaptureFixture[str], host: str
) -> None:
    assert command.run(parsed("--host", host, "--port", "0")) == 2
    assert "can be reached by others: say --allow-remote" in capsys.readouterr().err


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1.2.3", "localhost"])
def test_loopback_needs_no_permission(capsys: pytest.CaptureFixture[str], host: str) -> None:
    with socket.create_server((host, 0)) as taken:
        port = str(taken.getsockname()[1])
        assert command.run(parsed("--host", host, "--port", port)) == 2
    assert f"no local SES at {host} port {port}" in capsys.readouterr().err


def test_an_address_that_is_meant_is_tried(capsys: pytest.CaptureFixture[str]) -> None:
    """192.0.2.0/24 is for documentation (RFC 5737): no machine has it."""
    assert command.run(parsed("--host", "192.0.2.1", "--port", "0", "--allow-remote")) == 2
    assert "no local SES at 192.0.2.1 port 0: " in capsys.readouterr().err


def test_it_listens_where_others_reach_it_when_that_is_meant() -> None:
    with running("--host", "0.0.0.0", "--port", "0", "--allow-remote") as (_, line):
        assert line.startswith("a local SES listens at http://0.0.0.0:")


def test_an_address_that_others_reach_needs_permission_in_a_program_too() -> None:
    with pytest.raises(ValueError, match="0.0.0.0 can be reached by others: allow_remote"):
        Simulator(host="0.0.0.0")


@pytest.fixture
def default_signals() -> Iterator[None]:
    numbers = (signal.SIGINT, signal.SIGTERM)
    before = {number: signal.getsignal(number) for number in numbers}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.usefixtures("default_signals")
def test_it_serves_until_it_is_asked_to_end(capsys: pytest.CaptureFixture[str]) -> None:
    """The same in this process, asked from another thread as soon as it listens to signals."""
    before = signal.getsignal(signal.SIGTERM)

    def ask() -> None:
        while signal.getsignal(signal.SIGTERM) is before:
            time.sleep(0.001)
        os.kill(os.getpid(), signal.SIGTERM)

    asker = threading.Thread(target=ask)
    asker.start()
    assert command.run(parsed("--port", "0", "--mail-from-failed", "example.com")) == 0
    asker.join()
    assert capsys.readouterr().out.startswith("a local SES listens at http://127.0.0.1:")


@pytest.mark.parametrize(
    ("argument", "value"),
    [
        ("--rate", "-1"),
        ("--rate", "nan"),
        ("--rate", "fast"),
        ("--burst", "inf"),
        ("--quota", "-2"),
        ("--latency", "-0.1"),
        ("--clock-speed", "x"),
    ],
)
def test_a_number_is_one_from_0(
    capsys: pytest.CaptureFixture[str], argument: str, value: str
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["simulate", f"{argument}={value}"])
    assert ended.value.code == 2
    reason = f"argument {argument}: it is a number from 0; not '{value}'"
    assert reason in capsys.readouterr().err


@pytest.mark.parametrize("port", ["-1", "65536", "http", "9" * 5_000])
def test_a_port_is_one_of_tcp(capsys: pytest.CaptureFixture[str], port: str) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["simulate", f"--port={port}"])
    assert ended.value.code == 2
    assert "argument --port: it is a number from 0 to 65535" in capsys.readouterr().err
