"""What the texts of answers mean, as a table. Adding a text is one row.

Each row says under which codes SES gives its texts and where they were seen: ``log`` (in public,
from SES), ``recorded`` (from SES, by a test suite), ``documentation`` (of AWS) or ``emulator`` (so
that tests against one read the same).

Patterns are matched from the start of the lower-cased text, and every gap in them is bounded, so
that the time is linear. What SES quotes of the caller (a header, a name, a tag) is not taken for a
word of SES: the rows whose texts repeat it come first, and no lead-in of a pattern passes a quote.
"""

from __future__ import annotations

from functools import lru_cache

from ..errors import Category
from .fixed_texts import FIXED
from .repeating_texts import REPEATING
from .text_row import TextRow

TEXTS: tuple[TextRow, ...] = (*REPEATING, *FIXED)
"""The rows, of which those that are frequent are tried first, and each half in this order."""


def row_of(text: str, categories: frozenset[Category] | None) -> TextRow | None:
    """The row of a text.

    Args:
        text: of the answer, without what SMTP puts in front.
        categories: those that come into question under the answer's code; ``None`` for any.
    """
    lowered = text.lower()
    for row in _of(categories):
        if row.matches(lowered):
            return row
    return None


@lru_cache
def _of(categories: frozenset[Category] | None) -> tuple[TextRow, ...]:
    rows = [row for row in TEXTS if categories is None or row.category in categories]
    return tuple(sorted(rows, key=lambda row: not row.is_frequent))
