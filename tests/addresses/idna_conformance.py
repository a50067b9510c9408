"""Domains against Unicode's own table of cases, ``IdnaTestV2.txt`` (UTS #46 §8).

Run by hand with a copy of the table from unicode.org::

    python -m tests.addresses.idna_conformance IdnaTestV2.txt

A domain that is ASCII already is never looked up, so only the others are judged: none may come out
as another domain, and none may pass that UTS #46 refuses. Exits with 1 when one does.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from botoses_guard.addresses import Refused, normalize

ACCEPTED = "accepted where UTS #46 refuses"
DIFFERENT = "different output"

_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\x\{([0-9A-Fa-f]+)\}")


class Case(NamedTuple):
    """One line of the table: what toASCII (non-transitional) makes of ``source``."""

    source: str
    ascii_form: str
    refused: bool


def cases(table: str) -> Iterator[Case]:
    """The cases of the table, by the rules in its head: an empty column repeats the one before."""
    for line in table.split("\n"):
        columns = [column.strip() for column in line.partition("#")[0].split(";")]
        if len(columns) < 5:
            continue
        source, unicode_form, unicode_status, ascii_form, ascii_status = columns[:5]
        refused = (ascii_status or unicode_status) not in {"", "[]"}
        yield Case(
            _unescaped("" if source == '""' else source),
            _unescaped(ascii_form or unicode_form or source),
            refused,
        )


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(lambda match: chr(int(match[1] or match[2], 16)), text)


def outcome(case: Case) -> str:
    """What became of one domain that is not ASCII."""
    try:
        wire = normalize(f"u@{case.source}").removeprefix("u@")
    except Refused:
        return "refused by both" if case.refused else "refused by us alone"
    if case.refused:
        return ACCEPTED
    return "same output" if wire == case.ascii_form else DIFFERENT


def main() -> int:
    """Print how many fell where; the exit code is 1 when any went wrong."""
    table = Path(sys.argv[1]).read_text(encoding="utf-8")
    outcomes = Counter(outcome(case) for case in cases(table) if not case.source.isascii())
    for name in sorted({*outcomes, ACCEPTED, DIFFERENT}):
        print(f"{outcomes[name]:6}  {name}")
    return 1 if outcomes[ACCEPTED] or outcomes[DIFFERENT] else 0


if __name__ == "__main__":
    sys.exit(main())
