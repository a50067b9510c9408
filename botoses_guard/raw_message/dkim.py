"""The header fields that the message's own DKIM signature covers (RFC 6376 §3.5)."""

from __future__ import annotations

import re

_SIGNED_FIELDS = re.compile(rb"(?:^|;)\s*h\s*=([^;]*)")
_BLANKS = re.compile(rb"\s+")


def signed_fields(body: bytes) -> frozenset[bytes]:
    """Return the names in the ``h=`` tag of a DKIM-Signature field, in lower case."""
    match = _SIGNED_FIELDS.search(body)
    if match is None:
        return frozenset()
    return frozenset(_BLANKS.sub(b"", match[1]).lower().split(b":"))
