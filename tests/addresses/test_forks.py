"""What a forked child finds of the memory of domains."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

# A key that takes its time to be hashed holds the lock of the cache as long as the test wants.
FORK = """
import os, signal, threading, warnings
warnings.simplefilter("ignore", DeprecationWarning)  # forking with threads is what is tested
from botoses_guard.addresses import domain

looking = threading.Event()
done = threading.Event()

class Slow(str):
    def __hash__(self):
        looking.set()
        done.wait()
        return super().__hash__()

domain.to_ascii("b\\u00fccher.example", "")
threading.Thread(target=domain.to_ascii, args=(Slow("m\\u00fcller.example"), "")).start()
looking.wait()
child = os.fork()
if not child:
    signal.alarm(20)
    print(domain.to_ascii("m\\u00fcller.example", ""), flush=True)
    os._exit(0)
_, status = os.waitpid(child, 0)
done.set()
print(os.waitstatus_to_exitcode(status))
"""


LOADED = """
import sys
from botoses_guard.addresses import Refused, normalize, normalize_list
from botoses_guard.raw_message import scan
from tests.addresses.cases import TEXTS

before = set(sys.modules)
for text in TEXTS:
    for call in (normalize, normalize_list):
        try:
            call(text)
        except Refused:
            pass
    scan(f"To: {text}", addresses="normalize")
print(sorted(set(sys.modules) - before))
"""


def test_nothing_is_imported_when_an_address_is_read() -> None:
    """A child that is forked during an import may wait for its lock for ever."""
    run = subprocess.run(
        [sys.executable, "-c", LOADED], capture_output=True, text=True, timeout=60, check=True
    )

    assert run.stdout.strip() == "[]"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_a_child_forked_while_a_domain_is_looked_up_does_not_hang() -> None:
    run = subprocess.run(
        [sys.executable, "-c", FORK], capture_output=True, text=True, timeout=60, check=True
    )

    assert run.stdout.splitlines() == ["xn--mller-kva.example", "0"], run.stderr
