"""What holds for every raw message, in the words of the standards."""

from __future__ import annotations

import re

from hypothesis import example, given
from hypothesis import strategies as st

from botoses_guard.raw_message import scan
from tests.addresses.strategies import hostile, mailboxes, names
from tests.raw_message.cases import CHANGED, KEPT, REFUSED

line_ends = st.sampled_from([b"\n", b"\r\n"])

field_names = st.sampled_from(
    ["From", "To", "Cc", "Bcc", "Reply-To", "Subject", "X-Any", "DKIM-Signature", "Resent-To", "tO"]
)

blocks = st.sampled_from(
    [row[0] for row in KEPT] + [row[0] for row in CHANGED] + [row[0] for row in REFUSED]
)

address_texts = st.one_of(
    mailboxes,
    st.builds(lambda name: f"{name.replace(chr(34), '')} <a@b.example>", names),
    hostile,
)

fields = st.builds(
    lambda name, texts, end: f"{name}: {', '.join(texts)}".encode("utf-8", "replace") + end,
    field_names,
    st.lists(address_texts, min_size=1, max_size=5),
    line_ends,
)

header_blocks = st.lists(fields | blocks, max_size=4).map(b"".join)


_QUOTED = re.compile(rb'"[^"]*"')


def _unread(block: bytes) -> bytes:
    """A header block without its address fields."""
    name = rb"(?:From|To|Cc|Bcc|Reply-To|Resent-To|Sender|Return-Path|Errors-To)"
    name += rb"|(?:Resent-Cc|Disposition-Notification-To)"
    return re.sub(rb"(?im)^(?:" + name + rb")[ \t]*:[^\n]*(?:\n[ \t][^\n]*)*\n?", b"", block)


@given(st.binary(max_size=200))
def test_any_octets_are_scanned(octets: bytes) -> None:
    """Whatever is handed in, there is an answer, and what is reported is not changed."""
    found = scan(octets, addresses="normalize")

    assert found.size == len(octets)
    if found.violations:
        assert found.content is octets


@given(st.lists(mailboxes.filter(lambda text: len(text) <= 320), min_size=1, max_size=5))
def test_an_ascii_address_field_of_the_grammar_is_no_change(texts: list[str]) -> None:
    """RFC 5322 §3.6.3: ``to = "To:" address-list CRLF``."""
    message = f"To: {', '.join(texts)}\r\n\r\nbody".encode()

    found = scan(message, addresses="normalize")

    assert found.violations == ()
    assert found.content is message
    assert len(found.recipients) == len(texts)


@given(header_blocks, st.binary(max_size=50))
def test_no_byte_outside_the_address_fields_moves(block: bytes, body: bytes) -> None:
    """RFC 6376 §3.4: a signature covers header fields and body as they are."""
    message = block + b"\r\n" + body

    content = scan(message, addresses="normalize").content

    assert isinstance(content, bytes)
    assert content.endswith(b"\r\n" + body)
    assert _unread(content.removesuffix(b"\r\n" + body)) == _unread(block)


@given(header_blocks)
@example('From: a@b, 1234567890123456789012345678901é <a@b.example>, " "@c\n'.encode())
def test_scanning_again_changes_nothing(block: bytes) -> None:
    """What was written anew is in the form for the wire, and its fields are as many as before."""
    first = scan(block + b"\n", addresses="normalize")
    if first.violations:
        return

    second = scan(first.content, addresses="reject")

    assert second.violations == ()
    assert second.content is first.content
    assert second.recipients == first.recipients
    assert second.senders == first.senders


@given(header_blocks)
def test_a_field_that_is_written_anew_has_short_lines_of_ascii(block: bytes) -> None:
    """RFC 5322 §2.1.1: "Each line of characters MUST be no more than 998 characters"."""
    message = block + b"\n"
    content = scan(message, addresses="normalize").content
    if content is message:
        return

    assert isinstance(content, bytes)
    before = set(message.split(b"\n"))
    for line in content.split(b"\n"):
        if line not in before:
            assert line.isascii()
            assert len(line) <= 998
            words = _QUOTED.sub(b"", line).strip(b" \r")  # nothing in quotes is an encoded-word
            if b"=?utf-8?" in words:
                assert len(words) <= 76 or b" " not in words[76:]
