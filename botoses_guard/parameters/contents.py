"""What a message is made of beside its header: template data, and its size."""

from __future__ import annotations

import json

from .draft import Draft
from .located import Located

_NOT_AN_OBJECT = "template data must be a JSON object"


class _NoNumber(ValueError):
    """``NaN`` or ``Infinity``, which :mod:`json` reads and writes, and RFC 8259 does not have."""


def _no_number(name: str) -> None:
    raise _NoNumber(f"{_NOT_AN_OBJECT}, and JSON has no {name}: pass allow_nan=False to json.dumps")


# A number is not worked out: it may have more digits than Python converts.
_decode = json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=_no_number).decode


def _broken_rule(text: str) -> str | None:
    """The rule that ``text`` breaks; ``None`` when it is a JSON object."""
    try:
        return None if isinstance(_decode(text), dict) else _NOT_AN_OBJECT
    except _NoNumber as error:
        return str(error)
    except (ValueError, RecursionError):
        return _NOT_AN_OBJECT


def is_json_object(text: str) -> bool:
    return _broken_rule(text) is None


def check_template_data(draft: Draft, located: Located) -> None:
    """Refuse template data that is not a JSON object: SES would accept some and send nothing."""
    for place, value in located["template_data"]:
        rule = _broken_rule(value) if value else None
        if rule is not None:
            draft.refuse(
                place,
                value,
                category="template_render",
                message="The template data is invalid",
                rule=rule,
                reference="SES developer guide, 'Using templates to send personalized email'",
            )


_BYTES_OF_A_CHARACTER = 4
"""UTF-8 needs no more (RFC 3629 section 3)."""


def check_size(draft: Draft, located: Located, raw_size: int | None, largest: int) -> None:
    """Refuse what is larger than the API takes, so that it is not uploaded in vain.

    Args:
        draft: the parameters.
        located: where their values stand.
        raw_size: bytes of the raw message; ``None`` without one.
        largest: bytes that the API takes, after base64.
    """
    if raw_size is None:
        size = _composed_size(located, largest)
        where = (*located["bodies"], *located["attachments"])
    else:
        size, where = _base64_size(raw_size), (*located["raw_message"],)
    if size > largest:
        draft.refuse(
            where[0][0],
            size,
            category="too_large",
            message=f"Message length is more than {largest} bytes long: '{size}'.",
            rule=f"a message must have at most {largest} bytes after base64, and this has {size}",
            reference="SES developer guide, 'Service quotas', message quotas",
        )


def _composed_size(located: Located, largest: int) -> int:
    """The bytes that a composed message has at least; the encoding that SES chooses adds more."""
    blobs = [blob for _, blob in located["attachments"]]
    size = sum(
        _base64_size(_utf8_size(blob) if isinstance(blob, str) else len(blob)) for blob in blobs
    )
    texts = [text for _, text in located["bodies"]]
    characters = sum(map(len, texts))
    # Counting the bytes of a text is dear, and hardly ever needed.
    if size + characters * _BYTES_OF_A_CHARACTER <= largest:
        return size + characters
    return size + sum(map(_utf8_size, texts))


def _utf8_size(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))


def _base64_size(size: int) -> int:
    return 4 * ((size + 2) // 3)
