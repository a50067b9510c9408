"""The nine send operations of SES, as one table.

Source: botocore's service models ``ses/2010-12-01`` and ``sesv2/2019-09-27``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import NamedTuple

from .paths import ParameterPath, path, paths

MAX_RECIPIENTS = 50
"""Recipients of one message over To, Cc and Bcc (SES developer guide, "Service quotas")."""

MAX_BULK_ENTRIES = 50
"""Destinations of one bulk call (API reference, ``SendBulkEmail``)."""


class Refusal(NamedTuple):
    """The code and HTTP status under which a service refuses a request."""

    code: str
    http_status: int


class Service(NamedTuple):
    """What the send operations of one API version have in common."""

    name: str
    """Name in ``session.client(name)`` and in botocore's event names."""

    message_bytes: int
    """Largest message in bytes, after base64 ("Service quotas", message quotas)."""

    quota_operation: str
    """The operation that answers with the account's send quota."""

    quota_method: str
    """The client's method for :attr:`quota_operation`."""

    quota_member: str | None
    """Member of that answer which holds the quota; ``None`` when the answer is the quota."""

    sender_replaces_from: bool
    """Whether the sender in the parameters takes the place of a raw message's From header."""

    takes_empty_lists: bool
    """Whether an empty list of addresses is the same as none."""

    statuses_are_capitals: bool
    """Whether the statuses of a bulk call's entries are written in capitals."""

    invalid_parameter: Refusal
    send_rate: Refusal
    daily_quota: Refusal


@dataclass(frozen=True, slots=True, eq=False)
class Operation:
    """Where one send operation keeps what the guard reads and writes.

    A *message* is what SES sends to one set of recipients: the whole call or, where
    :attr:`entries` is set, each element of that list.
    """

    service: Service
    name: str
    sender: ParameterPath | None = None
    reply_to: ParameterPath | None = None
    return_path: ParameterPath | None = None
    recipients: tuple[ParameterPath, ...] = ()
    entries: ParameterPath | None = None
    results: str | None = None
    """Member of the answer that holds what became of each entry, in their order."""

    other_addresses: tuple[ParameterPath, ...] = ()
    """Addresses that are neither sender, reply-to, return path nor recipient."""

    raw_message: ParameterPath | None = None
    configuration_set: ParameterPath | None = None
    templates: tuple[ParameterPath, ...] = ()
    template_data: tuple[ParameterPath, ...] = ()
    header_texts: tuple[ParameterPath, ...] = ()
    """Free text that becomes a header line of a message, or part of one."""

    header_tokens: tuple[ParameterPath, ...] = ()
    """Names and identifiers that become part of a header line."""

    header_fields: tuple[ParameterPath, ...] = ()
    """Lists of ``{"Name": ..., "Value": ...}`` that become header fields of a message."""

    bodies: tuple[ParameterPath, ...] = ()
    """Text of as many lines as there are; with the attachments the size of a message."""

    attachments: tuple[ParameterPath, ...] = ()
    """The bytes of what is attached to a message that SES composes."""

    requests_per_second: float | None = None
    """The operation's own rate, where it has one beside the account's sending rate."""


def _destination(prefix: str) -> tuple[ParameterPath, ...]:
    return paths(*(f"{prefix}.{kind}Addresses[]" for kind in ("To", "Cc", "Bcc")))


def _each(prefix: str, *members: str) -> tuple[ParameterPath, ...]:
    return paths(*(f"{prefix}[].{member}" for member in members))


def _charsets(message: str) -> tuple[ParameterPath, ...]:
    return paths(*(f"{message}.{part}.Charset" for part in ("Subject", "Body.Text", "Body.Html")))


def _attached_texts(content: str) -> tuple[ParameterPath, ...]:
    return _each(f"{content}.Attachments", "FileName", "ContentDescription", "ContentType")


SES = Service(
    name="ses",
    message_bytes=10 * 1024 * 1024,
    quota_operation="GetSendQuota",
    quota_method="get_send_quota",
    quota_member=None,
    sender_replaces_from=False,
    # The query protocol writes an empty list as one empty address, which SES refuses.
    takes_empty_lists=False,
    statuses_are_capitals=False,
    invalid_parameter=Refusal("InvalidParameterValue", 400),
    # v1 answers rate and quota with one code; only the text differs.
    send_rate=Refusal("Throttling", 400),
    daily_quota=Refusal("Throttling", 400),
)

SESV2 = Service(
    name="sesv2",
    message_bytes=40 * 1024 * 1024,
    quota_operation="GetAccount",
    quota_method="get_account",
    quota_member="SendQuota",
    sender_replaces_from=True,
    takes_empty_lists=True,
    statuses_are_capitals=True,
    invalid_parameter=Refusal("BadRequestException", 400),
    send_rate=Refusal("TooManyRequestsException", 429),
    # No log of a v2 daily quota is public; LimitExceededException is what clients test for.
    daily_quota=Refusal("LimitExceededException", 400),
)

_V1 = Operation(
    SES,
    "",
    sender=path("Source"),
    reply_to=path("ReplyToAddresses[]"),
    return_path=path("ReturnPath"),
    recipients=_destination("Destination"),
    configuration_set=path("ConfigurationSetName"),
    header_tokens=_each("Tags", "Name", "Value"),
)
_V2 = Operation(
    SESV2,
    "",
    sender=path("FromEmailAddress"),
    reply_to=path("ReplyToAddresses[]"),
    return_path=path("FeedbackForwardingEmailAddress"),
    recipients=_destination("Destination"),
    configuration_set=path("ConfigurationSetName"),
)
_VERIFICATION = Operation(
    SES,
    "SendCustomVerificationEmail",
    recipients=paths("EmailAddress"),
    configuration_set=path("ConfigurationSetName"),
    templates=paths("TemplateName"),
    # API reference: "You can execute this operation no more than once per second."
    requests_per_second=1.0,
)

