"""A forked child: it waits for no lock of its parent, and paces anew.

Each case is a program of its own, because a process that has run threads should not fork.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading

import pytest

from botoses_guard import telemetry
from botoses_guard.pacing import Account, MemoryStore, SendQuota, account, memory

from .demands import demand, granted

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")


class Ended:
    operation = "SendEmail"
    made = 1
    waits = 0
    waited = 0.0


SEND = Ended()

BEGIN = """
import logging, os, sys, threading, warnings
warnings.simplefilter("ignore", DeprecationWarning)  # forking with threads is what is tested
logging.basicConfig(stream=sys.stdout, format="%(levelname)s %(message)s")
from botoses_guard.pacing import Account, MemoryStore, SendQuota, account_at
from botoses_guard.pacing.budget import Demand
from botoses_guard.telemetry import Telemetry

one = Demand(1, 1, 10.0, 100.0, 60.0)

def in_child(work):
    child = os.fork()
    if child == 0:
        try:
            work()
        except BaseException as error:
            print(type(error).__name__, error)
        sys.stdout.flush()
        os._exit(0)
    os.waitpid(child, 0)
"""

HELD_BY_A_THREAD = """
store, account, telemetry = MemoryStore(), Account(), Telemetry()
store.reserve("key", one)
held, over = threading.Event(), threading.Event()

def hold():
    with store._lock, account._lock, telemetry._lock:
        held.set()
        over.wait()

threading.Thread(target=hold).start()
held.wait()

def work():
    print(type(store.reserve("key", one)).__name__)
    print(account.quota(lambda: account.learn(SendQuota(14.0, 100.0, 0.0)), 60.0, 30.0))
    telemetry.accepted(None, 1)
    print(telemetry.counts().accepted, account_at("another key").known)

in_child(work)
over.set()
"""

ANEW = """
store = MemoryStore(lambda: 0)
store.reserve("key", one._replace(recipients=50))

def work():
    print(store.reserve("key", one).wait, store.reserve("key", one).wait)

in_child(work)
print(store.reserve("key", one).wait)
"""

NOTHING_SENT = """
store = MemoryStore()
in_child(lambda: print(store.reserve("key", one).wait))
"""

ASKER_OF_THE_PARENT = """
account, over = Account(), threading.Event()
account.learn(SendQuota(14.0, 100.0, 0.0))
account.quota(over.wait, 60.0, 0.0)

def work():
    answered = threading.Event()
    print(account.quota(answered.set, 60.0, 30.0).max_send_rate)
    print(answered.wait(30.0))

in_child(work)
over.set()
"""


def output_of(program: str) -> list[str]:
    ended = subprocess.run(
        [sys.executable, "-c", BEGIN + program],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert ended.stderr == ""
    return ended.stdout.splitlines()


FORKED = (
    "WARNING this process was forked from one that sends: with the store memory:// each of them "
    "uses the whole rate; give each of N processes its part with rate_share"
)


def test_a_child_waits_for_no_lock_that_was_held_when_it_was_forked() -> None:
    assert output_of(HELD_BY_A_THREAD) == [
        FORKED,
        "Slot",
        "SendQuota(max_send_rate=14.0, max_24_hour_send=100.0, sent_last_24_hours=0.0)",
        "1 None",
    ]


def test_a_child_begins_anew_and_says_once_that_two_processes_use_the_rate() -> None:
    assert output_of(ANEW) == [FORKED, "0.0 0.0", "4.9"]


def test_a_child_of_a_process_that_never_sent_says_nothing() -> None:
    assert output_of(NOTHING_SENT) == ["0.0"]


def test_a_child_goes_by_its_parents_value_and_asks_for_itself() -> None:
    """The asker under way is the parent's; the child's first send does not wait."""
    assert output_of(ASKER_OF_THE_PARENT) == ["14.0", "True"]


def test_what_a_child_does_first(caplog: pytest.LogCaptureFixture) -> None:
    """The same in this process, where it can be looked at step by step."""
    store, asked, counted = MemoryStore(lambda: 0), Account(), telemetry.Telemetry()
    quota = SendQuota(14.0, 100.0, 0.0)
    asked.learn(quota)
    store.reserve("key", demand(50))
    counted.accepted(SEND, 1)
    for lock in (store._lock, asked._lock, counted._lock):
        lock.acquire()
    for begin in (memory._begin_anew, account._begin_anew, telemetry._renew_locks):
        begin()
    assert [granted(store.reserve("key", demand())).wait for _ in range(2)] == [0, 0]
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    answered = threading.Event()
    assert asked.quota(answered.set, 60.0, 30.0) is quota
    assert answered.wait(30.0)
    assert counted.counts().accepted == 1
