"""Lines of Chinese text, which has no spaces to break at."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderResult
from rich.text import Text

_UNIT = re.compile(
    r"""
    [（「『]* (?: [^\s\u0000-\u2e7f（「『，。、；：！？）」』] | [^\s\u2e80-\uffef]+ )?
    (?: \s* [，。、；：！？）」』] )* \s*
    """,
    re.VERBOSE,
)
"""What stays together: an ideograph or a Latin word, with its brackets and full stops, since no
line begins with closing punctuation (Unicode Standard Annex #14, rules LB13 and LB14)."""


@dataclass(frozen=True)
class Folded:
    """A text in the width that there is, broken between ideographs as well as between words."""

    text: str

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        yield Text("\n".join(fold(self.text, options.max_width)), overflow="fold")


def fold(text: str, width: int) -> list[str]:
    """The lines of ``text``, each at most ``width`` columns wide where its words allow it.

    An ideograph takes two columns.
    """
    lines = [""]
    for unit in filter(None, _UNIT.findall(text)):
        if lines[-1] and cell_len((lines[-1] + unit).rstrip()) > width:
            lines.append("")
        lines[-1] += unit
    return [line.rstrip() for line in lines]