_REPLACEMENT = "BulkEmailEntries[].ReplacementEmailContent.ReplacementTemplate"
_BOUNCED = "BouncedRecipientInfoList"
_STATUS = f"{_BOUNCED}[].RecipientDsnFields"

OPERATIONS: tuple[Operation, ...] = (
    replace(
        _V1,
        name="SendEmail",
        header_texts=paths("Message.Subject.Data"),
        header_tokens=(*_V1.header_tokens, *_charsets("Message")),
        bodies=paths("Message.Body.Text.Data", "Message.Body.Html.Data"),
    ),
    replace(
        _V1,
        name="SendRawEmail",
        reply_to=None,
        return_path=None,
        recipients=paths("Destinations[]"),
        raw_message=path("RawMessage.Data"),
    ),
    replace(
        _V1,
        name="SendTemplatedEmail",
        templates=paths("Template", "TemplateArn"),
        template_data=paths("TemplateData"),
    ),
    replace(
        _V1,
        name="SendBulkTemplatedEmail",
        recipients=_destination("Destinations[].Destination"),
        entries=path("Destinations"),
        results="Status",
        templates=paths("Template", "TemplateArn"),
        template_data=paths("DefaultTemplateData", "Destinations[].ReplacementTemplateData"),
        header_tokens=(
            *_each("DefaultTags", "Name", "Value"),
            *_each("Destinations[].ReplacementTags", "Name", "Value"),
        ),
    ),
    Operation(
        SES,
        "SendBounce",
        sender=path("BounceSender"),
        recipients=paths(f"{_BOUNCED}[].Recipient"),
        other_addresses=paths(f"{_STATUS}.FinalRecipient"),
        header_texts=paths(
            f"{_STATUS}.DiagnosticCode",
            f"{_STATUS}.ExtensionFields[].Value",
            "MessageDsn.ExtensionFields[].Value",
        ),
        header_tokens=paths(
            "OriginalMessageId",
            "MessageDsn.ReportingMta",
            "MessageDsn.ExtensionFields[].Name",
            f"{_STATUS}.Action",
            f"{_STATUS}.RemoteMta",
            f"{_STATUS}.Status",
            f"{_STATUS}.ExtensionFields[].Name",
        ),
        bodies=paths("Explanation"),
    ),
    _VERIFICATION,
    replace(
        _V2,
        name="SendEmail",
        raw_message=path("Content.Raw.Data"),
        templates=paths("Content.Template.TemplateName", "Content.Template.TemplateArn"),
        template_data=paths("Content.Template.TemplateData"),
        header_texts=(
            *paths("Content.Simple.Subject.Data", "Content.Template.TemplateContent.Subject"),
            *_attached_texts("Content.Simple"),
            *_attached_texts("Content.Template"),
        ),
        header_tokens=(
            *_each("EmailTags", "Name", "Value"),
            *_charsets("Content.Simple"),
            *paths(
                "Content.Simple.Attachments[].ContentId",
                "Content.Template.Attachments[].ContentId",
                "ListManagementOptions.ContactListName",
                "ListManagementOptions.TopicName",
            ),
        ),
        header_fields=paths("Content.Simple.Headers", "Content.Template.Headers"),
        bodies=paths(
            "Content.Simple.Body.Text.Data",
            "Content.Simple.Body.Html.Data",
            "Content.Template.TemplateContent.Text",
            "Content.Template.TemplateContent.Html",
        ),
        attachments=paths(
            "Content.Simple.Attachments[].RawContent",
            "Content.Template.Attachments[].RawContent",
        ),
    ),
    replace(
        _V2,
        name="SendBulkEmail",
        recipients=_destination("BulkEmailEntries[].Destination"),
        entries=path("BulkEmailEntries"),
        results="BulkEmailEntryResults",
        templates=paths(
            "DefaultContent.Template.TemplateName", "DefaultContent.Template.TemplateArn"
        ),
        template_data=paths(
            "DefaultContent.Template.TemplateData",
            f"{_REPLACEMENT}.ReplacementTemplateData",
        ),
        header_texts=(
            path("DefaultContent.Template.TemplateContent.Subject"),
            *_attached_texts("DefaultContent.Template"),
        ),
        header_tokens=(
            *_each("DefaultEmailTags", "Name", "Value"),
            *_each("BulkEmailEntries[].ReplacementTags", "Name", "Value"),
            path("DefaultContent.Template.Attachments[].ContentId"),
        ),
        header_fields=paths(
            "DefaultContent.Template.Headers", "BulkEmailEntries[].ReplacementHeaders"
        ),
        bodies=paths(
            "DefaultContent.Template.TemplateContent.Text",
            "DefaultContent.Template.TemplateContent.Html",
        ),
        attachments=paths("DefaultContent.Template.Attachments[].RawContent"),
    ),
    replace(_VERIFICATION, service=SESV2),
)

SERVICES: Mapping[str, Service] = MappingProxyType({"ses": SES, "sesv2": SESV2})
"""The services whose clients are guarded, by name."""


def of_service(name: str) -> tuple[Operation, ...]:
    """The send operations of the service ``name``; empty for a service that sends no mail."""
    return tuple(operation for operation in OPERATIONS if operation.service.name == name)
