"""The AWS page "Amazon SES email sending errors", entry by entry, and what the guard makes of it.

Source: SES developer guide, ``troubleshoot-error-messages.html``. A :class:`Row` is one way in which
the trouble of an entry comes; ``test_page`` walks them over ``ses``, ``sesv2`` and SMTP.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from botoses_guard import errors

from .wordings import Wording

UNVERIFIED = "Email address is not verified"
PAUSED = "Account is paused"
THROTTLING = "Throttling"
NO_RECIPIENTS = "There are no recipients specified"
NON_ASCII = "There are non-ASCII characters in the email address"
MAIL_FROM = "Mail FROM domain is not verified"
CONFIGURATION_SET = "Configuration set does not exist"

ENTRIES = (
    UNVERIFIED,
    PAUSED,
    THROTTLING,
    NO_RECIPIENTS,
    NON_ASCII,
    MAIL_FROM,
    CONFIGURATION_SET,
)
"""The entries of the page, in its order."""

GUIDE = "https://docs.aws.amazon.com/ses/latest/dg/"

SENDER = "shop@example.com"
RECIPIENT = "ada@example.net"


class Code(NamedTuple):
    """How one service names a trouble."""

    code: str
    http_status: int
    modelled: str | None
    """The class of ``client.exceptions`` that catches it, where the service model has one."""


Codes = Mapping[str, Code]
"""By service."""

REJECTED: Codes = {
    "ses": Code("MessageRejected", 400, "MessageRejected"),
    "sesv2": Code("MessageRejected", 400, "MessageRejected"),
}
INVALID: Codes = {
    "ses": Code("InvalidParameterValue", 400, None),
    "sesv2": Code("BadRequestException", 400, "BadRequestException"),
}
TOO_FAST: Codes = {
    "ses": Code("Throttling", 400, None),
    "sesv2": Code("TooManyRequestsException", 429, "TooManyRequestsException"),
}
TOO_MANY: Codes = {
    "ses": Code("Throttling", 400, None),
    "sesv2": Code("LimitExceededException", 400, "LimitExceededException"),
}
OWNER_PAUSED: Codes = {
    "ses": Code("AccountSendingPausedException", 400, "AccountSendingPausedException"),
    "sesv2": Code("SendingPausedException", 400, "SendingPausedException"),
}
MAIL_FROM_FAILED: Codes = {
    "ses": Code("MailFromDomainNotVerifiedException", 400, "MailFromDomainNotVerifiedException"),
    "sesv2": Code("MailFromDomainNotVerifiedException", 400, "MailFromDomainNotVerifiedException"),
}
SET_MISSING: Codes = {
    "ses": Code("ConfigurationSetDoesNotExist", 400, "ConfigurationSetDoesNotExistException"),
    "sesv2": Code("NotFoundException", 404, "NotFoundException"),
}
DEFAULT_SET_MISSING: Codes = {"sesv2": INVALID["sesv2"]}

NONE: Mapping[str, Any] = MappingProxyType({})


class Row(NamedTuple):
    """One way in which an entry's trouble comes."""

    entry: str
    says: str
    """The page's own words, shortly."""

    case: str
    error: type[errors.SESError]
    codes: Codes
    text: str
    """What SES answers, to the letter."""

    advice: Wording
    page: str
    """The page of the developer guide that the guard names."""

    smtp: str
    """SES's reply over SMTP in the same trouble."""

    account: Mapping[str, Any] = NONE
    """The settings of the local SES that bring the trouble about, by its own judgement."""

    told: bool = False
    """Whether the local SES is told to give the text, which it would not of its own accord."""

    region: str = "us-east-1"
    sender: str = SENDER
    recipients: tuple[str, ...] = (RECIPIENT,)
    parameters: Mapping[str, Any] = NONE
    settings: Mapping[str, Any] = NONE
    requests: int = 1
    """HTTP requests that the send takes; 0 when the guard refuses in SES's place."""

    names: Mapping[str, Any] = NONE
    """Fields of the diagnosis that SES's text alone gives, over SMTP too."""

    compares: Mapping[str, Any] = NONE
    """Fields that take the request besides, which an SMTP reply comes without."""

    smtp_names: Mapping[str, Any] = NONE
    smtp_advice: Wording | None = None
    """The advice without the request, and the page that goes with it; ``None`` for the same."""

    smtp_page: str | None = None
    retry_within: float | None = None
    """Seconds after which the same send may pass, at most; ``None`` where nothing is known."""


