"""The scan itself: walk over the fields, count, check, and splice what must change."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Literal, Protocol

from ..addresses import MailboxList, read_list
from ..addresses.mailbox import not_wire_ready
from ..errors import Violation
from . import faults, header_block
from .dkim import signed_fields
from .field_names import ADDRESSES, ONCE, READ_BY_SES, RECIPIENTS, SENDERS, WATCHED
from .folding import folded
from .header_block import Field, fields, is_unsafe, unfolded

Mode = Literal["normalize", "reject", "off"]

Content = bytes | bytearray | str

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"

# Text read as a header block gives one fault a line; nobody needs all of them.
_MAX_VIOLATIONS = 50


class Readable(Protocol):
    """A file open for reading."""

    def read(self) -> Content | None: ...


@dataclass(frozen=True, slots=True)
class Scan:
    """The contents of a raw message that matter to SES, and the message as it can be sent."""

    content: Any
    """The same object when nothing changes; else ``str``, ``bytearray`` or ``bytes``.

    The last stands for everything that is not one of the first two, also for a file.
    """

    recipients: tuple[str, ...]
    """The addr-specs of all To, Cc and Bcc fields, members of groups too, in order."""

    senders: tuple[str, ...]
    """The addr-specs of From, Sender and Return-Path."""

    size: int
    """Bytes of the message before base64."""

    has_from: bool
    from_has_name: bool
    violations: tuple[Violation, ...]
    """``path`` is ``header 'Cc', mailbox 3``, ``header 'From'`` or ``header block``."""


def scan(content: Content | Readable | memoryview, *, addresses: Mode) -> Scan:
    """Find the addresses of a message, and put those that need it into the form for the wire.

    Only address fields that cannot stay get new bytes, and each is folded with its own line ends.
    No other byte moves, in the header block or the body, which is not looked at.

    Args:
        content: the message, as text, as octets in any object that has the buffer protocol, or
            in a file, which is read once, from where it stands.
        addresses: ``normalize``; ``reject`` to report what would be changed; ``off`` to leave
            addresses alone and to report only what is wrong with the header block.

    Returns:
        A :class:`Scan`. Whether From, recipients and size are enough for the request is for
        the caller to say, who knows its other parameters.
    """
    message = _message(content)
    if message is None:
        # No message at all: botocore refuses it in its own words.
        return Scan(content, (), (), 0, True, False, ())
    end = header_block.length(message)
    head = message[:end]
    block = head.encode("utf-8", "surrogatepass") if isinstance(head, str) else bytes(head)
    scanner = _Scanner(block, addresses)
    scanner.walk()
    size = len(message)
    if isinstance(message, str) and not message.isascii():
        size = scanner.encoded_size(message)
    rewritten = scanner.rewritten()
    if rewritten is not None:
        content = _spliced(message, end, rewritten)
    elif hasattr(content, "read"):
        content = message
    return Scan(
        content=content,
        recipients=tuple(scanner.recipients),
        senders=tuple(scanner.senders),
        size=size,
        has_from=scanner.has_from,
        from_has_name=scanner.from_has_name,
        violations=tuple(scanner.violations),
    )


def _message(content: Any) -> Content | None:
    """Return the octets or characters of ``content``; ``None`` if it has none."""
    if isinstance(content, (bytes, bytearray, str)):
        return content
    if hasattr(content, "read"):
        content = content.read()
        if isinstance(content, str):
            return content.encode("utf-8", "surrogatepass")
    if isinstance(content, bytes):
        return content
    try:
        return memoryview(content).tobytes()
    except TypeError:
        return None


def _spliced(message: Content, end: int, block: bytes) -> Content:
    """Put ``block`` in the place of the first ``end`` characters of ``message``."""
    if isinstance(message, str):
        return block.decode("utf-8", "surrogatepass") + message[end:]
    empty = bytearray() if isinstance(message, bytearray) else b""
    with memoryview(message) as view:
        return empty.join((block, view[end:]))


class _Scanner:
    """One walk over a header block."""

    def __init__(self, block: bytes, addresses: Mode) -> None:
        self.block = block
        self.addresses = addresses
        self.recipients: list[str] = []
        self.senders: list[str] = []
        self.has_from = False
        self.from_has_name = False
        self.violations: list[Violation] = []
        self._seen: dict[bytes, int] = {}
        self._signatures: list[tuple[str, Field]] = []
        self._edits: list[tuple[Field, str]] = []

    def walk(self) -> None:
        """Look at every field that matters once."""
        block = self.block
        unsafe = is_unsafe(block)
        watched = WATCHED | header_block.all_names(block) if unsafe else WATCHED
        for field in fields(block, watched):
            name = field.name if field.odd is None else self._odd_name(field.odd, field)
            key = name.lower()
            if unsafe and is_unsafe(block[field.start - 1 : field.end]):
                path = self._path(name, key)
                self.violations.append(faults.control_character(path, name, field.body))
            else:
                self._field(field, name, key)
            if len(self.violations) > _MAX_VIOLATIONS:
                break
        if self._edits:
            self._check_signatures()

    def _field(self, field: Field, name: bytes, key: bytes) -> None:
        seen = self._seen[key] = self._seen.get(key, 0) + 1
        if seen == 2 and key in ONCE:
            path = self._path(name, key)
            self.violations.append(faults.duplicate(path, name, field.body))
        if key in ADDRESSES:
            self._address_field(field, name, key)
        elif key == b"dkim-signature":
            self._signatures.append((self._path(name, key), field))

    def _odd_name(self, odd: bytes, field: Field) -> bytes:
        """Report a line that is not a field; returns the name behind a byte order mark."""
        first = field.start <= len(odd) + 1
        fault: Callable[[bytes], Violation] = faults.illegal_name
        if first and odd.startswith(_BYTE_ORDER_MARK):
            self.violations.append(faults.byte_order_mark(odd))
            return odd.removeprefix(_BYTE_ORDER_MARK)
        if first and odd.startswith(b"From "):
            fault = faults.mbox_line
        elif not odd.strip(b"\r") or odd[:1] in b" \t":
            fault = faults.empty_name
        self.violations.append(fault(odd.removesuffix(b"\r")))
        return b""

    def _path(self, name: bytes, key: bytes) -> str:
        seen = self._seen.get(key, 1)
        occurrence = f" (occurrence {seen})" if seen > 1 else ""
        return f"header '{faults.text_of(name)}'{occurrence}"

    def _address_field(self, field: Field, name: bytes, key: bytes) -> None:
        # What SES does not read it does not refuse: there only text that is not ASCII must change.
        if key not in READ_BY_SES and (self.addresses == "off" or field.body.isascii()):
            return
        try:
            body = field.body.decode()
        except UnicodeDecodeError:
            if self.addresses != "off":
                self.violations.append(faults.not_utf8(self._path(name, key), field.body))
            self._count(key, read_list(unfolded(field.body.decode("latin-1"))))
            return
        text = unfolded(body)
        if text == "<>" and key == b"return-path":
            return  # RFC 5321 §4.5.5: the reverse-path of a notification is empty
        found = read_list(text)
        if "\n" in body and found.cut_by_folds(body):
            found = found._replace(changed=True)
        self._count(key, found)
        if (found.violations or found.changed) and self.addresses != "off":
            self._report_or_change(field, self._path(name, key), text, found)

    def _count(self, key: bytes, found: MailboxList) -> None:
        if key in RECIPIENTS:
            self.recipients += [mailbox.addr_spec for mailbox in found.mailboxes]
        elif key in SENDERS:
            self.senders += [mailbox.addr_spec for mailbox in found.mailboxes]
            if key == b"from" and found.mailboxes:
                self.has_from = True
                self.from_has_name |= any([mailbox.has_name for mailbox in found.mailboxes])

    def _report_or_change(self, field: Field, path: str, text: str, found: MailboxList) -> None:
        if found.violations:
            self.violations += (
                replace(fault, path=f"{path}, {fault.path}" if fault.path else path)
                for fault in found.violations
            )
        elif self.addresses == "reject":
            refused = not_wire_ready(text, " ".join(found.pieces))
            self.violations.append(replace(refused.violation, path=path))
        else:
            line_end = header_block.line_end(field, self.block)
            self._edits.append((field, folded(len(field.name), found.pieces, line_end)))

    def _check_signatures(self) -> None:
        changed = [field.name for field, _ in self._edits]
        for path, signature in self._signatures:
            signed = signed_fields(signature.body)
            self.violations += (
                faults.signature_broken(path, name, signature.body)
                for name in changed
                if name.lower() in signed
            )

    def rewritten(self) -> bytes | None:
        """Write the header block anew; ``None`` if it stays as it is, or cannot be sent."""
        if not self._edits or self.violations:
            return None
        pieces: list[bytes] = []
        position = 0
        for field, body in self._edits:
            pieces += [self.block[position : field.start], body.encode("ascii")]
            position = field.end
        pieces.append(self.block[position:])
        return b"".join(pieces)

    def encoded_size(self, content: str) -> int:
        """Measure ``content`` in UTF-8, in which botocore sends it."""
        try:
            return len(content.encode())
        except UnicodeEncodeError as error:
            self.violations.append(faults.lone_surrogate(str(error)))
            return len(content.encode("utf-8", "surrogatepass"))
