"""What a send carries beside addresses: header texts, template data, and its size."""

from __future__ import annotations

import json
import re

from ..operations import Place
from .draft import Draft
from .located import Located
from .mailboxes import header_fields

_UNSAFE = re.compile(r"[\r\n\0]")
_NOT_A_FIELD_NAME = re.compile(r"[^!-9;-~]")

_BYTES_OF_A_CHARACTER = 4
"""UTF-8 needs no more (RFC 3629 section 3)."""


def check_header_texts(draft: Draft, located: Located) -> None:
    """Refuse a line break in anything that becomes a header: it would begin another header."""
    for trail, value in located["header_texts"]:
        if isinstance(value, str) and _UNSAFE.search(value):
            _refuse_text(draft, trail, value)
    for trail, name, value in header_fields(located):
        if not name or _NOT_A_FIELD_NAME.search(name):
            draft.refuse(
                (*trail, "Name"),
                name,
                category="header_invalid",
                message=f"Illegal header {ascii(name)}.",
                rule="a field name is printable ASCII without a colon",
                reference="RFC 5322 section 3.6.8",
            )
        if _UNSAFE.search(value):
            _refuse_text(draft, (*trail, "Value"), value)


def _refuse_text(draft: Draft, trail: Place, value: str) -> None:
    draft.refuse(
        trail,
        value,
        category="header_invalid",
        message="Illegal content.",
        rule="a header is one line: it holds no CR, LF or NUL",
        reference="RFC 5322 section 2.2",
    )


def check_template_data(draft: Draft, located: Located) -> None:
    """Refuse template data that is not a JSON object: SES would accept some and send nothing."""
    for trail, value in located["template_data"]:
        if isinstance(value, str) and value and not _is_json_object(value):
            draft.refuse(
                trail,
                value,
                category="template_render",
                message="The template data is invalid",
                rule="template data is a JSON object",
                reference="SES developer guide, 'Using templates to send personalized email'",
            )


def _is_json_object(text: str) -> bool:
    try:
        # A number is not worked out: it may have more digits than Python converts.
        return isinstance(json.loads(text, parse_int=str), dict)
    except (ValueError, RecursionError):
        return False


def check_size(draft: Draft, located: Located, raw_size: int | None, largest: int) -> None:
    """Refuse what is larger than the API takes, so that it is not uploaded in vain.

    Args:
        draft: the parameters.
        located: where their values stand.
        raw_size: bytes of the raw message; ``None`` without one.
        largest: bytes that the API takes, after base64.
    """
    if raw_size is None:
        size, where = _composed_size(located, largest), located["bodies"]
    else:
        size, where = _base64_size(raw_size), located["raw_message"]
    if size > largest:
        draft.refuse(
            where[0][0],
            size,
            category="too_large",
            message=f"Message length is more than {largest} bytes long: '{size}'.",
            rule=f"a message has at most {largest} bytes after base64; this one has {size}",
            reference="SES developer guide, 'Service quotas', message quotas",
        )


def _composed_size(located: Located, largest: int) -> int:
    """The bytes that a composed message has at least; the encoding that SES chooses adds more."""
    values = [value for _, value in located["bodies"]]
    texts = [value for value in values if isinstance(value, str)]
    blobs = [value for value in values if isinstance(value, (bytes, bytearray))]
    size = sum(_base64_size(len(blob)) for blob in blobs)
    characters = sum(map(len, texts))
    # Counting the bytes of a text is dear, and hardly ever needed.
    if size + characters * _BYTES_OF_A_CHARACTER <= largest:
        return size + characters
    return size + sum(len(text.encode("utf-8", "surrogatepass")) for text in texts)


def _base64_size(size: int) -> int:
    return 4 * ((size + 2) // 3)
