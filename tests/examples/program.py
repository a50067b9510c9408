"""Runs a program of the project as a reader does, in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from botoses_guard.simulator import Simulator

ROOT = Path(__file__).parents[2]


def run(*arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run Python with nothing of this process's environment but what finds programs."""
    kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT") if name in os.environ}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={**kept, **environ},
        capture_output=True,
        encoding="utf-8",
        timeout=120,
    )


def environ_of(ses: Simulator) -> dict[str, str]:
    """The environment in which boto3 sends by a local SES."""
    return {
        "AWS_ENDPOINT_URL": ses.url,
        "AWS_ACCESS_KEY_ID": "AKIAEXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "example",
        "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    }


def recipients(ses: Simulator) -> list[tuple[str, ...]]:
    """Those of each message that arrived."""
    return [message.recipients for message in ses.inbox]
