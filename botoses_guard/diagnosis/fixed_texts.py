"""The texts in which SES repeats nothing of the caller, apart from numbers."""

from __future__ import annotations

from .text_row import EXHAUSTED, INVALID, THROTTLED, TextRow

FIXED: tuple[TextRow, ...] = (
    # First, since the longest text of all is of this kind.
    TextRow(
        "suppressed",
        r"[^'\"<`]{0,120}?suppress(?:ed|ion list)|[^'\"<`]{0,120}?blacklisted",
        {"ses": "MessageRejected", "smtp": "554"},
        "log",
        ("Address blacklisted.", "Address is on the suppression list"),
        ("blacklisted", "suppress"),
    ),
    # The texts of JavaMail's AddressException (InternetAddress.java), with which SES answers.
    TextRow(
        "malformed_address",
        r"illegal (?:address|route-addr|semicolon)|extra route-addr|nested group|address is null"
        r"|empty address|missing (?:local name|domain|final '@domain'|'?[()<>\"\]])"
        r"|unterminated quote|quote not at|quoted local address contains"
        r"|local address (?:starts|ends|contains (?!control or whitespace))"
        r"|domain (?:starts|ends|contains|literal|is empty)",
        INVALID,
        "log",
        (
            "Missing final '@domain'",
            "Missing '<'",
            "Local address contains dot-dot",
            "Domain contains illegal character",
            "Illegal semicolon, not in group",
        ),
        is_frequent=True,
    ),
    # For SES both are characters that may not stand there.
    TextRow(
        "non_ascii_address",
        r"local address contains control or whitespace|[^'\"<`]{0,60}?\bnon-?ascii characters?\b",
        INVALID,
        "log",
        (
            "Local address contains control or whitespace",
            "There are non-ASCII characters in the email address",
        ),
        ("ascii", "local address"),
    ),
    TextRow(
        "too_many_recipients",
        r"recipient count exceeds|[^'\"<`]{0,20}?\btoo many (?:recipients|destinations)"
        r"|(?:the )?number of (?:recipients|destinations) .{0,40}?(?:exceeds|more than|too )"
        r"|[^'\"<`]{0,60}?(?:exceed\w{0,4}|more than|maximum number of) (?:\S{1,20} ){0,4}"
        r"(?:recipients|destinations)\b",
        INVALID,
        "log",
        ("Recipient count exceeds 50.", "Too many recipients."),
        ("recipient", "destination"),
    ),
    TextRow(
        "account_paused",
        r"[^'\"<`]{0,60}?sending (?:is |has been )?(?:paused|suspended|disabled|blocked) "
        r"(?:for|on|in) (?:[a-z]{1,10} ){0,4}account"
        r"|(?:[^'\"<`]|\b'\b){0,60}?\baccount(?:'s)?(?: [a-z]{1,15}){0,7}? "
        r"(?:paused|suspended|disabled|restricted|blocked|shut ?down)\b",
        {"ses": "MessageRejected", "sesv2": "SendingPausedException", "smtp": "554"},
        "log",
        (
            "Sending paused for this account. For more information, please check the inbox of the "
            "email address associated with your AWS account.",
            "Sending suspended for this account.",
            "Account sending is disabled.",
        ),
        ("paused", "suspended", "disabled", "restricted", "blocked", "shut"),
    ),
    TextRow(
        "daily_quota",
        r"[^'\"<`]{0,120}?\bdaily (?:\w{1,20} ){0,2}(?:quota|limit)"
        r"|[^'\"<`]{0,120}?\b(?:quota|limit)\b.{0,80}?\b24[- ]?hours?\b"
        r"|[^'\"<`]{0,120}?\b24[- ]?hours?\b.{0,80}?\b(?:quota|limit)\b"
        r"|[^'\"<`]{0,60}?\b(?:send|sending|message) quota\b",
        EXHAUSTED,
        "log",
        ("Daily message quota exceeded.", "Daily sending quota exceeded"),
        ("quota", "limit"),
    ),
    TextRow(
        "send_rate",
        r"[^'\"<`]{0,120}?\bmax(?:imum)? (?:[\w-]{1,20} ){0,3}send(?:ing)? rate"
        r"|[^'\"<`]{0,120}?\bsend(?:ing)? rate (?:limit |quota )?(?:has been |was |is )?exceeded",
        THROTTLED,
        "log",
        ("Maximum sending rate exceeded.", "Maximum SigV2 SMTP sending rate exceeded"),
        ("rate",),
    ),
    TextRow(
        "systemic_throttle",
        r"rate exceeded|[^'\"<`]{0,60}?(?:\bthrottl|too many requests|slow down"
        r"|reduce your request rate)",
        THROTTLED,
        "documentation",
        ("Rate exceeded", "Request was throttled."),
        ("rate", "throttl", "too many", "slow down"),
    ),
    TextRow(
        "too_large",
        r"message (?:length|size)\b|message (?:line )?is too (?:long|large|big)"
        r"|[^'\"<`]{0,60}?(?:maximum message size|size exceeds|exceeds the (?:maximum )?size)",
        {"ses": "InvalidParameterValue", "sesv2": "BadRequestException", "smtp": "552"},
        "log",
        (
            "Message length is more than 10485760 bytes long: '12078147'.",
            "Message is too long.",
        ),
        ("length", "size", " is too "),
    ),
    TextRow(
        "mail_from_not_verified",
        r"(?:[^'\"<`]|\b'\b){0,60}?\bmail[- ]?from domain",
        {
            "ses": "MailFromDomainNotVerifiedException",
            "sesv2": "MailFromDomainNotVerifiedException",
        },
        "documentation",
        ("Mail FROM domain is not verified", "The custom MAIL FROM domain has no MX record."),
        ("from domain",),
    ),
    TextRow(
        "attachment_blocked",
        r"illegal content type"
        r"|[^'\"<`]{0,60}?\b(?:attachment|file ?(?:type|extension|name))\b.{0,200}?"
        r"(?:not allowed|blocked|not supported|unsupported|prohibited|illegal|forbidden)"
        r"|[^'\"<`]{0,60}?\b(?:blocked|prohibited|unsupported|illegal|forbidden) "
        r"(?:attachment|file ?(?:type|extension|name)|content type)",
        INVALID,
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
        r"[^'\"<`]{0,60}?(?:\binternal (?:service |server )?(?:failure|error)"
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
    TextRow(
        "not_authorized",
        r"account not subscribed",
        {"smtp": "535"},
        "documentation",
        ("Account not subscribed to SES",),
    ),
)
