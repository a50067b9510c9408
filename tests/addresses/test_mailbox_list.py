"""Address lists: several mailboxes, and groups."""

from __future__ import annotations

import pytest

from botoses_guard.addresses import Refused, is_simulator, normalize_list, read_list
from botoses_guard.addresses.mailbox_list import MAX_LIST

KEPT = (
    ("", "nobody"),
    ("a@b.c", "RFC 5322 §3.4"),
    ("a@b.c, d@e.f", "RFC 5322 §3.4"),
    ("a@b.c,d@e.f", "RFC 5322 §3.4"),
    ("a@b.c,, d@e.f,", "RFC 5322 §4.4, obs-addr-list"),
    (", a@b.c", "RFC 5322 §4.4, obs-addr-list"),
    ("Mary Smith <mary@x.test>, jdoe@example.org, Who? <one@y.test>", "RFC 5322 A.1.2"),
    ('<boss@nil.test>, "Giant; \\"Big\\" Box" <sysservices@example.net>', "RFC 5322 A.1.2"),
    (
        "A Group:Ed Jones <c@a.test>,joe@where.test,John <jdoe@one.test>;",
        "RFC 5322 A.1.3",
    ),
    ("Undisclosed recipients:;", "RFC 5322 A.1.3"),
    ("a@b.c, g: d@e.f;, h@i.j", "RFC 5322 §3.4"),
    ("g: d@e.f; h@i.j", "JavaMail: a semicolon ends the group"),
    ('"Doe, Jane" <a@b.c>, "x: y" <d@e.f>', "RFC 5322 §3.2.4"),
    ("a@b.c (x, y), d@e.f", "RFC 5322 §3.2.2"),
    ("(nobody), a@b.c", "RFC 5322 §4.4"),
    ("=?utf-8?q?J=2C?= <a@b.c>, d@e.f", "letters#218"),
    ("a@b.c,\td@e.f", "RFC 5322 §3.2.2"),
)

CHANGED = (
    ("é <a@b.c>, d@e.f", "=?utf-8?b?w6k=?= <a@b.c>, d@e.f", "RFC 2047 §5 (3)"),
    ("a@bücher.de,d@e.f", "a@xn--bcher-kva.de, d@e.f", "RFC 5890 §2.3.2.1"),
    ("é: a@b.c, d@e.f;", "=?utf-8?b?w6k=?=: a@b.c, d@e.f;", "RFC 5322 §3.4: a phrase"),
    ('"é": a@b.c;', "=?utf-8?b?w6k=?=: a@b.c;", "RFC 2047 §5 (3)"),
    ("g: é <a@b.c>;, d@e.f", "g: =?utf-8?b?w6k=?= <a@b.c>;, d@e.f", "RFC 2047 §5 (3)"),
    ("é:;", "=?utf-8?b?w6k=?=:;", "RFC 5322 A.1.3"),
    ("(é), a@b.c", "a@b.c", "a comment alone is dropped"),
    ("é <a@b.c>, (x), d@e.f", "=?utf-8?b?w6k=?= <a@b.c>, d@e.f", "RFC 5322 §4.4"),
)

REFUSED = (
    ("a@b.c, d", "mailbox 2", "Missing final '@domain'"),
    ("a@b.c, jörg@e.f", "mailbox 2", "Local address contains control or whitespace"),
    ("a@b.c; d@e.f", "", "Illegal semicolon, not in group"),
    ("g: a@b.c", "", "Local address contains illegal character"),
    (": a@b.c;", "", "Illegal address"),
    ("g: h: a@b.c;", "", "Nested group"),
    ("a@b.c, <d@e.f", "", "Missing '>'"),
    ("Doe, Jane <a@b.c>", "mailbox 1", "Missing final '@domain'"),
    ("a@b.c, d@e.f\r\nBcc: x@y.z", "", "Domain contains control or whitespace"),
    ("x\r\nBcc: y@z.a;", "", "Local address contains control or whitespace"),
    ("(x\r\nBcc: y@z.a), a@b.c", "", "Local address contains control or whitespace"),
    ("a@b.c " * (MAX_LIST // 5), "", "Header section too long."),
)


@pytest.mark.parametrize(("text", "source"), KEPT)
def test_a_list_that_ses_takes_is_the_same_object(text: str, source: str) -> None:
    assert normalize_list(text) is text, source
    assert normalize_list(text, reject=True) is text, source


@pytest.mark.parametrize(("text", "wire", "source"), CHANGED)
def test_a_list_is_written_on_one_line(text: str, wire: str, source: str) -> None:
    assert normalize_list(text) == wire, source
    assert normalize_list(wire) is wire
    with pytest.raises(Refused) as caught:
        normalize_list(text, reject=True)
    assert caught.value.violation.suggestion == wire


@pytest.mark.parametrize(("text", "path", "message"), REFUSED)
def test_a_refusal_names_the_mailbox(text: str, path: str, message: str) -> None:
    with pytest.raises(Refused) as caught:
        normalize_list(text)

    violation = caught.value.violation
    if path:
        assert violation.path == path
    assert violation.message == message


def test_members_of_groups_are_counted_one_by_one() -> None:
    found = read_list("a@b.c, Group: d@e.f, Bob <g@h.i>;, j@k.l")

    assert [mailbox.addr_spec for mailbox in found.mailboxes] == [
        "a@b.c",
        "d@e.f",
        "g@h.i",
        "j@k.l",
    ]
    assert [mailbox.has_name for mailbox in found.mailboxes] == [False, False, True, False]


def test_all_faults_are_collected() -> None:
    found = read_list("a, b@c.d, e@f..g, h i@j.k")

    assert [fault.path for fault in found.violations] == ["mailbox 1", "mailbox 3", "mailbox 4"]
    assert len(found.mailboxes) == 4


def test_a_thousand_faults_are_not_all_explained() -> None:
    found = read_list("x," * 1000 + "; g: ")

    assert len(found.violations) == 50
    assert len(found.mailboxes) == 1000


@pytest.mark.parametrize(
    ("mailbox", "expected"),
    [
        ("success@simulator.amazonses.com", True),
        ("bounce+label@simulator.amazonses.com", True),
        ("Name <success@simulator.amazonses.com>", True),
        ("success@SIMULATOR.AmazonSES.com", True),
        ("success@simulator.amazonses.com.example", False),
        ("success@notsimulator.amazonses.com", False),
        ("success@x.simulator.amazonses.com", False),
        ("simulator.amazonses.com@example.com", False),
        ('"@simulator.amazonses.com" <a@b.c>', False),
        ("", False),
        (">", False),
    ],
)
def test_the_mailbox_simulator_is_known_by_its_domain(mailbox: str, expected: bool) -> None:
    assert is_simulator(mailbox) is expected
