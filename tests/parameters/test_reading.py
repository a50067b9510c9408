"""Values of odd types: read once where that is safe, and refused elsewhere."""

from __future__ import annotations

import array
import base64
import io
import mmap
from collections import UserString
from collections.abc import Callable, Iterator
from decimal import Decimal
from email.header import Header
from typing import Any
from uuid import UUID

import pytest

from botoses_guard.parameters import Prepared, prepare

from .odd_types import (
    HASHING,
    LISTS,
    STRUCTURES,
    Elements,
    Mailbox,
    Members,
    Octets,
    Text,
    serialised,
    strings_in,
)
from .sends import BY_NAME, RAW, RECIPIENT, send_of

IDN = "ada@bücher.example"
WIRE = "ada@xn--bcher-kva.example"


def unvalidated(name: str, parameters: Any) -> Prepared:
    return prepare(BY_NAME[name], parameters, "normalize", validated=False)


@pytest.mark.parametrize("kind", sorted(LISTS))
@pytest.mark.parametrize("name", ["ses.SendEmail", "sesv2.SendEmail"])
def test_anything_that_holds_addresses_is_read_once_and_goes_on(name: str, kind: str) -> None:
    elements = LISTS[kind]([RECIPIENT, IDN])
    found = unvalidated(name, send_of(name, Destination={"ToAddresses": elements}))
    assert found.violations == ()
    assert sorted(found.recipients) == [RECIPIENT, WIRE]
    assert sorted(found.parameters["Destination"]["ToAddresses"]) == [RECIPIENT, WIRE]
    sent = list(strings_in(serialised(BY_NAME[name], found.parameters)))
    assert sent.count(RECIPIENT) == sent.count(WIRE) == 1


@pytest.mark.parametrize("kind", sorted(LISTS))
@pytest.mark.parametrize("name", ["ses.SendEmail", "sesv2.SendEmail"])
def test_a_line_break_is_seen_in_whatever_holds_it(name: str, kind: str) -> None:
    elements = LISTS[kind]([RECIPIENT, "a@b.c\nBcc: d@e.f"])
    found = unvalidated(name, send_of(name, Destination={"ToAddresses": elements}))
    assert [violation.category for violation in found.violations] == ["malformed_address"]


@pytest.mark.parametrize("kind", sorted(LISTS))
def test_recipients_are_counted_in_whatever_holds_them(kind: str) -> None:
    elements = LISTS[kind]([f"reader{number}@example.com" for number in range(51)])
    found = unvalidated("ses.SendEmail", send_of("ses.SendEmail", Destination={"Cc": []}))
    parameters = send_of("ses.SendEmail", Destination={"BccAddresses": elements})
    found = unvalidated("ses.SendEmail", parameters)
    assert [violation.category for violation in found.violations] == ["too_many_recipients"]


@pytest.mark.parametrize("outer", sorted(STRUCTURES))
@pytest.mark.parametrize("inner", sorted(STRUCTURES))
@pytest.mark.parametrize("name", ["ses.SendEmail", "sesv2.SendEmail"])
def test_any_mapping_is_read_as_its_items(name: str, outer: str, inner: str) -> None:
    destination = STRUCTURES[inner]({"ToAddresses": [IDN]})
    parameters = STRUCTURES[outer](send_of(name, Destination=destination))
    found = unvalidated(name, parameters)
    assert (found.violations, found.recipients) == ((), [WIRE])
    assert found.parameters == send_of(name, Destination={"ToAddresses": [WIRE]})
    assert WIRE in strings_in(serialised(BY_NAME[name], found.parameters))


@pytest.mark.parametrize("kind", sorted(LISTS.keys() - HASHING))
@pytest.mark.parametrize(
    ("name", "entries"),
    [("ses.SendBulkTemplatedEmail", "Destinations"), ("sesv2.SendBulkEmail", "BulkEmailEntries")],
)
def test_entries_are_read_once_and_each_by_itself(name: str, entries: str, kind: str) -> None:
    destinations = [{"ToAddresses": iter([mailbox])} for mailbox in (RECIPIENT, "no", IDN)]
    elements = LISTS[kind]([{"Destination": destination} for destination in destinations])
    found = unvalidated(name, send_of(name, **{entries: elements}))
    assert (found.violations, list(found.refused_entries)) == ((), [1])
    assert found.recipients == [RECIPIENT, WIRE]
    assert found.with_refused is not None
    assert found.with_refused[entries][1] == {"Destination": {"ToAddresses": ["no"]}}
    kept = [{"Destination": {"ToAddresses": [mailbox]}} for mailbox in (RECIPIENT, WIRE)]
    assert found.parameters == send_of(name, **{entries: kept})


