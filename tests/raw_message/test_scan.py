"""Raw messages: what stays, what is spliced, what is reported."""

from __future__ import annotations

import io
import pickle
from array import array
from collections.abc import Callable
from typing import Any

import pytest

from botoses_guard.raw_message import Mode, scan
from tests.raw_message.cases import CHANGED, KEPT, REFUSED

BODY = "\r\nBody: é\r\nTo: nobody\r\n\r\n\x00\r".encode()


class Octets(bytes):
    """A class of its own that is not made as ``bytes`` is made."""

    def __new__(cls, *, octets: bytes) -> Octets:
        return super().__new__(cls, octets)

    @classmethod
    def of(cls, octets: bytes) -> Octets:
        return cls(octets=octets)


class Characters(str):
    """The same for text."""

    def __new__(cls, *, text: str) -> Characters:
        return super().__new__(cls, text)

    @classmethod
    def of(cls, text: str) -> Characters:
        return cls(text=text)


class Wrapped:
    """A file that gives what it reads in another form."""

    def __init__(self, file: io.BytesIO, form: Callable[[bytes], Any]) -> None:
        self._file = file
        self._form = form

    def read(self) -> Any:
        return self._form(self._file.read())


@pytest.mark.parametrize(("block", "source"), KEPT)
@pytest.mark.parametrize("mode", ["normalize", "reject", "off"])
def test_a_header_block_that_ses_takes_is_the_same_object(
    block: bytes, source: str, mode: Mode
) -> None:
    message = block + BODY

    found = scan(message, addresses=mode)

    assert found.violations == (), source
    assert found.content is message, source


@pytest.mark.parametrize(("block", "wire", "source"), CHANGED)
def test_only_the_address_fields_get_new_bytes(block: bytes, wire: bytes, source: str) -> None:
    found = scan(block + BODY, addresses="normalize")

    assert found.violations == (), source
    assert found.content == wire + BODY, source
    assert scan(found.content, addresses="reject").content is found.content


@pytest.mark.parametrize(("block", "wire", "source"), CHANGED)
def test_the_mode_reject_reports_what_would_be_changed(
    block: bytes, wire: bytes, source: str
) -> None:
    message = block + BODY

    found = scan(message, addresses="reject")

    assert found.violations, source
    assert all(fault.suggestion for fault in found.violations)
    assert found.content is message


@pytest.mark.parametrize(("block", "wire", "source"), CHANGED)
def test_the_mode_off_leaves_addresses_alone(block: bytes, wire: bytes, source: str) -> None:
    message = block + BODY

    assert scan(message, addresses="off").content is message
    assert scan(message, addresses="off").violations == ()


@pytest.mark.parametrize(("block", "path", "text", "source"), REFUSED)
def test_a_violation_says_where_and_has_the_words_of_ses(
    block: bytes, path: str, text: str, source: str
) -> None:
    message = block + BODY

    found = scan(message, addresses="normalize")

    (fault,) = found.violations
    assert fault.path == path, source
    assert fault.message.startswith(text), source
    assert fault.value.isascii()
    assert len(fault.value) <= 120
    assert " must " in fault.rule
    assert pickle.loads(pickle.dumps(fault)) == fault
    assert found.content is message


@pytest.mark.parametrize(("block", "path", "text", "source"), REFUSED)
def test_the_mode_off_reports_only_the_header_block(
    block: bytes, path: str, text: str, source: str
) -> None:
    found = scan(block + BODY, addresses="off")

    assert {fault.category for fault in found.violations} <= {"header_invalid"}, source


def test_the_tables_are_as_large_as_promised() -> None:
    assert len(KEPT) + len(CHANGED) + len(REFUSED) >= 80


def test_all_faults_of_a_message_are_reported_in_order() -> None:
    found = scan(b"From: a\nFrom: b@c.d\nTo: e, f@g.h, i\n\n", addresses="normalize")

    assert [fault.path for fault in found.violations] == [
        "header 'From', mailbox 1",
        "header 'From' (occurrence 2)",
        "header 'To', mailbox 1",
        "header 'To', mailbox 3",
    ]


