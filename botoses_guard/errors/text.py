"""What an error prints after its first line: the faults, and what to do about them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from .categories import Category
from .values import Violation
from .wording import fill, translated

SHOWN_FAULTS = 5
"""Faults that have a line each; the text says how many more there are."""

_LONGEST_SUGGESTION = 330
"""Characters; the longest mailbox has 320."""

_OF_ADDRESSES: frozenset[Category] = frozenset({"malformed_address", "non_ascii_address"})
"""Only these show the value: any other may be a part of the message, and its place is enough."""


def explained(message: str, violations: Sequence[Violation], advice: str, language: str) -> str:
    """``message``, one line for each of the first faults, and the advice."""
    lines = [message, *_faults(violations, language), advice]
    return "\n".join(filter(None, lines))


def _faults(violations: Sequence[Violation], language: str) -> Iterator[str]:
    for violation in violations[:SHOWN_FAULTS]:
        yield " ".join(_fault(violation, language).splitlines())
    more = len(violations) - SHOWN_FAULTS
    if more > 0:
        yield fill("fault.more", language, {"count": str(more)})


def _fault(violation: Violation, language: str) -> str:
    known = {"path": violation.path, "rule": violation.rule_in(language)}
    if violation.category in _OF_ADDRESSES:
        known["value"] = violation.value
    suggestion = violation.suggestion
    if suggestion and "@" not in suggestion:
        known["remedy"] = translated(suggestion, language)
    elif suggestion and len(suggestion) <= _LONGEST_SUGGESTION:
        known["suggestion"] = ascii(suggestion)
    return fill("fault", language, known)
