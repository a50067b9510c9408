"""The sentence that advice is expected to be, filled in apart from the code that is under test."""

from __future__ import annotations

import json
import string
from collections.abc import Mapping
from importlib import resources
from types import MappingProxyType
from typing import NamedTuple, TypeAlias

LANGUAGES = ("en", "zh-TW")

Fact: TypeAlias = "str | Wording"
"""What stands in a placeholder: a text, or one that is worded in the language of the advice."""


class Wording(NamedTuple):
    """One text of the files of advice, and what is filled in."""

    key: str
    facts: Mapping[str, Fact] = MappingProxyType({})

    def sentence(self, language: str) -> str:
        """The text under :attr:`key` that has exactly the placeholders :attr:`facts`, filled in."""
        file = resources.files("botoses_guard").joinpath("advice", f"{language}.json")
        texts: list[str] = json.loads(file.read_text("utf-8"))[self.key]
        [text] = [text for text in texts if _placeholders(text) == set(self.facts)]
        return text.format_map(
            {
                name: fact if isinstance(fact, str) else fact.sentence(language)
                for name, fact in self.facts.items()
            }
        )


def _placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}
