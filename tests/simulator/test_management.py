"""Identities, configuration sets, templates and the switches of sending, over v1 and v2."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.simulator.local import (
    ACCEPTED,
    SENDER,
    TEMPLATED,
    LocalSES,
    send_email,
    templated,
)

BOTH = ("ses", "sesv2")
CREATE_IDENTITY = {
    "ses": ("VerifyEmailIdentity", "EmailAddress"),
    "sesv2": ("CreateEmailIdentity", "EmailIdentity"),
}
DELETE_IDENTITY = {
    "ses": ("DeleteIdentity", "Identity"),
    "sesv2": ("DeleteEmailIdentity", "EmailIdentity"),
}


@pytest.mark.parametrize("service", BOTH)
def test_an_identity_sends_from_its_creation_to_its_end(ses: LocalSES, service: str) -> None:
    ses.set_up(verified=[])
    operation, member = CREATE_IDENTITY[service]
    assert ses.send(service)[1] == "MessageRejected"
    ses.call(service, operation, **{member: SENDER})
    assert ses.send(service) == ACCEPTED
    operation, member = DELETE_IDENTITY[service]
    ses.call(service, operation, **{member: SENDER})
    assert ses.send(service)[1] == "MessageRejected"


@pytest.mark.parametrize("verified", [None, []])
def test_identities_are_listed_with_their_kind(ses: LocalSES, verified: list[str] | None) -> None:
    ses.set_up(verified=verified)
    ses.call("ses", "VerifyDomainIdentity", Domain="example.com")
    ses.call("ses", "VerifyEmailAddress", EmailAddress="ada@example.org")
    ses.call("sesv2", "CreateEmailIdentity", EmailIdentity="50%25+é/x@example.net")
    addresses = ["50%25+é/x@example.net", "ada@example.org"]
    assert ses.call("ses", "ListIdentities")["Identities"] == [*addresses, "example.com"]
    for kind, expected in (("EmailAddress", addresses), ("Domain", ["example.com"])):
        assert ses.call("ses", "ListIdentities", IdentityType=kind)["Identities"] == expected
    listed = ses.call("sesv2", "ListEmailIdentities", PageSize=100)["EmailIdentities"]
    assert [(one["IdentityName"], one["IdentityType"]) for one in listed] == [
        *((address, "EMAIL_ADDRESS") for address in addresses),
        ("example.com", "DOMAIN"),
    ]
    asked = ["example.com", "nobody@example.com", *addresses]
    attributes = ses.call("ses", "GetIdentityVerificationAttributes", Identities=asked)
    verification = {"VerificationStatus": "Success"}
    assert attributes["VerificationAttributes"] == {
        identity: verification for identity in (*addresses, "example.com")
    }


def test_an_identity_of_v2_is_there_once(ses: LocalSES) -> None:
    missing = (404, "NotFoundException", "Email identity example.com does not exist.")
    given = {"EmailIdentity": "example.com"}
    for operation in ("GetEmailIdentity", "DeleteEmailIdentity"):
        assert ses.answer("sesv2", operation, **given) == missing
    assert ses.call("sesv2", "CreateEmailIdentity", **given)["VerifiedForSendingStatus"] is True
    assert ses.answer("sesv2", "CreateEmailIdentity", **given) == (
        400,
        "AlreadyExistsException",
        "Email identity example.com already exists.",
    )
    assert ses.call("sesv2", "GetEmailIdentity", **given)["IdentityType"] == "DOMAIN"


CREATE_SET: dict[str, dict[str, Any]] = {
    "ses": {"ConfigurationSet": {"Name": "spring"}},
    "sesv2": {"ConfigurationSetName": "spring"},
}


@pytest.mark.parametrize("service", BOTH)
def test_a_configuration_set_lives_from_its_creation_to_its_end(
    ses: LocalSES, service: str
) -> None:
    missing = {
        "ses": (400, "ConfigurationSetDoesNotExist"),
        "sesv2": (404, "NotFoundException"),
    }[service]
    exists = {
        "ses": (400, "ConfigurationSetAlreadyExists"),
        "sesv2": (400, "AlreadyExistsException"),
    }[service]
    named = {"ConfigurationSetName": "spring"}
    gone = (*missing, "Configuration set <spring> does not exist.")
    assert ses.answer(service, "SendEmail", **send_email(service, **named)) == gone
    assert ses.answer(service, "DeleteConfigurationSet", **named) == gone
    ses.call(service, "CreateConfigurationSet", **CREATE_SET[service])
    again = ses.answer(service, "CreateConfigurationSet", **CREATE_SET[service])
    assert again == (*exists, "Configuration set <spring> already exists.")
    assert ses.answer(service, "SendEmail", **send_email(service, **named)) == ACCEPTED
    ses.call(service, "DeleteConfigurationSet", **named)
    assert ses.answer(service, "SendEmail", **send_email(service, **named)) == gone


def test_configuration_sets_are_listed_by_v1_and_v2(ses: LocalSES) -> None:
    ses.set_up(configuration_sets=["b", "a"])
    listed = ses.call("ses", "ListConfigurationSets")["ConfigurationSets"]
    assert listed == [{"Name": "a"}, {"Name": "b"}]
    assert ses.call("sesv2", "ListConfigurationSets")["ConfigurationSets"] == ["a", "b"]


def switch(member: str, on: bool) -> dict[str, Any]:
    return {member: on}


@pytest.mark.parametrize(
    ("service", "operation", "member"),
    [
        ("ses", "UpdateConfigurationSetSendingEnabled", "Enabled"),
        ("sesv2", "PutConfigurationSetSendingOptions", "SendingEnabled"),
    ],
)
def test_the_switch_of_a_configuration_set(
    ses: LocalSES, service: str, operation: str, member: str
) -> None:
    ses.set_up(configuration_sets=["spring"])
    named = {"ConfigurationSetName": "spring"}
    ses.call(service, operation, **switch(member, False), **named)
    answer = ses.answer(service, "SendEmail", **send_email(service, **named))
    assert answer[2] == "Sending is paused for configuration set <spring>"
    ses.call(service, operation, **switch(member, True), **named)
    assert ses.answer(service, "SendEmail", **send_email(service, **named)) == ACCEPTED
    unknown = {"ConfigurationSetName": "autumn"}
    missing = ses.answer(service, operation, **switch(member, True), **unknown)
    assert missing[2] == "Configuration set <autumn> does not exist."


@pytest.mark.parametrize(
    ("service", "operation", "member"),
    [
        ("ses", "UpdateAccountSendingEnabled", "Enabled"),
        ("sesv2", "PutAccountSendingAttributes", "SendingEnabled"),
    ],
)
def test_the_switch_of_the_account(
    ses: LocalSES, service: str, operation: str, member: str
) -> None:
    ses.call(service, operation, **switch(member, False))
    assert ses.send(service)[2] == "Account sending is disabled."
    ses.call(service, operation, **switch(member, True))
    assert ses.send(service) == ACCEPTED


TEMPLATE: dict[str, tuple[str, dict[str, Any]]] = {
    "ses": ("CreateTemplate", {"Template": {"TemplateName": "welcome", "SubjectPart": "Hello"}}),
    "sesv2": (
        "CreateEmailTemplate",
        {"TemplateName": "welcome", "TemplateContent": {"Subject": "Hello"}},
    ),
}


@pytest.mark.parametrize("service", BOTH)
def test_a_template_lives_from_its_creation_to_its_end(ses: LocalSES, service: str) -> None:
    operation, given = TEMPLATE[service]
    exists = {"ses": "AlreadyExists", "sesv2": "AlreadyExistsException"}[service]
    ses.call(service, operation, **given)
    again = ses.answer(service, operation, **given)
    assert again == (400, exists, "Template welcome already exists.")
    send = TEMPLATED[service]
    assert ses.answer(service, send, **templated(service)) == ACCEPTED
    ends = {"ses": "DeleteTemplate", "sesv2": "DeleteEmailTemplate"}[service]
    ses.call(service, ends, TemplateName="welcome")
    assert ses.answer(service, send, **templated(service))[2] == "Template welcome does not exist"


def test_templates_are_listed_by_v1_and_v2(ses: LocalSES) -> None:
    ses.set_up(templates=["b", "a"])
    assert ses.call("ses", "ListTemplates")["TemplatesMetadata"] == [{"Name": "a"}, {"Name": "b"}]
    listed = ses.call("sesv2", "ListEmailTemplates")["TemplatesMetadata"]
    assert listed == [{"TemplateName": "a"}, {"TemplateName": "b"}]


@pytest.mark.parametrize("service", BOTH)
def test_a_template_of_custom_verifications(ses: LocalSES, service: str) -> None:
    given = {
        "TemplateName": "hello",
        "FromEmailAddress": SENDER,
        "TemplateSubject": "Hello",
        "TemplateContent": "<p>Hello</p>",
        "SuccessRedirectionURL": "https://example.com/yes",
        "FailureRedirectionURL": "https://example.com/no",
    }
    operation = "CreateCustomVerificationEmailTemplate"
    ses.call(service, operation, **given)
    code = {
        "ses": "CustomVerificationEmailTemplateAlreadyExists",
        "sesv2": "AlreadyExistsException",
    }[service]
    assert ses.answer(service, operation, **given) == (
        400,
        code,
        "Custom verification email template <hello> already exists",
    )
    verification = {"EmailAddress": "ada@example.org", "TemplateName": "hello"}
    assert ses.answer(service, "SendCustomVerificationEmail", **verification) == ACCEPTED


def test_a_refusal_of_v1_carries_the_members_of_its_shape(ses: LocalSES) -> None:
    """``ConfigurationSetDoesNotExistException`` has the member ``ConfigurationSetName``."""
    client = ses.client("ses")
    with pytest.raises(client.exceptions.ConfigurationSetDoesNotExistException) as caught:
        client.send_email(**send_email("ses", ConfigurationSetName="nowhere"))
    assert isinstance(caught.value, ClientError)
    response: Any = caught.value.response
    assert response["Error"]["ConfigurationSetName"] == "nowhere"


def test_an_operation_that_the_simulator_lacks_says_so(ses: LocalSES) -> None:
    lacking = "is not an operation of the simulator"
    assert ses.answer("ses", "ListReceiptFilters") == (
        400,
        "InvalidAction",
        f"ListReceiptFilters {lacking}",
    )
    assert ses.answer("sesv2", "ListContactLists") == (
        404,
        "UnknownOperationException",
        f"ListContactLists {lacking}",
    )


def test_a_reset_forgets_what_was_created_and_keeps_the_settings(ses: LocalSES) -> None:
    ses.set_up(verified=["example.com"], configuration_sets=["known"])
    ses.call("sesv2", "CreateEmailIdentity", EmailIdentity="example.org")
    ses.send("ses", Tags=[])
    ses.simulator.reset()
    assert ses.call("ses", "ListIdentities")["Identities"] == ["example.com"]
    assert ses.call("sesv2", "ListConfigurationSets")["ConfigurationSets"] == ["known"]
    assert ses.simulator.counters.sends == 0
