"""The exceptions of the guard, and the values that they carry.

Every one is a :class:`botocore.exceptions.ClientError` with the code and message that SES gives,
so that code written for plain boto3 goes on catching it. There is one class for each category of
trouble, below a few groups for what is caught together::

    ClientError
    └─ SESError
       ├─ Throttled                 nothing was sent: wait and send again
       ├─ ServiceUnavailable        SES says that it did not take the message
       ├─ OutcomeUnknown            the message may have been accepted
       └─ NotRetryable              sending the same again cannot help
          ├─ InvalidRequest         the request must change
          │  └─ InvalidAddress      ... one of its addresses (a ValueError as well)
          └─ ...                    the account, an identity or a permission must change
"""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Any, ClassVar, Literal, TypeVar
from weakref import WeakKeyDictionary

from botocore.exceptions import BotoCoreError, ClientError

Origin = Literal["client", "service"]
"""Who refused: ``client`` is the guard, before anything was sent; ``service`` is SES."""

_Error = TypeVar("_Error", bound="SESError")


class SettingError(ValueError):
    """A setting of the guard that is unknown or does not parse."""


class SettingWarning(UserWarning):
    """A variable ``BOTOSES_GUARD_*`` that no setting reads."""


@dataclass(frozen=True, slots=True)
class Violation:
    """One fault of a request, found before it was sent."""

    path: str
    """Where: ``Destination.ToAddresses[3]``, ``RawMessage.Data: header 'Cc', mailbox 3``."""

    value: str
    """The value found there as :func:`ascii` shows it, cut when it is long."""

    rule: str
    """What the value breaks, as a sentence."""

    reference: str
    """Where the rule is written: an RFC and section, or a page of the SES developer guide."""

    category: str
    message: str
    """The text with which SES refuses such a value."""

    suggestion: str | None = None
    """What was probably meant."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """What became of one HTTP request of a send."""

    number: int
    """1 for the first."""

    waited: float
    """Seconds spent waiting for the slot of this attempt."""

    http_status: int | None
    """``None`` when no answer came."""

    code: str
    """The code of the answer, or the name of the transport's exception."""

    category: str


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What SES, or the guard in its place, said is wrong with a send."""

    category: str
    """One of the names in :data:`BY_CATEGORY`."""

    code: str
    message: str
    retryable: bool
    """Whether the same request may succeed later without anybody changing anything."""

    identities: tuple[str, ...] = ()
    """The mailboxes or domains that SES names, as it names them."""

    identities_truncated: bool = False
    """SES ended its list with an ellipsis: there are more."""

    region: str | None = None
    configuration_set: str | None = None
    template: str | None = None
    advice: str = ""
    """One or two sentences: what is wrong, on whose side, and the next step."""

    documentation_url: str = ""


class SESError(ClientError):
    """A send that SES, or the guard in its place, refused.

    Attributes:
        response: the whole parsed answer, ``Error`` and ``ResponseMetadata`` included.
        operation_name: the operation, ``SendEmail``.
        diagnosis: the :class:`Diagnosis`.
        origin: ``client`` when the guard refused before anything was sent, else ``service``.
        retry_after: seconds after which the same send may pass; ``None`` when unknown.
        attempts: the HTTP requests that were made, in order.
        violations: the faults of the request, in the order in which SES checks.
        recipients: the recipients of the send, as they stood in its parameters.
    """

    category: ClassVar[str] = "other"
    _ours: ClassVar[type[SESError] | None] = None
    _transport: ClassVar[type[BotoCoreError] | None] = None

    def __init__(
        self,
        error_response: Mapping[str, Any],
        operation_name: str,
        *,
        diagnosis: Diagnosis | None = None,
        origin: Origin = "service",
        retry_after: float | None = None,
        attempts: Sequence[Attempt] = (),
        violations: Sequence[Violation] = (),
        recipients: Sequence[str] = (),
    ) -> None:
        # Not super().__init__(): with a class of botocore's transport as the second base the next
        # __init__ in line would be HTTPClientError's, which takes other arguments.
        plain = ClientError(error_response, operation_name)  # type: ignore[arg-type]
        Exception.__init__(self, *plain.args)
        self.response = plain.response
        self.operation_name = plain.operation_name
        self.diagnosis = diagnosis or self._bare_diagnosis()
        self.origin = origin
        self.retry_after = retry_after
        self.attempts = tuple(attempts)
        self.violations = tuple(violations)
        self.recipients = tuple(recipients)

    def _bare_diagnosis(self) -> Diagnosis:
        error = self.response.get("Error", {})
        return Diagnosis(
            category=self.category,
            code=error.get("Code") or "",
            message=error.get("Message") or "",
            retryable=isinstance(self, (Throttled, ServiceUnavailable)),
        )

    @property
    def parameters_path(self) -> str | None:
        """Where the first fault stands in the parameters; ``None`` when that is unknown."""
        return self.violations[0].path if self.violations else None

    def __str__(self) -> str:
        """SES's message first, then one line: what, where, and the next step."""
        faults = [f"{fault.path}: {fault.rule}" for fault in self.violations[:3]]
        if len(self.violations) > 3:
            faults.append(f"and {len(self.violations) - 3} more")
        explanation = " ".join(filter(None, ["; ".join(faults), self.diagnosis.advice]))
        message = super().__str__()
        return f"{message}\n{explanation}" if explanation else message

    def __copy__(self: _Error) -> _Error:
        return _rebuild(type(self), self.args, self.__dict__)

    def __deepcopy__(self: _Error, memo: dict[int, Any]) -> _Error:
        return _rebuild(type(self), self.args, copy.deepcopy(self.__dict__, memo))

    def __reduce__(self) -> tuple[Any, ...]:
        # A client's modelled classes cannot be imported by another process, botocore's own can.
        return _restore, (self._ours or type(self), self._transport, self.args, self.__dict__)


