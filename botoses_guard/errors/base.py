"""The base of every exception."""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, TypeVar

from botocore.exceptions import ClientError

from .categories import RETRYABLE, Category
from .combined import importable, of_transport
from .text import explained
from .values import Attempt, Diagnosis, Origin, Violation

_Error = TypeVar("_Error", bound="SESError")


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

    category: ClassVar[Category] = "other"
    retryable: ClassVar[bool] = False
    """Whether :attr:`category` is one of :data:`RETRYABLE`."""

    _ours: ClassVar[type[SESError] | None] = None
    _transport: ClassVar[type[Exception] | None] = None

    # Of the class as well, so that a property of the same name in a class beside this one does not
    # come first, and that what another made without ``__init__`` can be printed.
    diagnosis: Diagnosis = Diagnosis(category="other", code="", message="", retryable=False)
    origin: Origin = "service"
    retry_after: float | None = None
    attempts: tuple[Attempt, ...] = ()
    violations: tuple[Violation, ...] = ()
    recipients: tuple[str, ...] = ()

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        cls.retryable = cls.category in RETRYABLE

    def __init__(
        self,
        error_response: Mapping[str, Any] | str,
        operation_name: str = "",
        *,
        diagnosis: Diagnosis | None = None,
        origin: Origin = "service",
        retry_after: float | None = None,
        attempts: Sequence[Attempt] = (),
        violations: Sequence[Violation] = (),
        recipients: Sequence[str] = (),
    ) -> None:
        """
        Args:
            error_response: the parsed answer; or the text of such an error, which is all that is
                left of it after a serialiser that keeps only ``args`` (Celery's JSON).
            operation_name: as botocore has it.
            diagnosis: what the answer means; without one, what its class says.
            origin: who refused.
            retry_after: in seconds.
            attempts: the HTTP requests that were made.
            violations: the faults of the request.
            recipients: of the send.
        """
        if isinstance(error_response, str):
            error_response, operation_name = _parsed(error_response, operation_name)
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
        language = self.diagnosis.language
        self.violations = tuple(violation.in_language(language) for violation in violations)
        self.recipients = tuple(recipients)

    def _bare_diagnosis(self) -> Diagnosis:
        error = self.response.get("Error", {})
        return Diagnosis(
            category=self.category,
            code=str(error.get("Code") or ""),
            message=str(error.get("Message") or ""),
            retryable=self.retryable,
        )

    @property
    def parameters_path(self) -> str | None:
        """Where the first fault stands in the parameters; ``None`` when that is unknown."""
        return self.violations[0].path if self.violations else None

    def __str__(self) -> str:
        """SES's message first, then a line for each fault, and the next step."""
        found = self.diagnosis
        message = Exception.__str__(self)  # not that of a class beside this one, as KeyError's
        return explained(message, self.violations, found.advice, found.language)

    def __repr__(self) -> str:
        return Exception.__repr__(self)

    def __copy__(self: _Error) -> _Error:
        made = _bare(type(self), self.args)
        made.__dict__.update(self.__dict__)
        return made

    def __deepcopy__(self: _Error, memo: dict[int, Any]) -> _Error:
        made = memo[id(self)] = _bare(type(self), self.args)  # before what may refer to it
        made.__dict__.update(copy.deepcopy(_portable(self.__dict__), memo))
        return made

    def __reduce__(self) -> tuple[Any, ...]:
        # A client's modelled classes cannot be imported by another process, botocore's own can.
        ours, transport = self._ours or type(self), self._transport
        known = transport and importable(transport)
        return _restore, (ours, known, self.args), _portable(self.__dict__)

    def __setstate__(self, state: Mapping[str, Any] | None) -> None:
        self.__dict__.update(state or {})


_TEXT = re.compile(
    r"An error occurred \((?P<code>.*?)\) when calling the (?P<operation>\w*) operation"
    r"(?: \(reached max retries: (?P<retries>\d+)\))?: (?P<message>.*)",
    re.DOTALL,
)
"""``ClientError.MSG_TEMPLATE`` filled in."""


def _parsed(text: str, operation_name: str) -> tuple[dict[str, Any], str]:
    found = _TEXT.fullmatch(text)
    if not found:
        return {"Error": {"Code": "", "Message": text}, "ResponseMetadata": {}}, operation_name
    answer: dict[str, Any] = {
        "Error": {"Code": found["code"], "Message": found["message"]},
        "ResponseMetadata": {},
    }
    if found["retries"]:
        answer["ResponseMetadata"] = {
            "RetryAttempts": int(found["retries"]),
            "MaxAttemptsReached": True,
        }
    return answer, operation_name or found["operation"]


_SIMPLE = (str, int, float, bool, type(None))


def _portable(state: Mapping[str, Any]) -> dict[str, Any]:
    """The state without what ties it to a process: a transport's error may hold its socket."""
    portable = dict(state)
    for name in ("kwargs", "request"):
        if name in portable:
            portable[name] = _as_text(portable[name])
    return portable


def _as_text(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _as_text(below) for name, below in value.items()}
    return value if isinstance(value, _SIMPLE) else str(value)


def _restore(
    ours: type[_Error], transport: type[Exception] | None, args: tuple[Any, ...]
) -> SESError:
    """The error that unpickling fills."""
    return _bare(of_transport(ours, transport) if transport else ours, args)


def _bare(error: type[_Error], args: tuple[Any, ...]) -> _Error:
    made = error.__new__(error)
    made.args = args
    return made
