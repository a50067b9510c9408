"""What goes on, what is counted, and that the caller's own objects stay as they are."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import botocore.session
import pytest
from botocore.model import Shape
from botocore.validate import ParamValidator
from hypothesis import given, settings
from hypothesis import strategies as st

from botoses_guard import addresses
from botoses_guard.operations import Operation
from botoses_guard.parameters import prepare
from botoses_guard.settings import AddressMode

from .sends import (
    BY_NAME,
    RAW,
    RECIPIENT,
    every_send,
    faults,
    prepared,
    send_of,
    shown,
    single_addresses,
    to_lists,
    with_value,
)

MODES: tuple[AddressMode, ...] = ("normalize", "reject", "off")
in_every_mode = pytest.mark.parametrize("mode", MODES)

IDN = "ada@bücher.example"
IDN_WIRE = "ada@xn--bcher-kva.example"


def input_of(operation: Operation) -> Shape:
    model = botocore.session.Session().get_service_model(operation.service.name)
    shape = model.operation_model(operation.name).input_shape
    assert shape is not None
    return shape


@every_send
@in_every_mode
def test_what_is_right_stays_the_very_same_object(name: str, mode: AddressMode) -> None:
    parameters = send_of(name)
    found = prepared(name, parameters, mode)
    assert found.parameters is parameters
    assert found.violations == ()


@every_send
def test_the_sends_of_these_tests_are_what_botocore_takes(name: str) -> None:
    operation = BY_NAME[name]
    assert not ParamValidator().validate(send_of(name), input_of(operation)).has_errors()


@every_send
def test_recipients_are_found(name: str) -> None:
    raw = "Raw" in name
    expected = [RECIPIENT, "grace@example.com"] if raw else [RECIPIENT]
    assert prepared(name, send_of(name)).recipients == expected


CASES = [
    pytest.param(name, steps, id=f"{name}:{shown(steps)}")
    for name, operation in BY_NAME.items()
    for steps in single_addresses(operation)
]


@pytest.mark.parametrize(("name", "steps"), CASES)
def test_every_address_parameter_is_normalised_in_a_copy(name: str, steps: Any) -> None:
    parameters = with_value(send_of(name), steps, IDN)
    found = prepared(name, parameters)
    assert found.violations == ()
    assert found.parameters == with_value(parameters, steps, IDN_WIRE)


@pytest.mark.parametrize(("name", "steps"), CASES)
def test_every_address_parameter_is_refused_with_its_path(name: str, steps: Any) -> None:
    parameters = with_value(send_of(name), steps, "no address")
    assert faults(name, parameters) == [(shown(steps), "malformed_address")]


@pytest.mark.parametrize(("name", "steps"), CASES)
def test_mode_reject_refuses_what_would_be_changed_and_says_into_what(
    name: str, steps: Any
) -> None:
    found = prepared(name, with_value(send_of(name), steps, IDN), "reject")
    [violation] = found.violations
    assert (violation.path, violation.category) == (shown(steps), "non_ascii_address")
    assert violation.suggestion == IDN_WIRE


@pytest.mark.parametrize(("name", "steps"), CASES)
def test_mode_off_leaves_addresses_alone(name: str, steps: Any) -> None:
    for text in (IDN, "no address", "a@b@c"):
        parameters = with_value(send_of(name), steps, text)
        assert prepared(name, parameters, "off").parameters is parameters
        assert faults(name, parameters, "off") == []


@pytest.mark.parametrize("text", ["a@b.c\r\nBcc: x@y.z", "a\r@b.c", "a\0@b.c"])
@pytest.mark.parametrize(("name", "steps"), CASES)
@in_every_mode
def test_no_mode_lets_a_line_break_through(
    name: str, steps: Any, text: str, mode: AddressMode
) -> None:
    parameters = with_value(send_of(name), steps, text)
    assert faults(name, parameters, mode) == [(shown(steps), "malformed_address")]


@pytest.mark.parametrize("text", ["a@b.c\n", "a@b.c\r", "a@b.c\r\n"])
@pytest.mark.parametrize(("name", "steps"), CASES)
@in_every_mode
def test_a_line_break_at_the_very_end_goes_or_is_refused(
    name: str, steps: Any, text: str, mode: AddressMode
) -> None:
    """What is left of reading a line from a file; ``reject`` and ``off`` change nothing."""
    parameters = with_value(send_of(name), steps, text)
    if mode == "normalize":
        assert faults(name, parameters, mode) == []
        assert "a@b.c" in dict(nodes(prepared(name, parameters, mode).parameters)).values()
        assert text not in dict(nodes(prepared(name, parameters, mode).parameters)).values()
    else:
        assert faults(name, parameters, mode) == [(shown(steps), "malformed_address")]


def nodes(node: Any, trail: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """Every object inside ``node``, with where it is."""
    yield trail, node
    if isinstance(node, dict):
        for key, below in node.items():
            yield from nodes(below, (*trail, key))
    elif isinstance(node, (list, tuple)):
        for index, below in enumerate(node):
            yield from nodes(below, (*trail, index))


@pytest.mark.parametrize(("name", "steps"), CASES)
def test_what_need_not_change_is_shared_with_the_caller(name: str, steps: Any) -> None:
    """Copy on write: only the way down to what changed is copied."""
    parameters = with_value(send_of(name), steps, IDN)
    before = dict(nodes(parameters))
    [changed] = [trail for trail, node in before.items() if node == IDN]
    for trail, node in nodes(prepared(name, parameters).parameters):
        if changed[: len(trail)] == trail:
            assert node is not before[trail]
        else:
            assert node is before[trail], trail


def test_one_object_in_two_places_is_changed_in_both_and_not_for_the_caller() -> None:
    entry = {"Destination": {"ToAddresses": [IDN, RECIPIENT]}}
    parameters = send_of("sesv2.SendBulkEmail", BulkEmailEntries=[entry, entry])
    found = prepared("sesv2.SendBulkEmail", parameters).parameters
    wire = {"Destination": {"ToAddresses": [IDN_WIRE, RECIPIENT]}}
    assert found["BulkEmailEntries"] == [wire, wire]
    assert entry == {"Destination": {"ToAddresses": [IDN, RECIPIENT]}}


def test_a_tuple_of_addresses_is_as_good_as_a_list() -> None:
    parameters = send_of("ses.SendEmail", Destination={"ToAddresses": (IDN, RECIPIENT)})
    found = prepared("ses.SendEmail", parameters)
    assert found.recipients == [IDN_WIRE, RECIPIENT]
    assert list(found.parameters["Destination"]["ToAddresses"]) == [IDN_WIRE, RECIPIENT]


def test_violations_come_in_the_order_in_which_ses_checks() -> None:
    """From, To, Cc, Bcc, Return-Path, Reply-To; whatever order the caller wrote them in."""
    parameters = {
        "ReplyToAddresses": ["no"],
        "ReturnPath": "no",
        "Message": send_of("ses.SendEmail")["Message"],
        "Destination": {
            "BccAddresses": ["no"],
            "CcAddresses": [RECIPIENT, "no"],
            "ToAddresses": ["no", RECIPIENT, "no"],
        },
        "Source": "no",
    }
    assert [path for path, _ in faults("ses.SendEmail", parameters)] == [
        "Source",
        "Destination.ToAddresses[0]",
        "Destination.ToAddresses[2]",
        "Destination.CcAddresses[1]",
        "Destination.BccAddresses[0]",
        "ReturnPath",
        "ReplyToAddresses[0]",
    ]


def test_v2_checks_in_the_same_order() -> None:
    parameters = send_of(
        "sesv2.SendEmail",
        ReplyToAddresses=["no"],
        FeedbackForwardingEmailAddress="no",
        FromEmailAddress="no",
        Destination={"CcAddresses": ["no"]},
    )
    assert [path for path, _ in faults("sesv2.SendEmail", parameters)] == [
        "FromEmailAddress",
        "Destination.CcAddresses[0]",
        "FeedbackForwardingEmailAddress",
        "ReplyToAddresses[0]",
    ]


def test_every_fault_of_every_kind_is_collected() -> None:
    parameters = send_of(
        "sesv2.SendEmail",
        FromEmailAddress="no",
        Destination={},
        EmailTags=[{"Name": "campaign", "Value": "a\nb"}],
    )
    assert faults("sesv2.SendEmail", parameters) == [
        ("FromEmailAddress", "malformed_address"),
        ("Destination", "no_recipients"),
        ("EmailTags[0].Value", "header_invalid"),
    ]


def test_a_path_in_a_bulk_send_names_the_entry() -> None:
    entries = [{"Destination": {"ToAddresses": [RECIPIENT]}} for _ in range(3)]
    entries[2]["Destination"]["CcAddresses"] = ["no"]
    parameters = send_of("sesv2.SendBulkEmail", BulkEmailEntries=entries)
    assert faults("sesv2.SendBulkEmail", parameters) == [
        ("BulkEmailEntries[2].Destination.CcAddresses[0]", "malformed_address")
    ]


@to_lists
def test_empty_lists_are_dropped_where_they_are_not_the_same_as_none(name: str) -> None:
    """The query protocol of v1 writes an empty list as one empty address, which SES refuses."""
    destination = {"ToAddresses": [RECIPIENT], "CcAddresses": [], "BccAddresses": ()}
    parameters = send_of(name, Destination=destination, ReplyToAddresses=[])
    found = prepared(name, parameters)
    assert found.violations == ()
    if name.startswith("ses."):
        assert found.parameters == send_of(name)
    else:
        assert found.parameters is parameters


def test_empty_lists_are_dropped_from_bulk_entries_too() -> None:
    name = "ses.SendBulkTemplatedEmail"
    parameters = send_of(name)
    parameters["Destinations"][0]["Destination"]["CcAddresses"] = []
    assert prepared(name, parameters).parameters == send_of(name)


def test_a_raw_send_with_an_empty_list_goes_by_its_headers() -> None:
    found = prepared("ses.SendRawEmail", send_of("ses.SendRawEmail", Destinations=[]))
    assert "Destinations" not in found.parameters
    assert found.recipients == [RECIPIENT, "grace@example.com"]


def test_a_raw_send_goes_to_the_parameters_where_they_name_anybody() -> None:
    """SES developer guide: Destinations overrides the headers' recipients."""
    parameters = send_of("ses.SendRawEmail", Destinations=["bob@example.com"])
    assert prepared("ses.SendRawEmail", parameters).recipients == ["bob@example.com"]
    parameters = send_of(
        "sesv2.SendEmail",
        Content={"Raw": {"Data": RAW}},
        Destination={"CcAddresses": ["bob@example.com"]},
    )
    assert prepared("sesv2.SendEmail", parameters).recipients == ["bob@example.com"]


