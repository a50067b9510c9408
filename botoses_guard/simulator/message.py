"""The header block of a raw message, as far as SES judges it."""

from __future__ import annotations

import re

from .mailbox import WrongAddress, mailboxes_of

_END = re.compile(rb"\r?\n\r?\n")
_FIELD = re.compile(r"([!-9;-~]+)[ \t]*:(.*)", re.DOTALL)
"""RFC 5322 section 2.2, and the blanks before the colon of section 4.5."""

_ONCE = frozenset(
    """accept-language acceptlanguage archived-at auto-submitted bounces-to comments
    content-alternative content-base content-class content-description content-disposition
    content-duration content-id content-language content-length content-location content-md5
    content-transfer-encoding content-type date delivered-to disposition-notification-options
    disposition-notification-to dkim-signature domainkey-signature errors-to from importance
    in-reply-to keywords list-archive list-help list-id list-owner list-post list-subscribe
    list-unsubscribe list-unsubscribe-post message-context message-id mime-version organization
    original-from original-message-id original-recipient original-subject precedence priority
    references reply-to return-path return-receipt-to sender sensitivity solicitation subject
    thread-index thread-topic user-agent vbr-info""".split()
)
"""Fields that SES takes only once (developer guide, "Email header fields"); To, Cc and Bcc are not
among them."""

_RECIPIENTS = ("to", "cc", "bcc")
_SENDERS = ("from", "sender", "return-path", "source")


class WrongMessage(Exception):
    """SES refuses the message; the text is SES's."""


class Message:
    """A raw message."""

    def __init__(self, content: bytes) -> None:
        """
        Raises:
            WrongMessage: SES refuses its headers.
            WrongAddress: SES refuses an address in them.
        """
        self.content = content
        self._fields = _fields(content)
        self._refuse_doubles()
        self.recipients = self._mailboxes(_RECIPIENTS)
        self.senders = self._mailboxes(_SENDERS)
        self._mailboxes(("reply-to",))

    @property
    def from_address(self) -> str | None:
        found = self._mailboxes(("from",))
        return found[0] if found else None

    @property
    def subject(self) -> str | None:
        """The body of the field ``Subject``, unfolded but not decoded."""
        found = (body for name, body in self._fields if name.lower() == "subject")
        body = next(found, None)
        return None if body is None else body.replace("\r\n", "").strip()

    def has(self, name: str) -> bool:
        return any(field.lower() == name for field, _ in self._fields)

    def _refuse_doubles(self) -> None:
        seen = set()
        for name, _ in self._fields:
            if name.lower() in seen:
                raise WrongMessage(f"Duplicate header '{name}'.")
            if name.lower() in _ONCE:
                seen.add(name.lower())

    def _mailboxes(self, names: tuple[str, ...]) -> list[str]:
        found = []
        for name, body in self._fields:
            if name.lower() in names:
                try:
                    found += mailboxes_of(body)
                except WrongAddress:
                    if name.lower() == "from":
                        raise WrongAddress("Invalid From address provided.") from None
                    raise
        return found


def _fields(content: bytes) -> list[tuple[str, str]]:
    end = _END.search(content)
    block = content[: end.start()] if end else content
    if content.startswith((b"\n", b"\r\n")):
        block = b""
    text = block.decode("utf-8", "replace")
    fields: list[tuple[str, str]] = []
    for line in re.split(r"\r\n|\r|\n", text):
        if line[:1] in (" ", "\t") and fields:
            name, body = fields[-1]
            fields[-1] = name, f"{body}\r\n{line}"
            continue
        if not line:
            continue
        found = _FIELD.fullmatch(line)
        if found is None:
            if line.startswith(":") or line[0].isspace():
                raise WrongMessage("Empty header names are illegal.")
            raise WrongMessage(f"Illegal header '{line.partition(':')[0]}'.")
        fields.append((found[1], found[2]))
    return fields
