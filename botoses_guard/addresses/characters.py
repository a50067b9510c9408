"""Single characters: which are refused anywhere, how one is named, which one was meant."""

from __future__ import annotations

import re
import unicodedata

from .refusal import refusal

# A tab is white space (RFC 5234 WSP). Every other control is refused although SES lets many pass
# inside quotes and comments: CR and LF start a new header line, NUL ends a string in C. The C1
# controls and U+2028/U+2029 are line ends to readers that split as str.splitlines() does. A lone
# surrogate has no UTF-8 form.
_FORBIDDEN = re.compile("[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")

NOT_ASCII = "not an ASCII character"
"""The :func:`kind` of a character that was meant as it is."""

_NON_ASCII = re.compile(r"[^\x00-\x7f]")

# Unicode gives controls no name of their own, only aliases (NameAliases.txt).
_CONTROL_NAMES = {
    "\x00": "NULL",
    "\x0a": "LINE FEED",
    "\x0b": "LINE TABULATION",
    "\x0c": "FORM FEED",
    "\x0d": "CARRIAGE RETURN",
    "\x1b": "ESCAPE",
    "\x7f": "DELETE",
    "\x85": "NEXT LINE",
}

# Compatibility composition (NFKC) leaves these as they are.
_LOOKS_LIKE = {
    "\u2018": "'",
    "\u2019": "'",
    "\u02bc": "'",
    "\u2032": "'",
    "\u201c": '"',
    "\u201d": '"',
    "\u2010": "-",
    "\u2011": "-",
    "\u2012": "-",
    "\u2013": "-",
    "\u2014": "-",
    "\u2212": "-",
    "\u3002": ".",
}


def named(character: str) -> str:
    """Name a character as Unicode does: ``U+200B ZERO WIDTH SPACE``."""
    code_point = ord(character)
    if 0xD800 <= code_point <= 0xDFFF:
        name = "LONE SURROGATE"
    else:
        unnamed = _CONTROL_NAMES.get(character, "CONTROL CHARACTER")
        name = unicodedata.name(character, unnamed)
    return f"U+{code_point:04X} {name}"


def kind(character: str) -> str:
    """Say about a character that is not ASCII what a reader cannot see."""
    category = unicodedata.category(character)
    if category in {"Cf", "Zs"} or character == "\u034f":
        return "an invisible character"
    meant = probably_meant(character)
    return f"a look-alike of {meant!r}" if meant.isascii() else NOT_ASCII


def probably_meant(text: str) -> str:
    """Take out invisible characters, and put ASCII in the place of its look-alikes."""
    visible = (
        _LOOKS_LIKE.get(character, character)
        for character in text
        if character == " " or unicodedata.category(character) not in {"Cf", "Zs"}
    )
    return unicodedata.normalize("NFKC", "".join(visible))


def first_non_ascii(text: str) -> str | None:
    """Return the first character of ``text`` outside ASCII."""
    match = _NON_ASCII.search(text)
    return match.group() if match else None


def check_controls(text: str) -> None:
    """Refuse control characters and lone surrogates, wherever they stand.

    Raises:
        Refused: there is one.
    """
    match = _FORBIDDEN.search(text)
    if match is None:
        return
    character = match.group()
    part = "Domain" if "@" in text[: match.start()] else "Local address"
    rule = f"an address must not contain {named(character)}, quoted or not"
    if character in "\r\n":
        rule += "; only a line break (LF or CRLF) that a blank follows is folding white space"
    raise refusal(
        text,
        f"{part} contains control or whitespace",
        rule,
        "RFC 5322 §2.2, §2.2.3 (another line break would start another header field)",
    )


def has_controls(text: str) -> bool:
    """Tell whether :func:`check_controls` refuses ``text``."""
    return _FORBIDDEN.search(text) is not None
