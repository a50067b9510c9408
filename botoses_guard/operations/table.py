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
    """Parameters whose value becomes a header line of a message, or part of one."""

    header_fields: tuple[ParameterPath, ...] = ()
    """Lists of ``{"Name": ..., "Value": ...}`` that become header fields of a message."""

    bodies: tuple[ParameterPath, ...] = ()
    """What makes up the size of a message that SES composes."""

    requests_per_second: float | None = None
    """The operation's own rate, where it has one beside the account's sending rate."""


def _destination(prefix: str) -> tuple[ParameterPath, ...]:
    return paths(*(f"{prefix}.{kind}Addresses[]" for kind in ("To", "Cc", "Bcc")))


def _tags(*prefixes: str) -> tuple[ParameterPath, ...]:
    return paths(*(f"{prefix}[].{member}" for prefix in prefixes for member in ("Name", "Value")))


def _attachments(prefix: str) -> tuple[ParameterPath, ...]:
    members = ("FileName", "ContentDescription", "ContentId", "ContentType")
    return paths(*(f"{prefix}.Attachments[].{member}" for member in members))


def _delivery_status(prefix: str) -> tuple[ParameterPath, ...]:
    members = ("Action", "RemoteMta", "Status", "DiagnosticCode")
    return (
        *paths("MessageDsn.ReportingMta", *(f"{prefix}.{member}" for member in members)),
        *_tags("MessageDsn.ExtensionFields", f"{prefix}.ExtensionFields"),
    )


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
    header_texts=_tags("Tags"),
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

OPERATIONS: tuple[Operation, ...] = (
    replace(
        _V1,
        name="SendEmail",
        header_texts=(path("Message.Subject.Data"), *_V1.header_texts),
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
        header_texts=_tags("DefaultTags", "Destinations[].ReplacementTags"),
    ),
    Operation(
        SES,
        "SendBounce",
        sender=path("BounceSender"),
        recipients=paths("BouncedRecipientInfoList[].Recipient"),
        other_addresses=paths("BouncedRecipientInfoList[].RecipientDsnFields.FinalRecipient"),
        header_texts=_delivery_status("BouncedRecipientInfoList[].RecipientDsnFields"),
    ),
    _VERIFICATION,
    replace(
        _V2,
        name="SendEmail",
        raw_message=path("Content.Raw.Data"),
        templates=paths("Content.Template.TemplateName", "Content.Template.TemplateArn"),
        template_data=paths("Content.Template.TemplateData"),
        header_texts=(
            path("Content.Simple.Subject.Data"),
            *_tags("EmailTags"),
            *_attachments("Content.Simple"),
            *_attachments("Content.Template"),
        ),
        header_fields=paths("Content.Simple.Headers", "Content.Template.Headers"),
        bodies=paths(
            "Content.Simple.Body.Text.Data",
            "Content.Simple.Body.Html.Data",
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
            *_tags("DefaultEmailTags", "BulkEmailEntries[].ReplacementTags"),
            *_attachments("DefaultContent.Template"),
        ),
        header_fields=paths(
            "DefaultContent.Template.Headers", "BulkEmailEntries[].ReplacementHeaders"
        ),
        bodies=paths("DefaultContent.Template.Attachments[].RawContent"),
    ),
    replace(_VERIFICATION, service=SESV2),
)

SERVICES: Mapping[str, Service] = MappingProxyType({"ses": SES, "sesv2": SESV2})
"""The services whose clients are guarded, by name."""


def of_service(name: str) -> tuple[Operation, ...]:
    """The send operations of the service ``name``; empty for a service that sends no mail."""
    return tuple(operation for operation in OPERATIONS if operation.service.name == name)