def test_text_without_header_block_gives_no_endless_report() -> None:
    assert len(scan(b"no header field\n" * 1000, addresses="normalize").violations) <= 51


def test_recipients_are_those_of_all_to_cc_and_bcc_fields() -> None:
    """SES developer guide: "each To, Cc and Bcc"; RFC 5322 §3.4: members of a group count."""
    found = scan(
        "To: a@b.c, Bob <d@ü.de>\nCC: g: e@f.g, h@i.j;\nTo: k@l.m\nbcc: n@o.p\n"
        "Resent-To: q@r.s\nReply-To: t@u.v\n\nTo: w@x.y\n".encode(),
        addresses="normalize",
    )

    assert found.recipients == (*("a@b.c", "d@xn--tda.de", "e@f.g", "h@i.j", "k@l.m", "n@o.p"),)


@pytest.mark.parametrize("mode", ["normalize", "reject", "off"])
def test_recipients_are_counted_in_every_mode(mode: Mode) -> None:
    found = scan("To: é <a@b.c>, d\nCc: \xff <e@f.g>\n\n".encode("latin-1"), addresses=mode)

    assert len(found.recipients) == 3


def test_senders_are_where_ses_looks_for_identities() -> None:
    found = scan(
        b"Return-Path: <a@b.c>\nFrom: Bob <d@e.f>\nSender: g@h.i\nReply-To: j@k.l\n\n",
        addresses="normalize",
    )

    assert found.senders == ("a@b.c", "d@e.f", "g@h.i")


@pytest.mark.parametrize(
    ("block", "has_from", "from_has_name"),
    [
        (b"From: a@b.c\n", True, False),
        (b"From: <a@b.c>\n", True, False),
        (b"From: a@b.c (Bob)\n", True, False),
        (b"From: Bob <a@b.c>\n", True, True),
        (b'from: "Bob" <a@b.c>\n', True, True),
        (b"From: a@b.c, Bob <d@e.f>\n", True, True),
        (b"From: \xe9 <a@b.c>\n", True, True),
        (b"From: \n", False, False),
        (b"Sender: Bob <a@b.c>\n", False, False),
        (b"\nFrom: Bob <a@b.c>\n", False, False),
    ],
)
def test_whether_there_is_a_from_and_a_name_in_it(
    block: bytes, has_from: bool, from_has_name: bool
) -> None:
    found = scan(block + b"\n", addresses="normalize")

    assert (found.has_from, found.from_has_name) == (has_from, from_has_name)


@pytest.mark.parametrize(
    "message",
    [
        b"To: a\n\nTo: b",
        b"To: a\r\n\r\nTo: b",
        b"To: a\n\r\nTo: b",
        b"To: a\r\n\nTo: b",
        b"To: a\n\n\nTo: b",
        b"To: a\n",
        b"To: a",
        b"To: a\r\n",
    ],
)
def test_the_header_block_ends_at_the_first_empty_line(message: bytes) -> None:
    """RFC 5322 §2.1: "an empty line (i.e., a line with nothing preceding the CRLF)"."""
    assert scan(message, addresses="off").recipients == ("a",)


@pytest.mark.parametrize(
    "message", [b"", b"\n", b"\r\n", b"\nTo: a\n\n", b"\r\nTo: a\r\n", "", "\nTo: a\n"]
)
def test_a_message_may_have_no_header_block(message: bytes | str) -> None:
    found = scan(message, addresses="normalize")

    assert (found.recipients, found.violations, found.has_from) == ((), (), False)
    assert found.content is message


