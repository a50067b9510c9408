"""The texts in which SES repeats what the caller wrote: a header, a name, a tag, an address."""

from __future__ import annotations

from .text_row import INVALID, REJECTED, TextRow

REPEATING: tuple[TextRow, ...] = (
    TextRow(
        "unverified_identity",
        r"(?:the |your )?(?:e-?mail |from )?"
        r"(?:address(?:es)?|identity|identities|domain|sender(?!'s mail)|recipient|source)\b"
        r".{0,330}?\bnot (?:yet )?(?:been )?verified"
        r"|(?:the following )?identities failed the check in region"
        r"|unverified (?:e-?mail|address|identity|domain|sender|recipient)"
        r"|identity .{1,330}? is invalid\. must be a verified|did not have authority to send from",
        REJECTED,
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
        ("verified", "identities failed", "authority"),
        is_frequent=True,
    ),
    TextRow(
        "not_authorized",
        r"(?:user:? .{1,2000}?|[^'\"<`]{0,60}?)\bnot authorized to (?:perform|access)",
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
        is_frequent=True,
    ),
    TextRow(
        "other",
        r"invalid (?:tag|arn|configuration set name|sending ?pool|action)|duplicate tag"
        r"|(?:the )?tag (?:name|value)|could not find operation|sending ?pool"
        r"|e-?mail identity .{1,330}? does not exist",
        INVALID,
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
        r"(?:the )?configuration set\b.{0,300}?(?:does(?: not|n't) exist|not found)"
        r"|no (?:such )?configuration set\b",
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
        r"(?:the )?(?:custom verification )?(?:e-?mail )?template\b.{0,300}?"
        r"(?:does(?: not|n't) exist|not found)|no (?:such )?(?:e-?mail )?template\b",
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
        r"(?:the |invalid )?template data\b|attribute .{0,300}? is not present in the rendering"
        r"|[^'\"<`]{0,40}?\brendering (?:data|failure|attribute|failed)",
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
        r"|(?:there are )?no (?:valid )?(?:destination|recipient)s?\b"
        r"|missing (?:destination|recipient)"
        r"|(?:the )?(?:destinations?|recipients?|to ?address(?:es)?)\b.{0,40}?"
        r"(?:required|missing|empty|not specified|must not be null)"
        r"|\d{1,3} validation errors? detected: value .{0,40}?"
        r"'(?:destination|[^']{0,80}addresses)' failed to satisfy constraint: "
        r"member must not be (?:null|empty)",
        INVALID,
        "log",
        (
            "Missing required header 'To'.",
            "Email address not specified.",
            "No recipients were specified.",
            "There are no recipients specified",
        ),
    ),
    TextRow(
        "no_recipients",
        r"[^'\"<`]{0,60}?\bat least one (?:destination|recipient|to address)"
        r"|[^'\"<`]{0,20}?\bneed rcpt\b",
        INVALID,
        "log",
        ("The message must have at least one recipient.",),
        ("at least one", "need rcpt"),
    ),
    TextRow(
        "header_invalid",
        r"(?:duplicate|illegal|invalid|malformed|unsupported) headers?\b"
        r"|missing required header (?!'?(?:to|cc|bcc)\b)|empty header|(?:the )?headers?\b"
        r"|missing (?:start|end|content-type) boundary|illegal content(?! type)"
        r"|in (?:parameter list|content-[\w-]{1,30} string) |unknown encoding|invalid mime\b"
        r"|(?:could not|cannot|unable to|failed to) parse (?:the )?(?:mime|message|headers?)\b"
        r"|expected (?:disposition|parameter|['\"]|.{1,30}?, got )"
        r"|\d{1,3} validation errors? detected: value .{0,200}?headers\.",
        INVALID,
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
        r"(?:\S{0,332} )?(?:(?:invalid|malformed) (?:e-?mail )?address|address unknown)"
        r"|illegal (?:e-?mail address|whitespace)|(?:invalid|illegal) (?:domain|rcpt|mail)\b"
        r"|(?:the )?(?:e-?mail )?address (?:is |was )?(?:invalid|malformed|not valid|too long)"
        r"|(?:e-?mail )?address has too many characters"
        r"|(?:address|domain name|user name) contains illegal"
        r"|invalid (?:from|mail from|to|cc|bcc|reply-?to|return-?path|sender|recipient|source) "
        r"address|address length is more than|user name is missing"
        r"|(?:source|from ?e?-?mail ?address) (?:(?:cannot|must not) be empty|not specified)",
        INVALID,
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
    ),
)
