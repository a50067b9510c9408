"""The base of every exception, and the classes that are an SES client's own as well."""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, ClassVar, TypeVar
from weakref import WeakKeyDictionary

from botocore.exceptions import ClientError

from .categories import RETRYABLE, Category
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
            code=error.get("Code") or "",
            message=error.get("Message") or "",
            retryable=self.retryable,
        )

    @property
    def parameters_path(self) -> str | None:
        """Where the first fault stands in the parameters; ``None`` when that is unknown."""
        return self.violations[0].path if self.violations else None

    def __str__(self) -> str:
        """SES's message first, then a line for each fault, and the next step."""
        found = self.diagnosis
        return explained(super().__str__(), self.violations, found.advice, found.language)

    def __copy__(self: _Error) -> _Error:
        return _rebuild(type(self), self.args, self.__dict__)

    def __deepcopy__(self: _Error, memo: dict[int, Any]) -> _Error:
        return _rebuild(type(self), self.args, copy.deepcopy(_portable(self.__dict__), memo))

    def __reduce__(self) -> tuple[Any, ...]:
        # A client's modelled classes cannot be imported by another process, botocore's own can.
        ours = self._ours or type(self)
        return _restore, (ours, self._transport, self.args, _portable(self.__dict__))


_modelled: WeakKeyDictionary[Any, dict[tuple[type, type], type[Any]]] = WeakKeyDictionary()
"""Made classes by the ``exceptions`` of a client, which the clients of a session share."""


def of_client(ours: type[_Error], exceptions: Any, code: str) -> type[_Error]:
    """``ours``, which ``except client.exceptions.X`` catches as well.

    Args:
        ours: a class of this package.
        exceptions: the ``exceptions`` of a client.
        code: the code of the answer, which tells the client's own class ``X``.

    Returns:
        ``ours`` itself when the client models no class for ``code``; else a class below both,
        made once for each client class.
    """
    theirs = exceptions.from_code(code)
    if theirs is ClientError:
        return ours
    classes = _modelled.setdefault(exceptions, {})
    made: type[_Error] | None = classes.get((ours, theirs))
    if made is None:
        # Of two threads that come here together both get the class of the first.
        made = classes.setdefault((ours, theirs), _below(ours, theirs))
    return made


_transported: dict[tuple[type, type], type[Any]] = {}


def of_transport(ours: type[_Error], theirs: type[Exception]) -> type[_Error]:
    """``ours``, which ``except`` clauses for botocore's class ``theirs`` catch as well."""
    made: type[_Error] | None = _transported.get((ours, theirs))
    if made is None:
        # What code for botocore's own errors reads of an instance.
        attributes = {"_transport": theirs, "kwargs": MappingProxyType({}), "request": None}
        made = _transported.setdefault((ours, theirs), _below(ours, theirs, **attributes))
    return made


def _below(ours: type[_Error], theirs: type[Exception], **attributes: Any) -> type[_Error]:
    attributes.update(_ours=ours, __doc__=ours.__doc__, __module__=ours.__module__)
    return type(ours.__name__, (ours, theirs), attributes)


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
    ours: type[_Error],
    transport: type[Exception] | None,
    args: tuple[Any, ...],
    state: dict[str, Any],
) -> SESError:
    """What unpickling calls."""
    return _rebuild(of_transport(ours, transport) if transport else ours, args, state)


def _rebuild(error: type[_Error], args: tuple[Any, ...], state: dict[str, Any]) -> _Error:
    made = error.__new__(error)
    made.args = args
    made.__dict__.update(state)
    return made
