"""One address by itself, for callers that want to know before they send."""

from __future__ import annotations

from dataclasses import replace

from .. import addresses, diagnosis, errors
from ..operations import SES


def normalize_address(text: str) -> str:
    """What a send would put on the wire for one address.

    Args:
        text: one mailbox, ``user@example.com`` or ``Name <user@example.com>`` (RFC 5322 section
            3.4), in any script.

    Returns:
        The same object when nothing has to change; else ASCII on one line, of at most 320
        characters: the domain in A-labels (RFC 5890), the display name in encoded-words (RFC 2047).

    Raises:
        InvalidAddress: SES would refuse the address; a :class:`ValueError`, too.
        TypeError: ``text`` is no string.
    """
    if not isinstance(text, str):
        raise TypeError(f"an address must be a str, not {type(text).__name__}")
    try:
        return addresses.normalize(text)
    except addresses.Refused as refused:
        raise _invalid(refused.violation) from None


def _invalid(violation: errors.Violation) -> errors.SESError:
    code = SES.invalid_parameter.code
    found = diagnosis.of_violations([violation], code=code)
    return errors.BY_CATEGORY[violation.category](
        {
            "Error": {"Type": "Sender", "Code": code, "Message": violation.message},
            "ResponseMetadata": {"HTTPStatusCode": SES.invalid_parameter.http_status},
        },
        "normalize_address",
        diagnosis=found,
        origin="client",
        violations=(replace(violation, path="text"),),
    )
