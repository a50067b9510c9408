"""One class for each category of trouble, and the groups that are caught together."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, ClassVar

from .base import SESError
from .categories import Category
from .values import BulkFailure


class Throttled(SESError):
    """Requests exceed the allowed rate. Nothing was sent: wait, then send again."""

    category: ClassVar[Category] = "systemic_throttle"


class NotRetryable(SESError):
    """Sending the same again cannot help: something must change first."""


class InvalidRequest(NotRetryable):
    """The request must change."""


class InvalidAddress(InvalidRequest, ValueError):
    """An address of the request must change."""


class StoreUnavailable(SESError):
    """The store of the pacing state is unreachable, and ``store_failure`` is ``raise``.

    Nothing was sent. ``diagnosis.store`` and ``diagnosis.reason`` say which store, and why.
    """

    category = "store_unavailable"


class OutcomeUnknown(SESError):
    """No answer of SES came back: the message may have been accepted.

    Also an instance of the exception that botocore raised, such as ``ReadTimeoutError``, if any.
    """

    category = "outcome_unknown"


class SendRateExceeded(Throttled):
    """The account's maximum send rate is used up."""

    category = "send_rate"


class SystemicThrottle(Throttled):
    """SES throttles requests for a reason of its own, not for the account's rate or quota."""

    category = "systemic_throttle"


class ServiceUnavailable(SESError):
    """SES answers that it cannot serve the request now; the message was not accepted."""

    category = "service_unavailable"


class UnverifiedIdentity(NotRetryable):
    """An address or domain is not verified in the region, or the account is in the sandbox."""

    category = "unverified_identity"


class AccountPaused(NotRetryable):
    """Sending is paused for the account."""

    category = "account_paused"


class ConfigurationSetPaused(NotRetryable):
    """Sending is paused for the configuration set."""

    category = "config_set_paused"


class DailyQuotaExceeded(NotRetryable):
    """The account's quota for 24 hours is used up."""

    category = "daily_quota"


class MailFromDomainNotVerified(NotRetryable):
    """The custom MAIL FROM domain has no usable MX record."""

    category = "mail_from_not_verified"


class ConfigurationSetMissing(NotRetryable):
    """The configuration set does not exist in the region."""

    category = "config_set_missing"


class TemplateMissing(NotRetryable):
    """The template does not exist in the region."""

    category = "template_missing"


class NotAuthorized(NotRetryable):
    """The credentials do not permit the call."""

    category = "not_authorized"


class ExpiredCredentials(NotRetryable):
    """Credentials are missing, expired or invalid, or the system clock is off."""

    category = "expired_credentials"


class RecipientSuppressed(NotRetryable):
    """The recipient is on a suppression list."""

    category = "suppressed"


class NonASCIIAddress(InvalidAddress):
    """An address holds characters that SES cannot carry."""

    category = "non_ascii_address"


class MalformedAddress(InvalidAddress):
    """An address does not follow the grammar that SES reads."""

    category = "malformed_address"


class NoRecipients(InvalidRequest):
    """The message has no recipient."""

    category = "no_recipients"


class TooManyRecipients(InvalidRequest):
    """The message has more recipients than SES accepts."""

    category = "too_many_recipients"


class MessageTooLarge(InvalidRequest):
    """The message has more bytes than SES accepts."""

    category = "too_large"


class InvalidHeader(InvalidRequest):
    """A header is missing, doubled or malformed."""

    category = "header_invalid"


class TemplateRenderingFailed(InvalidRequest):
    """The template data does not fit the template."""

    category = "template_render"


class AttachmentBlocked(InvalidRequest):
    """An attachment is of a type that SES does not send."""

    category = "attachment_blocked"


class BulkSendFailed(SESError):
    """Some entries of a bulk call were not accepted; those that were may not be sent again.

    Raised with the setting ``bulk_failures="raise"`` only. The diagnosis is that of the first
    failure.

    Attributes:
        failures: the entries that failed, in order.
        bulk_response: the answer of the call, with the results of all entries.
    """

    failures: tuple[BulkFailure, ...] = ()
    bulk_response: Mapping[str, Any] = MappingProxyType({})


class UnclassifiedError(NotRetryable):
    """An answer that no other category covers."""

    category = "other"


BY_CATEGORY: Mapping[Category, type[SESError]] = MappingProxyType(
    {
        error.category: error
        for error in (
            UnverifiedIdentity,
            AccountPaused,
            ConfigurationSetPaused,
            DailyQuotaExceeded,
            SendRateExceeded,
            SystemicThrottle,
            NoRecipients,
            NonASCIIAddress,
            MalformedAddress,
            MailFromDomainNotVerified,
            ConfigurationSetMissing,
            TemplateMissing,
            TemplateRenderingFailed,
            MessageTooLarge,
            TooManyRecipients,
            RecipientSuppressed,
            InvalidHeader,
            AttachmentBlocked,
            NotAuthorized,
            ExpiredCredentials,
            ServiceUnavailable,
            StoreUnavailable,
            OutcomeUnknown,
            UnclassifiedError,
        )
    }
)
"""The class of each category (the names are public)."""
