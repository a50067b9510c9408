"""What a text of SES names: identities, region, configuration set, template."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .reading import Reading

_LIST = re.compile(
    r"identities failed the check in region ([\w-]+): ?(.*)", re.IGNORECASE | re.DOTALL
)
_ONE = re.compile(r"(?:not verified:?|^Identity) <?([^\s<>,;]+@[^\s<>,;]+)>?", re.IGNORECASE)
_RESOURCE = re.compile(r"arn:aws[\w-]*:ses:([\w-]*):\d*:identity/([^\s`'\"]+)")
_CONFIGURATION_SET = re.compile(r"configuration set <?([\w-]{1,64})>?", re.IGNORECASE)
_TEMPLATE = re.compile(r"template <?(.{1,128}?)>? does(?: not|n't) exist", re.IGNORECASE)

# Names may hold commas, so a list is not split at them: the mailboxes are looked for. What is left
# between two of them and has neither comma nor address is an identity without an @, a domain.
_ADDRESS = re.compile(r"<([^<>\s]+)>|([^\s<>,]+@[^\s<>,]+)")
_ELLIPSIS = "..."


@dataclass(frozen=True, slots=True)
class Facts:
    """What is named."""

    identities: tuple[str, ...] = ()
    identities_truncated: bool = False
    region: str | None = None
    configuration_set: str | None = None
    template: str | None = None


def facts_of(reading: Reading) -> Facts:
    """Read what a text and the members beside it name."""
    text = reading.text
    identities, truncated, region = _identities(text)
    return Facts(
        identities=identities,
        identities_truncated=truncated,
        region=region,
        configuration_set=_named(reading.members, "ConfigurationSetName", _CONFIGURATION_SET, text),
        template=_named(reading.members, "TemplateName", _TEMPLATE, text),
    )


def _identities(text: str) -> tuple[tuple[str, ...], bool, str | None]:
    listed = _LIST.search(text)
    if listed:
        region, names = listed[1].lower(), listed[2].strip()
        truncated = names.endswith(_ELLIPSIS)
        names = names.removesuffix(_ELLIPSIS)
        found = [one or other for one, other in _ADDRESS.findall(names)]
        if not found:
            found = [name.strip() for name in names.split(",")]
        return _unique(found), truncated, region
    resource = _RESOURCE.search(text)
    if resource:
        return (resource[2],), False, resource[1] or None
    one = _ONE.search(text)
    return ((one[1].rstrip("."),) if one else ()), False, None


def _unique(names: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name in names if name))


def _named(
    members: Mapping[str, Any], member: str, pattern: re.Pattern[str], text: str
) -> str | None:
    given = members.get(member)
    if isinstance(given, str) and given:
        return given
    found = pattern.search(text)
    return found[1] if found else None
