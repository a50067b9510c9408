"""The many forms in which an answer of SES reaches a program, read into one."""

from __future__ import annotations

import re
import smtplib
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from botocore.exceptions import ClientError

from ..errors import SESError

ACCEPTED = (
    "a botocore ClientError or its text, a parsed answer with an 'Error', a failed entry of a bulk "
    "answer, an SMTP reply (str or bytes), an smtplib.SMTPResponseException or "
    "SMTPRecipientsRefused, or an error of botocore or of the guard"
)

LONGEST_TEXT = 20_000
"""Characters of a text that are read: fifty identities of 320 characters fit."""

_SMTP_LINE = re.compile(r"\s*([2-5]\d\d)(?:[ -]|$)(?:[2-5]\.\d{1,3}\.\d{1,3} )?(.*)")
_SMTPLIB_TEXT = re.compile(r"\(([2-5]\d\d), b?(['\"])(.*)\2\)", re.DOTALL)
"""``str()`` of an :class:`smtplib.SMTPResponseException`."""

_SMTP_PREFIX = re.compile(
    r"(?:[2-5]\.\d{1,3}\.\d{1,3} )?"
    r"(?:transaction failed|message rejected|throttling failure|access denied): ?",
    re.IGNORECASE,
)
_LONGEST_PREFIX = len("5.123.123 Transaction failed:")
"""Characters up to its colon."""

_MAPPINGS = (dict, Mapping)
"""Asking for a dict first spares the slower question, which abstract classes are."""

_CLIENT_ERROR = "An error occurred ("
"""How ``str()`` of a :class:`~botocore.exceptions.ClientError` begins."""


class Reading(NamedTuple):
    """An answer: its code, its text, and what else it names."""

    code: str
    message: str
    text: str
    """What SES says, without what SMTP puts in front."""

    http_status: int | None = None
    members: Mapping[str, Any] = MappingProxyType({})
    """The modelled members that stand beside the error, such as ``ConfigurationSetName``."""

    is_smtp: bool = False
    mailbox: str | None = None
    """The one that :mod:`smtplib` says was refused."""


def read(error: object) -> Reading:
    """Read an answer.

    Raises:
        TypeError: ``error`` is none of the :data:`ACCEPTED` forms.
    """
    reading: Reading | None = None
    if isinstance(error, ClientError):
        reading = _parsed(_mapped(getattr(error, "response", None)))
    elif isinstance(error, _MAPPINGS):
        reading = _mapping(error)
    elif isinstance(error, (str, bytes)):
        reading = _line(_text(error))
    elif isinstance(error, smtplib.SMTPException):
        reading = _smtp_exception(error)
    if reading is None:
        raise TypeError(f"diagnose() takes {ACCEPTED}; not {_shape(error)}")
    return reading


def _mapping(answer: Mapping[str, Any]) -> Reading | None:
    if "Status" in answer and not isinstance(answer.get("Error"), _MAPPINGS):
        return _bulk_entry(answer)
    return _parsed(answer) if "Error" in answer or _http_status(answer) >= 300 else None


def _parsed(answer: Mapping[str, Any]) -> Reading:
    error = answer.get("Error")
    if not isinstance(error, _MAPPINGS):
        error = {"Message": error}  # or nothing, as botocore parses XML that is not SES's
    code, message = _text(error.get("Code")), _text(error.get("Message"))
    status = _http_status(answer)
    if not status and len(code) == 3 and code.isdecimal():
        status = int(code)  # botocore gives it so where an answer has no body of SES
    return Reading(code, message, _without_prefix(message), status or None, members=answer)


def _http_status(answer: Mapping[str, Any]) -> int:
    """0 when it is unknown."""
    status = _mapped(answer.get("ResponseMetadata")).get("HTTPStatusCode")
    return int(status) if isinstance(status, int) and 100 <= status <= 999 else 0


def _mapped(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, _MAPPINGS) else {}


def _bulk_entry(entry: Mapping[str, Any]) -> Reading | None:
    if _is_bulk_answer(entry):
        return None
    status = _text(entry["Status"])
    if status.lower() == "success":
        return None
    message = _text(entry.get("Error"))
    return Reading(status, message, _without_prefix(message))


def _is_bulk_answer(answer: Mapping[str, Any]) -> bool:
    """Whether it holds the entries; v1 calls both their list and the text in each ``Status``."""
    return isinstance(answer.get("Status"), (list, tuple)) or "BulkEmailEntryResults" in answer


def _smtp_exception(error: smtplib.SMTPException) -> Reading | None:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        # smtplib raises it when every recipient was refused; the first stands for all.
        refused, reply = next(iter(_mapped(error.recipients).items()), (None, None))
        code, text = reply if isinstance(reply, tuple) and len(reply) == 2 else (554, reply)
        return _smtp(f"{_text(code)} {_text(text)}")._replace(mailbox=_text(refused) or None)
    if isinstance(error, smtplib.SMTPResponseException):
        sender = error.sender if isinstance(error, smtplib.SMTPSenderRefused) else None
        reply = f"{_text(error.smtp_code)} {_text(error.smtp_error)}"
        return _smtp(reply)._replace(mailbox=_text(sender) or None)
    return None


def _line(text: str) -> Reading:
    """A reply of a mail server, or the text of a botocore or smtplib exception."""
    start = text.find(_CLIENT_ERROR, 0, 200)
    if start >= 0:
        return _parsed(SESError(text[start:]).response)
    found = _SMTPLIB_TEXT.fullmatch(text[:LONGEST_TEXT].strip())
    return _smtp(f"{found[1]} {found[3]}" if found else text)


def _smtp(reply: str) -> Reading:
    """One reply may have several lines, each with the code (RFC 5321 section 4.2.1)."""
    code, texts = "", []
    for line in reply[: LONGEST_TEXT + 1].splitlines():
        found = _SMTP_LINE.match(line)
        if found and code in ("", found[1]):
            code = found[1]
            texts.append(found[2].strip())
        else:
            texts.append(line.strip())
    message = " ".join(filter(None, texts))
    return Reading(code, message, _without_prefix(message), is_smtp=True)


def _without_prefix(message: str) -> str:
    text = message[:LONGEST_TEXT]
    if ":" not in text[:_LONGEST_PREFIX]:
        return text
    prefix = _SMTP_PREFIX.match(text)
    return text[prefix.end() :] if prefix else text


def _text(text: object) -> str:
    if isinstance(text, str):
        return text
    if isinstance(text, bytes):
        return text.decode("utf-8", "replace")
    try:
        return "" if text is None else str(text)
    except Exception:  # a number of too many digits, or what the caller's own __str__ raises
        return type(text).__name__


def _shape(error: object) -> str:
    if isinstance(error, _MAPPINGS):
        if _is_bulk_answer(error):
            return "the whole answer of a bulk operation: give its failed entries one by one"
        return "a mapping without an 'Error', or of an entry that succeeded"
    return type(error).__name__
