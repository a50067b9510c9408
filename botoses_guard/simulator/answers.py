"""What SES answers to each trouble: code and status of v1 and v2.

The texts are those seen from SES in public, those recorded from it by test suites, and, where
neither was found, those of its documentation.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

PAUSED_BY_AWS = (
    "Sending paused for this account. For more information, please check the inbox of the email "
    "address associated with your AWS account."
)
RATE = "Maximum sending rate exceeded."
QUOTA = "Daily message quota exceeded."
SYSTEMIC = "Rate exceeded"
INTERNAL = "An internal failure has occurred."

_ANSWERS: Mapping[str, tuple[tuple[str, int], tuple[str, int]]] = {
    "invalid": (("InvalidParameterValue", 400), ("BadRequestException", 400)),
    "rejected": (("MessageRejected", 400), ("MessageRejected", 400)),
    "rate": (("Throttling", 400), ("TooManyRequestsException", 429)),
    "systemic": (("Throttling", 400), ("TooManyRequestsException", 429)),
    "quota": (("Throttling", 400), ("LimitExceededException", 400)),
    "account_paused": (("AccountSendingPausedException", 400), ("SendingPausedException", 400)),
    "set_paused": (
        ("ConfigurationSetSendingPausedException", 400),
        ("SendingPausedException", 400),
    ),
    "set_missing": (("ConfigurationSetDoesNotExist", 400), ("NotFoundException", 404)),
    "template_missing": (("TemplateDoesNotExist", 400), ("NotFoundException", 404)),
    "custom_template_missing": (
        ("CustomVerificationEmailTemplateDoesNotExist", 400),
        ("NotFoundException", 404),
    ),
    "mail_from": (
        ("MailFromDomainNotVerifiedException", 400),
        ("MailFromDomainNotVerifiedException", 400),
    ),
    "missing": (("InvalidParameterValue", 400), ("NotFoundException", 404)),
    "no_production_access": (("ProductionAccessNotGranted", 400), ("BadRequestException", 400)),
    "set_exists": (("ConfigurationSetAlreadyExists", 400), ("AlreadyExistsException", 400)),
    "template_exists": (("AlreadyExists", 400), ("AlreadyExistsException", 400)),
    "custom_template_exists": (
        ("CustomVerificationEmailTemplateAlreadyExists", 400),
        ("AlreadyExistsException", 400),
    ),
    "identity_exists": (("AlreadyExists", 400), ("AlreadyExistsException", 400)),
    "constraint": (("ValidationError", 400), ("BadRequestException", 400)),
    "unknown_action": (("InvalidAction", 400), ("UnknownOperationException", 404)),
    "malformed_request": (("MalformedInput", 400), ("SerializationException", 400)),
    "too_large": (("RequestEntityTooLarge", 413), ("RequestEntityTooLarge", 413)),
    "internal": (("InternalFailure", 500), ("InternalFailure", 500)),
    "unavailable": (("ServiceUnavailable", 503), ("ServiceUnavailableException", 503)),
}


@dataclass(frozen=True, slots=True)
class Answer:
    """An error answer."""

    code: str
    status: int
    message: str | None
    members: Mapping[str, Any]
    """Modelled members beside code and message (v1)."""

    is_rate: bool = False
    """Whether it says that the sending rate is exceeded."""


class Refused(Exception):
    """A request that SES refuses, before it is known in which protocol the answer goes."""

    def __init__(
        self, trouble: str, message: str | None, members: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(trouble, message, members)
        self.trouble = trouble
        self.message = message
        self.members = members or {}

    def answer(self, service: str) -> Answer:
        """The answer of ``ses`` or ``sesv2``."""
        code, status = _ANSWERS[self.trouble][service == "sesv2"]
        members = self.members if service == "ses" else {}
        return Answer(code, status, self.message, members, self.trouble == "rate")
