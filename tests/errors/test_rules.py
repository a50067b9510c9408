"""The rules that violations name, in every language."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import botoses_guard
from botoses_guard.errors.wording import LANGUAGES, fill, placeholders, rules_in, translated

PACKAGE = Path(botoses_guard.__file__).parent
ROOMS = ("addresses", "parameters", "raw_message")
"""Where faults of a request are found."""

TRANSLATED = [language for language in LANGUAGES if language != "en"]
WRITTEN = {"zh-TW": re.compile("[一-鿿]")}
"""A character that only a text in the language has."""

NO_RULES = re.compile(
    r"an address (?:is|must be) a str, not .*"  # a TypeError's
    r"|{filled} contains control or whitespace"  # SES's own
    r"|accept-language .*"
)
"""Texts in lower case that are no rules."""

_WORDS = re.compile(r"[a-z{][^\s]*(?: [^\s]+){2,}")
"""A rule is a sentence in lower case; SES's own texts and references begin with a capital."""


def texts_in_code() -> Iterator[tuple[str, str]]:
    """Where, and the template of, each text that reads like a rule."""
    for room in ROOMS:
        for file in sorted((PACKAGE / room).glob("**/*.py")):
            tree = ast.parse(file.read_text("utf-8"))
            no_rules = set(map(id, inside_of_others(tree)))
            for node in ast.walk(tree):
                text = template_of(node)
                if id(node) not in no_rules and (
                    _WORDS.fullmatch(text) or text.startswith("SES takes ")
                ):
                    yield f"{room}/{file.name}", text


def inside_of_others(tree: ast.AST) -> Iterator[ast.AST]:
    """The parts of f-strings, and docstrings."""
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield from node.values
        elif isinstance(node, ast.Expr):
            yield node.value


def template_of(node: ast.AST) -> str:
    """The text of a string or an f-string, with a name for each thing that is filled in."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(
            str(part.value) if isinstance(part, ast.Constant) else "{filled}"
            for part in node.values
        )
    return ""


RULES = [
    pytest.param(text, id=f"{place} {text[:40]}")
    for place, text in texts_in_code()
    if not NO_RULES.fullmatch(text)
]


def test_there_are_rules_to_look_at() -> None:
    assert len(RULES) > 50


@pytest.mark.parametrize("language", TRANSLATED)
@pytest.mark.parametrize("rule", RULES)
def test_every_rule_of_the_guard_is_translated(rule: str, language: str) -> None:
    """Add it to ``advice/<language>.rules.json`` when this fails."""
    said = rule.replace("{filled}", "'#'")
    assert WRITTEN[language].search(translated(said, language)), rule


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_translation_keeps_what_is_filled_in(language: str) -> None:
    for pattern, translation in rules_in(language):
        assert set(pattern.groupindex) == placeholders(translation), translation
        assert not translation.endswith(("。", "."))


def test_what_is_filled_in_may_be_any_text() -> None:
    rule = "a domain holds letters, digits, hyphens and dots, not '\n{x}'"
    assert translated(rule, "zh-TW").endswith("'\n{x}'")


def test_the_more_special_of_two_rules_is_the_one() -> None:
    said = "a message has at most 10 bytes after base64; this one has 12"
    assert "base64" in translated(said, "zh-TW")
    assert "位元組" in translated(said, "zh-TW")


def test_a_rule_within_a_rule_is_translated_too() -> None:
    said = "a bulk call has at most 50 destinations; this one has 51"
    assert not re.search("[a-z]{3}", translated(said, "zh-TW"))


def test_english_stays_as_it_is() -> None:
    assert translated("an address needs an '@'", "en") == "an address needs an '@'"


@pytest.mark.parametrize("language", ["de", "", "zh"])
def test_a_language_of_another_release_is_english(language: str) -> None:
    """An error may come from a process in which another release runs."""
    assert translated("an address needs an '@'", language) == "an address needs an '@'"
    known = {"count": "2"}
    assert fill("fault.more", language, known) == fill("fault.more", "en", known)
