"""What becomes a header line of a message: texts, identifiers, and whole fields."""

from __future__ import annotations

import re

from .. import addresses
from ..operations import Place
from ..settings import AddressMode
from .draft import Draft
from .located import Located
from .roles import ADDRESS_FIELDS

_UNSAFE = re.compile(r"[\r\n\0]")
_NOT_A_FIELD_NAME = re.compile(r"[^!-9;-~]")


def check_headers(draft: Draft, located: Located, mode: AddressMode) -> None:
    """Unfold or refuse what has a line break, and refuse or normalise fields."""
    for place, value in located["header_tokens"]:
        if _UNSAFE.search(value):
            _refuse_line(draft, place, value)
    for place, value in located["header_texts"]:
        line = _line(draft, place, value, mode)
        if line is not None and line is not value:
            draft.change(place, line)
    names = {place[:-1]: name for place, name in located["field_names"]}
    for place, name in located["field_names"]:
        _check_name(draft, place, name)
    for place, value in located["field_values"]:
        has_addresses = names.get(place[:-1], "").lower() in ADDRESS_FIELDS
        line = _line(draft, place, value, mode)
        if line is not None and has_addresses and mode != "off":
            line = _addresses(draft, place, line, mode == "reject")
        if line is not None and line is not value:
            draft.change(place, line)


def _check_name(draft: Draft, place: Place, name: str) -> None:
    if not name or _NOT_A_FIELD_NAME.search(name):
        draft.refuse(
            place,
            name,
            category="header_invalid",
            message=f"Illegal header {addresses.shown(name)}.",
            rule="a field name must be printable ASCII without blanks and colons",
            reference="RFC 5322 section 3.6.8",
        )


def _addresses(draft: Draft, place: Place, line: str, reject: bool) -> str | None:
    """The addresses of ``line`` as they go on; ``None`` when refused."""
    try:
        return addresses.normalize_list(line, reject=reject)
    except addresses.Refused as refused:
        draft.fault(place, refused.violation)
        return None


def _line(draft: Draft, place: Place, value: str, mode: AddressMode) -> str | None:
    """``value`` as it goes on, the same object when nothing changes; ``None`` when refused."""
    if not _UNSAFE.search(value):
        return value
    line = addresses.unfold(value) if mode == "normalize" and "\0" not in value else None
    if line is None:
        _refuse_line(draft, place, value)
    return line


def _refuse_line(draft: Draft, place: Place, value: str) -> None:
    draft.refuse(
        place,
        value,
        category="header_invalid",
        message="Illegal content.",
        rule="the text of a header must be one line, without CR, LF or NUL",
        reference="RFC 5322 section 2.2",
    )
