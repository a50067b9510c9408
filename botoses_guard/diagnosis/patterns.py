"""Patterns that are compiled when an answer first needs them.

A program whose sends succeed never pays for them.
"""

from __future__ import annotations

import re
from functools import lru_cache


@lru_cache(maxsize=None)
def compiled(pattern: str) -> re.Pattern[str]:
    """The pattern, in which a dot may be a line break."""
    return re.compile(pattern, re.DOTALL)


def search(pattern: str, text: str) -> re.Match[str] | None:
    """The first place in ``text`` where ``pattern`` matches."""
    return compiled(pattern).search(text)
