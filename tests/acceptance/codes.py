"""The codes under which v1 and v2 refuse a send (service models ``ses`` and ``sesv2``)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


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
