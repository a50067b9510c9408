"""What needs a process of its own: forks, Ctrl-C, and the environment of a program."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap

import pytest

from botoses_guard.simulator import Simulator

PRELUDE = """
import boto3, botoses_guard, os, sys, threading, time
def send(client, number=0):
    return client.send_email(
        FromEmailAddress="shop@example.com",
        Destination={"ToAddresses": [f"c{number}@example.com"]},
        Content={"Simple": {"Subject": {"Data": "s"}, "Body": {"Text": {"Data": "b"}}}},
    )
"""


def program(script: str, ses: Simulator, **environment: str) -> subprocess.Popen[str]:
    """Start a Python program whose SES is ``ses``."""
    return subprocess.Popen(
        [
            sys.executable,
            "-W",
            "ignore::DeprecationWarning",
            "-c",
            PRELUDE + textwrap.dedent(script),
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={
            **os.environ,
            "AWS_ENDPOINT_URL": ses.url,
            "AWS_ACCESS_KEY_ID": "AKIAPROGRAM",
            "AWS_SECRET_ACCESS_KEY": "secret",
            "AWS_DEFAULT_REGION": "us-east-1",
            **environment,
        },
    )


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs a fork")
def test_a_child_of_a_forked_parent_paces_anew_and_does_not_deadlock() -> None:
    script = """
    session = boto3.Session()
    guard = botoses_guard.register(session, max_send_rate=2, max_24_hour_send=-1, max_wait=30)
    client = session.client("sesv2")
    for number in range(3):  # a queue of about a second is reserved, and threads wait in it
        threading.Thread(target=send, args=(client, number), daemon=True).start()
    time.sleep(0.3)
    child = os.fork()
    if child == 0:
        own = session.client("sesv2")
        send(own, 99)
        print("child waited", guard.snapshot().accounts and guard.snapshot().longest_wait < 0.2)
        sys.stdout.flush()
        os._exit(0)
    os.waitpid(child, 0)
    """
    with Simulator(rate=1000) as ses:
        running = program(script, ses)
        out, err = running.communicate(timeout=30)
        assert running.returncode == 0, err
        assert "child waited True" in out
        assert ("c99@example.com",) in [message.recipients for message in ses.inbox]


def test_ctrl_c_in_a_wait_ends_the_program_at_once() -> None:
    script = """
    session = boto3.Session()
    botoses_guard.register(session, max_send_rate=0.02, max_wait=200)
    client = session.client("sesv2")
    send(client)
    print("waiting", flush=True)
    send(client)
    """
    with Simulator(rate=1000) as ses:
        running = program(script, ses)
        assert running.stdout is not None
        assert running.stdout.readline() == "waiting\n"
        running.send_signal(signal.SIGINT)
        _, err = running.communicate(timeout=20)  # the slot is due in 50 seconds
        assert "KeyboardInterrupt" in err
        assert len(ses.inbox) == 1


def test_zero_code_guards_a_program_by_its_environment() -> None:
    script = """
    try:
        send(boto3.client("sesv2"), "ö")
    except Exception as error:
        print(type(error).__name__, type(error).__module__)
    """
    with Simulator(rate=1000) as ses:
        plugin = program(script, ses, BOTOCORE_EXPERIMENTAL__PLUGINS="guard=botoses_guard")
        assert plugin.communicate(timeout=30)[0] == "NonASCIIAddress botoses_guard.errors\n"
        plain = program(script, ses)
        assert "BadRequestException" in plain.communicate(timeout=30)[0]
