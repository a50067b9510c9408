"""Under which name the senders of one account share a budget."""

from __future__ import annotations

import base64
import hashlib

_ACCOUNT_BITS = 0x7FFFFFFFFF80
"""Where an access key id holds its account: bits 1 to 40 of the first 48 after the prefix."""

_FIRST_WITH_ACCOUNT = "Q"
"""Keys from 2019 on hold their account; their fifth character is Q or a later one."""


def account_of(access_key_id: str) -> str:
    """The account id that AWS encodes in an access key id, else a hash of that id.

    Two keys of one account give one name, so that their senders share its budget. An access key id
    is no secret, but it belongs neither in a shared store nor in a log: hence the hash.

    Source: the encoding is not documented by AWS but stable and public since 2020, checked by
    ``sts:GetAccessKeyInfo``.
    """
    encoded = access_key_id[4:]
    if len(access_key_id) == 20 and encoded[:1] >= _FIRST_WITH_ACCOUNT:
        try:
            number = int.from_bytes(base64.b32decode(encoded)[:6], "big")
        except ValueError:  # not base 32, or not even ASCII
            pass
        else:
            return f"{(number & _ACCOUNT_BITS) >> 7:012d}"
    return "key-" + hashlib.sha256(access_key_id.encode()).hexdigest()[:16]
