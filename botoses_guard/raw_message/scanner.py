"""The scan itself: walk over the fields, count, check, and splice what must change."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from typing import Literal, Protocol

from ..addresses import MailboxList, read_list, refusal
from ..addresses.mailbox import not_wire_ready
from ..errors import Violation
from . import faults, field_names, header_block
from .dkim import signed_fields
from .folding import folded
from .header_block import Field

Mode = Literal["normalize", "reject", "off"]

Content = bytes | bytearray | str

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"

# RFC 5322 §2.2: printable ASCII without the colon.
_NAME = re.compile(rb"[!-9;-~]+")

_BARE_CR_OR_NUL = re.compile(rb"\r(?!\n)|\x00")


class Readable(Protocol):
    """A file open for reading."""

    def read(self) -> bytes | str: ...


@dataclass(frozen=True, slots=True)
class Scan:
    """What a raw message says to SES, and the message as it can be sent."""

    content: Content
    """The same object when nothing changes; else of the same type, bytes for a file."""

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


def scan(content: Content | Readable, *, addresses: Mode) -> Scan:
    """Find the addresses of a message, and put those that need it into the form for the wire.

    Only address fields that cannot stay get new bytes, and each is folded with its own line ends.
    No other byte moves, in the header block or the body, which is not looked at.

    Args:
        content: the message; a file is read once, from where it stands.
        addresses: ``normalize``; ``reject`` to report what would be changed; ``off`` to leave
            addresses alone and to report only what is wrong with the header block.

    Returns:
        A :class:`Scan`. Whether From, recipients and size are enough for the request is for
        the caller to say, who knows its other parameters.
    """
    if not isinstance(content, (bytes, bytearray, str)):
        read = content.read()
        content = read.encode("utf-8", "surrogatepass") if isinstance(read, str) else bytes(read)
    end = header_block.length(content)
    head = content[:end]
    block = head.encode("utf-8", "surrogatepass") if isinstance(head, str) else bytes(head)
    scanner = _Scanner(block, addresses)
    scanner.walk()
    size = len(content)
    if isinstance(content, str) and not content.isascii():
        size = scanner.encoded_size(content)
    return Scan(
        content=_spliced(content, end, scanner.rewritten()),
        recipients=tuple(scanner.recipients),
        senders=tuple(scanner.senders),
        size=size,
        has_from=scanner.has_from,
        from_has_name=scanner.from_has_name,
        violations=tuple(scanner.violations),
    )


def base64_size(size: int) -> int:
    """The length of ``size`` bytes in base64, which is what SES's quota for messages counts."""
    return (size + 2) // 3 * 4


def _spliced(content: Content, end: int, block: bytes | None) -> Content:
    """``content`` with ``block`` in the place of its first ``end`` characters."""
    if block is None:
        return content
    if isinstance(content, str):
        return block.decode("utf-8", "surrogatepass") + content[end:]
    with memoryview(content) as view:
        return type(content)().join((block, view[end:]))


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
        self._seen: Counter[bytes] = Counter()
        self._signatures: list[tuple[str, Field]] = []
        self._edits: list[tuple[Field, str]] = []

    def walk(self) -> None:
        """Look at every field once."""
        unsafe = _BARE_CR_OR_NUL.search(self.block) is not None
        for field in header_block.fields(self.block):
            name = field.name
            if not (field.has_colon and _NAME.fullmatch(name)):
                name = self._odd_name(field)
            key = name.lower()
            if key in field_names.ONCE or key in field_names.ADDRESSES or unsafe:
                self._field(field._replace(name=name), key, unsafe)
        self._check_signatures()

    def _field(self, field: Field, key: bytes, unsafe: bool) -> None:
        self._seen[key] += 1
        path = self._path(field.name, key)
        if unsafe and _BARE_CR_OR_NUL.search(field.name + field.body):
            self.violations.append(faults.control_character(path, field.body))
        if key in field_names.ONCE and self._seen[key] == 2:
            self.violations.append(faults.duplicate(path, field.name, field.body))
        if key == b"dkim-signature":
            self._signatures.append((path, field))
        elif key in field_names.ADDRESSES:
            self._address_field(field, key, path)

    def _odd_name(self, field: Field) -> bytes:
        """Report a line that is not a field; returns the name behind a byte order mark."""
        name = field.name
        first = not self._seen and field.start <= len(name) + 1
        if first and name.startswith(_BYTE_ORDER_MARK):
            self.violations.append(faults.byte_order_mark(name))
            return name.removeprefix(_BYTE_ORDER_MARK)
        if name.startswith(b"From ") and self.block.startswith(name):
            self.violations.append(faults.mbox_line(name))
        elif not name or name[:1] in b" \t":
            self.violations.append(faults.empty_name(name + field.body))
        else:
            self.violations.append(faults.illegal_name(name))
        return b""

    def _path(self, name: bytes, key: bytes) -> str:
        occurrence = f" (occurrence {self._seen[key]})" if self._seen[key] > 1 else ""
        return f"header '{faults.text_of(name)}'{occurrence}"

    def _address_field(self, field: Field, key: bytes, path: str) -> None:
        # What SES does not read it does not refuse: there only text that is not ASCII must change.
        if key not in field_names.READ_BY_SES and (self.addresses == "off" or field.body.isascii()):
            return
        try:
            text = field.body.decode()
        except UnicodeDecodeError:
            if self.addresses != "off":
                self.violations.append(faults.not_utf8(path, field.body))
            self._count(key, read_list(header_block.unfolded(field.body.decode("latin-1"))))
            return
        text = header_block.unfolded(text)
        if text == "<>" and key == b"return-path":
            return  # RFC 5321 §4.5.5: the reverse-path of a notification is empty
        found = read_list(text)
        self._count(key, found)
        if self.addresses == "off":
            return
        self.violations += (
            replace(fault, path=f"{path}, {fault.path}" if fault.path else path)
            for fault in found.violations
        )
        if found.changed and not found.violations:
            self._change(field, path, text, found)

    def _count(self, key: bytes, found: MailboxList) -> None:
        addr_specs = [mailbox.addr_spec for mailbox in found.mailboxes]
        if key in field_names.RECIPIENTS:
            self.recipients += addr_specs
        elif key in field_names.SENDERS:
            self.senders += addr_specs
        if key == b"from" and addr_specs:
            self.has_from = True
            self.from_has_name |= any(mailbox.has_name for mailbox in found.mailboxes)

    def _change(self, field: Field, path: str, text: str, found: MailboxList) -> None:
        if self.addresses == "reject":
            refused = not_wire_ready(text, " ".join(found.pieces))
            self.violations.append(replace(refused.violation, path=path))
            return
        line_end = header_block.line_end(field, self.block)
        body = folded(faults.text_of(field.name), found.pieces, line_end)
        self._edits.append((field, body))

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
        """The header block with its changed fields; ``None`` when it stays, or cannot be sent."""
        if not self._edits or self.violations:
            return None
        pieces: list[bytes] = []
        position = 0
        for field, body in self._edits:
            pieces += [self.block[position : field.start], body.encode("ascii")]
            position = field.start + len(field.body)
        pieces.append(self.block[position:])
        return b"".join(pieces)

    def encoded_size(self, content: str) -> int:
        """The size of ``content`` in UTF-8, in which botocore sends it."""
        try:
            return len(content.encode())
        except UnicodeEncodeError as error:
            self.violations.append(faults.lone_surrogate(str(error)))
            return len(content.encode("utf-8", "surrogatepass"))
