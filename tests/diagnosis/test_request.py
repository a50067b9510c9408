"""With the request at hand: who an identity is, and which address SES means."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from botoses_guard.diagnosis import diagnose
from botoses_guard.operations import OPERATIONS, Operation


def operation(service: str, name: str) -> Operation:
    return next(row for row in OPERATIONS if (row.service.name, row.name) == (service, name))


SEND = operation("sesv2", "SendEmail")
V1_SEND = operation("ses", "SendEmail")
V1_RAW = operation("ses", "SendRawEmail")
V1_BULK = operation("ses", "SendBulkTemplatedEmail")
V2_BULK = operation("sesv2", "SendBulkEmail")


def not_verified(*identities: str) -> dict[str, Any]:
    return {
        "Error": {
            "Code": "MessageRejected",
            "Message": "Email address is not verified. The following identities failed the check "
            f"in region EU-WEST-1: {', '.join(identities)}",
        }
    }


def invalid(text: str) -> dict[str, Any]:
    return {"Error": {"Code": "BadRequestException", "Message": text}}


REQUEST = {
    "FromEmailAddress": "Orders <orders@shop.example>",
    "Destination": {"ToAddresses": ["Ann <ann@example.com>"], "BccAddresses": ["b@example.com"]},
    "FeedbackForwardingEmailAddress": "bounces@shop.example",
    "ReplyToAddresses": ["help@shop.example"],
}


@pytest.mark.parametrize(
    ("identities", "roles", "sandbox", "words"),
    [
        (["orders@shop.example"], ("sender",), False, "for sending"),
        (["Orders <orders@shop.example>"], ("sender",), False, "for sending"),
        (["ORDERS@shop.example"], ("sender",), False, "for sending"),
        (["shop.example"], ("sender",), False, "for sending"),
        (["bounces@shop.example"], ("return_path",), False, "for sending"),
        (["ann@example.com"], ("recipient",), True, "sandbox in eu-west-1"),
        (["b@example.com", "ann@example.com"], ("recipient",) * 2, True, "production access"),
        (
            ["orders@shop.example", "ann@example.com"],
            ("sender", "recipient"),
            True,
            "recipients are named as well (ann@example.com)",
        ),
        # A part of an address is not that address.
        (["n@example.com"], ("unknown",), None, "Not verified in eu-west-1: n@example.com"),
        (["help@shop.example"], ("unknown",), None, "Not verified in eu-west-1"),
    ],
)
def test_identities_have_the_roles_that_the_request_gives_them(
    identities: list[str], roles: tuple[str, ...], sandbox: bool | None, words: str
) -> None:
    found = diagnose(not_verified(*identities), parameters=REQUEST, operation=SEND)
    assert found.identity_roles == roles
    assert found.sandbox_likely is sandbox
    assert words in found.advice


def test_who_sends_to_himself_is_a_sender() -> None:
    request = {"Source": "a@x.io", "Destination": {"ToAddresses": ["a@x.io"]}}
    found = diagnose(not_verified("a@x.io"), parameters=request, operation=V1_SEND)
    assert found.identity_roles == ("sender",)


def test_without_the_request_no_role_is_claimed() -> None:
    found = diagnose(not_verified("ann@example.com"))
    assert found.identity_roles == ()
    assert found.sandbox_likely is None


def test_a_raw_message_is_read_for_its_senders_and_recipients() -> None:
    message = (
        b"From: Orders <orders@shop.example>\r\nTo: Ann <ann@example.com>,\r\n b@example.com\r\n"
        b"Subject: x\r\n\r\nTo: nobody@example.com\r\n"
    )
    request = {"RawMessage": {"Data": message}}
    found = diagnose(
        not_verified("orders@shop.example", "b@example.com", "nobody@example.com"),
        parameters=request,
        operation=V1_RAW,
    )
    assert found.identity_roles == ("sender", "recipient", "unknown")


@pytest.mark.parametrize("raw", [None, "text", {"Data": None}, {"Data": 7}, b""])
def test_a_raw_message_of_another_shape_is_let_be(raw: object) -> None:
    request = {"Source": "orders@shop.example", "RawMessage": raw}
    found = diagnose(not_verified("orders@shop.example"), parameters=request, operation=V1_RAW)
    assert found.identity_roles == ("sender",)


@pytest.mark.parametrize(
    ("text", "address", "category"),
    [
        ("Local address contains control or whitespace", "josé@example.com", "non_ascii_address"),
        ("Local address contains control or whitespace", "jo se@example.com", "malformed_address"),
        ("Local address contains control or whitespace", "jo\tse@example.com", "malformed_address"),
        ("Local address contains illegal character", "jo,se@example.com", "malformed_address"),
        ("Local address contains illegal character", "josé@example.com", "non_ascii_address"),
        ("Domain contains control or whitespace", "jose@bücher.example", "non_ascii_address"),
        ("Domain contains control or whitespace", "jose@example .com", "malformed_address"),
        ("Domain contains illegal character", "jose@bücher.example", "non_ascii_address"),
        ("Domain contains illegal character", "jose@exa_mple.com", "malformed_address"),
        ("Domain contains dot-dot", "jose@example..com", "malformed_address"),
        ("Domain starts with dot", "jose@.example.com", "malformed_address"),
        ("Domain ends with dot", "jose@example.com.", "malformed_address"),
        ("Local address contains dot-dot", "jo..se@example.com", "malformed_address"),
        ("Local address starts with dot", ".jose@example.com", "malformed_address"),
        ("Local address ends with dot", "jose.@example.com", "malformed_address"),
        ("Missing local name", "@example.com", "malformed_address"),
        ("Missing final '@domain'", "jose", "malformed_address"),
        ("Missing domain", "jose@example.com.", "malformed_address"),
        ("Missing '\"'", '"jose <jose@example.com>', "malformed_address"),
        ("Missing '>'", "Jose <jose@example.com", "malformed_address"),
        ("Invalid email address .", "", "malformed_address"),
        ("Empty address", "Jose <>", "malformed_address"),
    ],
)
def test_the_address_that_explains_a_text_is_found(text: str, address: str, category: str) -> None:
    request = {
        "FromEmailAddress": "Jörg <orders@shop.example>",
        "Destination": {"ToAddresses": ["ann@example.com", address]},
    }
    found = diagnose(invalid(text), parameters=request, operation=SEND)
    assert found.category == category
    assert found.parameters == ("Destination.ToAddresses[1]",)
    assert "Destination.ToAddresses[1]" in found.advice
    if address:
        assert address not in found.advice


def test_a_name_beyond_ascii_does_not_make_the_address_so() -> None:
    request = {"FromEmailAddress": "Jörg <orders @shop.example>"}
    found = diagnose(
        invalid("Local address contains control or whitespace"),
        parameters=request,
        operation=SEND,
    )
    assert found.category == "malformed_address"


def test_when_no_address_of_the_request_explains_a_text_none_is_blamed() -> None:
    text = "Domain contains control or whitespace"
    found = diagnose(invalid(text), parameters=REQUEST, operation=SEND)
    assert (found.category, found.parameters) == ("malformed_address", ())


@pytest.mark.parametrize(
    ("bulk", "entries", "path"),
    [
        (V1_BULK, "Destinations", "Destinations[1].Destination.CcAddresses[0]"),
        (V2_BULK, "BulkEmailEntries", "BulkEmailEntries[1].Destination.CcAddresses[0]"),
    ],
)
def test_an_address_in_an_entry_of_a_bulk_operation_has_its_path(
    bulk: Operation, entries: str, path: str
) -> None:
    request = {entries: [{"Destination": {"CcAddresses": [text]}} for text in ("a@x.io", "b")]}
    said = {"Status": "INVALID_PARAMETER", "Error": "Missing final '@domain'"}
    assert diagnose(said, parameters=request, operation=bulk).parameters == (path,)


def test_without_a_request_the_words_for_blanks_are_taken_for_non_ascii_but_not_from_smtp() -> None:
    text = "Local address contains control or whitespace"
    assert diagnose(invalid(text)).category == "non_ascii_address"
    assert diagnose(f"554 Transaction failed: {text}").category == "malformed_address"


def test_a_domain_beyond_ascii_has_advice_of_its_own() -> None:
    request = {"FromEmailAddress": "orders@bücher.example"}
    found = diagnose(
        invalid("Domain contains control or whitespace"), parameters=request, operation=SEND
    )
    assert "Punycode" in found.advice
    assert "FromEmailAddress" in found.advice


shapes = st.recursive(
    st.none() | st.text(max_size=20) | st.binary(max_size=20) | st.integers(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                "Source FromEmailAddress Destination ToAddresses RawMessage Data Content Raw "
                "Destinations BulkEmailEntries ReplyToAddresses".split()
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(
    parameters=st.dictionaries(
        st.sampled_from("Source FromEmailAddress Destination RawMessage Content".split()), shapes
    ),
    row=st.sampled_from(OPERATIONS),
    text=st.sampled_from(
        [
            "Missing '<'",
            "Domain contains illegal character",
            "Email address is not verified. The following identities failed the check in region "
            "EU-WEST-1: a@x.io",
        ]
    ),
)
def test_a_request_of_any_shape_does_not_disturb(
    parameters: dict[str, Any], row: Operation, text: str
) -> None:
    assert diagnose(invalid(text), parameters=parameters, operation=row).advice
