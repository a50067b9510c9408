"""What SES said, as a :class:`~botoses_guard.errors.Diagnosis`.

``reading`` brings the forms in which an answer comes into one; ``codes`` and ``texts`` are the
tables that tell its category; ``facts`` reads what it names, ``request`` what it leaves out;
``botocore_errors`` is the table of what came instead of an answer; ``advice`` says what to do.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal

from ..errors import RETRYABLE, Category, Diagnosis, SESError, Violation
from ..errors.wording import LANGUAGES
from ..operations import Operation
from . import botocore_errors, codes, texts
from .advice import advise, page_for
from .facts import Facts, facts_of, larger_api
from .reading import Reading, read
from .request import Located, addresses_of, is_non_ascii, roles_of, suspects

__all__ = ["describe", "diagnose", "languages", "of_violations", "with_facts"]


def languages() -> tuple[str, ...]:
    """The languages of advice."""
    return LANGUAGES


def diagnose(
    error: object,
    *,
    language: str = "en",
    parameters: Mapping[str, Any] | None = None,
    operation: Operation | None = None,
) -> Diagnosis:
    """What an answer of SES means.

    The text of an answer decides wherever SES is known to hide one trouble under another's code,
    the code everywhere else.

    Args:
        error: a :class:`~botocore.exceptions.ClientError` of ``ses`` or ``sesv2``, or its text; a
            parsed answer ``{"Error": {...}}``; a failed entry of a bulk operation's answer; an SMTP
            reply as text or as :mod:`smtplib` raises it; an error of botocore's own, such as
            ``NoCredentialsError``, or the last line of its traceback: the code is the name of its
            class; or an error of the guard.
        language: of the advice, ``en`` or ``zh-TW``.
        parameters: those of the request, where they are at hand.
        operation: which operation they are for.

    Raises:
        TypeError: ``error`` is none of these.
        ValueError: the language is unknown.
    """
    if language not in LANGUAGES:
        raise ValueError(f"advice is in {', '.join(LANGUAGES)}; not in {ascii(language)}")
    if isinstance(error, SESError):
        return _of_our_own(error, language)
    if isinstance(error, botocore_errors.ERRORS):
        return _of_botocores_own(error, language)
    named = botocore_errors.named_in(error) if isinstance(error, str) else None
    if named:
        class_, text = named
        row = botocore_errors.row_of_class(class_)
        return _of_row(row, class_.__name__, text, language, {})
    return _of_reading(read(error), language, parameters, operation)


def _of_reading(
    reading: Reading,
    language: str,
    parameters: Mapping[str, Any] | None,
    operation: Operation | None,
) -> Diagnosis:
    located: list[Located] = []
    if parameters is not None and operation is not None:
        located = addresses_of(parameters, operation)
    category, key = _told(reading)
    facts = facts_of(category, reading)
    if key.endswith(_GATEWAY):
        facts["http_status"] = reading.http_status
    if category in ("non_ascii_address", "malformed_address"):
        category, key = _explain_address(category, reading, facts, located)
    elif category == "unverified_identity" and located:
        key = _explain_identities(facts, located)
    elif category == "too_large" and operation is not None:
        facts = larger_api(operation.service.message_bytes)
    return _diagnosis(category, key, reading.code, reading.message, language, facts)


def describe(
    category: Category,
    *,
    code: str,
    message: str,
    language: str = "en",
    origin: Literal["client", "gateway", "service"] = "service",
    **facts: Any,
) -> Diagnosis:
    """The diagnosis of what the guard itself refuses, or of an answer that is not SES's.

    Args:
        category: of the trouble.
        code: the code that SES would give, or that botocore makes of a gateway's answer.
        message: its text.
        language: of the advice.
        origin: who refused, which chooses the wording: ``client`` is the guard, ``gateway``
            something between this program and SES (a proxy, a firewall, a load balancer).
        facts: for the advice. ``retry_after`` is in seconds, ``rate`` in recipients per second,
            ``quota`` in recipients per 24 hours; ``http_status`` is a gateway's. What no wording
            needs is ignored.
    """
    key = category if origin == "service" else f"{category}.{origin}"
    if category == "non_ascii_address" and message.lower().startswith("domain"):
        key = "non_ascii_address.domain"
    return _diagnosis(category, key, code, message, language, facts)


def of_violations(
    violations: Sequence[Violation],
    *,
    code: str,
    language: str = "en",
    operation: Operation | None = None,
) -> Diagnosis:
    """The diagnosis of a request that the guard refuses; its first fault stands for all.

    The advice says only what to do: the text of the error has what is wrong, and where.

    Args:
        violations: the faults, at least one.
        code: the code that SES would give.
        language: of the advice.
        operation: which operation the request is for.
    """
    first = violations[0]
    facts: Facts = {"parameters": tuple(dict.fromkeys(fault.path for fault in violations))}
    if operation is not None:
        facts |= larger_api(operation.service.message_bytes)
    key = _key_of(violations)
    return _diagnosis(first.category, key, code, first.message, language, facts)


def _key_of(violations: Sequence[Violation]) -> str:
    first = violations[0]
    if any(fault.category != first.category for fault in violations):
        return "other.client"
    if first.category == "non_ascii_address":
        if first.message.startswith("Domain"):
            return "non_ascii_address.domain.client"
        if all(fault.suggestion for fault in violations):
            return "non_ascii_address.look_alike"
    return f"{first.category}.client"


def with_facts(found: Diagnosis, language: str, **facts: Any) -> Diagnosis:
    """The same diagnosis with more to fill in its advice, as :func:`describe` takes it."""
    known = {**dict(found.advice_facts), **facts}
    advice = advise(found.advice_key, language, known)
    return replace(found, advice=advice, language=language, advice_facts=tuple(known.items()))


def _of_our_own(error: SESError, language: str) -> Diagnosis:
    found = error.diagnosis
    if found.advice_key:
        advice = advise(found.advice_key, language, dict(found.advice_facts))
        return replace(found, advice=advice, language=language)
    # Made by other hands, or back from a serialiser that keeps only the text.
    category = error.category
    reading = read(error)
    facts = facts_of(category, reading)
    return _diagnosis(category, category, reading.code, reading.message, language, facts)


def _of_botocores_own(error: Exception, language: str) -> Diagnosis:
    row = botocore_errors.row_of(error)
    facts = botocore_errors.facts_of(row, error)
    return _of_row(row, type(error).__name__, str(error), language, facts)


def _of_row(
    row: botocore_errors.ErrorRow, code: str, text: str, language: str, facts: Facts
) -> Diagnosis:
    return _diagnosis(row.category, row.advice or row.category, code, text, language, facts)


_FIELDS = frozenset(Diagnosis.__dataclass_fields__)


def _diagnosis(
    category: Category, key: str, code: str, message: str, language: str, facts: Facts
) -> Diagnosis:
    fields = facts
    if not _FIELDS.issuperset(facts):
        fields = {name: fact for name, fact in facts.items() if name in _FIELDS}
    return Diagnosis(
        category=category,
        code=code,
        message=message,
        retryable=category in RETRYABLE,
        advice=advise(key, language, facts),
        language=language,
        documentation_url=page_for(key),
        advice_key=key,
        advice_facts=tuple(facts.items()),
        **fields,
    )


_GATEWAY = ".gateway"


def _told(reading: Reading) -> tuple[Category, str]:
    """Category and key of the advice: by text where the code hides something, else by code."""
    code = codes.row_of(reading.code, reading.http_status)
    if code.hides is None or code.hides:
        text = texts.row_of(reading.text, code.hides)
        if text:
            return text.category, text.category
    return code.category, code.advice or code.category


_EITHER = (
    "local address contains control",
    "local address contains illegal",
    "domain contains control",
    "domain contains illegal",
)
"""What SES says of blanks and of characters beyond ASCII alike."""


def _explain_address(
    category: Category, reading: Reading, facts: Facts, located: list[Located]
) -> tuple[Category, str]:
    """Category and key of the advice; adds to ``facts`` which addresses explain the text."""
    text = reading.text.lower()
    found = suspects(text, located) if located else []
    if found:
        facts["parameters"] = tuple(dict.fromkeys(place.path for place in found))
    named = facts.get("address")
    if named and not named.isascii():
        category = "non_ascii_address"
    elif text.startswith(_EITHER) and located:
        category = "non_ascii_address" if is_non_ascii(found) else "malformed_address"
    elif text.startswith(_EITHER) and reading.is_smtp:
        # What a mail server was given in ASCII holds a blank.
        category = "malformed_address"
    is_domain = category == "non_ascii_address" and text.startswith("domain")
    return category, f"{category}.domain" if is_domain else category


def _explain_identities(facts: Facts, located: list[Located]) -> str:
    """The key of the advice; adds to ``facts`` what the request uses the identities for."""
    identities = facts.get("identities", ())
    roles = roles_of(identities, located)
    used = dict(zip(identities, roles))
    recipients = tuple(name for name, role in used.items() if role == "recipient")
    senders = tuple(name for name, role in used.items() if role in ("sender", "return_path"))
    facts["identity_roles"] = roles
    facts["sandbox_likely"] = bool(recipients) if recipients or senders else None
    if recipients and senders:
        facts.update(senders=senders, recipients=recipients)
        return "unverified_identity.both"
    if recipients:
        return "unverified_identity.recipient"
    return "unverified_identity.sender" if senders else "unverified_identity"
