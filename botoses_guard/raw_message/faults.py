"""The faults for which SES, or a careful sender, refuses a header block."""

from __future__ import annotations

from ..addresses import shown
from ..errors import Category, Violation

CATEGORY: Category = "header_invalid"
_CUT = 200
"""SES cuts the text that it quotes, too."""


def _fault(
    path: str, value: bytes, message: str, rule: str, reference: str, suggestion: str | None = None
) -> Violation:
    return Violation(
        path=path,
        value=shown(text_of(value)),
        rule=rule,
        reference=reference,
        category=CATEGORY,
        message=message,
        suggestion=suggestion,
    )


def text_of(octets: bytes) -> str:
    """Show octets to a reader: as UTF-8, or an escape for each that is not."""
    return octets[:_CUT].decode("utf-8", "backslashreplace")


def byte_order_mark(value: bytes) -> Violation:
    """A reader takes the mark for the start of the first field's name, and loses that field."""
    return _fault(
        "header block",
        value,
        f"Illegal header {ascii(text_of(value))}.",
        "a message must not start with a byte order mark, which hides its first header field",
        "RFC 5322 §2.2",
        "open the file with the encoding 'utf-8-sig'",
    )


def mbox_line(value: bytes) -> Violation:
    """The line with which an mbox file separates messages."""
    return _fault(
        "header block",
        value,
        f"Illegal header '{text_of(value)}'.",
        "a message must start with a header field, not with the separator line of an mbox file",
        "RFC 4155 appendix A, RFC 5322 §2.2",
        "send the message without its first line",
    )


def empty_name(value: bytes) -> Violation:
    """A line that starts with a colon, or a continuation of nothing."""
    return _fault(
        "header block",
        value,
        "Empty header names are illegal.",
        "a header field must start with its name, in the first column",
        "RFC 5322 §2.2",
    )


def illegal_name(name: bytes) -> Violation:
    """A line without a colon, or with other characters in the name than RFC 5322 has there."""
    return _fault(
        "header block",
        name,
        f"Illegal header '{text_of(name)}'.",
        "every line before the first empty line must belong to a header field; perhaps the empty "
        "line before the body is missing",
        "RFC 5322 §2.2",
    )


def duplicate(path: str, name: bytes, body: bytes) -> Violation:
    """A second field of a name that SES takes once."""
    return _fault(
        path,
        body,
        f"Duplicate header '{text_of(name)}'.",
        f"a message must have at most one header field {ascii(text_of(name))}",
        'SES developer guide, "Header fields in Amazon SES"; RFC 5322 §3.6',
    )


def control_character(path: str, name: bytes, body: bytes) -> Violation:
    """A CR without LF, at which some readers start a new field, or a NUL."""
    what = "NUL" if b"\x00" in body else "CR without LF"
    return _fault(
        path,
        body,
        f"Illegal header '{text_of(name)}'.",
        f"a header field must not contain a {what}: readers disagree where the field ends",
        "RFC 5322 §2.2, §4.1",
    )


def not_utf8(path: str, body: bytes) -> Violation:
    """Octets in an address field in a charset that nothing names."""
    return Violation(
        path=path,
        value=shown(text_of(body)),
        rule="an address field must be ASCII or UTF-8: the text of other octets cannot be known",
        reference="RFC 5322 §2.2, RFC 6532 §3.2",
        category="non_ascii_address",
        message="Local address contains control or whitespace",
        suggestion="write names as encoded-words (RFC 2047) or in UTF-8",
    )


def lone_surrogate(reason: str) -> Violation:
    """Text that has no form in octets."""
    return Violation(
        path="message",
        value=shown(reason),
        rule=f"the text of a message must have a form in UTF-8: {reason}",
        reference="RFC 3629 §3",
        category=CATEGORY,
        message="Illegal content.",
        suggestion="give the message as bytes",
    )


def signature_broken(path: str, changed: bytes, body: bytes) -> Violation:
    """The message is signed over a field that cannot stay as it is."""
    field = text_of(changed)
    return _fault(
        path,
        body,
        f"Header {field!r} is signed and cannot be sent as it is.",
        f"a field that the message's DKIM signature covers must be in its wire form already, and "
        f"{ascii(field)} is not",
        "RFC 6376 §3.5, §5.4",
        "encode and quote the names before signing, or leave signing to SES (Easy DKIM, BYODKIM)",
    )
