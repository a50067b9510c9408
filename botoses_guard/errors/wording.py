"""The words of errors in the reader's language, from the files in the package's ``advice``.

``en.json`` and its siblings have the same keys. A key has several wordings, from the one that needs
most facts to the one that needs fewest. ``zh-TW.rules.json`` is a table of its own: it translates
the rules that violations name, by their English text, so that what finds a fault need not know of
languages.
"""

from __future__ import annotations

import json
import re
import string
from collections.abc import Mapping
from functools import lru_cache
from importlib import resources
from typing import Any

LANGUAGES = ("en", "zh-TW")
"""Each has one file of texts, and all but English one of rules."""


@lru_cache(maxsize=len(LANGUAGES))
def texts_in(language: str) -> Mapping[str, tuple[tuple[str, frozenset[str]], ...]]:
    """The wordings of a language by key, each with the names of its placeholders."""
    texts: dict[str, list[str]] = _file(f"{language}.json")
    return {
        key: tuple((wording, placeholders(wording)) for wording in wordings)
        for key, wordings in texts.items()
    }


def placeholders(wording: str) -> frozenset[str]:
    """The names of what is filled in."""
    return frozenset(name for _, name, _, _ in string.Formatter().parse(wording) if name)


def fill(key: str, language: str, known: Mapping[str, str]) -> str:
    """The first wording under ``key`` for which enough is known; empty when there is none.

    An error may come from a process in which another release runs: a language that this one does
    not have is English.
    """
    for wording, needed in texts_in(language if language in LANGUAGES else "en").get(key, ()):
        if needed.issubset(known):
            return wording.format_map(known)
    return ""


def translated(rule: str, language: str) -> str:
    """An English rule in another language; as it is where the language has no word for it."""
    if language == "en" or language not in LANGUAGES:
        return rule
    for pattern, translation in rules_in(language):
        found = pattern.fullmatch(rule)
        if found:
            parts = {name: translated(part, language) for name, part in found.groupdict().items()}
            return translation.format_map(parts)
    return rule


@lru_cache(maxsize=len(LANGUAGES))
def rules_in(language: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    """A pattern for each English rule and its translation; what is filled in is a group."""
    rules: dict[str, str] = _file(f"{language}.rules.json")
    # The longest first: a short one such as "{rule}: {reason}" would match others as well.
    return tuple((_pattern(rule), rules[rule]) for rule in sorted(rules, key=len, reverse=True))


def _pattern(rule: str) -> re.Pattern[str]:
    pieces = (
        re.escape(text) + (f"(?P<{name}>.+)" if name else "")
        for text, name, _, _ in string.Formatter().parse(rule)
    )
    return re.compile("".join(pieces), re.DOTALL)


def _file(name: str) -> Any:
    return json.loads(resources.files("botoses_guard").joinpath("advice", name).read_text("utf-8"))
