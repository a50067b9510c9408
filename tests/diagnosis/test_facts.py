"""What a text names is in the fields of the diagnosis."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from botoses_guard.diagnosis import diagnose

NOT_VERIFIED = (
    "Email address is not verified. The following identities failed the check in region {}: {}"
)


def rejected(message: str, code: str = "MessageRejected", **members: str) -> dict[str, Any]:
    return {"Error": {"Code": code, "Message": message}, **members}


@pytest.mark.parametrize(
    ("names", "identities", "truncated"),
    [
        ("a@example.com", ("a@example.com",), False),
        ("a@example.com, b@example.org", ("a@example.com", "b@example.org"), False),
        ("<a@example.com>", ("a@example.com",), False),
        ("Ann Mathon <a@example.com>, a@example.com", ("a@example.com",), False),
        ("Mathon, Ann <a@example.com>, b@example.org", ("a@example.com", "b@example.org"), False),
        ('"Mathon, Ann" <a@example.com>', ("a@example.com",), False),
        ("b@example.org, Mathon, Ann <a@x.io>", ("b@example.org", "a@x.io"), False),
        ("Ann @ Shop <a@example.com>", ("a@example.com",), False),
        ("shop@home <a@example.com>", ("a@example.com",), False),
        ("=?utf-8?q?J=C3=B6rg?= <a@example.com>", ("a@example.com",), False),
        ("a@example.com...", ("a@example.com",), True),
        ("Ann <a@example.com>, b@example.org...", ("a@example.com", "b@example.org"), True),
        ("Ann <a@example.com>...", ("a@example.com",), True),
        ("a@example.com…", ("a@example.com",), True),
        ("a@example.com, Ann Ma...", ("a@example.com",), True),
        ("a@example.com.", ("a@example.com",), False),
        ("example.com, a@example.org", ("example.com", "a@example.org"), False),
        ("postmaster", ("postmaster",), False),
        ("&lt;a@example.com&gt;, b@example.org", ("a@example.com", "b@example.org"), False),
        ("Ann <a@example.com", (), False),
        ("", (), False),
    ],
)
def test_identities_are_taken_as_mailboxes(
    names: str, identities: tuple[str, ...], truncated: bool
) -> None:
    found = diagnose(rejected(NOT_VERIFIED.format("EU-WEST-1", names)))
    assert found.identities == identities
    assert found.identities_truncated is truncated
    assert found.region == "eu-west-1"


regions = st.from_regex(r"(us|eu|ap|me)-(gov-)?(north|south|west|central)-[1-9]", fullmatch=True)
addresses = st.from_regex(r"[a-zA-Z0-9._+-]{1,20}@[a-z0-9-]{1,20}\.(com|io|co\.uk)", fullmatch=True)
names = st.text(
    st.characters(whitelist_categories=("L", "N", "Zs"), whitelist_characters=", .'()&-"),
    max_size=30,
).filter(lambda name: "," not in name or not name.strip().startswith(","))


@given(
    region=regions,
    mailboxes=st.lists(st.tuples(names, addresses), min_size=1, max_size=12),
    truncated=st.booleans(),
)
def test_display_names_never_become_identities(
    region: str, mailboxes: list[tuple[str, str]], truncated: bool
) -> None:
    """RFC 5322 section 3.4: a display-name may hold commas when it is quoted, and SES prints it
    without its quotes."""
    listed = ", ".join(f"{name} <{address}>" for name, address in mailboxes)
    message = NOT_VERIFIED.format(region.upper(), listed + "..." * truncated)
    found = diagnose(rejected(message))
    assert found.identities == tuple(dict.fromkeys(address for _, address in mailboxes))
    assert found.identities_truncated is truncated
    assert found.region == region


@given(st.lists(addresses, min_size=1, max_size=50, unique=True))
def test_bare_addresses_come_back_in_their_order(listed: list[str]) -> None:
    found = diagnose(rejected(NOT_VERIFIED.format("US-EAST-1", ", ".join(listed))))
    assert found.identities == tuple(listed)


@pytest.mark.parametrize(
    ("said", "fields"),
    [
        (rejected("Identity is not verified: a@x.io"), {"identities": ("a@x.io",)}),
        (rejected("Email address not verified Ann <a@x.io>"), {"identities": ("a@x.io",)}),
        (rejected("Email address is not verified."), {"identities": (), "region": None}),
        (
            rejected("x", "FromEmailAddressNotVerified", FromEmailAddress="a@x.io"),
            {"identities": ("a@x.io",)},
        ),
        (
            rejected(
                "User `arn:aws:iam::123456789012:user/app' is not authorized to perform "
                "`ses:SendEmail' on resource `arn:aws:ses:eu-west-1:123456789012:identity/x.io'",
                "AccessDenied",
            ),
            {"identities": ("x.io",), "region": "eu-west-1"},
        ),
        (
            rejected("Configuration set <orders> does not exist.", "NotFoundException"),
            {"configuration_set": "orders", "template": None},
        ),
        (
            rejected("x", "ConfigurationSetDoesNotExist", ConfigurationSetName="orders"),
            {"configuration_set": "orders"},
        ),
        (
            rejected("Sending is paused for configuration set <orders>", "SendingPausedException"),
            {"configuration_set": "orders", "category": "config_set_paused"},
        ),
        (
            rejected("Configuration set does not exist.", "NotFoundException"),
            {"configuration_set": None, "category": "config_set_missing"},
        ),
        (
            rejected("Template our welcome does not exist.", "TemplateDoesNotExist"),
            {"template": "our welcome"},
        ),
        (rejected("Template (welcome) does not exist", "X"), {"template": "welcome"}),
        (
            rejected("x", "TemplateDoesNotExist", TemplateName="welcome"),
            {"template": "welcome"},
        ),
        (
            rejected("Template does not exist", "NotFoundException"),
            {"template": None, "category": "template_missing"},
        ),
        (rejected("Duplicate header 'DKIM-Signature'.", "X"), {"header": "DKIM-Signature"}),
        (rejected("Missing required header 'To'.", "X"), {"header": "To"}),
        (rejected("Header section too long.", "X"), {"header": None}),
        (rejected("Invalid email address <a b@x.io>.", "X"), {"address": "a b@x.io"}),
        (rejected("Invalid email address .", "X"), {"address": None}),
        (
            rejected("Address length is more than 320 characters long: '=?utf-8?q?A', 'X"),
            {"address": "=?utf-8?q?A', 'X"},
        ),
        (rejected("User name is missing: 'orders'", "X"), {"address": "orders"}),
        ({"Error": {"Code": "X", "Message": "<a> address unknown"}}, {"address": "a"}),
        (
            rejected("Invalid email address <josé@x.io>.", "InvalidParameterValue"),
            {"category": "non_ascii_address", "address": "josé@x.io"},
        ),
        (
            rejected(
                "Signature expired: 20260301T120000Z is now earlier than 20260301T121000Z "
                "(20260301T121500Z - 5 min.)",
                "SignatureDoesNotMatch",
            ),
            {"clock_skew": 900.0},
        ),
        (
            rejected(
                "Signature not yet current: 20260301T130000Z is still later than "
                "20260301T120500Z (20260301T120000Z + 5 min.)",
                "InvalidSignatureException",
            ),
            {"clock_skew": -3600.0},
        ),
        (
            rejected(
                "Signature expired: 20269901T120000Z is now earlier than 20260301T121000Z "
                "(20260301T121500Z - 5 min.)",
                "SignatureDoesNotMatch",
            ),
            {"clock_skew": None},
        ),
    ],
)
def test_what_a_text_or_a_member_names_is_in_its_field(
    said: dict[str, Any], fields: dict[str, Any]
) -> None:
    found = diagnose(said)
    assert {name: getattr(found, name) for name in fields} == fields


@pytest.mark.parametrize(
    ("message", "category"),
    [
        ("Daily message quota exceeded.", "daily_quota"),
        ("Maximum sending rate exceeded.", "send_rate"),
        ("Maximum SigV2 SMTP sending rate exceeded", "send_rate"),
        ("Rate exceeded", "systemic_throttle"),
        ("Too many recipients in flight", "systemic_throttle"),
        ("", "systemic_throttle"),
    ],
)
@pytest.mark.parametrize("code", ["Throttling", "ThrottlingException", "TooManyRequestsException"])
def test_rate_and_quota_are_told_by_text_and_any_other_throttle_is_systemic(
    code: str, message: str, category: str
) -> None:
    """Amazon SES email sending errors, "Throttling": any other text is not about your quotas."""
    found = diagnose(rejected(message, code))
    assert (found.category, found.retryable) == (category, category != "daily_quota")
    if message:
        assert diagnose(f"454 Throttling failure: {message}").category == category


@pytest.mark.parametrize(
    "text",
    [
        "Illegal address",
        "Missing ')'",
        "Missing '('",
        "Extra route-addr",
        "Missing '\"'",
        "Missing '>'",
        "Missing '<'",
        "Missing ']'",
        "Illegal semicolon, not in group",
        "Nested group",
        "Address is null",
        "Empty address",
        "Illegal route-addr",
        "Quote not at end of local address",
        "Quote not at start of local address",
        "Quoted local address contains CR without LF",
        "Quoted local address contains newline without whitespace",
        "Local address starts with dot",
        "Local address contains dot-dot",
        "Missing local name",
        "Local address ends with dot",
        "Local address contains illegal character",
        "Unterminated quote",
        "Missing final '@domain'",
        "Missing domain",
        "Domain starts with dot",
        "Domain literal not at start of domain",
        "Domain literal end not at end of domain",
        "Domain contains control or whitespace",
        "Domain contains illegal character",
        "Domain contains dot-dot",
        "Domain ends with dot",
    ],
)
def test_every_text_of_javamail_is_about_a_malformed_address(text: str) -> None:
    for said in (
        rejected(text, "InvalidParameterValue"),
        rejected(text, "BadRequestException"),
        f"554 Transaction failed: {text}",
    ):
        assert diagnose(said).category == "malformed_address"
