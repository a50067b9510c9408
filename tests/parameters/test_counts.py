"""How many recipients a message and a bulk call may have."""

from __future__ import annotations

from typing import Any

import pytest

from .sends import RECIPIENT, faults, prepared, send_of, to_lists

TOO_MANY = "too_many_recipients"


def people(count: int) -> list[str]:
    return [f"reader{number}@example.com" for number in range(count)]


@to_lists
@pytest.mark.parametrize(
    ("to", "cc", "bcc", "category"),
    [
        (50, 0, 0, None),
        (1, 0, 49, None),
        (20, 20, 10, None),
        (51, 0, 0, TOO_MANY),
        (1, 0, 50, TOO_MANY),
        (0, 51, 0, TOO_MANY),
        (0, 0, 50, None),
        (0, 0, 0, "no_recipients"),
    ],
)
def test_a_message_has_1_to_50_recipients(
    name: str, to: int, cc: int, bcc: int, category: str | None
) -> None:
    """ "Maximum number of recipients per message: 50", over To, Cc and Bcc together."""
    destination = {
        "ToAddresses": people(to),
        "CcAddresses": people(cc),
        "BccAddresses": people(bcc),
    }
    found = faults(name, send_of(name, Destination=destination))
    assert found == ([("Destination", category)] if category else [])


@to_lists
@pytest.mark.parametrize("destination", [{}, {"ToAddresses": []}])
def test_a_message_to_nobody_is_refused(name: str, destination: dict[str, Any]) -> None:
    assert faults(name, send_of(name, Destination=destination)) == [
        ("Destination", "no_recipients")
    ]


def test_a_v2_message_without_a_destination_is_refused() -> None:
    """The service model makes it optional, for raw messages."""
    parameters = send_of("sesv2.SendEmail")
    del parameters["Destination"]
    [violation] = prepared("sesv2.SendEmail", parameters).violations
    assert violation.category == "no_recipients"
    assert violation.message == "Missing required header 'To'."


@pytest.mark.parametrize(("count", "refused"), [(50, False), (51, True)])
def test_raw_destinations_count(count: int, refused: bool) -> None:
    found = faults("ses.SendRawEmail", send_of("ses.SendRawEmail", Destinations=people(count)))
    assert found == ([("Destinations", TOO_MANY)] if refused else [])


@pytest.mark.parametrize(("count", "refused"), [(50, False), (51, True)])
def test_header_recipients_count_where_the_parameters_name_none(count: int, refused: bool) -> None:
    raw = b"From: a@example.com\r\nTo: " + ",\r\n ".join(people(count)).encode() + b"\r\n\r\nHi\r\n"
    v1 = faults("ses.SendRawEmail", {"RawMessage": {"Data": raw}})
    v2 = faults("sesv2.SendEmail", {"Content": {"Raw": {"Data": raw}}})
    assert v1 == ([("Destinations", TOO_MANY)] if refused else [])
    assert v2 == ([("Destination", TOO_MANY)] if refused else [])


def test_a_raw_message_to_nobody_is_refused() -> None:
    raw = b"From: a@example.com\r\nSubject: Hi\r\n\r\nHi\r\n"
    assert faults("ses.SendRawEmail", {"RawMessage": {"Data": raw}}) == [
        ("Destinations", "no_recipients")
    ]
    given = {"RawMessage": {"Data": raw}, "Destinations": [RECIPIENT]}
    assert faults("ses.SendRawEmail", given) == []


BULK = {
    "ses.SendBulkTemplatedEmail": "Destinations",
    "sesv2.SendBulkEmail": "BulkEmailEntries",
}
every_bulk_send = pytest.mark.parametrize("name", sorted(BULK))


def bulk(name: str, *counts: int) -> dict[str, Any]:
    """A bulk send with that many recipients in each entry."""
    entries = [{"Destination": {"ToAddresses": people(count)}} for count in counts]
    return send_of(name, **{BULK[name]: entries})


@every_bulk_send
def test_each_entry_has_1_to_50_recipients(name: str) -> None:
    found = prepared(name, bulk(name, 50, 50, 50))
    assert found.violations == ()
    assert len(found.recipients) == found.quota_recipients == 150
    top = BULK[name]
    assert faults(name, bulk(name, 50, 51, 1, 0)) == [
        (f"{top}[1].Destination", TOO_MANY),
        (f"{top}[3].Destination", "no_recipients"),
    ]


@every_bulk_send
def test_a_bulk_call_has_1_to_50_entries(name: str) -> None:
    top = BULK[name]
    assert faults(name, bulk(name, *[1] * 50)) == []
    assert faults(name, bulk(name, *[1] * 51)) == [(top, TOO_MANY)]
    assert faults(name, bulk(name)) == [(top, "no_recipients")]


@every_bulk_send
def test_an_entry_without_a_destination_is_to_nobody(name: str) -> None:
    parameters = bulk(name, 1, 1)
    del parameters[BULK[name]][1]["Destination"]
    assert faults(name, parameters) == [(f"{BULK[name]}[1].Destination", "no_recipients")]


def test_the_rule_says_how_many_there_are() -> None:
    parameters = send_of("ses.SendEmail", Destination={"ToAddresses": people(73)})
    [violation] = prepared("ses.SendEmail", parameters).violations
    assert violation.rule == "a message must have at most 50 recipients, and this one has 73"
    assert violation.value == "73"
