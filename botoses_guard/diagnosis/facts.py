"""What an answer names: identities, region, configuration set, template, address, header."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from ..errors import Category
from ..operations import OPERATIONS
from .identities import first_in, listed
from .patterns import search
from .reading import LONGEST_TEXT, Reading

Facts = dict[str, Any]
"""Fields of a :class:`~botoses_guard.errors.Diagnosis` by name, and ``action``."""

_LIST = r"identities failed the check in region ([\w-]{1,40})\s{0,9}:(.*)"
_RESOURCE = r"arn:aws[\w-]{0,20}:ses:([\w-]{0,40}):\w{0,40}:identity/([^\s`'\",]{1,400})"
_ACTION = r"perform:? [`']?(ses:\w{1,80})"
_CONFIGURATION_SET = (
    r"(?i)configuration set [<'\"(]?(?!does |doesn't |is |has |sending |not |name )"
    r"([^<>'\"()\s]{1,64})"
)
_TEMPLATE = r"(?i)template [<'\"(]?([^\n]{1,300}?)[>'\")]? (?:does(?: not|n't) exist|not found)"
_ADDRESS = (
    r"(?i)(?:invalid e-?mail address ?<(.{1,400}?)>\.?$"
    r"|(?:characters long|user name is missing): '(.{1,400}?)'?\.?$"
    r"|<(.{1,400}?)> (?:invalid e-?mail address|address unknown))"
)
_MOST_BYTES = r"(?i)more than (\d{1,12}) bytes"
_HEADER = r"(?i)(?:duplicate|illegal|invalid|required) header '?([^'\n]{1,200})"
_SKEW = (
    r"(?i)signature (?:expired|not yet current): (\d{8}T\d{6}Z) is .{1,60}?"
    r"\((\d{8}T\d{6}Z) [-+]"
)


def facts_of(category: Category, reading: Reading) -> Facts:
    """What an answer of this category names, in its text and in the members beside it."""
    read = _READERS.get(category)
    facts = read(reading.text, reading) if read else {}
    if reading.mailbox and category in _ABOUT_AN_ADDRESS and not facts.get("address"):
        facts["address"] = reading.mailbox
    return facts


def _unverified(text: str, reading: Reading) -> Facts:
    found = search(_LIST, text)
    if not found:
        sender = reading.members.get("FromEmailAddress")
        return {"identities": (sender,) if isinstance(sender, str) else first_in(text)}
    # As sendmail and others log the XML of an answer.
    region, names = found.groups()
    if "&lt;" in names:
        names = html.unescape(names)
    identities, truncated = listed(names)
    facts: Facts = {"identities": identities, "region": region.lower()}
    if truncated or len(reading.message) > LONGEST_TEXT:
        facts["identities_truncated"] = True
    return facts


def _unauthorized(text: str, reading: Reading) -> Facts:
    resource, action = search(_RESOURCE, text), search(_ACTION, text)
    facts: Facts = {"action": action[1]} if action else {}
    if resource:
        region, identity = resource.groups()
        facts["identities"] = (identity,)
        if region:
            facts["region"] = region.lower()
    return facts


def _configuration_set(text: str, reading: Reading) -> Facts:
    name = _member(reading.members, "ConfigurationSetName")
    return _named("configuration_set", name or _first(search(_CONFIGURATION_SET, text)))


def _template(text: str, reading: Reading) -> Facts:
    name = _member(reading.members, "TemplateName", "CustomVerificationEmailTemplateName")
    return _named("template", name or _first(search(_TEMPLATE, text)))


def _address(text: str, reading: Reading) -> Facts:
    # One of them opens the quote in each alternative of the pattern.
    is_quoted = "<" in text or ": '" in text
    return _named("address", _first(search(_ADDRESS, text)) if is_quoted else None)


def _header(text: str, reading: Reading) -> Facts:
    return _named("header", _first(search(_HEADER, text)))


def _size(text: str, reading: Reading) -> Facts:
    found = search(_MOST_BYTES, text)
    return larger_api(int(found[1])) if found else {}


_LARGEST = max(operation.service.message_bytes for operation in OPERATIONS)


def larger_api(message_bytes: int) -> Facts:
    """How much the other API takes, where it takes more than the one that was used."""
    return {"larger": f"{_LARGEST // 1024**2} MB"} if message_bytes < _LARGEST else {}


def _skew(text: str, reading: Reading) -> Facts:
    found = search(_SKEW, text)
    if not found:
        return {}
    try:
        ours, theirs = (datetime.strptime(time, "%Y%m%dT%H%M%SZ") for time in found.groups())
    except ValueError:
        return {}
    return {"clock_skew": (theirs - ours).total_seconds()}


_READERS: Mapping[Category, Callable[[str, Reading], Facts]] = {
    "unverified_identity": _unverified,
    "not_authorized": _unauthorized,
    "config_set_missing": _configuration_set,
    "config_set_paused": _configuration_set,
    "template_missing": _template,
    "malformed_address": _address,
    "non_ascii_address": _address,
    "header_invalid": _header,
    "no_recipients": _header,
    "too_large": _size,
    "expired_credentials": _skew,
}

_ABOUT_AN_ADDRESS: tuple[Category, ...] = ("malformed_address", "non_ascii_address", "suppressed")


def _member(members: Mapping[str, Any], *names: str) -> str | None:
    for name in names:
        value = members.get(name)
        if isinstance(value, str) and value:
            return value
    return None


def _named(fact: str, name: str | None) -> Facts:
    return {fact: name} if name else {}


def _first(found: re.Match[str] | None) -> str | None:
    if not found:
        return None
    name = next((group for group in found.groups() if group), None)
    return name.rstrip(".") if name else None
