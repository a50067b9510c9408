"""One campaign from four processes of one account, sent in several ways at the same time."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TextIO

from botoses_guard.simulator import Simulator

from . import worker
from .campaign import LATENCY, Outcome, Plan, Progress

PROCESSES = 4
THREADS = 8
"""Of each process."""

PLAN = Plan(recipients=112)


@dataclass(frozen=True)
class Way:
    """How the processes of a campaign send."""

    client: str
    """``plain`` or ``guarded``."""

    shares: bool = False
    """Whether they share a store."""


WAYS: Mapping[str, Way] = MappingProxyType(
    {
        "boto3": Way("plain"),
        "boto3 + the one line": Way("guarded"),
        "the same, with a store": Way("guarded", shares=True),
    }
)
"""The ways to send, by the name that the reader sees."""


def race(plan: Plan, progress: Progress) -> dict[str, Outcome]:
    """Send the campaign in every way at the same time, each by an account of its own."""
    with ExitStack() as stack, ThreadPoolExecutor(len(WAYS)) as pool:
        directory = stack.enter_context(tempfile.TemporaryDirectory())
        teams = {
            name: stack.enter_context(_team(way, plan, Path(directory) / "budgets"))
            for name, way in WAYS.items()
        }
        for team in teams.values():
            team.wait_until_ready()
        running = {name: pool.submit(team.run, name, progress) for name, team in teams.items()}
        try:
            return {name: future.result() for name, future in running.items()}
        finally:
            for team in teams.values():
                team.stop()  # after Ctrl-C or an error nobody waits for the others


class _Team:
    """The processes that send in one way."""

    def __init__(
        self,
        ses: Simulator,
        plan: Plan,
        processes: list[subprocess.Popen[str]],
        lines: TextIO,
    ) -> None:
        self._ses = ses
        self._plan = plan
        self._processes = processes
        self._lines = lines

    def wait_until_ready(self) -> None:
        for _ in self._processes:
            line = self._lines.readline().strip()
            assert line == worker.READY, line

    def run(self, name: str, progress: Progress) -> Outcome:
        """Let them send, and wait until they are done."""
        told: Counter[str] = Counter()
        begin = time.monotonic()
        for process in self._processes:
            assert process.stdin is not None
            process.stdin.close()
        for line in self._lines:
            told[line.strip()] += 1
            progress(name, told[worker.ACCEPTED], told[worker.FAILED])
        return Outcome.of(self._ses, self._plan, time.monotonic() - begin)

    def stop(self) -> None:
        for process in self._processes:
            process.kill()
            process.communicate()


@contextmanager
def _team(way: Way, plan: Plan, store: Path) -> Iterator[_Team]:
    read, write = os.pipe()
    with Simulator(rate=plan.rate, latency=LATENCY) as ses, open(read) as lines:
        environ = {**os.environ, **_environ_of(ses)}
        if way.shares:
            environ["BOTOSES_GUARD_STORE"] = f"sqlite:///{store}"
        bounds = [plan.recipients * number // PROCESSES for number in range(PROCESSES + 1)]
        processes = [
            subprocess.Popen(
                [sys.executable, "-m", worker.__name__, way.client]
                + [str(number) for number in (THREADS, first, last)],
                env=environ,
                stdin=subprocess.PIPE,
                stdout=write,
                text=True,
                start_new_session=True,  # Ctrl-C is for the demonstration, which ends them
            )
            for first, last in zip(bounds, bounds[1:])
        ]
        os.close(write)  # so that the lines end with the last process
        team = _Team(ses, plan, processes, lines)
        try:
            yield team
        finally:
            team.stop()


def _environ_of(ses: Simulator) -> dict[str, str]:
    return {
        "AWS_ENDPOINT_URL": ses.url,
        "AWS_ACCESS_KEY_ID": "AKIAEXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "example",
        "AWS_DEFAULT_REGION": "us-east-1",
    }
