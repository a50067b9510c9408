"""Copies that a plain boto3 client delivers: ``python -m tests.outcomes.plain``.

One send for each cell. The trouble happens once, or to every request; the server reads each request
whole, so that each may have been accepted. ``docs/outcomes.md`` quotes the table.
"""

from __future__ import annotations

import tempfile
from itertools import product
from pathlib import Path

import botocore

from .cases import CASES, Case
from .stage import MODES, SERVICES, Sent, Stage, no_pauses, send

ALWAYS = 10
"""More often than any retry mode tries."""


def copies(stage: Stage, case: Case, service: str, mode: str, times: int) -> tuple[int, Sent]:
    """How many copies arrive of one message, the first ``times`` of which end like the case."""
    transport = case.transports[-1]
    script = stage.play(transport, [case.ending] * times, context=stage.context(case.tls))
    route = stage.route(transport)
    client = stage.new_client(service, route, mode, read_timeout=case.read_timeout)
    sent = send(client, service)
    return len(script.arrivals), sent


def _told(sent: Sent) -> str:
    """What the caller of a plain client gets."""
    return type(sent.error).__name__ if sent.error else "an answer"


def main() -> None:
    print(f"botocore {botocore.__version__}: copies of one message that arrive")
    print(f"{'':<54}{'once':>30}{'always':>30}")
    print(f"{'case':<46}{'API':<8}" + "".join(f"{mode:>10}" for mode in MODES * 2) + "  told")
    with tempfile.TemporaryDirectory() as folder, Stage(Path(folder)) as stage, no_pauses():
        for case, service in product(CASES, SERVICES):
            if case.told == "unknown":
                cells = [
                    copies(stage, case, service, mode, times)
                    for times, mode in product((1, ALWAYS), MODES)
                ]
                figures = "".join(f"{arrived:>10}" for arrived, _ in cells)
                told = _told(cells[-1][1])
                print(f"{case.name:<46}{service:<8}{figures}  {told}", flush=True)


if __name__ == "__main__":
    main()
