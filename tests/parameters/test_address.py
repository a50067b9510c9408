"""``botoses_guard.normalize_address``: one address by itself."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import pytest
from botocore.exceptions import ClientError

import botoses_guard
from botoses_guard.errors import InvalidAddress, MalformedAddress, NonASCIIAddress


def test_what_goes_on_the_wire_as_it_is_stays_the_same_object() -> None:
    text = "Ada Lovelace <Ada@Example.com>"
    assert botoses_guard.normalize_address(text) is text


@pytest.mark.parametrize(
    ("text", "wire"),
    [
        ("ada@bücher.example", "ada@xn--bcher-kva.example"),
        ("Zoë <zoe@example.com>", "=?utf-8?q?Zo=C3=AB?= <zoe@example.com>"),
        (" ada@example.com ", "ada@example.com"),
    ],
)
def test_what_ses_cannot_carry_is_encoded(text: str, wire: str) -> None:
    assert botoses_guard.normalize_address(text).lower() == wire.lower()


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("no address", MalformedAddress),
        ("", MalformedAddress),
        ("a@b.c, d@e.f", MalformedAddress),
        ("a@b.c\r\nBcc: d@e.f", MalformedAddress),
        ("zoë@example.com", NonASCIIAddress),
    ],
)
def test_what_ses_would_refuse_is_an_error_in_its_words(
    text: str, error: type[InvalidAddress]
) -> None:
    with pytest.raises(error) as caught:
        botoses_guard.normalize_address(text)
    refused = caught.value
    assert isinstance(refused, ValueError)
    assert isinstance(refused, ClientError)
    assert refused.response["Error"]["Code"] == "InvalidParameterValue"
    assert refused.response["Error"]["Message"] == refused.violations[0].message
    assert (refused.origin, refused.parameters_path) == ("client", "text")
    assert refused.__suppress_context__


def test_the_error_survives_a_copy_and_another_process() -> None:
    with pytest.raises(InvalidAddress) as caught:
        botoses_guard.normalize_address("no address")
    for twin in (copy.copy(caught.value), pickle.loads(pickle.dumps(caught.value))):
        assert (type(twin), twin.violations) == (type(caught.value), caught.value.violations)
        assert str(twin) == str(caught.value)


@pytest.mark.parametrize("value", [None, 5, b"ada@example.com", ["ada@example.com"]])
def test_what_is_no_text_is_a_type_error(value: Any) -> None:
    with pytest.raises(TypeError, match="an address must be a str, not "):
        botoses_guard.normalize_address(value)
