"""The many forms in which an answer of SES reaches a program, read into one."""

from __future__ import annotations

import re
import smtplib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import ClientError

ACCEPTED = (
    "a botocore ClientError, a parsed answer with an 'Error', an entry of a bulk answer, an SMTP "
    "reply (str or bytes), or an smtplib.SMTPResponseException or SMTPRecipientsRefused"
)

LONGEST_TEXT = 10_000
"""Characters of a text that are read: SES's longest has a few hundred."""

_SMTP_LINE = re.compile(r"^\s*([2-5]\d\d)[ -]?(?:[2-5]\.\d{1,3}\.\d{1,3} )?(.*)$")
_SMTP_PREFIX = re.compile(
    r"^(?:transaction failed|message rejected|throttling failure|access denied): ?", re.IGNORECASE
)
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z][a-z]+")


@dataclass(frozen=True, slots=True)
class Reading:
    """An answer: its code, its text, and what else it names."""

    code: str
    message: str
    http_status: int | None = None
    members: Mapping[str, Any] = field(default_factory=dict)
    """The modelled members that stand beside the error, such as ``ConfigurationSetName``."""

    is_smtp: bool = False

    @property
    def text(self) -> str:
        """What SES says, without what SMTP puts in front."""
        return _SMTP_PREFIX.sub("", self.message[:LONGEST_TEXT])


def read(error: object) -> Reading:
    """Read an answer.

    Raises:
        TypeError: ``error`` is none of the :data:`ACCEPTED` forms.
    """
    if isinstance(error, ClientError):
        return _parsed(error.response)
    if isinstance(error, Mapping):
        if "Error" in error and isinstance(error["Error"], Mapping):
            return _parsed(error)
        if "Status" in error:
            return _bulk_entry(error)
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, text = next(iter(error.recipients.values()), (554, b""))
        return Reading(str(code), _text(text), is_smtp=True)
    if isinstance(error, smtplib.SMTPResponseException):
        return _smtp(f"{error.smtp_code} {_text(error.smtp_error)}")
    if isinstance(error, (str, bytes)):
        return _smtp(_text(error))
    raise TypeError(f"diagnose() takes {ACCEPTED}; not {type(error).__name__}")


def _parsed(answer: Mapping[str, Any]) -> Reading:
    error = answer.get("Error") or {}
    metadata = answer.get("ResponseMetadata") or {}
    return Reading(
        code=str(error.get("Code") or ""),
        message=str(error.get("Message") or ""),
        http_status=metadata.get("HTTPStatusCode"),
        members=answer,
    )


def _bulk_entry(entry: Mapping[str, Any]) -> Reading:
    """v1 spells a status ``AccountThrottled``, v2 ``ACCOUNT_THROTTLED``."""
    status = str(entry.get("Status") or "")
    if "_" in status or status.isupper():
        status = "".join(word.capitalize() for word in status.lower().split("_"))
    status = status.replace("DoesNotExistException", "DoesNotExist")
    return Reading(code=status, message=str(entry.get("Error") or ""))


def _smtp(reply: str) -> Reading:
    """One reply may have several lines, each with the code (RFC 5321 section 4.2.1)."""
    code, texts = "", []
    for line in reply[:LONGEST_TEXT].splitlines():
        found = _SMTP_LINE.match(line)
        if found:
            code = code or found[1]
            texts.append(found[2])
        else:
            texts.append(line.strip())
    return Reading(code, " ".join(filter(None, texts)), is_smtp=True)


def _text(text: object) -> str:
    return text.decode("utf-8", "replace") if isinstance(text, bytes) else str(text)
