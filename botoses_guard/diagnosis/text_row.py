"""One row of the table of texts, and the codes that most rows share."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class TextRow:
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

    matcher: re.Pattern[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "matcher", re.compile(self.pattern, re.DOTALL))

    def matches(self, lowered: str) -> bool:
        """Whether a lower-cased text is of this kind."""
        words = self.words
        if words:
            for word in words:
                if word in lowered:
                    break
            else:
                return False
        return self.matcher.match(lowered) is not None


INVALID = {"ses": "InvalidParameterValue", "sesv2": "BadRequestException", "smtp": "554"}
REJECTED = {"ses": "MessageRejected", "sesv2": "MessageRejected", "smtp": "554"}
THROTTLED = {"ses": "Throttling", "sesv2": "TooManyRequestsException", "smtp": "454"}
