"""A long run over texts that nobody thought of; not part of the normal tests.

Run by hand::

    python -m tests.addresses.fuzz [number] [seed]

Three in five are one address, one in five an address list, one in five a header block, each mutated
from the tables of cases. Whatever comes, there is an answer or a documented refusal; what is let
through is one line of ASCII and stays as it is when it is read again. The time of the slowest is
printed, and that of a megabyte of what makes careless parsers slow.
"""

from __future__ import annotations

import random
import sys
import time
from collections import Counter
from collections.abc import Callable

from botoses_guard.addresses import Refused, normalize, normalize_list
from botoses_guard.errors import Violation
from botoses_guard.raw_message import scan
from tests.addresses.cases import TEXTS
from tests.addresses.mutations import mutated, mutated_block
from tests.raw_message.cases import CHANGED, KEPT, REFUSED

SHORT_TEXTS = [text for text in TEXTS if len(text) < 400]
BLOCKS = [
    *(block for block, _ in KEPT),
    *(block for block, _, _ in CHANGED),
    *(block for block, _, _, _ in REFUSED),
]
MEGABYTE = 1_000_000


def check_address(chance: random.Random) -> str:
    """One address parameter."""
    text = mutated(chance.choice(SHORT_TEXTS), SHORT_TEXTS, chance)
    try:
        wire = normalize(text)
    except Refused as refused:
        _check_violation(refused.violation)
        suggestion = refused.violation.suggestion
        assert suggestion is None or normalize(suggestion) is suggestion, text
        return "refused"
    assert _is_one_line(wire) and len(wire) <= 320 and normalize(wire) is wire, text
    return "kept" if wire is text else "changed"


def check_list(chance: random.Random) -> str:
    """One address list."""
    texts = chance.choices(SHORT_TEXTS, k=chance.randint(1, 3))
    text = mutated(", ".join(texts), SHORT_TEXTS, chance)
    try:
        wire = normalize_list(text)
    except Refused as refused:
        _check_violation(refused.violation)
        return "refused"
    assert _is_one_line(wire) and normalize_list(wire) is wire, text
    return "kept" if wire is text else "changed"


def check_block(chance: random.Random) -> str:
    """One raw message."""
    block = b"".join(chance.choices(BLOCKS, k=chance.randint(1, 3)))
    message = mutated_block(block, BLOCKS, chance) + chance.choice((b"\n", b"\r\n", b"")) + b"body"
    found = scan(message, addresses="normalize")
    scan(message, addresses="off")
    for violation in found.violations:
        _check_violation(violation)
    if found.violations:
        assert found.content is message
        return "refused"
    again = scan(found.content, addresses="reject")
    assert not again.violations and again.recipients == found.recipients, message
    return "kept" if found.content is message else "changed"


CHECKS: tuple[Callable[[random.Random], str], ...] = (
    check_address,
    check_address,
    check_address,
    check_list,
    check_block,
)


def _is_one_line(text: str) -> bool:
    return text.isascii() and text.replace("\t", " ").isprintable()


def _check_violation(violation: Violation) -> None:
    assert violation.value.isascii() and len(violation.value) <= 120
    assert violation.rule and violation.reference and violation.message


def _slow_texts() -> None:
    for piece in ("((((", '""""', ",,,,", "=?=?"):
        text = piece * (MEGABYTE // len(piece))
        message = f"To: {text}\n\n".encode()
        started = time.perf_counter()
        for call in (normalize, normalize_list):
            try:
                call(text)
            except Refused:
                continue
        scan(message, addresses="normalize")
        elapsed = (time.perf_counter() - started) * 1000
        print(f"1 MB of {piece} as address, list and header field together: {elapsed:.1f} ms")


def main() -> None:
    """Run the checks; an assertion or any other exception ends the run."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 20260807
    chance = random.Random(seed)
    outcomes: Counter[str] = Counter()
    slowest = 0.0
    started = time.perf_counter()
    for index in range(number):
        before = time.perf_counter()
        outcomes[CHECKS[index % len(CHECKS)](chance)] += 1
        slowest = max(slowest, time.perf_counter() - before)
    elapsed = time.perf_counter() - started
    print(f"{number} values, seed {seed}: {dict(outcomes)}, {elapsed:.0f} s")
    print(f"the slowest took {slowest * 1000:.1f} ms, the work of the machine included")
    _slow_texts()


if __name__ == "__main__":
    main()
