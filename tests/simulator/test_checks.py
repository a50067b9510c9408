"""What the local SES answers to each send, v1 and v2, in SES's words and in its order."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest
from botocore.loaders import Loader

from tests.simulator.local import (
    ACCEPTED,
    BULK,
    CONTENT,
    RAW,
    RAW_OPERATION,
    RECIPIENT,
    SENDER,
    TEMPLATED,
    Answer,
    LocalSES,
    bounce,
    bulk,
    raw,
    send_email,
    templated,
)

LARGE = RAW + b"x" * 8 * 2**20
LARGE_ENCODED = 4 * ((len(LARGE) + 2) // 3)
"""Bytes in base64."""

BOTH = ("ses", "sesv2")
CODES = {
    "invalid": ((400, "InvalidParameterValue"), (400, "BadRequestException")),
    "rejected": ((400, "MessageRejected"), (400, "MessageRejected")),
    "rate": ((400, "Throttling"), (429, "TooManyRequestsException")),
    "quota": ((400, "Throttling"), (400, "LimitExceededException")),
    "account paused": (
        (400, "AccountSendingPausedException"),
        (400, "SendingPausedException"),
    ),
    "set paused": (
        (400, "ConfigurationSetSendingPausedException"),
        (400, "SendingPausedException"),
    ),
    "no set": ((400, "ConfigurationSetDoesNotExist"), (404, "NotFoundException")),
    "no template": ((400, "TemplateDoesNotExist"), (404, "NotFoundException")),
    "mail from": (
        (400, "MailFromDomainNotVerifiedException"),
        (400, "MailFromDomainNotVerifiedException"),
    ),
    "constraint": ((400, "ValidationError"), (400, "BadRequestException")),
}
NOT_VERIFIED = "Email address is not verified. The following identities failed the check in region "
PAUSED_BY_AWS = (
    "Sending paused for this account. For more information, please check the inbox of the email "
    "address associated with your AWS account."
)


def refused(trouble: str, service: str, message: str) -> Answer:
    status, code = CODES[trouble][service == "sesv2"]
    return status, code, message


@dataclass(frozen=True)
class Row:
    """A send and the answer to it; ``trouble`` is ``None`` when it is accepted."""

    name: str
    trouble: str | None = None
    message: str = ""
    kind: str = "SendEmail"
    changes: dict[str, Any] = field(default_factory=dict)
    settings: dict[str, Any] = field(default_factory=dict)
    services: tuple[str, ...] = BOTH


def to(*addresses: str, **lists: list[str]) -> dict[str, Any]:
    return {"Destination": {**({"ToAddresses": list(addresses)} if addresses else {}), **lists}}


def set_named(name: str) -> dict[str, Any]:
    return {"ConfigurationSetName": name}


def many(count: int) -> list[str]:
    return [f"ada+{number}@example.org" for number in range(count)]


ROWS = [
    Row("a plain message"),
    Row("a name before an address", changes=to("Ada Lovelace <ada@example.org>")),
    Row("To, Cc and Bcc", changes=to(RECIPIENT, CcAddresses=["b@x.org"], BccAddresses=["c@x.org"])),
    Row("no recipients", "invalid", "Missing required header 'To'.", changes={"Destination": {}}),
    Row("50 recipients", changes=to(*many(48), CcAddresses=["b@x.org"], BccAddresses=["c@x.org"])),
    Row(
        "51 recipients over three lists",
        "invalid",
        "Recipient count exceeds 50.",
        changes=to(*many(49), CcAddresses=["b@x.org"], BccAddresses=["c@x.org"]),
    ),
    Row("a domain beyond ASCII", "invalid", "Domain contains control or whitespace",
        changes=to("ada@bücher.example")),
    Row("a local part beyond ASCII", "invalid", "Local address contains control or whitespace",
        changes=to("jürgen@example.org")),
    Row("a name beyond ASCII is taken, and mangled", changes=to("Jürgen <ada@example.org>")),
    Row("a comment is taken", changes=to("(home) ada@example.org (work)")),
    Row("a dotless domain is taken", changes=to("ada@localhost")),
    Row("a quoted local part is taken", changes=to('"a@b"@example.org')),
    Row("a dot-dot in the local part is taken", changes=to("a..b@example.org")),
    Row("the second of three is wrong", "invalid", "Missing final '@domain'",
        changes=to(RECIPIENT, "ada", "b@x.org")),
    Row("Source before To", "invalid", "Domain starts with dot",
        changes={**to("ada"), "Source": "shop@.example.com"}, services=("ses",)),
    Row("FromEmailAddress before To", "invalid", "Domain starts with dot",
        changes={**to("ada"), "FromEmailAddress": "shop@.example.com"}, services=("sesv2",)),
    Row("To before Cc", "invalid", "Missing local name", changes=to("@x.org", CcAddresses=["ada"])),
    Row("Cc before Bcc", "invalid", "Missing domain",
        changes=to(CcAddresses=["ada@"], BccAddresses=["ada"])),
    Row("Bcc before ReturnPath", "invalid", "Domain ends with dot",
        changes={**to(BccAddresses=["ada@example."], ), "ReturnPath": "ada"}, services=("ses",)),
    Row("ReturnPath before Reply-To", "invalid", "Domain contains dot-dot",
        changes={"ReturnPath": "a@b..c", "ReplyToAddresses": ["ada"]}, services=("ses",)),
    Row("the feedback address before Reply-To", "invalid", "Domain contains dot-dot",
        changes={"FeedbackForwardingEmailAddress": "a@b..c", "ReplyToAddresses": ["ada"]},
        services=("sesv2",)),
    Row("Reply-To before the configuration set", "invalid", "Missing final '@domain'",
        changes={"ReplyToAddresses": ["ada"], **set_named("nowhere")}),
    Row("Reply-To need not be verified",
        changes={"ReplyToAddresses": ["a@elsewhere.org"]}, settings={"verified": ["example.com"]}),
    Row("an empty list is one empty address in v1", "invalid", "Missing final '@domain'",
        changes=to(RECIPIENT, CcAddresses=[]), services=("ses",)),
    Row("an empty list is no address in v2", changes=to(RECIPIENT, CcAddresses=[]),
        services=("sesv2",)),
    Row("an empty address in v2", "invalid", "Invalid email address .", changes=to(""),
        services=("sesv2",)),
    Row("an address of blanks", "invalid", "Invalid email address .", changes=to("  ")),
    Row("a sender of v2 may be absent only in a raw message: SES has no text for it", "invalid",
        changes={"FromEmailAddress": None}, services=("sesv2",)),
    Row("a template without a sender", "invalid", "Source cannot be empty", kind="templated",
        changes={"FromEmailAddress": None}, settings={"templates": ["welcome"]},
        services=("sesv2",)),
    Row("Source is required in v1", "constraint",
        "1 validation error detected: Value at 'source' failed to satisfy constraint: "
        "Member must not be null", changes={"Source": None}, services=("ses",)),
    Row("a configuration set", changes=set_named("known"),
        settings={"configuration_sets": ["known"]}),
    Row("no such configuration set", "no set", "Configuration set <nowhere> does not exist.",
        changes=set_named("nowhere")),
    Row("a configuration set that cannot be", "invalid",
        "Invalid configuration set name <no where>: only alphanumeric ASCII characters, '_', "
        "and '-' are allowed.", changes=set_named("no where")),
    Row("the configuration set before the size", "no set",
        "Configuration set <nowhere> does not exist.", kind="raw",
        changes={"content": LARGE, **set_named("nowhere")}, services=("ses",)),
    Row("a raw message over 10 MB after base64", "invalid",
        f"Message length is more than 10485760 bytes long: '{LARGE_ENCODED}'.",
        kind="raw", changes={"content": LARGE}, services=("ses",)),
    Row("v2 takes 40 MB", kind="raw", changes={"content": LARGE},
        services=("sesv2",)),
    Row("a composed message over 10 MB", "invalid",
        "Message length is more than 10485760 bytes long: '10485761'.",
        changes={"Message": {**CONTENT, "Body": {"Text": {"Data": "x" * (10 * 2**20 + 1)}}}},
        services=("ses",)),
    Row("a composed message of 10 MB",
        changes={"Message": {**CONTENT, "Body": {"Text": {"Data": "x" * 10 * 2**20}}}},
        services=("ses",)),
    Row("a template", kind="templated", settings={"templates": ["welcome"]}),
    Row("no such template", "no template", "Template welcome does not exist", kind="templated"),
    Row("a template's ARN ends with its name", kind="templated",
        changes={"TemplateArn": "arn:aws:ses:us-east-1:123456789012:template/welcome"},
        settings={"templates": ["welcome"]}, services=("ses",)),
    *(
        Row(f"template data {data[:9]}", "invalid", "The template data is invalid",
            kind="templated", changes={"TemplateData": data}, settings={"templates": ["welcome"]})
        for data in ("{", "[1]", '"name"', "", "[" * 100_000)
    ),
    Row("the template before the identity", "no template", "Template welcome does not exist",
        kind="templated", settings={"verified": []}),
    Row("a verified domain", settings={"verified": ["example.com"]}),
    Row("a verified address", settings={"verified": [SENDER]}),
    Row("a verified parent of the domain", settings={"verified": ["com"]}),
    Row("a domain is verified whatever its case", settings={"verified": ["EXAMPLE.com"]}),
    Row("an address is verified in its case only", "rejected",
        f"{NOT_VERIFIED}US-EAST-1: {SENDER}", settings={"verified": ["Shop@example.com"]}),
    Row("the sender is not verified", "rejected", f"{NOT_VERIFIED}US-EAST-1: {SENDER}",
        settings={"verified": []}),
    Row("sender and return path are not verified", "rejected",
        f"{NOT_VERIFIED}US-EAST-1: {SENDER}, back@example.net",
        changes={"ReturnPath": "back@example.net"}, settings={"verified": []}, services=("ses",)),
    Row("each identity is named once", "rejected", f"{NOT_VERIFIED}US-EAST-1: {SENDER}",
        changes={"ReturnPath": SENDER}, settings={"verified": []}, services=("ses",)),
    Row("the sandbox wants verified recipients", "rejected",
        f"{NOT_VERIFIED}US-EAST-1: {RECIPIENT}",
        settings={"verified": ["example.com"], "sandbox": True}),
    Row("verified recipients in the sandbox",
        settings={"verified": ["example.com", "example.org"], "sandbox": True}),
    Row("the mailbox simulator in the sandbox", changes=to("success+1@simulator.amazonses.com"),
        settings={"verified": ["example.com"], "sandbox": True}),
    Row("the MAIL FROM domain", "mail from", "Mail FROM domain is not verified",
        settings={"mail_from_failed": {"example.com"}}),
    Row("the identity before MAIL FROM", "rejected", f"{NOT_VERIFIED}US-EAST-1: {SENDER}",
        settings={"mail_from_failed": {"example.com"}, "verified": []}),
    Row("MAIL FROM before the account", "mail from", "Mail FROM domain is not verified",
        settings={"mail_from_failed": {"example.com"}, "paused": True}),
    Row("paused by the owner", "account paused", "Account sending is disabled.",
        settings={"paused": True}),
    Row("paused by AWS", "rejected", PAUSED_BY_AWS, settings={"paused_by_aws": True}),
    Row("the account before its quota", "account paused", "Account sending is disabled.",
        settings={"paused": True, "quota": 0}),
    Row("the quota", "quota", "Daily message quota exceeded.", settings={"quota": 0}),
    Row("no quota", settings={"quota": -1}),
    Row("the mailbox simulator needs no quota", changes=to("bounce@simulator.amazonses.com"),
        settings={"quota": 0}),
    Row("the quota before the rate", "quota", "Daily message quota exceeded.",
        settings={"quota": 0, "rate": 0, "burst": 0}),
    Row("the rate", "rate", "Maximum sending rate exceeded.", settings={"rate": 0, "burst": 0}),
    Row("the mailbox simulator counts to the rate", "rate", "Maximum sending rate exceeded.",
        changes=to("bounce@simulator.amazonses.com"), settings={"rate": 0, "burst": 0}),
]  # fmt: skip


def ask(ses: LocalSES, row: Row, service: str) -> Answer:
    changes = dict(row.changes)
    if row.kind == "raw":
        return ses.answer(service, RAW_OPERATION[service], **raw(service, **changes))
    if row.kind == "templated":
        return ses.answer(service, TEMPLATED[service], **templated(service, **changes))
    return ses.answer(service, "SendEmail", **send_email(service, **changes))


CASES = [(row, service) for row in ROWS for service in row.services]


@pytest.mark.parametrize(
    ("row", "service"), CASES, ids=[f"{row.name}-{service}" for row, service in CASES]
)
def test_each_send_is_answered_like_ses(ses: LocalSES, row: Row, service: str) -> None:
    ses.set_up(**row.settings)
    expected = ACCEPTED
    if row.trouble is not None:
        expected = refused(row.trouble, service, row.message)
    assert ask(ses, row, service) == expected
    assert len(ses.simulator.inbox) == (row.trouble is None)
    counters = ses.simulator.counters
    assert counters.requests == 1
    assert counters.sends == (row.trouble != "constraint")
    assert counters.refused_total == (row.trouble is not None)
    assert counters.throttled == (row.trouble == "rate")


@pytest.mark.parametrize("service", BOTH)
def test_a_paused_configuration_set_refuses_what_names_it(ses: LocalSES, service: str) -> None:
    ses.set_up(configuration_sets=["known"])
    ses.call("sesv2", "PutConfigurationSetSendingOptions", ConfigurationSetName="known")
    paused = refused("set paused", service, "Sending is paused for configuration set <known>")
    assert ses.send(service, ConfigurationSetName="known") == paused
    assert ses.send(service) == ACCEPTED


TAGS = [
    ("ses:feedback-id-a", "x", None),
    ("campaign_1-2", "", None),
    ("campaign", "a.b@c-d_e", None),
    ("campaign", "x" * 255, None),
    ("n" * 255, "x", None),
    ("", "x", "The tag name must be specified."),
    ("a:b", "x",
     "Invalid tag name <a:b>: only alphanumeric ASCII characters, '_',  '-' are allowed."),
    ("a", "x y",
     "Invalid tag value <x y>: only alphanumeric ASCII characters, '_',  '-' , '.', '@' are "
     "allowed."),
    ("a", "x" * 256, "Tag value cannot exceed 255 characters."),
    ("n" * 256, "x", "Tag name cannot exceed 255 characters."),
]  # fmt: skip


@pytest.mark.parametrize("service", BOTH)
@pytest.mark.parametrize(("name", "value", "message"), TAGS)
def test_tags_are_words(
    ses: LocalSES, service: str, name: str, value: str, message: str | None
) -> None:
    member = "Tags" if service == "ses" else "EmailTags"
    expected = ACCEPTED if message is None else refused("invalid", service, message)
    tags: dict[str, Any] = {member: [{"Name": name, "Value": value}]}
    assert ses.send(service, **tags) == expected


def test_a_region_names_itself_and_keeps_its_own_identities(ses: LocalSES) -> None:
    """Identities are verified for each region (developer guide, "Verified identities")."""
    ses.set_up(verified=[])
    ses.call("ses", "VerifyEmailIdentity", "eu-west-1", EmailAddress=SENDER)
    for service in BOTH:
        given = send_email(service)
        assert ses.answer(service, "SendEmail", "eu-west-1", **given) == ACCEPTED
        refusal = refused("rejected", service, f"{NOT_VERIFIED}AP-SOUTH-1: {SENDER}")
        assert ses.answer(service, "SendEmail", "ap-south-1", **given) == refusal


def headers(*pairs: tuple[str, str]) -> dict[str, Any]:
    named = [{"Name": name, "Value": value} for name, value in pairs]
    return {"Content": {"Simple": {**CONTENT, "Headers": named}}}


_MODEL = Loader().load_service_model("sesv2", "service-2")
LONGEST_VALUE: int = _MODEL["shapes"]["MessageHeaderValue"]["max"]
"""Characters; it has grown over the versions of botocore."""

HEADERS: list[tuple[dict[str, Any], str | None]] = [
    (headers(("X-Campaign", "spring")), None),
    (headers(*[("X-Campaign", "spring")] * 15), None),
    (headers(("X Campaign", "spring")),
     "headers.1.member.name' failed to satisfy constraint: Member must satisfy regular expression "
     "pattern: ^[!-9;-@A-~]+$"),
    (headers(("X-A", "b"), ("X-Campaign", "a\r\nBcc: b@example.org")),
     "headers.2.member.value' failed to satisfy constraint: Member must satisfy regular expression "
     "pattern: [ -~]*"),
    (headers(("X-Campaign", "x" * (LONGEST_VALUE + 1))),
     "headers.1.member.value' failed to satisfy constraint: Member must have length less than or "
     f"equal to {LONGEST_VALUE}"),
    (headers(("X-Campaign", "")),
     "headers.1.member.value' failed to satisfy constraint: Member must have length greater than "
     "or equal to 1"),
    ({"Content": {"Simple": {**CONTENT, "Headers": [{"Value": "spring"}]}}},
     "headers.1.member.name' failed to satisfy constraint: Member must not be null"),
    (headers(*[("X-Campaign", "spring")] * 16),
     "headers' failed to satisfy constraint: Member must have length less than or equal to 15"),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "message"), HEADERS)
def test_header_fields_of_v2_meet_the_constraints_of_the_model(
    ses: LocalSES, changes: dict[str, Any], message: str | None
) -> None:
    expected = ACCEPTED
    if message is not None:
        start = "1 validation error detected: Value at 'content.simple."
        expected = refused("invalid", "sesv2", start + message)
    assert ses.send("sesv2", **changes) == expected


def test_a_bounce_names_an_identity_that_is_not_verified(ses: LocalSES) -> None:
    ses.set_up(verified=["example.com"], sandbox=True)
    assert ses.answer("ses", "SendBounce", **bounce("gone@example.com")) == ACCEPTED
    refusal = (400, "InvalidParameterValue", "Identity is not verified: <x@example.net>")
    given = bounce("gone@example.com", sender="X <x@example.net>")
    assert ses.answer("ses", "SendBounce", **given) == refusal
    missing = (400, "InvalidParameterValue", "Missing required header 'To'.")
    assert ses.answer("ses", "SendBounce", **bounce()) == missing


def test_a_bounce_is_one_message_however_many_bounced(ses: LocalSES) -> None:
    ses.set_up(rate=1, burst=2)
    for _ in range(2):
        assert ses.answer("ses", "SendBounce", **bounce(*many(5))) == ACCEPTED
    assert ses.answer("ses", "SendBounce", **bounce(*many(5)))[1] == "Throttling"


def verification(template: str = "hello", **changes: Any) -> dict[str, Any]:
    return {"EmailAddress": RECIPIENT, "TemplateName": template, **changes}


VERIFICATIONS = [
    ("ses", {}, {}, ACCEPTED),
    ("sesv2", {}, {}, ACCEPTED),
    ("ses", {"template": "none"}, {}, (400, "CustomVerificationEmailTemplateDoesNotExist",
                                       "Template <none> does not exist")),
    ("sesv2", {"template": "none"}, {}, (404, "NotFoundException", "Custom verification email "
                                         "template <none> does not exist")),
    ("ses", {"EmailAddress": "ada"}, {}, (400, "InvalidParameterValue", "Missing final '@domain'")),
    ("sesv2", {"EmailAddress": "ada@"}, {}, (400, "BadRequestException", "Missing domain")),
    ("ses", {}, {"sandbox": True}, (400, "ProductionAccessNotGranted", "")),
    ("sesv2", {}, {"sandbox": True}, (400, "BadRequestException", "")),
    ("sesv2", {"ConfigurationSetName": "no"}, {}, (404, "NotFoundException",
                                                   "Configuration set <no> does not exist.")),
]  # fmt: skip


@pytest.mark.parametrize(("service", "changes", "settings", "expected"), VERIFICATIONS)
def test_a_custom_verification_needs_its_template(
    ses: LocalSES,
    service: str,
    changes: dict[str, Any],
    settings: dict[str, Any],
    expected: Answer,
) -> None:
    ses.set_up(templates=["hello"], **settings)
    operation = "SendCustomVerificationEmail"
    assert ses.answer(service, operation, **verification(**changes)) == expected


@pytest.mark.parametrize("service", BOTH)
def test_custom_verifications_go_once_a_second_whatever_the_account_s_rate(
    ses: LocalSES, service: str
) -> None:
    """API reference: "You can execute this operation no more than once per second."."""
    ses.set_up(templates=["hello"])
    operation = "SendCustomVerificationEmail"
    throttled = refused("rate", service, "Maximum sending rate exceeded.")
    assert ses.answer(service, operation, **verification()) == ACCEPTED
    ses.clock.now += 0.9
    assert ses.answer(service, operation, **verification()) == throttled
    assert ses.send(service) == ACCEPTED
    ses.clock.now += 0.2
    assert ses.answer(service, operation, **verification()) == ACCEPTED


STATUS = {
    "accepted": ("Success", "SUCCESS"),
    "invalid": ("InvalidParameterValue", "INVALID_PARAMETER"),
    "rejected": ("MessageRejected", "MESSAGE_REJECTED"),
    "quota": ("AccountDailyQuotaExceeded", "ACCOUNT_DAILY_QUOTA_EXCEEDED"),
}
ENTRIES: list[tuple[dict[str, Any], list[list[str]], list[tuple[str, str | None]]]] = [
    ({}, [["a@x.org"], ["b@x.org", "c@x.org"]], [("accepted", None)] * 2),
    (
        {},
        [["a@x.org"], ["b@"], ["c@x.org"]],
        [("accepted", None), ("invalid", "Missing domain"), ("accepted", None)],
    ),
    ({}, [many(51)], [("invalid", "Recipient count exceeds 50.")]),
    (
        {"sandbox": True, "verified": ["example.com"]},
        [["ada@example.com"], ["a@x.org"]],
        [("accepted", None), ("rejected", f"{NOT_VERIFIED}US-EAST-1: a@x.org")],
    ),
    (
        {"quota": 2},
        [["a@x.org", "b@x.org"], ["c@x.org"], ["success@simulator.amazonses.com"]],
        [("accepted", None), ("quota", "Daily message quota exceeded."), ("accepted", None)],
    ),
]


@pytest.mark.parametrize("service", BOTH)
@pytest.mark.parametrize(("settings", "destinations", "expected"), ENTRIES)
def test_each_entry_of_a_bulk_call_has_its_own_status(
    ses: LocalSES,
    service: str,
    settings: dict[str, Any],
    destinations: list[list[str]],
    expected: list[tuple[str, str | None]],
) -> None:
    ses.set_up(templates=["welcome"], **settings)
    answer = ses.call(service, BULK[service], **bulk(service, *destinations))
    results = answer["Status" if service == "ses" else "BulkEmailEntryResults"]
    found = [(result["Status"], result.get("Error")) for result in results]
    assert found == [(STATUS[status][service == "sesv2"], error) for status, error in expected]
    accepted = [result["MessageId"] for result in results if "MessageId" in result]
    assert accepted == [message.message_id for message in ses.simulator.inbox]
    assert len(accepted) == sum(status == "accepted" for status, _ in expected)


@pytest.mark.parametrize("service", BOTH)
def test_an_entry_without_recipients_fails_alone(ses: LocalSES, service: str) -> None:
    ses.set_up(templates=["welcome"])
    given = bulk(service, ["a@x.org"])
    entries = given["Destinations" if service == "ses" else "BulkEmailEntries"]
    entries.append({"Destination": {}, "ReplacementTags": []})
    entries.append({"Destination": {"ToAddresses": ["b@x.org"]},
                    "ReplacementTags": [{"Name": "", "Value": "x"}]})  # fmt: skip
    answer = ses.call(service, BULK[service], **given)
    results = answer["Status" if service == "ses" else "BulkEmailEntryResults"]
    assert [result.get("Error") for result in results] == [
        None,
        "Missing required header 'To'.",
        "The tag name must be specified.",
    ]


BULK_REFUSALS = [
    ({}, [], "invalid", "Destinations must have 1 to 50 elements."),
    ({}, [[RECIPIENT]] * 51, "invalid", "Destinations must have 1 to 50 elements."),
    ({"verified": []}, [[RECIPIENT]], "rejected", f"{NOT_VERIFIED}US-EAST-1: {SENDER}"),
    ({"templates": []}, [[RECIPIENT]], "no template", "Template welcome does not exist"),
    ({"quota": 0}, [[RECIPIENT]], "quota", "Daily message quota exceeded."),
    ({"rate": 0, "burst": 0}, [[RECIPIENT]], "rate", "Maximum sending rate exceeded."),
]


@pytest.mark.parametrize("service", BOTH)
@pytest.mark.parametrize(("settings", "destinations", "trouble", "message"), BULK_REFUSALS)
def test_what_holds_for_all_entries_refuses_the_whole_call(
    ses: LocalSES,
    service: str,
    settings: dict[str, Any],
    destinations: list[list[str]],
    trouble: str,
    message: str,
) -> None:
    ses.set_up(**{"templates": ["welcome"], **settings})
    answer = ses.answer(service, BULK[service], **bulk(service, *destinations))
    assert answer == refused(trouble, service, message)
    assert not len(ses.simulator.inbox)
