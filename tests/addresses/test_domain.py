"""Domains: IDNA 2008 where it is needed, nothing where it is not."""

from __future__ import annotations

import pytest

from botoses_guard.addresses import Refused, normalize
from botoses_guard.addresses.domain import to_ascii


@pytest.mark.parametrize(
    "domain",
    [
        "straße.de",
        "faß.de",
        "βόλος.com",
        "نامه\u200cای.com",
    ],
)
def test_a_deviation_character_is_not_replaced(domain: str) -> None:
    """IDNA 2003 maps these to the domain of somebody else (UTS #46 §7)."""
    assert to_ascii(domain, domain) != domain.encode("idna").decode()


def test_an_ascii_domain_is_the_same_object() -> None:
    domain = "EXAMPLE.com"

    assert to_ascii(domain, domain) is domain


@pytest.mark.parametrize(
    ("domain", "because"),
    [
        ("0a.\u05d0.example", "RFC 5893 §2 rule 1: a label starts with L, R or AL"),
        ("\u05d0a.example", "RFC 5893 §2 rule 2: no L in a label written right to left"),
        ("\u05d0-.example", "RFC 5891 §4.2.3.1"),
        ("\u0660\u05d01.example", "RFC 5893 §2 rule 1"),
        ("\u05d01\u0660.example", "RFC 5893 §2 rule 4: not both EN and AN"),
        ("a\u05d0.example", "RFC 5893 §2 rule 5"),
        ("\U00010ac7\u0661.", "an empty label"),
        ("ü" * 300, "longer than a domain, not handed to idna"),
        ("\ufdfa" * 60 + ".de", "longer than a label when mapped"),
        ("a\u2260b.de", "UTS #46 §4: DISALLOWED"),
        ("a\u037eb.de", "maps to a semicolon"),
        ("a\uff05b.de", "maps to a percent sign"),
        ("a\u2024\u2024b.de", "maps to two dots"),
    ],
)
def test_what_idna_refuses_is_refused(domain: str, because: str) -> None:
    with pytest.raises(Refused):
        to_ascii(domain, domain)


def test_a_mapped_full_stop_separates_labels() -> None:
    assert normalize("u@A\uff0ebücher\u3002DE") == "u@a.xn--bcher-kva.de"


def test_a_result_is_remembered_and_an_error_is_not() -> None:
    assert to_ascii("bücher.de", "") == to_ascii("bücher.de", "")
    for _ in range(2):
        with pytest.raises(Refused):
            to_ascii("☃.example", "")