CHANGING = "To: é <a@b.c>\r\n\r\nBody: é\r\n"
WIRE = "To: =?utf-8?b?w6k=?= <a@b.c>\r\n\r\nBody: é\r\n"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (CHANGING.encode(), WIRE.encode()),
        (bytearray(CHANGING.encode()), bytearray(WIRE.encode())),
        (CHANGING, WIRE),
        (memoryview(CHANGING.encode()), WIRE.encode()),
        (array("B", CHANGING.encode()), WIRE.encode()),
        (io.BytesIO(CHANGING.encode()), WIRE.encode()),
        (io.StringIO(CHANGING, newline=""), WIRE.encode()),
        (Wrapped(io.BytesIO(CHANGING.encode()), bytearray), WIRE.encode()),
        (Wrapped(io.BytesIO(CHANGING.encode()), memoryview), WIRE.encode()),
        (Octets.of(CHANGING.encode()), WIRE.encode()),
        (Characters.of(CHANGING), WIRE),
    ],
)
def test_the_content_keeps_its_type(content: Any, expected: Any) -> None:
    found = scan(content, addresses="normalize")

    assert found.content == expected
    assert type(found.content) is type(expected)
    assert found.size == len(CHANGING.encode())
    assert found.recipients == ("a@b.c",)


@pytest.mark.parametrize(
    "content", [memoryview(b"To: a@b.c\n\n"), Octets.of(b"To: a@b.c\n\n"), array("B", b"To: a@b.c")]
)
def test_other_kinds_of_octets_that_stay_are_not_copied(content: Any) -> None:
    found = scan(content, addresses="normalize")

    assert found.content is content
    assert found.recipients == ("a@b.c",)


@pytest.mark.parametrize("nothing", [None, 7, ["To: a@b.c"]])
def test_a_file_that_gives_no_octets_is_left_to_botocore(nothing: Any) -> None:
    file = Wrapped(io.BytesIO(), lambda _: nothing)

    found = scan(file, addresses="normalize")

    assert found.content is file
    assert (found.violations, found.recipients) == ((), ())


@pytest.mark.parametrize("kind", [bytes, bytearray])
def test_content_that_stays_is_not_copied(kind: type[bytes] | type[bytearray]) -> None:
    content = kind(b"To: a@b.c\r\n\r\nbody")

    assert scan(content, addresses="normalize").content is content


def test_text_that_stays_is_not_copied() -> None:
    content = "To: a@b.c\r\nSubject: é\r\n\r\nbody é"

    found = scan(content, addresses="normalize")

    assert found.content is content
    assert found.size == len(content.encode())


def test_a_file_is_read_once_from_where_it_stands() -> None:
    file = io.BytesIO(b"skipped To: a@b.c\n\nbody")
    file.seek(8)

    found = scan(file, addresses="normalize")

    assert found.content == b"To: a@b.c\n\nbody"
    assert file.read() == b""


def test_a_lone_surrogate_is_reported_and_nothing_is_raised() -> None:
    found = scan("To: a@b.c\n\nbody \ud800", addresses="normalize")

    (fault,) = found.violations
    assert fault.path == "message"
    assert fault.message == "Illegal content."


def test_a_lone_surrogate_in_an_address_is_reported() -> None:
    found = scan("To: \ud800 <a@b.c>\n\n", addresses="normalize")

    assert [fault.path for fault in found.violations] == ["header 'To'", "message"]


def test_nothing_is_changed_when_anything_is_refused() -> None:
    message = "To: é <a@b.c>\nCc: d\n\n".encode()

    assert scan(message, addresses="normalize").content is message


@pytest.mark.parametrize("content", [None, 7, ["To: a@b.c"], {"To": "a@b.c"}])
def test_what_is_no_message_is_left_to_botocore(content: Any) -> None:
    found = scan(content, addresses="normalize")

    assert found.content is content
    assert found.violations == ()


@pytest.mark.parametrize(
    ("message", "line_end"),
    [
        ("To: {}", b"\r\n"),
        ("Subject: x\nTo: {}", b"\n"),
        ("Subject: x\r\nTo: {}", b"\r\n"),
        ("Subject: x\r\nTo: {}\n", b"\n"),
        ("Subject: x\nTo: {}\r\n", b"\r\n"),
    ],
)
def test_a_fold_has_the_line_end_of_its_field(message: str, line_end: bytes) -> None:
    texts = ", ".join(["é <somebody@example.com>"] * 3)

    content = scan(message.format(texts).encode(), addresses="normalize").content

    assert content.count(b"," + line_end + b" ") == 2