@pytest.mark.parametrize("validated", [True, False])
@pytest.mark.parametrize("name", ["ses.SendEmail", "sesv2.SendEmail"])
def test_a_string_goes_on_as_what_it_is_and_not_as_it_says(name: str, validated: bool) -> None:
    parameters = send_of(name, Destination={"ToAddresses": [Text(RECIPIENT), Mailbox.ADA]})
    found = prepare(BY_NAME[name], parameters, "normalize", validated=validated)
    assert found.recipients == [RECIPIENT, RECIPIENT]
    assert {type(mailbox) for mailbox in found.recipients} == {str}
    sent = list(strings_in(serialised(BY_NAME[name], found.parameters)))
    assert sent.count(RECIPIENT) == 2
    assert not any("Bcc" in text for text in sent)


@pytest.mark.parametrize("validated", [True, False])
def test_subclasses_are_read_once(validated: bool) -> None:
    """botocore takes them, too, and would read them a second time."""
    destination = Members({"ToAddresses": Elements([RECIPIENT, IDN])})
    parameters = send_of("sesv2.SendEmail", Destination=destination)
    found = prepare(BY_NAME["sesv2.SendEmail"], parameters, "normalize", validated=validated)
    assert found.parameters == send_of(
        "sesv2.SendEmail", Destination={"ToAddresses": [RECIPIENT, WIRE]}
    )


def shared() -> mmap.mmap:
    block = mmap.mmap(-1, len(RAW))
    block.write(RAW)
    return block


@pytest.mark.parametrize(
    "blob",
    [
        lambda: memoryview(RAW),
        lambda: memoryview(bytearray(b"-" + RAW))[1:],
        lambda: array.array("B", RAW),
        Octets,
        lambda: bytearray(RAW),
        RAW.decode,
        lambda: Text(RAW.decode()),
        lambda: io.BytesIO(RAW),
        lambda: io.StringIO(RAW.decode()),
        shared,
    ],
)
@pytest.mark.parametrize("name", ["ses.SendRawEmail", "sesv2.SendEmail"])
def test_a_raw_message_of_any_type_is_looked_through(name: str, blob: Callable[[], object]) -> None:
    content: Any = {"RawMessage": {"Data": blob()}}
    if name == "sesv2.SendEmail":
        content = {"Content": {"Raw": content["RawMessage"]}}
    found = unvalidated(name, content)
    assert found.violations == ()
    assert found.recipients == [RECIPIENT, "grace@example.com"]
    encoded = base64.b64encode(RAW).decode()
    assert encoded in strings_in(serialised(BY_NAME[name], found.parameters))


class Unready:
    """A file that has nothing to give yet."""

    def read(self) -> None: ...


class Endless:
    """A file that gives another file, as a mock does."""

    def read(self) -> Endless:
        return self


@pytest.mark.parametrize("file", [Unready, Endless])
@pytest.mark.parametrize("validated", [True, False])
def test_a_file_that_gives_neither_bytes_nor_text_is_no_message(
    file: Callable[[], object], validated: bool
) -> None:
    parameters = send_of("ses.SendRawEmail", RawMessage={"Data": file()})
    found = prepare(BY_NAME["ses.SendRawEmail"], parameters, "normalize", validated=validated)
    assert [violation.category for violation in found.violations] == ["other"] * (not validated)
    with pytest.raises(TypeError):
        serialised(BY_NAME["ses.SendRawEmail"], found.parameters)


def test_none_is_no_parameter() -> None:
    """botocore leaves it out at the top of v2, and writes "None" into a request of v1."""
    parameters = send_of("ses.SendEmail", ReturnPath=None, ReplyToAddresses=None, Tags=None)
    parameters["Destination"]["CcAddresses"] = None
    parameters["Message"] = {**parameters["Message"], "Body": {"Text": None, "Html": {"Data": "x"}}}
    found = unvalidated("ses.SendEmail", parameters)
    assert found.violations == ()
    assert "None" not in strings_in(serialised(BY_NAME["ses.SendEmail"], found.parameters))
    assert found.parameters["Message"]["Body"] == {"Html": {"Data": "x"}}