class Throttled(SESError):
    """SES is asked too fast. Nothing was sent: wait, then send again."""


class NotRetryable(SESError):
    """Sending the same again cannot help: something must change first."""


class InvalidRequest(NotRetryable):
    """The request must change."""


class InvalidAddress(InvalidRequest, ValueError):
    """An address of the request must change."""


class OutcomeUnknown(SESError):
    """No answer came back: the message may have been accepted.

    Also an instance of the exception that botocore raised, such as ``ReadTimeoutError``.
    """

    category = "service_unavailable"


class SendRateExceeded(Throttled):
    """The account's maximum send rate is used up."""

    category = "send_rate"


class SystemicThrottle(Throttled):
    """SES throttles for reasons of its own, not for the account's rate or quota."""

    category = "systemic_throttle"


class ServiceUnavailable(SESError):
    """SES answers that it cannot serve now; the message was not accepted."""

    category = "service_unavailable"


class UnverifiedIdentity(NotRetryable):
    """An address or domain is not verified in the region, or the account is in the sandbox."""

    category = "unverified_identity"


class AccountPaused(NotRetryable):
    """Sending is paused for the account."""

    category = "account_paused"


class ConfigurationSetPaused(NotRetryable):
    """Sending is paused for the configuration set."""

    category = "config_set_paused"


class DailyQuotaExceeded(NotRetryable):
    """The account's quota for 24 hours is used up."""

    category = "daily_quota"


class MailFromDomainNotVerified(NotRetryable):
    """The custom MAIL FROM domain has no usable MX record."""

    category = "mail_from_not_verified"


class ConfigurationSetMissing(NotRetryable):
    """The configuration set does not exist in the region."""

    category = "config_set_missing"


class TemplateMissing(NotRetryable):
    """The template does not exist in the region."""

    category = "template_missing"


class NotAuthorized(NotRetryable):
    """The credentials do not permit the call."""

    category = "not_authorized"


class ExpiredCredentials(NotRetryable):
    """The credentials are expired, unknown or wrong, or the clock is."""

    category = "expired_credentials"


