"""One mailbox: what stays, what changes, what is refused and with which words."""

from __future__ import annotations

import pickle

import pytest

from botoses_guard.addresses import Refused, is_wire_ready, normalize
from tests.addresses.cases import CHANGED, KEPT, REFUSED, TOO_LONG


@pytest.mark.parametrize(("text", "source"), KEPT)
def test_an_ascii_mailbox_that_ses_takes_is_the_same_object(text: str, source: str) -> None:
    assert normalize(text) is text, source
    assert normalize(text, reject=True) is text, source


@pytest.mark.parametrize(("text", "wire", "source"), CHANGED)
def test_what_ses_cannot_carry_is_encoded(text: str, wire: str, source: str) -> None:
    assert normalize(text) == wire, source


@pytest.mark.parametrize(("text", "wire", "source"), CHANGED)
def test_the_mode_reject_suggests_the_form_for_the_wire(text: str, wire: str, source: str) -> None:
    with pytest.raises(Refused) as caught:
        normalize(text, reject=True)

    assert caught.value.violation.suggestion == wire, source


@pytest.mark.parametrize(("text", "message", "category", "suggestion", "source"), REFUSED)
def test_a_refusal_has_the_words_of_ses(
    text: str, message: str, category: str, suggestion: str | None, source: str
) -> None:
    with pytest.raises(Refused) as caught:
        normalize(text)

    violation = caught.value.violation
    assert (violation.message, violation.category, violation.suggestion) == (
        message,
        category,
        suggestion,
    ), source


@pytest.mark.parametrize(("text", "source"), TOO_LONG)
def test_the_whole_form_has_at_most_320_characters(text: str, source: str) -> None:
    with pytest.raises(Refused) as caught:
        normalize(text)

    message = caught.value.violation.message
    assert message.startswith("Address length is more than 320 characters long: '"), source
    assert message.endswith("'.")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("山" * 61 + " <ab.cd@example.com>", "this one has 328: its name must have at most 60"),
        ('"' + "x" * 310 + '" <a@b.example>', "has 326: its name must have at most 306 characters"),
        ("[x]" * 110 + " <a@b.example>", "has 346: its name must have at most 304 characters"),
        ("x" * 310 + " <a@b.example>", "its name must have at most 306 characters instead of 310"),
        ("é <" + "x" * 310 + "@b.example>", "has 339: its name must have at most 0 characters"),
        ("x" * 200 + " (" + "y" * 200 + ") <a@b.example>", "this one has 417"),
        ("=?utf-8?q?x?= " * 30 + "<a@b.example>", "this one has 433"),
        ("x" * 400 + "@b.example", "this one has 410"),
    ],
)
def test_the_rule_says_how_long_a_name_may_be(text: str, told: str) -> None:
    with pytest.raises(Refused) as caught:
        normalize(text)

    rule = caught.value.violation.rule
    assert told in rule
    assert ("its name must" in told) == ("its name must" in rule)


@pytest.mark.parametrize("text", [row[0] for row in TOO_LONG] + ["x" * 320 + " <a@b.example>"])
def test_a_name_that_reaches_nobody_is_left_out_where_it_is_too_long(text: str) -> None:
    if "<" not in text and "(" not in text:
        with pytest.raises(Refused):
            normalize(text, envelope=True)
        return

    wire = normalize(text, envelope=True)

    assert wire in {"ab.cd@example.com", "a@b.example"}
    with pytest.raises(Refused) as caught:
        normalize(text, reject=True, envelope=True)
    assert caught.value.violation.suggestion == wire


def test_a_name_that_reaches_nobody_stays_where_it_fits() -> None:
    text = "山" * 60 + " <a@b.example>"

    assert normalize(text, envelope=True) == normalize(text)
    assert normalize("Bob <a@b.example>", envelope=True) == "Bob <a@b.example>"


@pytest.mark.parametrize("text", [row[0] for row in REFUSED + TOO_LONG])
def test_a_violation_is_a_small_ascii_value_that_pickles(text: str) -> None:
    with pytest.raises(Refused) as caught:
        normalize(text)

    violation = caught.value.violation
    assert pickle.loads(pickle.dumps(violation)) == violation
    assert violation.value.isascii()
    assert len(violation.value) <= 120
    assert violation.path == ""
    assert violation.rule.isascii()
    assert violation.reference


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("jörg@example.com", "U+00F6 LATIN SMALL LETTER O WITH DIAERESIS, not an ASCII character"),
        ("\u200bbob@example.com", "U+200B ZERO WIDTH SPACE, an invisible character"),
        ("\ufeffbob@example.com", "U+FEFF ZERO WIDTH NO-BREAK SPACE, an invisible character"),
        ("\u00a0bob@example.com", "U+00A0 NO-BREAK SPACE, an invisible character"),
        ("\u00adbob@example.com", "U+00AD SOFT HYPHEN, an invisible character"),
        ("\u202ebob@example.com", "U+202E RIGHT-TO-LEFT OVERRIDE, an invisible character"),
        ("bob＠example.com", "U+FF20 FULLWIDTH COMMERCIAL AT, a look-alike of '@'"),
        ("o’n@example.com", "U+2019 RIGHT SINGLE QUOTATION MARK, a look-alike"),
        ("bob\n@example.com", "U+000A LINE FEED"),
        ("bob\x01@example.com", "U+0001 CONTROL CHARACTER"),
        ("bob\ud800@example.com", "U+D800 LONE SURROGATE"),
        ("u@😀.example", "U+1F600"),
    ],
)
def test_the_rule_names_the_character(text: str, named: str) -> None:
    with pytest.raises(Refused) as caught:
        normalize(text)

    assert named in caught.value.violation.rule


@pytest.mark.parametrize("text", [row[0] for row in CHANGED + REFUSED + TOO_LONG])
def test_a_glance_never_takes_what_must_change(text: str) -> None:
    assert not is_wire_ready(text)


def test_a_glance_reads_as_many_labels_as_there_may_be() -> None:
    for labels in range(1, 60):
        assert is_wire_ready(f"a@{'.'.join(['bc'] * labels)}")
        assert is_wire_ready(f"A <a@{'.'.join(['bc'] * labels)}>")
        assert not is_wire_ready(f"a@{'.'.join(['bc'] * labels)}.")


@pytest.mark.parametrize("text", [row[0] for row in REFUSED + TOO_LONG])
def test_a_rule_says_what_must_hold(text: str) -> None:
    with pytest.raises(Refused) as caught:
        normalize(text)

    assert " must " in caught.value.violation.rule


def test_a_glance_takes_the_usual_forms() -> None:
    for text in ("a@b.example", "A B <a@b.example>", '"B, A" <a@b.example>', "<a@b.example>"):
        assert is_wire_ready(text)


def test_the_tables_are_as_large_as_promised() -> None:
    assert len(KEPT) + len(CHANGED) + len(REFUSED) + len(TOO_LONG) >= 250
