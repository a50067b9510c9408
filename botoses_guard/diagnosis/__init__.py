"""What SES said, as a :class:`~botoses_guard.errors.Diagnosis`.

``reading`` brings the forms in which an answer comes into one, ``table`` tells its category by text
and by code, ``facts`` reads what it names, ``advice`` says what to do.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from ..errors import Diagnosis, SESError
from ..operations import EACH, Operation, ParameterPath
from .advice import LANGUAGES, PAGES, advice_for, duration
from .facts import Facts, facts_of
from .reading import Reading, read
from .table import CODES, RETRYABLE, TEXTS

__all__ = ["describe", "diagnose", "languages"]


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

    Args:
        error: a :class:`~botocore.exceptions.ClientError` of ``ses`` or ``sesv2``; a parsed answer
            ``{"Error": {...}}``; an entry of a bulk operation's answer; an SMTP reply as text or as
            :mod:`smtplib` raises it; or an error of the guard.
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
        return error.diagnosis
    reading = read(error)
    request = _Request(parameters, operation)
    category = _category(reading, request)
    facts = facts_of(reading)
    key = category
    if category == "unverified_identity" and facts.identities:
        key += request.role_of(facts.identities)
    return _diagnosis(category, key, reading.code, reading.message, language, facts)


def describe(
    category: str, *, code: str, message: str, language: str = "en", **facts: Any
) -> Diagnosis:
    """The diagnosis of what the guard itself refuses, or of an answer that never came.

    Args:
        category: a category, or ``outcome_unknown``.
        code: the code that SES would give.
        message: its text.
        language: of the advice.
        facts: for the advice: ``retry_after`` in seconds.
    """
    if "retry_after" in facts:
        facts["retry_after"] = duration(facts["retry_after"], language)
    found = _diagnosis(category, category, code, message, language, Facts(), facts)
    if category == "outcome_unknown":
        return replace(found, category="service_unavailable", retryable=False)
    return found


def _diagnosis(
    category: str,
    key: str,
    code: str,
    message: str,
    language: str,
    facts: Facts,
    more: Mapping[str, Any] | None = None,
) -> Diagnosis:
    named = {
        "identities": ", ".join(facts.identities),
        "region": facts.region,
        "configuration_set": facts.configuration_set,
        "template": facts.template,
        **(more or {}),
    }
    return Diagnosis(
        category=category,
        code=code,
        message=message,
        retryable=category in RETRYABLE,
        identities=facts.identities,
        identities_truncated=facts.identities_truncated,
        region=facts.region,
        configuration_set=facts.configuration_set,
        template=facts.template,
        advice=advice_for(key, language, named),
        documentation_url=PAGES[category],
    )


def _category(reading: Reading, request: _Request) -> str:
    text = reading.text
    for row in TEXTS:
        if row.matcher.search(text):
            return _by_address(row.category, reading, request)
    category = CODES.get(reading.code)
    if category is None and (reading.http_status or 0) >= 500:
        return "service_unavailable"
    return category or "other"


def _by_address(category: str, reading: Reading, request: _Request) -> str:
    """One text of SES stands for blanks and for characters beyond ASCII: the address tells."""
    if category not in ("non_ascii_address", "malformed_address"):
        return category
    if request.has_addresses:
        return "non_ascii_address" if request.has_non_ascii_address else "malformed_address"
    # A mail server writes addresses in ASCII to SMTP; there the text is about a blank.
    return "malformed_address" if reading.is_smtp else category


class _Request:
    """The request that was answered, where it is at hand."""

    def __init__(self, parameters: Mapping[str, Any] | None, operation: Operation | None) -> None:
        self._parameters = parameters
        self._operation = operation

    def role_of(self, identities: Iterable[str]) -> str:
        """Whether senders or recipients hold ``identities``, as the end of a key of advice."""
        if self._parameters is None or self._operation is None:
            return ""
        operation = self._operation
        senders = self._values(operation.sender, operation.return_path)
        recipients = self._values(*operation.recipients)
        names = [identity.lower() for identity in identities]
        if any(_holds(senders, name) for name in names):
            return ".sender"
        if all(_holds(recipients, name) for name in names):
            return ".recipient"
        return ""

    @property
    def has_addresses(self) -> bool:
        return bool(self._addresses())

    @property
    def has_non_ascii_address(self) -> bool:
        return any(not address.isascii() for address in self._addresses())

    def _addresses(self) -> list[str]:
        operation = self._operation
        if operation is None:
            return []
        return self._values(
            operation.sender,
            *operation.recipients,
            operation.return_path,
            operation.reply_to,
            *operation.other_addresses,
        )

    def _values(self, *paths: ParameterPath | None) -> list[str]:
        return [
            value for path in paths if path is not None for value in _at(self._parameters, path)
        ]


def _holds(mailboxes: Iterable[str], identity: str) -> bool:
    return any(identity in mailbox.lower() for mailbox in mailboxes)


def _at(node: Any, path: ParameterPath) -> list[str]:
    """The strings at ``path``."""
    if not path:
        return [node] if isinstance(node, str) else []
    step, below = path[0], path[1:]
    if step == EACH:
        elements = node if isinstance(node, (list, tuple)) else ()
        return [value for element in elements for value in _at(element, below)]
    return _at(node[step], below) if isinstance(node, Mapping) and step in node else []