_LIST = "Email address is not verified. The following identities failed the check in region"


ROWS: tuple[Row, ...] = (
    Row(
        UNVERIFIED,
        "an email address or domain that you have not verified ... From, Source",
        "the sender",
        error=errors.UnverifiedIdentity,
        codes=REJECTED,
        account={"verified": [RECIPIENT]},
        text=f"{_LIST} US-EAST-1: shop@example.com",
        names={"identities": ("shop@example.com",), "region": "us-east-1"},
        compares={"identity_roles": ("sender",), "sandbox_likely": False},
        advice=Wording(
            "unverified_identity.sender",
            {"region": "us-east-1", "identities": "shop@example.com"},
        ),
        page="creating-identities.html",
        smtp=f"554 Message rejected: {_LIST} US-EAST-1: shop@example.com",
        smtp_advice=Wording(
            "unverified_identity", {"region": "us-east-1", "identities": "shop@example.com"}
        ),
    ),
    Row(
        UNVERIFIED,
        "verification status is separate for each AWS Region",
        "the region is the one that SES names",
        error=errors.UnverifiedIdentity,
        codes=REJECTED,
        region="ap-northeast-1",
        account={"verified": []},
        text=f"{_LIST} AP-NORTHEAST-1: shop@example.com",
        names={"identities": ("shop@example.com",), "region": "ap-northeast-1"},
        compares={"identity_roles": ("sender",), "sandbox_likely": False},
        advice=Wording(
            "unverified_identity.sender",
            {"region": "ap-northeast-1", "identities": "shop@example.com"},
        ),
        page="creating-identities.html",
        smtp=f"554 Message rejected: {_LIST} AP-NORTHEAST-1: shop@example.com",
        smtp_advice=Wording(
            "unverified_identity", {"region": "ap-northeast-1", "identities": "shop@example.com"}
        ),
    ),
    Row(
        UNVERIFIED,
        "still in the sandbox, you also must verify every recipient email address except ... the "
        "mailbox simulator",
        "recipients, so that the sandbox is the likely reason",
        error=errors.UnverifiedIdentity,
        codes=REJECTED,
        account={"sandbox": True, "verified": ["example.com"]},
        recipients=("ada@example.net", "success@simulator.amazonses.com", "bob@example.org"),
        text=f"{_LIST} US-EAST-1: ada@example.net, bob@example.org",
        names={"identities": ("ada@example.net", "bob@example.org"), "region": "us-east-1"},
        compares={"identity_roles": ("recipient", "recipient"), "sandbox_likely": True},
        advice=Wording(
            "unverified_identity.recipient",
            {"region": "us-east-1", "identities": "ada@example.net, bob@example.org"},
        ),
        page="request-production-access.html",
        smtp=f"554 Message rejected: {_LIST} US-EAST-1: ada@example.net, bob@example.org",
        smtp_advice=Wording(
            "unverified_identity",
            {"region": "us-east-1", "identities": "ada@example.net, bob@example.org"},
        ),
        smtp_page="creating-identities.html",
    ),
    Row(
        UNVERIFIED,
        "identity1, identity2, identity3",
        "a sender and a recipient in the sandbox",
        error=errors.UnverifiedIdentity,
        codes=REJECTED,
        account={"sandbox": True, "verified": []},
        text=f"{_LIST} US-EAST-1: shop@example.com, ada@example.net",
        names={"identities": ("shop@example.com", "ada@example.net"), "region": "us-east-1"},
        compares={"identity_roles": ("sender", "recipient"), "sandbox_likely": True},
        advice=Wording(
            "unverified_identity.both",
            {
                "region": "us-east-1",
                "senders": "shop@example.com",
                "recipients": "ada@example.net",
            },
        ),
        page="request-production-access.html",
        smtp=f"554 Message rejected: {_LIST} US-EAST-1: shop@example.com, ada@example.net",
        smtp_advice=Wording(
            "unverified_identity",
            {"region": "us-east-1", "identities": "shop@example.com, ada@example.net"},
        ),
        smtp_page="creating-identities.html",
    ),
    Row(
        UNVERIFIED,
        "not able to show all of the failed identities, the error message ends with an ellipsis",
        "the ellipsis",
        error=errors.UnverifiedIdentity,
        codes=REJECTED,
        told=True,
        recipients=("ada@example.net", "bob@example.org"),
        text=f'{_LIST} EU-WEST-1: "Lovelace, Ada" <ada@example.net>, bob@example.org...',
        names={
            "identities": ("ada@example.net", "bob@example.org"),
            "identities_truncated": True,
            "region": "eu-west-1",
        },
        compares={"identity_roles": ("recipient", "recipient"), "sandbox_likely": True},
        advice=Wording(
            "unverified_identity.recipient",
            {
                "region": "eu-west-1",
                "identities": Wording(
                    "list.truncated", {"identities": "ada@example.net, bob@example.org"}
                ),
            },
        ),
        page="request-production-access.html",
        smtp=f'554 Message rejected: {_LIST} EU-WEST-1: "Lovelace, Ada" <ada@example.net>, '
        "bob@example.org...",
        smtp_advice=Wording(
            "unverified_identity",
            {
                "region": "eu-west-1",
                "identities": Wording(
                    "list.truncated", {"identities": "ada@example.net, bob@example.org"}
                ),
            },
        ),
        smtp_page="creating-identities.html",
    ),
    Row(
        PAUSED,
        "Account is paused",
        "in the page's words",
        error=errors.AccountPaused,
        codes=REJECTED,
        told=True,
        text="Account is paused",
        advice=Wording("account_paused"),
        page="faqs-enforcement.html",
        smtp="554 Message rejected: Account is paused",
    ),
    Row(
        PAUSED,
        "If we pause your account's ability to send email",
        "by AWS",
        error=errors.AccountPaused,
        # A text of its own under the code for whatever is wrong with a message.
        codes=REJECTED,
        account={"paused_by_aws": True},
        text="Sending paused for this account. For more information, please check the inbox of "
        "the email address associated with your AWS account.",
        advice=Wording("account_paused"),
        page="faqs-enforcement.html",
        smtp="554 Message rejected: Sending paused for this account. For more information, please "
        "check the inbox of the email address associated with your AWS account.",
    ),
    Row(
        PAUSED,
        "Your account's ability to send email is paused",
        "by its owner",
        error=errors.AccountPaused,
        codes=OWNER_PAUSED,
        account={"paused": True},
        text="Account sending is disabled.",
        advice=Wording("account_paused"),
        page="faqs-enforcement.html",
        smtp="554 Message rejected: Account sending is disabled.",
    ),
    Row(
        THROTTLING,
        "Daily message quota exceeded ... you will have to wait",
        "the daily quota",
        error=errors.DailyQuotaExceeded,
        codes=TOO_MANY,
        account={"quota": 0},
        text="Daily message quota exceeded.",
        advice=Wording("daily_quota"),
        page="manage-sending-quotas-errors.html",
        smtp="454 Throttling failure: Daily message quota exceeded.",
        retry_within=600,
    ),
    Row(
        THROTTLING,
        "Maximum sending rate exceeded ... you can continue to send email, but will need to reduce "
        "your send rate",
        "the sending rate",
        error=errors.SendRateExceeded,
        codes=TOO_FAST,
        account={"rate": 1e-6, "burst": 0},
        requests=2,
        text="Maximum sending rate exceeded.",
        advice=Wording("send_rate"),
        page="manage-sending-quotas-errors.html",
        smtp="454 Throttling failure: Maximum sending rate exceeded.",
        retry_within=1,
    ),
    Row(
        THROTTLING,
        "not related to you exceeding your daily quota or maximum send rate ... a system-wide "
        "problem",
        "any other text is systemic",
        error=errors.SystemicThrottle,
        codes=TOO_FAST,
        told=True,
        requests=2,
        text="Rate exceeded",
        advice=Wording("systemic_throttle"),
        page="troubleshoot-error-messages.html",
        smtp="454 Throttling failure: Rate exceeded",
    ),
    Row(
        NO_RECIPIENTS,
        "No recipients were provided",
        "nobody in To, Cc or Bcc",
        error=errors.NoRecipients,
        codes=INVALID,
        recipients=(),
        requests=0,
        text="Missing required header 'To'.",
        advice=Wording("no_recipients"),
        page="send-email-concepts-email-format.html",
        smtp="554 Transaction failed: Missing required header 'To'.",
        smtp_names={"header": "To"},
    ),
    Row(
        NON_ASCII,
        "Punycode is not permitted in the local part",
        "the local part, refused in SES's own words before anything is sent",
        error=errors.NonASCIIAddress,
        codes=INVALID,
        recipients=("jörg@example.net",),
        requests=0,
        text="Local address contains control or whitespace",
        advice=Wording("non_ascii_address"),
        page="troubleshoot-error-messages.html",
        # Over SMTP that text is about a blank: a mail server was given ASCII.
        smtp="554 Transaction failed: There are non-ASCII characters in the email address",
    ),
    Row(
        NON_ASCII,
        "The email address string must be 7-bit ASCII",
        "the local part, when the guard leaves addresses alone",
        error=errors.NonASCIIAddress,
        codes=INVALID,
        settings={"addresses": "off"},
        recipients=("ada@example.net", "jörg@example.net"),
        text="Local address contains control or whitespace",
        compares={"parameters": ("Destination.ToAddresses[1]",)},
        advice=Wording("non_ascii_address", {"parameters": "Destination.ToAddresses[1]"}),
        page="troubleshoot-error-messages.html",
        smtp="554 Transaction failed: There are non-ASCII characters in the email address",
        smtp_advice=Wording("non_ascii_address"),
    ),
    Row(
        NON_ASCII,
        "you must encode the domain using Punycode",
        "the domain, when the guard leaves addresses alone",
        error=errors.NonASCIIAddress,
        codes=INVALID,
        settings={"addresses": "off"},
        recipients=("ada@exämple.net",),
        text="Domain contains control or whitespace",
        compares={"parameters": ("Destination.ToAddresses[0]",)},
        advice=Wording("non_ascii_address.domain", {"parameters": "Destination.ToAddresses[0]"}),
        page="troubleshoot-error-messages.html",
        smtp="554 Transaction failed: There are non-ASCII characters in the email address",
        smtp_advice=Wording("non_ascii_address"),
    ),
    Row(
        NON_ASCII,
        "There are non-ASCII characters in the email address",
        "in the page's words",
        error=errors.NonASCIIAddress,
        codes=INVALID,
        told=True,
        text="There are non-ASCII characters in the email address",
        advice=Wording("non_ascii_address"),
        page="troubleshoot-error-messages.html",
        smtp="554 Transaction failed: There are non-ASCII characters in the email address",
    ),
    Row(
        MAIL_FROM,
        "could not read the MX record required to use the specified MAIL FROM domain",
        "the sending identity's",
        error=errors.MailFromDomainNotVerified,
        codes=MAIL_FROM_FAILED,
        account={"mail_from_failed": ["example.com"]},
        text="Mail FROM domain is not verified",
        advice=Wording("mail_from_not_verified"),
        page="mail-from.html",
        smtp="554 Message rejected: Mail FROM domain is not verified",
    ),
    Row(
        CONFIGURATION_SET,
        "The configuration set that you specified does not exist",
        "named in the request",
        error=errors.ConfigurationSetMissing,
        codes=SET_MISSING,
        account={"configuration_sets": ["newsletters"]},
        parameters={"ConfigurationSetName": "orders"},
        text="Configuration set <orders> does not exist.",
        names={"configuration_set": "orders"},
        advice=Wording("config_set_missing", {"configuration_set": "orders"}),
        page="using-configuration-sets.html",
        smtp="554 Transaction failed: Configuration set <orders> does not exist.",
    ),
    Row(
        CONFIGURATION_SET,
        "A configuration set is an optional parameter",
        "the identity's default one, which v2 reports under another code",
        error=errors.ConfigurationSetMissing,
        codes=DEFAULT_SET_MISSING,
        told=True,
        text="Configuration set <orders> does not exist.",
        names={"configuration_set": "orders"},
        advice=Wording("config_set_missing", {"configuration_set": "orders"}),
        page="using-configuration-sets.html",
        smtp="554 Transaction failed: Configuration set <orders> does not exist.",
    ),
    Row(
        CONFIGURATION_SET,
        "Configuration set does not exist",
        "in the page's words, which name none",
        error=errors.ConfigurationSetMissing,
        codes=SET_MISSING,
        told=True,
        text="Configuration set does not exist",
        advice=Wording("config_set_missing"),
        page="using-configuration-sets.html",
        smtp="554 Transaction failed: Configuration set does not exist",
    ),
)
