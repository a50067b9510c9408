"""What the codes of answers mean, and what SES is known to hide under them.

The codes of errors, the statuses of entries in a bulk answer, and SMTP's reply codes are one table.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

from .patterns import search

RETRYABLE = frozenset(
    {"send_rate", "systemic_throttle", "service_unavailable", "store_unavailable"}
)
"""The categories in which the same request may pass later."""

V1, V2, SMTP, BULK, EVERY_AWS_API = "ses", "sesv2", "smtp", "bulk", "aws"


class CodeRow(NamedTuple):
    """What one code means when the text beside it says nothing else."""

    category: str
    codes: tuple[str, ...]
    """The spellings on the wire; the ending ``Exception`` may be missing or added anywhere."""

    services: tuple[str, ...]
    evidence: str
    """``model`` (botocore's service model), ``documentation`` (of AWS), ``log`` or ``emulator``."""

    hides: frozenset[str] | None = frozenset()
    """The categories that a text may tell apart under this code; ``None`` for any."""


_ANYTHING = None
_RATE_OR_QUOTA = frozenset({"daily_quota", "send_rate"})
_PAUSED = frozenset({"account_paused", "config_set_paused"})

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
        ("InternalFailure", "ServiceUnavailable", "InternalServiceError", "InternalServerError"),
        (V1, V2),
        "documentation",
    ),
    CodeRow("service_unavailable", ("TransientFailure",), (BULK,), "model"),
    CodeRow("service_unavailable", ("421", "450", "451"), (SMTP,), "documentation"),
)

_UNKNOWN = CodeRow("other", (), (), "", _ANYTHING)

_KINDS = (
    # What codes that no row has say by their names.
    (r"throttl|toomanyrequests|slowdown|rate(?:limit)?exceeded", "systemic_throttle"),
    (r"internal(?:service|server)?(?:error|failure)|unavailable", "service_unavailable"),
    (r"accessdenied|unauthorized|notauthorized", "not_authorized"),
    (r"expiredtoken|invalidtoken|signature|credential", "expired_credentials"),
)

_STATUSES = {
    401: "not_authorized",
    403: "not_authorized",
    413: "too_large",
    429: "systemic_throttle",
}


def key_of(code: str) -> str:
    """What the spellings of one code have in common.

    v1 models ``TemplateDoesNotExistException`` and sends ``TemplateDoesNotExist``; a status of a
    bulk entry is ``AccountThrottled`` in v1 and ``ACCOUNT_THROTTLED`` in v2.
    """
    return code.replace("_", "").lower().removesuffix("exception")


_ROWS: Mapping[str, CodeRow] = MappingProxyType(
    {spelling: row for row in CODES for code in row.codes for spelling in (code, key_of(code))}
)
"""By the spelling of the table, which most answers have, and by the key of all."""


def row_of(code: str, http_status: int | None) -> CodeRow:
    """The row of a code, or one made for a code that is not in the table.

    Args:
        code: of the answer. botocore gives the HTTP status in digits where an answer has no body
            of SES, as a gateway's.
        http_status: of the answer; ``None`` for SMTP and bulk entries.
    """
    if http_status is not None and (not code or code.isdecimal()):
        return _of_status(http_status)
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
    return _UNKNOWN if http_status is None else _of_status(http_status)


@lru_cache
def _of_status(http_status: int) -> CodeRow:
    category = "service_unavailable" if http_status >= 500 else _STATUSES.get(http_status, "other")
    return CodeRow(category, (), (), "", _ANYTHING)
