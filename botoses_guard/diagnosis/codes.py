"""What the codes of answers mean, and what SES is known to hide under them.

The codes of errors, the statuses of entries in a bulk answer, and SMTP's reply codes are one table.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from ..errors import Category
from .patterns import search

V1, V2, SMTP, BULK, EVERY_AWS_API = "ses", "sesv2", "smtp", "bulk", "aws"


class CodeRow(NamedTuple):
    """What one code means when the text beside it says nothing else."""

    category: Category
    codes: tuple[str, ...]
    """The spellings on the wire; the ending ``Exception`` may be missing or added anywhere."""

    services: tuple[str, ...]
    evidence: str
    """``model`` (botocore's service model), ``documentation`` (of AWS), ``log``, ``emulator``, or
    ``guard`` for a code of the guard's own."""

    hides: frozenset[Category] | None = frozenset()
    """The categories that a text may tell apart under this code; ``None`` for any."""

    advice: str = ""
    """The key of the advice, where it is not the category's."""


_ANYTHING = None
_RATE_OR_QUOTA: frozenset[Category] = frozenset({"daily_quota", "send_rate"})
_PAUSED: frozenset[Category] = frozenset({"account_paused", "config_set_paused"})

CODES: tuple[CodeRow, ...] = (
    # One code for whatever is wrong with a request: the text decides.
    CodeRow("other", ("MessageRejected",), (V1, V2, BULK), "model", _ANYTHING),
    CodeRow("other", ("InvalidParameterValue", "InvalidParameter"), (V1, BULK), "log", _ANYTHING),
    CodeRow("other", ("BadRequestException",), (V2,), "model", _ANYTHING),
    CodeRow("other", ("Failed",), (BULK,), "model", _ANYTHING),
    CodeRow("other", ("554", "550", "501", "503"), (SMTP,), "documentation", _ANYTHING),
    CodeRow("malformed_address", ("553",), (SMTP,), "documentation", _ANYTHING),
    CodeRow("too_large", ("552",), (SMTP,), "documentation", _ANYTHING),
    # v2 says with one code that a set or a template is missing.
    CodeRow(
        "other",
        ("NotFoundException",),
        (V2,),
        "model",
        frozenset({"config_set_missing", "template_missing"}),
    ),
    # Rate and quota have one code, too. Any other text is a throttle of AWS's own ("Amazon SES
    # email sending errors", Throttling).
    CodeRow(
        "systemic_throttle",
        ("Throttling", "ThrottlingException", "ThrottledException"),
        (V1, EVERY_AWS_API),
        "documentation",
        _RATE_OR_QUOTA,
    ),
    CodeRow("systemic_throttle", ("TooManyRequestsException",), (V2,), "model", _RATE_OR_QUOTA),
    CodeRow(
        "systemic_throttle",
        ("RequestThrottled", "RequestLimitExceeded", "SlowDown"),
        (EVERY_AWS_API,),
        "documentation",
        _RATE_OR_QUOTA,
    ),
    CodeRow(
        "systemic_throttle",
        ("454",),
        (SMTP,),
        "documentation",
        _RATE_OR_QUOTA | {"service_unavailable", "expired_credentials"},
    ),
    CodeRow("other", ("LimitExceededException",), (V2,), "model", _RATE_OR_QUOTA),
    CodeRow("send_rate", ("AccountThrottled",), (BULK,), "model", _RATE_OR_QUOTA),
    CodeRow("daily_quota", ("AccountDailyQuotaExceeded",), (BULK,), "model"),
    # v2 pauses accounts and sets with one code.
    CodeRow("account_paused", ("SendingPausedException",), (V2,), "model", _PAUSED),
    CodeRow("account_paused", ("AccountSendingPausedException",), (V1, BULK), "model"),
    CodeRow("account_paused", ("AccountSuspendedException",), (V2, BULK), "model"),
    CodeRow("config_set_paused", ("ConfigurationSetSendingPausedException",), (V1, BULK), "model"),
    CodeRow("config_set_missing", ("ConfigurationSetDoesNotExist",), (V1, BULK), "model"),
    CodeRow("config_set_missing", ("ConfigurationSetNotFound",), (BULK,), "model"),
    CodeRow("template_missing", ("TemplateDoesNotExist",), (V1, BULK), "model"),
    CodeRow("template_missing", ("TemplateNotFound",), (BULK,), "model"),
    CodeRow("template_missing", ("CustomVerificationEmailTemplateDoesNotExist",), (V1,), "model"),
    CodeRow(
        "template_render",
        ("MissingRenderingAttribute", "InvalidRenderingParameter", "InvalidTemplate"),
        (V1,),
        "model",
    ),
    CodeRow("unverified_identity", ("FromEmailAddressNotVerified",), (V1,), "model"),
    CodeRow("unverified_identity", ("ProductionAccessNotGranted",), (V1,), "model"),
    # Emulators use this one for any identity that is not verified; SES does not.
    CodeRow(
        "mail_from_not_verified",
        ("MailFromDomainNotVerifiedException",),
        (V1, V2, BULK),
        "model",
        frozenset({"unverified_identity"}),
    ),
    CodeRow("not_authorized", ("AccessDenied",), (V1,), "log"),
    CodeRow("not_authorized", ("AccessDeniedException",), (V2,), "log"),
    CodeRow(
        "not_authorized",
        ("UnauthorizedOperation", "NotAuthorized", "OptInRequired"),
        (EVERY_AWS_API,),
        "documentation",
    ),
    CodeRow("expired_credentials", ("InvalidClientTokenId", "ExpiredToken"), (V1,), "log"),
    CodeRow(
        "expired_credentials",
        ("UnrecognizedClientException", "ExpiredTokenException", "InvalidSignatureException"),
        (V2,),
        "log",
    ),
    CodeRow("expired_credentials", ("SignatureDoesNotMatch",), (V1,), "log"),
    CodeRow(
        "expired_credentials",
        (
            "RequestExpired",
            "RequestTimeTooSkewed",
            "IncompleteSignature",
            "MissingAuthenticationToken",
            "InvalidAccessKeyId",
        ),
        (EVERY_AWS_API,),
        "documentation",
    ),
    CodeRow(
        "expired_credentials",
        ("535", "530"),
        (SMTP,),
        "documentation",
        frozenset({"not_authorized"}),
    ),
    CodeRow(
        "service_unavailable",
        ("InternalFailure", "ServiceUnavailable", "InternalServiceError"),
        (V1, V2),
        "documentation",
    ),
    CodeRow("service_unavailable", ("TransientFailure",), (BULK,), "model"),
    CodeRow("service_unavailable", ("421", "450", "451"), (SMTP,), "documentation"),
    # "Common errors" of the API reference, beside those above.
    CodeRow("too_large", ("RequestEntityTooLargeException",), (EVERY_AWS_API,), "documentation"),
    CodeRow(
        "other",
        (
            "MalformedHttpRequestException",
            "RequestAbortedException",
            "RequestTimeoutException",
            "UnknownOperationException",
            "ValidationError",
        ),
        (EVERY_AWS_API,),
        "documentation",
        _ANYTHING,
    ),
    CodeRow("outcome_unknown", ("OutcomeUnknown",), (), "guard"),
)

_ONLY_SES_SAYS: frozenset[Category] = frozenset(
    {
        "unverified_identity",
        "account_paused",
        "config_set_paused",
        "config_set_missing",
        "mail_from_not_verified",
        "suppressed",
        "template_missing",
        "template_render",
        "too_many_recipients",
    }
)
"""Categories whose texts a proxy has no words for. None of them is retryable."""

_REFUSED_BY_GATEWAY = CodeRow("other", (), (), "", _ONLY_SES_SAYS, "other.gateway")
_FAILED_BY_GATEWAY = CodeRow("outcome_unknown", (), (), "", advice="outcome_unknown.gateway")

_UNKNOWN = CodeRow("other", (), (), "", _ANYTHING)

_KINDS: tuple[tuple[str, Category], ...] = (
    # What codes that no row has say by their names.
    (r"throttl|toomanyrequests|slowdown|rate(?:limit)?exceeded", "systemic_throttle"),
    (r"internal(?:service|server)?(?:error|failure)|unavailable", "service_unavailable"),
    (r"accessdenied|unauthorized|notauthorized", "not_authorized"),
    (r"expiredtoken|invalidtoken|signature|credential", "expired_credentials"),
)

_STATUSES: Mapping[int | None, CodeRow] = {
    401: CodeRow("not_authorized", (), (), "", _ANYTHING),
    403: CodeRow("not_authorized", (), (), "", _ANYTHING),
    413: CodeRow("too_large", (), (), "", _ANYTHING),
    429: CodeRow("systemic_throttle", (), (), "", _ANYTHING),
}


def key_of(code: str) -> str:
    """What the spellings of one code have in common.

    v1 models ``TemplateDoesNotExistException`` and sends ``TemplateDoesNotExist``; a status of a
    bulk entry is ``AccountThrottled`` in v1 and ``ACCOUNT_THROTTLED`` in v2.
    """
    return code.replace("_", "").lower().removesuffix("exception")


_FORM = re.compile(r"(?:[A-Z][a-z0-9]*){2,}")
"""At least two words: a single one, such as ``Forbidden``, is what proxies write."""

_IN_ANSWERS = frozenset(
    code.removesuffix("Exception")
    for row in CODES
    if not {V1, V2, EVERY_AWS_API}.isdisjoint(row.services)
    for code in row.codes
)


def has_row(code: str) -> bool:
    """Whether the table knows ``code``, in its exact spelling, as a code of an error answer."""
    return code.removesuffix("Exception") in _IN_ANSWERS


def is_known(code: str) -> bool:
    """Whether ``code`` is one of SES's, or has the form of every AWS code: ``UpperCamelCase``.

    The HTTP status in digits, ``INTERNAL``, ``internal_error`` and an empty code are not: botocore
    gives those where the answer was not written by SES.
    """
    return has_row(code) or (_FORM.fullmatch(code) is not None and not code.isupper())


def is_of_ses(code: str, http_status: int) -> bool:
    """Whether SES wrote an error answer.

    Args:
        code: of the answer's error.
        http_status: of the answer. A server error is SES's only where the table knows its code:
            what else answers so may have passed the message on.
    """
    return has_row(code) if http_status >= 500 else is_known(code)


_ROWS: Mapping[str, CodeRow] = MappingProxyType(
    {spelling: row for row in CODES for code in row.codes for spelling in (code, key_of(code))}
)
"""By the spelling of the table, which most answers have, and by the key of all."""


def row_of(code: str, http_status: int | None) -> CodeRow:
    """The row of a code, or one made for a code that is not in the table.

    Args:
        code: of the answer.
        http_status: of the answer; ``None`` for SMTP and bulk entries.
    """
    if http_status is not None and http_status >= 300 and not is_of_ses(code, http_status):
        return _FAILED_BY_GATEWAY if http_status >= 500 else _REFUSED_BY_GATEWAY
    row = _ROWS.get(code)
    if row:
        return row
    key = key_of(code)
    row = _ROWS.get(key)
    if row:
        return row
    for kind, category in _KINDS:
        if search(kind, key[:200]):
            return CodeRow(category, (code,), (), "", _ANYTHING)
    return _STATUSES.get(http_status, _UNKNOWN)
