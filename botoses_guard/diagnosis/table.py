"""What SES's texts and codes mean: two tables, the texts first.

SES hides one trouble under another's code: v1 answers rate and quota alike with ``Throttling``, and a
paused account with ``MessageRejected``; v2 has one ``BadRequestException`` for everything that is
wrong with a request. So the text decides wherever a row knows it, and the code only after that.

Each text row holds one example and says where it was seen: ``log`` (in public, from SES), ``recorded``
(by a test suite, from SES), ``documentation`` (of AWS) or ``emulator`` (so that tests against one
read the same).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class TextRow:
    """One kind of text."""

    category: str
    pattern: str
    """Searched for without regard to case. Rows are tried in order, but no two match one example."""

    example: str
    evidence: str
    matcher: re.Pattern[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "matcher", re.compile(self.pattern, re.IGNORECASE))


# JavaMail's AddressException texts (InternetAddress.java), with which SES answers.
_JAVAMAIL = (
    r"^(?:illegal (?:address|route-addr)|extra route-addr|nested group|address is null|empty address"
    r"|illegal semicolon, not in group|missing (?:local name|domain|final '@domain'|'?[()<>\"\]]'?)"
    r"|unterminated quote|quote not at |quoted local address contains"
    r"|local address (?:starts|ends) with dot|local address contains (?:dot-dot|illegal character)"
    r"|domain (?:starts|ends) with dot|domain contains (?:dot-dot|illegal character|control)"
    r"|domain literal )"
)

TEXTS: tuple[TextRow, ...] = (
    TextRow(
        "unverified_identity",
        r"(?:email address|identity)(?: is)? not verified|identities failed the check"
        r"|must be a verified email address or domain",
        "Email address is not verified. The following identities failed the check in region "
        "EU-WEST-1: shop@example.com",
        "log",
    ),
    TextRow(
        "config_set_paused",
        r"sending is (?:paused|disabled) for configuration set",
        "Sending is paused for configuration set <orders>",
        "recorded",
    ),
    TextRow(
        "account_paused",
        r"sending (?:is )?(?:paused|suspended|disabled) for (?:this|your) account"
        r"|account (?:sending )?(?:is|has been) (?:paused|suspended|disabled|shut ?down)",
        "Sending paused for this account. For more information, please check the inbox of the "
        "email address associated with your AWS account.",
        "log",
    ),
    TextRow(
        "daily_quota",
        r"daily (?:message|sending) quota|24[ -]?hours?\b.*quota|quota.*\b24[ -]?hours?\b",
        "Daily message quota exceeded.",
        "log",
    ),
    TextRow(
        "send_rate",
        r"maximum (?:\S+ ){0,3}(?:sending|send) rate",
        "Maximum sending rate exceeded.",
        "log",
    ),
    TextRow(
        "no_recipients",
        r"missing required header '(?:to|cc|bcc)'|email address not specified"
        r"|no (?:destination|recipient)s?\b|at least one (?:destination|recipient)",
        "Missing required header 'To'.",
        "log",
    ),
    TextRow(
        "too_many_recipients",
        r"recipient count exceeds|too many (?:recipients|destinations)",
        "Recipient count exceeds 50.",
        "log",
    ),
    TextRow(
        "too_large",
        r"message (?:length|size) (?:is more than|exceeds|is too)|message (?:line )?is too (?:long|large)",
        "Message length is more than 10485760 bytes long: '12078147'.",
        "log",
    ),
    TextRow(
        "malformed_address",
        _JAVAMAIL,
        "Missing final '@domain'",
        "log",
    ),
    TextRow(
        "malformed_address",
        r"invalid email address|invalid from address|address length is more than"
        r"|user name is missing|address unknown",
        "Invalid email address <shop>.",
        "log",
    ),
    TextRow(
        "non_ascii_address",
        r"^local address contains control or whitespace|non-ascii characters? in the (?:email )?address",
        "Local address contains control or whitespace",
        "log",
    ),
    TextRow(
        "header_invalid",
        r"(?:missing required|duplicate|illegal) header(?! '(?:to|cc|bcc)')|empty header names"
        r"|header section too long|missing start boundary|^illegal content(?! type)|^expected (?:'|disposition)"
        r"|value at '[^']*headers",
        "Duplicate header 'DKIM-Signature'.",
        "log",
    ),
    TextRow(
        "mail_from_not_verified",
        r"mail from domain.{0,200}not verified|mail from domain.{0,200}\bmx\b",
        "Mail FROM domain is not verified",
        "documentation",
    ),
    TextRow(
        "config_set_missing",
        r"configuration set .{0,200}does(?: not|n't) exist",
        "Configuration set <orders> does not exist.",
        "recorded",
    ),
    TextRow(
        "template_missing",
        r"template .{0,300}does(?: not|n't) exist",
        "Template welcome does not exist.",
        "log",
    ),
    TextRow(
        "template_render",
        r"template data is invalid|present in the rendering data|rendering (?:data|failure)",
        "Attribute 'name' is not present in the rendering data.",
        "recorded",
    ),
    TextRow(
        "suppressed",
        r"blacklisted|suppression list",
        "Address blacklisted.",
        "log",
    ),
    TextRow(
        "attachment_blocked",
        r"illegal content type|(?:attachment|file (?:type|extension)).{0,200}(?:not allowed|blocked|not supported|prohibited)"
        r"|(?:blocked|prohibited|unsupported) (?:attachment|file (?:type|extension))",
        "Illegal content type 'text/csv'",
        "log",
    ),
    TextRow(
        "not_authorized",
        r"not authorized to perform|account not subscribed|explicit deny",
        "User `arn:aws:iam::123456789012:user/app' is not authorized to perform `ses:SendEmail' on "
        "resource `arn:aws:ses:eu-west-1:123456789012:identity/shop@example.com'",
        "log",
    ),
    TextRow(
        "expired_credentials",
        r"security token included in the request is|signature expired|signature not yet current"
        r"|request signature we calculated|request has expired|authentication credentials invalid",
        "The security token included in the request is expired",
        "log",
    ),
    TextRow(
        "service_unavailable",
        r"internal (?:service )?(?:failure|error)|service (?:is )?(?:temporarily )?unavailable"
        r"|timeout waiting for data",
        "Timeout waiting for data from client.",
        "documentation",
    ),
)

CODES: dict[str, str] = {
    "AccountSendingPausedException": "account_paused",
    "AccountSendingPaused": "account_paused",
    "AccountSuspendedException": "account_paused",
    "AccountSuspended": "account_paused",
    "SendingPausedException": "account_paused",
    "ConfigurationSetSendingPausedException": "config_set_paused",
    "ConfigurationSetSendingPaused": "config_set_paused",
    "ConfigurationSetDoesNotExist": "config_set_missing",
    "ConfigurationSetDoesNotExistException": "config_set_missing",
    "ConfigurationSetNotFound": "config_set_missing",
    "TemplateDoesNotExist": "template_missing",
    "TemplateDoesNotExistException": "template_missing",
    "TemplateNotFound": "template_missing",
    "CustomVerificationEmailTemplateDoesNotExist": "template_missing",
    "CustomVerificationEmailTemplateDoesNotExistException": "template_missing",
    "MissingRenderingAttribute": "template_render",
    "InvalidRenderingParameter": "template_render",
    "InvalidTemplate": "template_render",
    "FromEmailAddressNotVerified": "unverified_identity",
    "FromEmailAddressNotVerifiedException": "unverified_identity",
    "ProductionAccessNotGranted": "unverified_identity",
    "MailFromDomainNotVerifiedException": "mail_from_not_verified",
    "MailFromDomainNotVerified": "mail_from_not_verified",
    "AccountDailyQuotaExceeded": "daily_quota",
    "AccountThrottled": "send_rate",
    "Throttling": "systemic_throttle",
    "ThrottlingException": "systemic_throttle",
    "ThrottledException": "systemic_throttle",
    "TooManyRequestsException": "systemic_throttle",
    "RequestThrottled": "systemic_throttle",
    "RequestLimitExceeded": "systemic_throttle",
    "SlowDown": "systemic_throttle",
    "454": "systemic_throttle",
    "AccessDenied": "not_authorized",
    "AccessDeniedException": "not_authorized",
    "UnauthorizedOperation": "not_authorized",
    "OptInRequired": "not_authorized",
    "InvalidClientTokenId": "expired_credentials",
    "UnrecognizedClientException": "expired_credentials",
    "ExpiredToken": "expired_credentials",
    "ExpiredTokenException": "expired_credentials",
    "RequestExpired": "expired_credentials",
    "SignatureDoesNotMatch": "expired_credentials",
    "InvalidSignatureException": "expired_credentials",
    "IncompleteSignature": "expired_credentials",
    "MissingAuthenticationToken": "expired_credentials",
    "MissingAuthenticationTokenException": "expired_credentials",
    "535": "expired_credentials",
    "InternalFailure": "service_unavailable",
    "InternalServiceErrorException": "service_unavailable",
    "InternalServerError": "service_unavailable",
    "ServiceUnavailable": "service_unavailable",
    "ServiceUnavailableException": "service_unavailable",
    "TransientFailure": "service_unavailable",
    "421": "service_unavailable",
    "451": "service_unavailable",
    "552": "too_large",
}
"""Codes of answers, statuses of bulk entries (in v1's spelling) and SMTP replies."""

RETRYABLE = frozenset({"send_rate", "systemic_throttle", "service_unavailable"})
"""The categories in which the same request may pass later."""
