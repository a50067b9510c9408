"""Entries of a bulk call that are refused while the others go."""

from __future__ import annotations

from typing import Any

import pytest

from .sends import BY_NAME, RECIPIENT, prepared, send_of, with_value
from .test_counts import BULK, bulk, every_bulk_send, people

IDN = "ada@bücher.example"
WIRE = "ada@xn--bcher-kva.example"


def entry_to(*mailboxes: str) -> dict[str, Any]:
    return {"Destination": {"ToAddresses": list(mailboxes)}}


def bulk_to(name: str, *entries: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return send_of(name, **{BULK[name]: list(entries), **changes})


@every_bulk_send
def test_one_bad_recipient_stops_its_entry_and_no_other(name: str) -> None:
    """SES answers each entry by itself."""
    good, folded, bad = entry_to(RECIPIENT), entry_to(IDN), entry_to("bob@example.com", "no")
    parameters = bulk_to(name, good, bad, folded)
    found = prepared(name, parameters)
    assert found.violations == ()
    assert list(found.refused_entries) == [1]
    [violation] = found.refused_entries[1]
    assert violation.path == f"{BULK[name]}[1].Destination.ToAddresses[1]"
    assert found.parameters == bulk_to(name, good, entry_to(WIRE))
    assert found.parameters[BULK[name]][0] is good
    assert found.with_refused == bulk_to(name, good, bad, entry_to(WIRE))
    assert found.recipients == [RECIPIENT, WIRE]


@every_bulk_send
def test_only_what_goes_is_counted(name: str) -> None:
    entries = [entry_to(*people(50)), entry_to(*people(51)), entry_to(), entry_to(*people(3))]
    found = prepared(name, bulk_to(name, *entries))
    assert found.violations == ()
    assert {index: fault[0].category for index, fault in found.refused_entries.items()} == {
        1: "too_many_recipients",
        2: "no_recipients",
    }
    assert (len(found.recipients), found.quota_recipients) == (53, 53)
    assert found.parameters == bulk_to(name, entries[0], entries[3])


@every_bulk_send
def test_every_fault_of_an_entry_is_collected(name: str) -> None:
    found = prepared(name, bulk_to(name, entry_to("no", RECIPIENT, "nobody"), entry_to(RECIPIENT)))
    assert [fault.path for fault in found.refused_entries[0]] == [
        f"{BULK[name]}[0].Destination.ToAddresses[0]",
        f"{BULK[name]}[0].Destination.ToAddresses[2]",
    ]


@every_bulk_send
def test_an_entry_may_be_refused_for_any_of_its_parameters(name: str) -> None:
    operation = BY_NAME[name]
    [entries] = operation.entries or ()
    inside = [
        (steps[2:], value)
        for paths, value in (
            (operation.header_tokens, "a\nb"),
            (operation.template_data, "no JSON"),
            (((*path, "[]", "Name") for path in operation.header_fields), "X:"),
        )
        for steps in paths
        if steps[0] == entries
    ]
    assert len(inside) >= 2
    for steps, value in inside:
        broken = with_value(entry_to(RECIPIENT), steps, value)
        found = prepared(name, bulk_to(name, entry_to("bob@example.com"), broken))
        assert list(found.refused_entries) == [1], steps
        assert found.recipients == ["bob@example.com"]


@every_bulk_send
def test_a_fault_of_the_whole_call_stops_all_of_it(name: str) -> None:
    """Then every fault is told, those of the entries too."""
    [sender] = BY_NAME[name].sender or ()
    parameters = bulk_to(name, entry_to("no"), entry_to(RECIPIENT), **{sender: "nobody"})
    found = prepared(name, parameters)
    assert (found.refused_entries, found.with_refused) == ({}, None)
    assert [violation.path for violation in found.violations] == [
        sender,
        f"{BULK[name]}[0].Destination.ToAddresses[0]",
    ]


@every_bulk_send
def test_a_call_of_which_no_entry_can_go_is_refused_as_a_whole(name: str) -> None:
    found = prepared(name, bulk_to(name, entry_to("no"), entry_to()))
    assert found.refused_entries == {}
    assert [violation.category for violation in found.violations] == [
        "malformed_address",
        "no_recipients",
    ]


@every_bulk_send
def test_too_many_entries_are_refused_although_some_would_not_go(name: str) -> None:
    parameters = bulk(name, *[1] * 51)
    parameters[BULK[name]][0] = entry_to("no")
    found = prepared(name, parameters)
    assert found.refused_entries == {}
    assert [violation.path for violation in found.violations] == [
        f"{BULK[name]}[0].Destination.ToAddresses[0]",
        BULK[name],
    ]


@every_bulk_send
@pytest.mark.parametrize("odd", [None, 5, "text"])
def test_a_call_that_botocore_refuses_is_left_whole(name: str, odd: Any) -> None:
    """Its report names the entries as the caller numbers them."""
    parameters = bulk_to(name, entry_to("no"), entry_to(RECIPIENT), odd)
    found = prepared(name, parameters)
    assert found.refused_entries == {}
    assert found.parameters == parameters
    assert [violation.path for violation in found.violations] == [
        f"{BULK[name]}[0].Destination.ToAddresses[0]"
    ]


def test_other_sends_have_no_entries() -> None:
    found = prepared("ses.SendBounce", send_of("ses.SendBounce", BouncedRecipientInfoList=[]))
    assert (found.refused_entries, len(found.violations)) == ({}, 1)
