"""The domain of an address: letters, digits and hyphens, or made so by IDNA 2008.

A domain that is ASCII is checked and never changed: SES compares verified identities byte for byte,
and mapping would lower-case it. A domain that is not ASCII takes the mapping of UTS #46, all of it,
and the rules of IDNA 2008 (RFC 5890 to 5893) through the ``idna`` package; Python's own codec is
IDNA 2003, which sends the mail for ``straße.de`` to ``strasse.de``.
"""

from __future__ import annotations

import ipaddress
import os
import re
import unicodedata
from collections.abc import Callable
from threading import RLock

import idna
from cachetools import LRUCache, cached

from .refusal import Refused, refusal

MAX_DOMAIN = 253
"""RFC 1035 §2.3.4: 255 octets, less the first length octet and the root label."""

MAX_LABEL = 63
"""RFC 1035 §2.3.4."""

# RFC 1035 §2.3.1 asks for a hyphen to be inside; SES takes one at the edge of a label as well.
_LDH = re.compile(r"[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})*")

_BRACKETS = {
    "[": "Domain literal not at start of domain",
    "]": "Domain literal end not at end of domain",
}

# The directions that make a domain name a "Bidi domain name" (RFC 5893 §1.4).
_RIGHT_TO_LEFT = frozenset({"R", "AL", "AN"})

_ILLEGAL = re.compile(r"[^A-Za-z0-9.-]")


def to_ascii(domain: str, text: str) -> str:
    """Bring ``domain`` into the form that goes on the wire.

    Args:
        domain: what stands behind the ``@``.
        text: the whole value it was found in, for the violation.

    Returns:
        ``domain`` itself when it is ASCII; else all of it as UTS #46 maps it, in A-labels.

    Raises:
        Refused: it is not a domain name.
    """
    if domain.isascii():
        _check_ascii(domain, text)
        return domain
    if len(domain) > MAX_DOMAIN:
        # Capped before the call: idna takes time that grows faster than the length.
        raise _too_long(text)
    try:
        converted = _a_labels(domain)
    except UnicodeError as error:
        raise _not_idna(text, error) from None
    _check_ascii(converted, text)
    return converted


def _check_bidi(labels: list[str]) -> None:
    """Apply RFC 5893 §2 to every label as soon as one of them is written right to left (§1.4)."""
    u_labels = [idna.ulabel(label) if label.startswith("xn--") else label for label in labels]
    if any(
        unicodedata.bidirectional(character) in _RIGHT_TO_LEFT for character in "".join(u_labels)
    ):
        for label in filter(None, u_labels):  # the empty one behind a final dot has its own fault
            idna.check_bidi(label, check_ltr=True)


def _encoded(domain: str) -> str:
    encoded = idna.encode(domain, uts46=True, std3_rules=True).decode("ascii")
    _check_bidi(encoded.split("."))
    return encoded


# The first domain loads idna's tables and a codec. A child that is forked while a thread of its
# parent does so would wait for ever: importlib's locks outlive a fork.
_encoded("\u00fc")

_a_labels: Callable[[str], str]


def _begin_anew() -> None:
    """Remember nothing yet, behind a lock that nobody holds.

    Threads share the cache, and its lock keeps it whole for them, with the GIL or without. A child
    that is forked while another thread holds the lock gets it held, by a thread that it does not
    have, and the cache half changed: it must take neither.
    """
    global _a_labels
    # An RLock: a signal handler may send a message while the code below it holds the lock.
    _a_labels = cached(LRUCache(maxsize=1024), lock=RLock())(_encoded)


_begin_anew()
if hasattr(os, "register_at_fork"):  # not on Windows, which does not fork
    os.register_at_fork(after_in_child=_begin_anew)


def _check_ascii(domain: str, text: str) -> None:
    if len(domain) <= MAX_DOMAIN and _LDH.fullmatch(domain):
        return
    if domain.startswith("["):
        if not _is_address_literal(domain):
            raise refusal(
                text,
                _BRACKETS["]"] if "]" in domain[:-1] else "Domain contains illegal character",
                "square brackets after the '@' must hold an IP address",
                "RFC 5321 §4.1.3",
            )
        return
    _check_dots(domain, text)
    illegal = _ILLEGAL.search(domain)
    if illegal:
        raise _illegal(illegal.group(), text)
    if len(domain) > MAX_DOMAIN:
        raise _too_long(text)
    raise refusal(
        text,
        "Domain contains illegal character",
        f"a label of a domain must have at most {MAX_LABEL} characters",
        "RFC 1035 §2.3.4",
    )


def _is_address_literal(domain: str) -> bool:
    """RFC 5321 §4.1.3: ``[192.0.2.1]`` or ``[IPv6:2001:db8::1]``; no other tag is registered."""
    inner = domain.removeprefix("[").removesuffix("]")
    try:
        if inner[:5].lower() == "ipv6:":
            ipaddress.IPv6Address(inner[5:])
        else:
            ipaddress.IPv4Address(inner)
    except ValueError:
        return False
    return domain.endswith("]") and "%" not in inner


def _check_dots(domain: str, text: str) -> None:
    if not domain:
        message, rule = "Missing domain", "a domain must follow the '@'"
    elif domain.startswith("."):
        message, rule = "Domain starts with dot", "a domain must not start with a dot"
    elif ".." in domain:
        message, rule = (
            "Domain contains dot-dot",
            "a domain must not have an empty label between two dots",
        )
    elif domain.endswith(".") and not _ILLEGAL.search(domain):
        message, rule = "Domain ends with dot", "a domain must not end with a dot"
    else:
        return
    raise refusal(text, message, rule, "RFC 5321 §4.1.2")


def _illegal(character: str, text: str) -> Refused:
    if character == "@":
        return refusal(
            text,
            "Domain contains illegal character",
            "an address must have exactly one '@' outside quotes",
            "RFC 5321 §4.1.2",
        )
    if character in " \t":
        return refusal(
            text,
            "Domain contains control or whitespace",
            "an address must not have a blank in its domain or beside its '@'",
            "RFC 5321 §4.1.2",
        )
    return refusal(
        text,
        _BRACKETS.get(character, "Domain contains illegal character"),
        f"a domain must consist of letters, digits, hyphens and dots; it contains {character!r}",
        "RFC 1035 §2.3.1, RFC 5321 §4.1.2",
    )


def _too_long(text: str) -> Refused:
    return refusal(
        text,
        "Domain contains illegal character",
        f"a domain must have at most {MAX_DOMAIN} characters",
        "RFC 1035 §2.3.4, RFC 5321 §4.5.3.1.2",
    )


def _not_idna(text: str, error: UnicodeError) -> Refused:
    reason = str(error).encode("ascii", "backslashreplace").decode("ascii")[:200]
    return refusal(
        text,
        "Domain contains control or whitespace",
        f"a domain that is not ASCII must be valid under IDNA 2008: {reason}",
        "RFC 5891 §4.2, UTS #46 §4",
        category="non_ascii_address",
    )
