"""One row of the table of texts, and the codes that most rows share."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple


class TextRow(NamedTuple):
    """One kind of text."""

    category: str
    pattern: str
    under: Mapping[str, str]
    """The code by service, ``ses``, ``sesv2`` or ``smtp``."""

    evidence: str
    examples: tuple[str, ...]
    """Texts that this row matches, and no other."""

    words: tuple[str, ...] = ()
    """One of them is in each text of the row: a quick look before a pattern with gaps."""

    @property
    def matcher(self) -> re.Pattern[str]:
        return _compiled(self.pattern)

    def matches(self, lowered: str) -> bool:
        """Whether a lower-cased text is of this kind."""
        words = self.words
        if words:
            for word in words:
                if word in lowered:
                    break
            else:
                return False
        return _compiled(self.pattern).match(lowered) is not None


@lru_cache(maxsize=None)
def _compiled(pattern: str) -> re.Pattern[str]:
    # When it is first needed: a program whose sends succeed never pays for it.
    return re.compile(pattern, re.DOTALL)


INVALID = {"ses": "InvalidParameterValue", "sesv2": "BadRequestException", "smtp": "554"}
REJECTED = {"ses": "MessageRejected", "sesv2": "MessageRejected", "smtp": "554"}
THROTTLED = {"ses": "Throttling", "sesv2": "TooManyRequestsException", "smtp": "454"}
