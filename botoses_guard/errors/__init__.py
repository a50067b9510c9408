"""The exceptions of the guard, and the values that they carry.

Every one is a :class:`botocore.exceptions.ClientError` with the code and message that SES gives,
so that code written for plain boto3 goes on catching it. There is one class for each category of
trouble, below a few groups for what is caught together::

    ClientError
    └─ SESError
       ├─ Throttled                 nothing was sent: wait and send again
       ├─ ServiceUnavailable        SES answered that it did not accept the message
       ├─ StoreUnavailable          nothing was sent: the store of the pacing state is unreachable
       ├─ OutcomeUnknown            the message may have been accepted
       ├─ BulkSendFailed            some entries of a bulk call were not accepted
       └─ NotRetryable              sending the same again cannot help
          ├─ InvalidRequest         the request must change
          │  └─ InvalidAddress      ... one of its addresses (a ValueError as well)
          └─ ...                    the account, an identity or a permission must change
"""

from .base import SESError
from .categories import RETRYABLE, Category
from .combined import of_client, of_transport
from .hierarchy import (
    BY_CATEGORY,
    AccountPaused,
    AttachmentBlocked,
    BulkSendFailed,
    ConfigurationSetMissing,
    ConfigurationSetPaused,
    DailyQuotaExceeded,
    ExpiredCredentials,
    InvalidAddress,
    InvalidHeader,
    InvalidRequest,
    MailFromDomainNotVerified,
    MalformedAddress,
    MessageTooLarge,
    NonASCIIAddress,
    NoRecipients,
    NotAuthorized,
    NotRetryable,
    OutcomeUnknown,
    RecipientSuppressed,
    SendRateExceeded,
    ServiceUnavailable,
    StoreUnavailable,
    SystemicThrottle,
    TemplateMissing,
    TemplateRenderingFailed,
    Throttled,
    TooManyRecipients,
    UnclassifiedError,
    UnverifiedIdentity,
)
from .settings import SettingError, SettingWarning
from .values import Attempt, BulkFailure, Diagnosis, IdentityRole, Origin, Violation

__all__ = [
    "AccountPaused",
    "AttachmentBlocked",
    "Attempt",
    "BY_CATEGORY",
    "BulkFailure",
    "BulkSendFailed",
    "Category",
    "ConfigurationSetMissing",
    "ConfigurationSetPaused",
    "DailyQuotaExceeded",
    "Diagnosis",
    "ExpiredCredentials",
    "IdentityRole",
    "InvalidAddress",
    "InvalidHeader",
    "InvalidRequest",
    "MailFromDomainNotVerified",
    "MalformedAddress",
    "MessageTooLarge",
    "NoRecipients",
    "NonASCIIAddress",
    "NotAuthorized",
    "NotRetryable",
    "Origin",
    "OutcomeUnknown",
    "RETRYABLE",
    "RecipientSuppressed",
    "SESError",
    "SendRateExceeded",
    "ServiceUnavailable",
    "SettingError",
    "SettingWarning",
    "StoreUnavailable",
    "SystemicThrottle",
    "TemplateMissing",
    "TemplateRenderingFailed",
    "Throttled",
    "TooManyRecipients",
    "UnclassifiedError",
    "UnverifiedIdentity",
    "Violation",
    "of_client",
    "of_transport",
]

# Tracebacks and pickles show the public path.
for _name in __all__:
    _public = globals()[_name]
    if isinstance(_public, type):
        _public.__module__ = __name__