def test_a_raw_v2_send_needs_no_destination() -> None:
    parameters = {"Content": {"Raw": {"Data": RAW}}}
    found = prepared("sesv2.SendEmail", parameters)
    assert found.recipients == [RECIPIENT, "grace@example.com"]
    assert found.parameters is parameters


def test_a_raw_message_is_changed_in_a_copy() -> None:
    raw = RAW.replace(b"ada@example.com", IDN.encode())
    found = prepared("ses.SendRawEmail", {"RawMessage": {"Data": raw}})
    assert found.parameters == {
        "RawMessage": {"Data": RAW.replace(b"ada@example.com", IDN_WIRE.encode())}
    }


def test_a_raw_message_in_a_file_is_read_once_and_goes_on_as_bytes() -> None:
    """The file cannot be read again by botocore, which would send what is behind its end."""
    parameters = {"RawMessage": {"Data": io.BytesIO(RAW)}}
    found = prepare(BY_NAME["ses.SendRawEmail"], parameters, "normalize")
    assert found.parameters == {"RawMessage": {"Data": RAW}}
    assert found.recipients == [RECIPIENT, "grace@example.com"]


def test_a_fault_inside_a_raw_message_says_where_in_both() -> None:
    raw = RAW.replace(b"grace@example.com", b"no address")
    [(path, category)] = faults("ses.SendRawEmail", {"RawMessage": {"Data": raw}})
    assert category == "malformed_address"
    assert path.startswith("RawMessage.Data: header 'To', mailbox ")


