"""The AWS page "Amazon SES email sending errors", entry by entry, and what the guard makes of it.

Source: SES developer guide, ``troubleshoot-error-messages.html``. A :class:`Row` is one way in
which the trouble of an entry comes; ``test_page`` walks them over ``ses``, ``sesv2`` and SMTP.
"""

from __future__ import annotations

from botoses_guard import errors

from .codes import (
    DEFAULT_SET_MISSING,
    INVALID,
    MAIL_FROM_FAILED,
    OWNER_PAUSED,
    REJECTED,
    SET_MISSING,
    TOO_FAST,
    TOO_MANY,
)
from .row import RECIPIENT, Row
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

_FAILED = "Email address is not verified. The following identities failed the check in region"


ROWS: tuple[Row, ...] = (
    Row(
        UNVERIFIED,
        "an email address or domain that you have not verified ... From, Source",
        "the sender",
        error=errors.UnverifiedIdentity,
        codes=REJECTED,
        account={"verified": [RECIPIENT]},
        text=f"{_FAILED} US-EAST-1: shop@example.com",
        names={"identities": ("shop@example.com",), "region": "us-east-1"},
        compares={"identity_roles": ("sender",), "sandbox_likely": False},
        advice=Wording(
            "unverified_identity.sender",
            {"region": "us-east-1", "identities": "shop@example.com"},
        ),
        page="creating-identities.html",
        smtp="554 Message rejected",
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
        text=f"{_FAILED} AP-NORTHEAST-1: shop@example.com",
        names={"identities": ("shop@example.com",), "region": "ap-northeast-1"},
        compares={"identity_roles": ("sender",), "sandbox_likely": False},
        advice=Wording(
            "unverified_identity.sender",
            {"region": "ap-northeast-1", "identities": "shop@example.com"},
        ),
        page="creating-identities.html",
        smtp="554 Message rejected",
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
        text=f"{_FAILED} US-EAST-1: ada@example.net, bob@example.org",
        names={"identities": ("ada@example.net", "bob@example.org"), "region": "us-east-1"},
        compares={"identity_roles": ("recipient", "recipient"), "sandbox_likely": True},
        advice=Wording(
            "unverified_identity.recipient",
            {"region": "us-east-1", "identities": "ada@example.net, bob@example.org"},
        ),
        page="request-production-access.html",
        smtp="554 Message rejected",
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
        text=f"{_FAILED} US-EAST-1: shop@example.com, ada@example.net",
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
        smtp="554 Message rejected",
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
        text=f'{_FAILED} EU-WEST-1: "Lovelace, Ada" <ada@example.net>, bob@example.org...',
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
        smtp="554 Message rejected",
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
        text=PAUSED,
        advice=Wording("account_paused"),
        page="faqs-enforcement.html",
        smtp="554 Message rejected",
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
        smtp="554 Message rejected",
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
        smtp="554 Message rejected",
    ),
    Row(
        THROTTLING,
        "Daily message quota exceeded ... you will have to wait",
        "the daily quota",
        error=errors.DailyQuotaExceeded,
        codes=TOO_MANY,
        account={"quota": 0},
        text="Daily message quota exceeded.",
        advice=Wording(
            "daily_quota", {"retry_after": Wording("duration.minutes", {"count": "10"})}
        ),
        page="manage-sending-quotas-errors.html",
        smtp="454 Throttling failure",
        smtp_advice=Wording("daily_quota"),
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
        smtp="454 Throttling failure",
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
        smtp="454 Throttling failure",
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
        compares={"parameters": ("Destination",)},
        advice=Wording("no_recipients.client"),
        smtp_advice=Wording("no_recipients"),
        page="send-email-concepts-email-format.html",
        smtp="554 Transaction failed",
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
        compares={"parameters": ("Destination.ToAddresses[0]",)},
        advice=Wording("non_ascii_address.client"),
        page="troubleshoot-error-messages.html",
        # Over SMTP that text is about a blank: a mail server was given ASCII.
        smtp="554 Transaction failed",
        smtp_text=NON_ASCII,
        smtp_advice=Wording("non_ascii_address"),
    ),
    Row(
        NON_ASCII,
        "If the domain name ... contains Unicode characters, you must encode the domain",
        "the domain, when the guard may not encode it",
        error=errors.NonASCIIAddress,
        codes=INVALID,
        settings={"addresses": "reject"},
        recipients=("ada@exämple.net",),
        requests=0,
        text="Domain contains control or whitespace",
        compares={"parameters": ("Destination.ToAddresses[0]",)},
        advice=Wording("non_ascii_address.domain.client"),
        page="troubleshoot-error-messages.html",
        smtp="554 Transaction failed",
        smtp_text=NON_ASCII,
        smtp_advice=Wording("non_ascii_address"),
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
        smtp="554 Transaction failed",
        smtp_text=NON_ASCII,
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
        smtp="554 Transaction failed",
        smtp_text=NON_ASCII,
        smtp_advice=Wording("non_ascii_address"),
    ),
    Row(
        NON_ASCII,
        "There are non-ASCII characters in the email address",
        "in the page's words",
        error=errors.NonASCIIAddress,
        codes=INVALID,
        told=True,
        text=NON_ASCII,
        advice=Wording("non_ascii_address"),
        page="troubleshoot-error-messages.html",
        smtp="554 Transaction failed",
    ),
    Row(
        MAIL_FROM,
        "could not read the MX record required to use the specified MAIL FROM domain",
        "the sending identity's",
        error=errors.MailFromDomainNotVerified,
        codes=MAIL_FROM_FAILED,
        account={"mail_from_failed": ["example.com"]},
        text=MAIL_FROM,
        advice=Wording("mail_from_not_verified"),
        page="mail-from.html",
        smtp="554 Message rejected",
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
        smtp="554 Transaction failed",
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
        smtp="554 Transaction failed",
    ),
    Row(
        CONFIGURATION_SET,
        "Configuration set does not exist",
        "in the page's words, which name none",
        error=errors.ConfigurationSetMissing,
        codes=SET_MISSING,
        told=True,
        text=CONFIGURATION_SET,
        advice=Wording("config_set_missing"),
        page="using-configuration-sets.html",
        smtp="554 Transaction failed",
    ),
)