class Lazy:
    """A text that is made when it is asked for, such as a translated one of Django."""

    def __str__(self) -> str:
        return Text("on demand")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (42, "42"),
        (1.5, "1.5"),
        (Decimal("1.10"), "1.10"),
        (UUID(int=5), "00000000-0000-0000-0000-000000000005"),
        (UserString("text"), "text"),
        (Header("Zoë"), "Zoë"),
        (Lazy(), "on demand"),
    ],
)
def test_what_has_a_text_is_written_as_v1_writes_it(value: Any, text: str) -> None:
    tags = [{"Name": "order", "Value": value}]
    found = unvalidated("sesv2.SendEmail", send_of("sesv2.SendEmail", EmailTags=tags))
    assert found.violations == ()
    assert found.parameters["EmailTags"] == [{"Name": "order", "Value": text}]
    assert type(found.parameters["EmailTags"][0]["Value"]) is str
    assert tags == [{"Name": "order", "Value": value}]


@pytest.mark.parametrize("value", [True, b"text", bytearray(b"text"), object(), [], {}, {"a"}])
def test_what_has_none_is_refused(value: Any) -> None:
    tags = [{"Name": "order", "Value": value}]
    found = unvalidated("sesv2.SendEmail", send_of("sesv2.SendEmail", EmailTags=tags))
    assert [(fault.path, fault.category) for fault in found.violations] == [
        ("EmailTags[0].Value", "other")
    ]


def test_what_has_no_reading_is_refused_with_its_place_and_type() -> None:
    parameters = send_of(
        "sesv2.SendEmail",
        FromEmailAddress=b"shop@example.com",
        Destination={"ToAddresses": RECIPIENT, "CcAddresses": [RECIPIENT, None]},
        EmailTags={"Name": "a", "Value": "b"},
    )
    violations = unvalidated("sesv2.SendEmail", parameters).violations
    assert [(found.path, found.value, found.rule) for found in violations] == [
        ("FromEmailAddress", "<bytes>", "the value must be a string, and its type is bytes"),
        (
            "Destination.ToAddresses",
            "<str>",
            "the value must be a list of strings, and its type is str",
        ),
        (
            "Destination.CcAddresses[1]",
            "<NoneType>",
            "the value must be a string, and its type is NoneType",
        ),
        ("EmailTags", "<dict>", "the value must be a list, and its type is dict"),
    ]


def test_a_wrong_type_in_one_entry_stops_that_entry() -> None:
    entries = [
        {"Destination": {"ToAddresses": 5}},
        {"Destination": {"ToAddresses": [RECIPIENT]}},
        5,
        {"Destination": {"ToAddresses": ["a@b.c"] * 51}},
    ]
    found = unvalidated(
        "sesv2.SendBulkEmail", send_of("sesv2.SendBulkEmail", BulkEmailEntries=entries)
    )
    categories = {
        index: [violation.category for violation in violations]
        for index, violations in found.refused_entries.items()
    }
    assert categories == {0: ["other"], 2: ["other"], 3: ["too_many_recipients"]}
    assert found.recipients == [RECIPIENT]


def test_what_botocore_refuses_is_not_used_up() -> None:
    """With validation on, an iterator is botocore's to refuse."""
    mailboxes = iter([RECIPIENT])
    parameters = send_of("ses.SendEmail", Destination={"ToAddresses": mailboxes})
    found = prepare(BY_NAME["ses.SendEmail"], parameters, "normalize")
    assert (found.parameters, found.violations) == (parameters, ())
    assert list(mailboxes) == [RECIPIENT]


@pytest.mark.parametrize("parameters", [None, 5, [], "Source", object()])
def test_parameters_that_are_no_structure_are_refused(parameters: Any) -> None:
    for operation in BY_NAME.values():
        [violation] = prepare(operation, parameters, "normalize", validated=False).violations
        assert (violation.path, violation.category) == ("", "other")
        assert prepare(operation, parameters, "normalize").violations == ()


def test_what_can_be_iterated_over_once_is_asked_for_its_iterator_once() -> None:
    class Once:
        asked = 0

        def __iter__(self) -> Iterator[str]:
            self.asked += 1
            yield RECIPIENT

    mailboxes = Once()
    parameters = send_of("ses.SendEmail", Destination={"ToAddresses": mailboxes})
    assert unvalidated("ses.SendEmail", parameters).recipients == [RECIPIENT]
    assert mailboxes.asked == 1


def test_an_error_of_an_iterator_is_the_callers() -> None:
    def failing() -> Iterator[str]:
        yield RECIPIENT
        raise LookupError("no more customers")

    with pytest.raises(LookupError, match="no more customers"):
        unvalidated(
            "ses.SendEmail", send_of("ses.SendEmail", Destination={"ToAddresses": failing()})
        )
