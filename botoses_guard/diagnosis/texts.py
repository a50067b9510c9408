"""What the texts of answers mean, as a table. Adding a text is one row.

Each row says under which codes SES gives its texts and where they were seen: ``log`` (in public,
from SES), ``recorded`` (from SES, by a test suite), ``documentation`` (of AWS) or ``emulator`` (so
that tests against one read the same).

Patterns are matched from the start of the lower-cased text, and every gap in them is bounded, so
that the time is linear. The rows whose texts repeat words of the caller (a header, a name, a tag)
come first: nothing that a caller writes is taken for a word of SES.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class TextRow:
    """One kind of text."""

    category: str
    pattern: str
    under: Mapping[str, str]
    """The code by service, ``ses``, ``sesv2`` or ``smtp``."""

    evidence: str
    examples: tuple[str, ...]
    """Texts that this row matches, and no other."""

    words: tuple[str, ...] = ()
    """One of them is in each text of the row: a quick look before a pattern with gaps."""

    matcher: re.Pattern[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "matcher", re.compile(self.pattern, re.DOTALL))

    def matches(self, lowered: str) -> bool:
        """Whether a lower-cased text is of this kind."""
        for word in self.words:
            if word in lowered:
                break
        else:
            if self.words:
                return False
        return self.matcher.match(lowered) is not None


_INVALID = {"ses": "InvalidParameterValue", "sesv2": "BadRequestException", "smtp": "554"}
_REJECTED = {"ses": "MessageRejected", "sesv2": "MessageRejected", "smtp": "554"}
_THROTTLED = {"ses": "Throttling", "sesv2": "TooManyRequestsException", "smtp": "454"}

_REPEATING_THE_CALLER: tuple[TextRow, ...] = (
    TextRow(
        "unverified_identity",
        r"(?:the )?(?:e-?mail address|identity|domain|sender|source|from address)\b"
        r".{0,330}?\bnot verified|.{0,120}?identities failed the check in region"
        r"|identity .{1,330}? is invalid\. must be a verified|did not have authority to send from",
        _REJECTED,
        "log",
        (
            "Email address is not verified. The following identities failed the check in region "
            "EU-WEST-1: Orders <orders@example.com>",
            "Email address is not verified.",
            "Identity is not verified: orders@example.com",
            "Identity orders@example.com; is invalid. Must be a verified email address or domain.",
            "Email address not verified orders@example.com",
            "Did not have authority to send from email orders@example.com",
        ),
    ),
    TextRow(
        "not_authorized",
        r"(?:user:? .{1,2000}?|.{0,60}?)\bnot authorized to (?:perform|access)",
        {"ses": "AccessDenied", "sesv2": "AccessDeniedException", "smtp": "554"},
        "log",
        (
            "User `arn:aws:iam::123456789012:user/app' is not authorized to perform "
            "`ses:SendEmail' on resource "
            "`arn:aws:ses:eu-west-1:123456789012:identity/orders@example.com'",
            "User: arn:aws:iam::123456789012:user/app is not authorized to perform: ses:SendEmail "
            "on resource: arn:aws:ses:eu-west-1:123456789012:configuration-set/orders because no "
            "identity-based policy allows the ses:SendEmail action",
        ),
        ("not authorized",),
    ),
    TextRow(
        "not_authorized",
        r"account not subscribed",
        {"smtp": "535"},
        "documentation",
        ("Account not subscribed to SES",),
    ),
    TextRow(
        "other",
        r"invalid (?:tag|arn|configuration set name|sending ?pool|action)|duplicate tag"
        r"|(?:the )?tag (?:name|value)|could not find operation|sending ?pool"
        r"|e-?mail identity .{1,330}? does not exist",
        _INVALID,
        "log",
        (
            "Invalid tag value <spring:sale>: only alphanumeric ASCII characters, '_', and '-' "
            "are allowed.",
            "Tag value cannot exceed 255 characters.",
            "Invalid configuration set name <our orders>: only alphanumeric ASCII characters, "
            "'_', and '-' are allowed.",
            "SendingPool <orders> doesn't exist",
        ),
    ),
    TextRow(
        "config_set_missing",
        r"configuration set\b.{0,300}?(?:does(?: not|n't) exist|not found)",
        {"ses": "ConfigurationSetDoesNotExist", "sesv2": "NotFoundException"},
        "recorded",
        ("Configuration set <orders> does not exist.", "Configuration set orders doesn't exist"),
    ),
    TextRow(
        "config_set_paused",
        r"(?:e-?mail )?sending (?:is |has been )?(?:paused|disabled|suspended) (?:for|on|in) "
        r"(?:the |this )?configuration set"
        r"|configuration set(?: [<'\"(]?[\w-]{1,64}[>'\")]?)?(?: e-?mail)?(?: sending)? "
        r"(?:is |has been )?(?:paused|disabled|suspended)",
        {"ses": "ConfigurationSetSendingPausedException", "sesv2": "SendingPausedException"},
        "recorded",
        (
            "Sending is paused for configuration set <orders>",
            "Email sending is disabled for configuration set orders",
            "Configuration set <orders> sending is paused.",
        ),
    ),
    TextRow(
        "template_missing",
        r"(?:custom verification e-?mail )?template\b.{0,300}?(?:does(?: not|n't) exist|not found)",
        {"ses": "TemplateDoesNotExist", "sesv2": "NotFoundException"},
        "log",
        (
            "Template welcome does not exist.",
            "Template (welcome) does not exist",
            "Custom verification email template <welcome> does not exist",
        ),
    ),
    TextRow(
        "template_render",
        r"(?:the )?template data\b|attribute .{0,300}? is not present in the rendering"
        r"|.{0,40}?\brendering (?:data|failure|attribute|failed)",
        {"ses": "InvalidParameterValue", "sesv2": "BadRequestException"},
        "log",
        (
            "The template data is invalid",
            "Attribute 'first_name' is not present in the rendering data.",
            "Template rendering data is invalid",
        ),
        ("template data", "rendering"),
    ),
    TextRow(
        "no_recipients",
        r"missing required header '?(?:to|cc|bcc)\b|email address not specified"
        r"|no (?:valid )?(?:destination|recipient)s?\b"
        r"|.{0,60}?\bat least one (?:destination|recipient|to address)"
        r"|(?:the )?(?:destinations?|recipients?|to address(?:es)?)\b.{0,40}?"
        r"(?:required|missing|empty|not specified|must not be null)"
        r"|missing (?:destination|recipient)",
        _INVALID,
        "log",
        (
            "Missing required header 'To'.",
            "Email address not specified.",
            "No recipients were specified.",
            "The message must have at least one recipient.",
        ),
        ("required header", "specified", "recipient", "destination", "to address"),
    ),
    TextRow(
        "header_invalid",
        r"(?:duplicate|illegal|invalid|malformed|unsupported) headers?\b"
        r"|missing required header (?!'?(?:to|cc|bcc)\b)|empty header|headers?\b"
        r"|missing (?:start|end) boundary|illegal content(?! type)"
        r"|expected (?:disposition|parameter|['\"]|.{1,30}?, got )"
        r"|1 validation error detected: value .{0,200}?headers\.",
        _INVALID,
        "log",
        (
            "Missing required header 'From'.",
            "Duplicate header 'List-Unsubscribe'.",
            "Illegal header 'Dear customer, your order'.",
            "Empty header names are illegal.",
            "Header section too long.",
            "Missing start boundary",
            "Illegal content.",
            "Expected '=', got 'null'",
            "Expected disposition, got =",
        ),
    ),
    TextRow(
        "malformed_address",
        r"(?:<?\S{0,330}>? )?(?:invalid e-?mail address|address unknown)"
        r"|invalid (?:from|mail from|to|cc|bcc|reply-?to|return-?path|sender|recipient|source) "
        r"address|address length is more than|user name is missing"
        r"|(?:source|from ?e?-?mail ?address) (?:cannot|must not) be empty",
        _INVALID,
        "log",
        (
            "Invalid email address <orders>.",
            "Invalid email address .",
            "<orders> Invalid email address",
            "Address length is more than 320 characters long: 'orders@example.com'.",
            "User name is missing: 'orders'",
            "Invalid From address provided.",
            "Source cannot be empty",
        ),
        ("address", "user name", "source", "empty"),
    ),
)

_FIXED: tuple[TextRow, ...] = (
    # The texts of JavaMail's AddressException (InternetAddress.java), with which SES answers.
    TextRow(
        "malformed_address",
        r"illegal (?:address|route-addr|semicolon)|extra route-addr|nested group|address is null"
        r"|empty address|missing (?:local name|domain|final '@domain'|'?[()<>\"\]])"
        r"|unterminated quote|quote not at|quoted local address contains"
        r"|local address (?:starts|ends|contains (?!control or whitespace))"
        r"|domain (?:starts|ends|contains|literal|is empty)",
        _INVALID,
        "log",
        (
            "Missing final '@domain'",
            "Missing '<'",
            "Local address contains dot-dot",
            "Domain contains illegal character",
            "Illegal semicolon, not in group",
        ),
    ),
    # For SES both are characters that may not stand there.
    TextRow(
        "non_ascii_address",
        r"local address contains control or whitespace|.{0,60}?\bnon-?ascii characters?\b",
        _INVALID,
        "log",
        (
            "Local address contains control or whitespace",
            "There are non-ASCII characters in the email address",
        ),
        ("ascii", "local address"),
    ),
    TextRow(
        "too_many_recipients",
        r"recipient count exceeds|too many (?:recipients|destinations)"
        r"|.{0,60}?(?:exceed\w{0,4}|more than|maximum number of) (?:\S{1,20} ){0,4}"
        r"(?:recipients|destinations)\b",
        _INVALID,
        "log",
        ("Recipient count exceeds 50.", "Too many recipients."),
        ("recipient", "destination"),
    ),
    TextRow(
        "account_paused",
        r".{0,60}?sending (?:is |has been )?(?:paused|suspended|disabled|blocked) "
        r"(?:for|on|in) (?:this|your|the) (?:\w{1,10} )?account"
        r"|.{0,60}?\baccount (?:sending )?(?:is |has been |was )?"
        r"(?:paused|suspended|disabled|restricted|shut ?down)",
        {"ses": "MessageRejected", "sesv2": "SendingPausedException", "smtp": "554"},
        "log",
        (
            "Sending paused for this account. For more information, please check the inbox of the "
            "email address associated with your AWS account.",
            "Sending suspended for this account.",
            "Account sending is disabled.",
        ),
        ("account",),
    ),
    TextRow(
        "daily_quota",
        r".{0,120}?\bdaily (?:\w{1,20} ){0,2}(?:quota|limit)"
        r"|.{0,120}?\b(?:quota|limit)\b.{0,80}?\b24[- ]?hours?\b"
        r"|.{0,120}?\b24[- ]?hours?\b.{0,80}?\b(?:quota|limit)\b",
        _THROTTLED,
        "log",
        ("Daily message quota exceeded.", "Daily sending quota exceeded"),
        ("quota", "limit"),
    ),
    TextRow(
        "send_rate",
        r".{0,120}?\bmax(?:imum)? (?:[\w-]{1,20} ){0,3}send(?:ing)? rate"
        r"|.{0,120}?\bsend(?:ing)? rate (?:has been |was |is )?exceeded",
        _THROTTLED,
        "log",
        ("Maximum sending rate exceeded.", "Maximum SigV2 SMTP sending rate exceeded"),
        ("rate",),
    ),
    TextRow(
        "systemic_throttle",
        r"rate exceeded|.{0,60}?(?:\bthrottl|too many requests|slow down|reduce your request rate)",
        _THROTTLED,
        "documentation",
        ("Rate exceeded", "Request was throttled."),
        ("rate", "throttl", "too many", "slow down"),
    ),
    TextRow(
        "too_large",
        r"message (?:length|size)\b|message (?:line )?is too (?:long|large|big)"
        r"|.{0,60}?(?:maximum message size|size exceeds|exceeds the (?:maximum )?size)",
        {"ses": "InvalidParameterValue", "sesv2": "BadRequestException", "smtp": "552"},
        "log",
        (
            "Message length is more than 10485760 bytes long: '12078147'.",
            "Message is too long.",
        ),
        ("message", "size"),
    ),
    TextRow(
        "mail_from_not_verified",
        r"(?:the )?(?:custom )?mail[- ]?from domain",
        {
            "ses": "MailFromDomainNotVerifiedException",
            "sesv2": "MailFromDomainNotVerifiedException",
        },
        "documentation",
        ("Mail FROM domain is not verified",),
    ),
    TextRow(
        "suppressed",
        r".{0,120}?\b(?:blacklisted|suppressed|suppression list)",
        {"ses": "MessageRejected", "smtp": "554"},
        "log",
        ("Address blacklisted.", "Address is on the suppression list"),
        ("blacklisted", "suppress"),
    ),
    TextRow(
        "attachment_blocked",
        r"illegal content type|.{0,60}?\b(?:attachment|file (?:type|extension|name))\b.{0,200}?"
        r"(?:not allowed|blocked|not supported|unsupported|prohibited|illegal|forbidden)"
        r"|.{0,60}?\b(?:blocked|prohibited|unsupported|illegal|forbidden) "
        r"(?:attachment|file (?:type|extension|name)|content type)",
        _INVALID,
        "log",
        ("Illegal content type 'text/csv'", "Attachment 'run.exe' is of a type not allowed"),
        ("content type", "attachment", "file"),
    ),
    TextRow(
        "expired_credentials",
        r"(?:the )?security token|signature (?:expired|not yet current)|the request signature"
        r"|request has expired|authentication (?:credentials invalid|required)"
        r"|the aws access key id|credential should be",
        {"ses": "InvalidClientTokenId", "sesv2": "UnrecognizedClientException", "smtp": "535"},
        "log",
        (
            "The security token included in the request is expired",
            "Signature expired: 20260301T120000Z is now earlier than 20260301T121000Z "
            "(20260301T121500Z - 5 min.)",
            "Authentication Credentials Invalid",
        ),
    ),
    TextRow(
        "service_unavailable",
        r".{0,60}?(?:\binternal (?:service |server )?(?:failure|error)"
        r"|\bservice (?:is )?(?:currently |temporarily )?unavailable|timeout waiting for"
        r"|temporary (?:service|authentication) failure|too many concurrent)",
        {"ses": "ServiceUnavailable", "sesv2": "InternalServiceErrorException", "smtp": "451"},
        "documentation",
        (
            "Timeout waiting for data from client.",
            "Temporary service failure",
            "An internal failure has occurred.",
        ),
        ("internal", "service", "timeout", "temporary", "concurrent"),
    ),
)

TEXTS: tuple[TextRow, ...] = (*_REPEATING_THE_CALLER, *_FIXED)
"""The rows in the order in which they are tried."""


def row_of(text: str, categories: frozenset[str] | None) -> TextRow | None:
    """The row of a text.

    Args:
        text: of the answer, without what SMTP puts in front.
        categories: those that come into question under the answer's code; ``None`` for any.
    """
    lowered = text.lower()
    for row in TEXTS:
        if (categories is None or row.category in categories) and row.matches(lowered):
            return row
    return None
