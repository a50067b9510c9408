"""One row of the table of texts, and the codes that most rows share."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from ..errors import Category
from ..operations import SES, SESV2
from .patterns import compiled


class TextRow(NamedTuple):
    """One kind of text."""

    category: Category
    pattern: str
    """Matched from the start of the lower-cased text; a dot may be a line break."""

    under: Mapping[str, str]
    """The code by service, ``ses``, ``sesv2`` or ``smtp``."""

    evidence: str
    examples: tuple[str, ...]
    """Texts that this row matches, and no other."""

    words: tuple[str, ...] = ()
    """One of them is in each text of the row: a quick look before a pattern with gaps."""

    is_frequent: bool = False
    """Tried before the others, which match none of its texts."""

    @property
    def matcher(self) -> re.Pattern[str]:
        return compiled(self.pattern)

    def matches(self, lowered: str) -> bool:
        """Whether a lower-cased text is of this kind."""
        words = self.words
        if words:
            for word in words:
                if word in lowered:
                    break
            else:
                return False
        return compiled(self.pattern).match(lowered) is not None


INVALID = {"ses": "InvalidParameterValue", "sesv2": "BadRequestException", "smtp": "554"}
REJECTED = {"ses": "MessageRejected", "sesv2": "MessageRejected", "smtp": "554"}
THROTTLED = {"ses": SES.send_rate.code, "sesv2": SESV2.send_rate.code, "smtp": "454"}
EXHAUSTED = {"ses": SES.daily_quota.code, "sesv2": SESV2.daily_quota.code, "smtp": "454"}