class RecipientSuppressed(NotRetryable):
    """The recipient is on a suppression list."""

    category = "suppressed"


class NonASCIIAddress(InvalidAddress):
    """An address holds characters that SES cannot carry."""

    category = "non_ascii_address"


class MalformedAddress(InvalidAddress):
    """An address does not follow the grammar that SES reads."""

    category = "malformed_address"


class NoRecipients(InvalidRequest):
    """The message is addressed to nobody."""

    category = "no_recipients"


class TooManyRecipients(InvalidRequest):
    """The message has more recipients than SES takes."""

    category = "too_many_recipients"


class MessageTooLarge(InvalidRequest):
    """The message has more bytes than SES takes."""

    category = "too_large"


class InvalidHeader(InvalidRequest):
    """A header is missing, doubled or malformed."""

    category = "header_invalid"


class TemplateRenderingFailed(InvalidRequest):
    """The template data does not fit the template."""

    category = "template_render"


class AttachmentBlocked(InvalidRequest):
    """An attachment is of a type that SES does not send."""

    category = "attachment_blocked"


class UnclassifiedError(NotRetryable):
    """An answer that no other category covers."""

    category = "other"


BY_CATEGORY: Mapping[str, type[SESError]] = MappingProxyType(
    {
        error.category: error
        for error in (
            UnverifiedIdentity,
            AccountPaused,
            ConfigurationSetPaused,
            DailyQuotaExceeded,
            SendRateExceeded,
            SystemicThrottle,
            NoRecipients,
            NonASCIIAddress,
            MalformedAddress,
            MailFromDomainNotVerified,
            ConfigurationSetMissing,
            TemplateMissing,
            TemplateRenderingFailed,
            MessageTooLarge,
            TooManyRecipients,
            RecipientSuppressed,
            InvalidHeader,
            AttachmentBlocked,
            NotAuthorized,
            ExpiredCredentials,
            ServiceUnavailable,
            UnclassifiedError,
        )
    }
)
"""The class of each category (the names are public)."""


_modelled: WeakKeyDictionary[Any, dict[tuple[type, type], type[Any]]] = WeakKeyDictionary()


def of_client(ours: type[_Error], exceptions: Any, code: str) -> type[_Error]:
    """``ours``, which ``except client.exceptions.X`` catches as well.

    Args:
        ours: a class of this module.
        exceptions: the ``exceptions`` of a client.
        code: the code of the answer, which tells the client's own class ``X``.

    Returns:
        ``ours`` itself when the client models no class for ``code``; else a class below both,
        made once for each client class.
    """
    theirs = exceptions.from_code(code)
    if theirs is ClientError:
        return ours
    made = _modelled.setdefault(exceptions, {})
    if (ours, theirs) not in made:
        made[ours, theirs] = _below(ours, theirs)
    return made[ours, theirs]


@lru_cache(maxsize=None)  # bounded by the number of exception classes that botocore has
def of_transport(theirs: type[BotoCoreError]) -> type[OutcomeUnknown]:
    """:class:`OutcomeUnknown`, which ``except`` clauses for ``theirs`` catch as well."""
    return _below(OutcomeUnknown, theirs, _transport=theirs)


def _below(ours: type[_Error], theirs: type[Exception], **attributes: Any) -> type[_Error]:
    attributes.update(_ours=ours, __doc__=ours.__doc__, __module__=ours.__module__)
    return type(ours.__name__, (ours, theirs), attributes)


def _restore(
    ours: type[_Error],
    transport: type[BotoCoreError] | None,
    args: tuple[Any, ...],
    state: dict[str, Any],
) -> SESError:
    """What unpickling calls."""
    return _rebuild(of_transport(transport) if transport else ours, args, state)


def _rebuild(error: type[_Error], args: tuple[Any, ...], state: dict[str, Any]) -> _Error:
    made = error.__new__(error)
    made.args = args
    made.__dict__.update(state)
    return made