def test_simulator_addresses_do_not_count_to_the_quota() -> None:
    """SES developer guide, "Using the mailbox simulator manually"."""
    to = [RECIPIENT, "success@simulator.amazonses.com", "A <bounce+1@SIMULATOR.amazonses.com>"]
    found = prepared("sesv2.SendEmail", send_of("sesv2.SendEmail", Destination={"ToAddresses": to}))
    assert (len(found.recipients), found.quota_recipients) == (3, 1)
    entries = [{"Destination": {"ToAddresses": to}} for _ in range(4)]
    found = prepared(
        "sesv2.SendBulkEmail", send_of("sesv2.SendBulkEmail", BulkEmailEntries=entries)
    )
    assert (len(found.recipients), found.quota_recipients) == (12, 4)


@settings(deadline=None)
@given(st.lists(st.sampled_from([RECIPIENT, IDN, "Zoë <ada@example.com>"]), max_size=10))
def test_preparing_what_was_prepared_changes_nothing(to: list[str]) -> None:
    """A second guard in the same call finds nothing to do."""
    parameters = send_of("ses.SendEmail", Destination={"ToAddresses": [RECIPIENT, *to]})
    once = prepared("ses.SendEmail", parameters)
    twice = prepared("ses.SendEmail", once.parameters)
    assert twice.parameters is once.parameters
    assert (
        twice.recipients
        == once.recipients
        == [
            RECIPIENT,
            *(addresses.normalize(mailbox) for mailbox in to),
        ]
    )
