"""The address list of a header field (RFC 5322 §3.4), its groups included."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import NamedTuple

from ..errors import Violation
from . import phrase
from .characters import check_controls
from .mailbox import Mailbox, not_wire_ready, read, wire_ready
from .refusal import Refused, refusal
from .tokenizer import Token, tokenize
from .unfolding import unfold

MAX_LIST = 128 * 1024
"""Characters of one list, some 4,000 mailboxes; SES names no number for its own bound."""

_QUOTED = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)

# More mailboxes than SES takes in one message: no need to explain every one.
_MAX_VIOLATIONS = 50


class MailboxList(NamedTuple):
    """The mailboxes and groups of an address list."""

    pieces: tuple[str, ...]
    """The wire form: joined by blanks it is one line, and between two pieces it may be folded."""

    changed: bool
    """True if the wire form is another than the text that was read."""

    mailboxes: tuple[Mailbox, ...]
    """In order, members of groups too; a refused one as it was found."""

    violations: tuple[Violation, ...]
    """``path`` is ``mailbox 3``, or empty for what concerns the whole list."""

    def cut_by_folds(self, folded: str) -> bool:
        """Tell whether a quoted local part is folded: JavaMail may keep the line break in it.

        Args:
            folded: the text that was read, before it was unfolded.
        """
        if self.violations or not any(
            " " in mailbox.addr_spec or "\t" in mailbox.addr_spec for mailbox in self.mailboxes
        ):
            return False
        return any(
            "\n" in quoted
            for kind, start, end in tokenize(folded)
            if kind == "angle" or kind == "quoted" and folded.startswith("@", end)
            for quoted in _QUOTED.findall(folded, start, end)
        )


def normalize_list(text: str, *, reject: bool = False) -> str:
    """Bring an address list, groups included, into the form for the wire, as :func:`.normalize`.

    Args:
        text: the value of an address header.
        reject: refuse what would be changed.

    Returns:
        One line of ASCII; ``text`` itself when nothing needs to change.

    Raises:
        Refused: the first fault; ``violation.path`` names the mailbox, counted from 1.
    """
    line = unfold(text)
    found = read_list(text if line is None else line)
    if found.violations:
        raise Refused(found.violations[0])
    if line is text and not found.changed:
        return text
    wire = " ".join(found.pieces)
    if reject:
        raise not_wire_ready(text, wire)
    return wire


def read_list(text: str) -> MailboxList:
    """Read an unfolded address list. Faults are collected, not raised."""
    if len(text) > MAX_LIST:
        return MailboxList((text,), False, (), (_too_long(text),))
    quick = _quick(text)
    if quick is not None:
        return MailboxList((text,), False, quick, ())
    try:
        # In the whole text, since a group's name and a lone comment are no part of a mailbox.
        check_controls(text)
        tokens = tokenize(text)
    except Refused as refused:
        unread = tuple(Mailbox(part, part, False) for part in _parts(text))
        return MailboxList((text,), False, unread, (refused.violation,))
    return _Reader(text).read(tokens)


def _too_long(text: str) -> Violation:
    return refusal(
        text,
        "Header section too long.",
        f"a list of addresses must have at most {MAX_LIST} characters",
        "RFC 5322 §3.4",
    ).violation


def _parts(text: str) -> list[str]:
    return [part for part in (piece.strip(" \t") for piece in text.split(",")) if part]


def _quick(text: str) -> tuple[Mailbox, ...] | None:
    """Return the mailboxes of a list if each goes on the wire as it is and has no comma inside.

    Cutting at commas is right here: a quoted string or comment cut in two would leave a part that
    does not match.
    """
    if "," not in text:
        mailbox = wire_ready(text)
        return (mailbox,) if mailbox else None
    mailboxes = []
    for part in _parts(text):
        mailbox = wire_ready(part)
        if mailbox is None:
            return None
        mailboxes.append(mailbox)
    return tuple(mailboxes)


class _Reader:
    """Collects the elements of one list, from left to right."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.pieces: list[str] = []
        self.mailboxes: list[Mailbox] = []
        self.violations: list[Violation] = []
        self.changed = False
        self.in_group = False
        self.separate = False
        """True if a comma is due before the next mailbox or group."""

    def read(self, tokens: list[Token]) -> MailboxList:
        element: list[Token] = []
        for token in tokens:
            kind, start, _ = token
            mark = self.text[start] if kind in {"special", "comma"} else ""
            if mark == ":":
                self._open_group(element)
            elif mark in {",", ";"}:
                self._mailbox(element)
                if mark == ";":
                    self._close_group()
            else:
                element.append(token)
                continue
            element = []
        self._mailbox(element)
        if self.in_group:
            self._refuse(
                "Local address contains illegal character", "a group must end with a semicolon"
            )
        return MailboxList(
            tuple(self.pieces), self.changed, tuple(self.mailboxes), tuple(self.violations)
        )

    def _mailbox(self, element: list[Token]) -> None:
        if all(kind in {"blank", "comment"} for kind, _, _ in element):
            self._comments(element)
            return
        text = self.text[element[0][1] : element[-1][2]].strip(" \t")
        mailbox = self._read(text)
        self.mailboxes.append(mailbox)
        self.changed = self.changed or mailbox.text != text
        self._add(mailbox.text)

    def _read(self, text: str) -> Mailbox:
        if len(self.violations) < _MAX_VIOLATIONS:
            try:
                return read(text)
            except Refused as refused:
                path = f"mailbox {len(self.mailboxes) + 1}"
                self.violations.append(replace(refused.violation, path=path))
        return Mailbox(text, text, False)

    def _comments(self, element: list[Token]) -> None:
        """An element without a mailbox (obs-addr-list, RFC 5322 §4.4) is left as it is.

        It is dropped with its comment where the field is written anew.
        """
        if element:
            self.changed |= not self.text[element[0][1] : element[-1][2]].isascii()

    def _open_group(self, element: list[Token]) -> None:
        if self.in_group:
            self._refuse("Nested group", "a group must end with a semicolon before another starts")
        name = self.text[element[0][1] : element[-1][2]].strip(" \t") if element else ""
        tokens = tokenize(name)
        if all(kind in {"blank", "comment"} for kind, _, _ in tokens):
            # JavaMail reads what follows as one address.
            self._refuse("Illegal address", "a group must have a name before its colon")
        if phrase.in_doubt(name, tokens):
            self._refuse(
                "Local address contains illegal character",
                "a group name must not contain ',', ';', '<' or '>' outside quotes",
            )
        wire = phrase.applied(name, phrase.edits(name, tokens))
        self.changed |= wire != name
        self._add(f"{wire}:")
        self.in_group, self.separate = True, False

    def _close_group(self) -> None:
        if not self.in_group:
            self._refuse("Illegal semicolon, not in group", "mailboxes must be separated by commas")
            return
        self.pieces[-1] += ";"
        self.in_group, self.separate = False, True

    def _add(self, piece: str) -> None:
        if self.separate:
            self.pieces[-1] += ","
        self.pieces.append(piece)
        self.separate = True

    def _refuse(self, message: str, rule: str) -> None:
        if len(self.violations) < _MAX_VIOLATIONS:
            self.violations.append(refusal(self.text, message, rule, "RFC 5322 §3.4").violation)
