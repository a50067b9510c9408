"""An address as SES judges it: JavaMail's ``InternetAddress`` before 1.6, and its words.

Independent of the guard's own grammar, which it is there to judge. JavaMail reads a list from left
to right and forgives much that RFC 5322 does not: text after the brackets, empty elements, a
semicolon or comma at the start, a domain without a dot. What it forgives is accepted here, too.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from .addr_spec import WrongAddress, check, checked

__all__ = ["LONGEST", "WrongAddress", "addr_spec_of", "mailboxes_of"]

LONGEST = 320
"""UTF-16 units of the whole form, name and brackets included."""

_BLANKS = frozenset(" \t\r\n")
_TRIMMED = "".join(map(chr, range(0x21)))
"""What Java's ``String.trim`` takes away."""


def addr_spec_of(text: str) -> str:
    """The address inside one mailbox.

    Raises:
        WrongAddress: SES refuses it.
    """
    if not text.strip():
        raise WrongAddress("Invalid email address .")
    found = _Scanner(text).elements()
    if len(found) != 1:
        raise WrongAddress("Illegal address")
    if found[0].is_group:
        # JavaMail reads a group here; a parameter of SES stands for one mailbox.
        raise WrongAddress("Local address contains illegal character")
    address = checked(found[0].text)
    _refuse_long(text)
    return address


def mailboxes_of(field: str) -> list[str]:
    """The addresses of a header field: a list of mailboxes and groups.

    Raises:
        WrongAddress: SES refuses one.
    """
    found = []
    for element in _Scanner(re.sub(r"\r?\n(?=[ \t])", "", field)).elements():
        _refuse_long(element.written)
        if element.is_group:
            members = element.text.partition(":")[2].rpartition(";")[0]
            found += mailboxes_of(members)
        else:
            found.append(checked(element.text))
    return found


def _refuse_long(text: str) -> None:
    if len(text.encode("utf-16-le", "surrogatepass")) // 2 > LONGEST:
        raise WrongAddress(f"Address length is more than {LONGEST} characters long: '{text}'.")


@dataclass(frozen=True, slots=True)
class _Element:
    """One element of a list of addresses."""

    text: str
    """The address, or the whole group."""

    written: str
    """The element with its name."""

    is_group: bool = False


class _Scanner:
    """Cuts a list of addresses into its elements, from left to right, as JavaMail does."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._position = 0
        self._found: list[_Element] = []
        self._in_group = False
        self._begin()

    def _begin(self) -> None:
        self._first = -1
        """Where the element begins, its name included."""

        self._start = -1
        self._end = -1
        """The address: from the start or the opening bracket to the closing one or a comment."""

        self._in_brackets = False

    def elements(self) -> list[_Element]:
        """The elements of the list.

        Raises:
            WrongAddress: SES refuses the list, or an element of it.
        """
        while self._position < len(self._text):
            character = self._text[self._position]
            step = _STEPS.get(character)
            if step is not None:
                step(self)
            elif character not in _BLANKS:
                self._mark()
            self._position += 1
        if self._start >= 0:
            self._finish()
        return self._found

    def _mark(self) -> None:
        if self._start < 0:
            self._start = self._position
        if self._first < 0:
            self._first = self._position

    def _comment(self) -> None:
        if self._start >= 0 and self._end < 0:
            self._end = self._position
        depth = 1
        while depth:
            self._position += 1
            character = self._text[self._position : self._position + 1]
            if not character:
                raise WrongAddress("Missing ')'")
            if character == "\\":
                self._position += 1
            elif character in "()":
                depth += 1 if character == "(" else -1

    def _stray_comment_end(self) -> None:
        raise WrongAddress("Missing '('")

    def _brackets(self) -> None:
        if self._in_brackets:
            raise WrongAddress("Extra route-addr")
        self._in_brackets = True
        self._mark()
        if not self._in_group:
            self._start = self._position + 1
        quoted = False
        while True:
            self._position += 1
            character = self._text[self._position : self._position + 1]
            if not character:
                raise WrongAddress("Missing '\"'" if quoted else "Missing '>'")
            if character == "\\":
                self._position += 1
            elif character == '"':
                quoted = not quoted
            elif character == ">" and not quoted:
                break
        if not self._in_group:
            self._end = self._position

    def _stray_bracket_end(self) -> None:
        raise WrongAddress("Missing '<'")

    def _skip_to(self, last: str) -> None:
        self._mark()
        while True:
            self._position += 1
            character = self._text[self._position : self._position + 1]
            if not character:
                raise WrongAddress(f"Missing '{last}'")
            if character == "\\":
                self._position += 1
            elif character == last:
                return

    def _quoted_string(self) -> None:
        self._skip_to('"')

    def _domain_literal(self) -> None:
        self._skip_to("]")

    def _comma(self) -> None:
        if self._start < 0:
            self._begin()
        elif self._in_group:
            self._in_brackets = False
        else:
            self._finish()

    def _colon(self) -> None:
        if self._in_group:
            raise WrongAddress("Nested group")
        self._mark()
        self._in_group = True

    def _semicolon(self) -> None:
        if self._start < 0:
            self._begin()
            return
        if not self._in_group:
            raise WrongAddress("Illegal semicolon, not in group")
        self._in_group = False
        group = self._text[self._start : self._position + 1].strip(_TRIMMED)
        self._found.append(_Element(group, group, is_group=True))
        self._begin()

    def _finish(self) -> None:
        end = self._position if self._end < 0 else self._end
        address = self._text[self._start : end].strip(_TRIMMED)
        if not address:
            raise WrongAddress("Empty address")
        check(address, has_route=self._in_brackets, is_complete=False)
        written = self._text[self._first : self._position].strip(_TRIMMED)
        self._found.append(_Element(address, written))
        self._begin()


_STEPS: dict[str, Callable[[_Scanner], None]] = {
    "(": _Scanner._comment,
    ")": _Scanner._stray_comment_end,
    "<": _Scanner._brackets,
    ">": _Scanner._stray_bracket_end,
    '"': _Scanner._quoted_string,
    "[": _Scanner._domain_literal,
    ",": _Scanner._comma,
    ":": _Scanner._colon,
    ";": _Scanner._semicolon,
}
