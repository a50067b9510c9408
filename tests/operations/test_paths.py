"""Parameter paths: how they are written, and what the walk along them finds."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

import pytest

from botoses_guard.operations import (
    OPERATIONS,
    ParameterPath,
    Place,
    path,
    paths,
    shown,
    values_at,
)

ENTRIES = [
    {"Destination": {"ToAddresses": ["a", "b"]}},
    {"Destination": {"CcAddresses": ["c"]}},
    {"Destination": {"ToAddresses": ["d"]}},
]


@pytest.mark.parametrize(
    ("text", "steps"),
    [
        ("Source", ("Source",)),
        ("Destination.ToAddresses[]", ("Destination", "ToAddresses", "[]")),
        ("Tags[].Name", ("Tags", "[]", "Name")),
    ],
)
def test_a_path_is_written_as_documentation_writes_it(text: str, steps: ParameterPath) -> None:
    assert path(text) == steps
    assert paths(text, text) == (steps, steps)


@pytest.mark.parametrize(
    ("place", "text"),
    [
        ((), ""),
        (("Source",), "Source"),
        (("Destination", "ToAddresses", 3), "Destination.ToAddresses[3]"),
        (("Tags", 0, "Name"), "Tags[0].Name"),
        ((3,), "[3]"),
    ],
)
def test_a_place_is_shown_as_code_would_reach_it(place: Place, text: str) -> None:
    assert shown(place) == text


def test_every_value_is_found_in_order_with_its_place() -> None:
    found = list(values_at({"BulkEmailEntries": ENTRIES}, path("BulkEmailEntries[]")))
    assert found == [(("BulkEmailEntries", index), entry) for index, entry in enumerate(ENTRIES)]
    to = path("BulkEmailEntries[].Destination.ToAddresses[]")
    assert [(shown(place), value) for place, value in values_at({to[0]: ENTRIES}, to)] == [
        ("BulkEmailEntries[0].Destination.ToAddresses[0]", "a"),
        ("BulkEmailEntries[0].Destination.ToAddresses[1]", "b"),
        ("BulkEmailEntries[2].Destination.ToAddresses[0]", "d"),
    ]


def test_the_same_walk_begins_at_one_entry() -> None:
    below = path("Destination.ToAddresses[]")
    assert list(values_at(ENTRIES[0], below)) == [
        (("Destination", "ToAddresses", 0), "a"),
        (("Destination", "ToAddresses", 1), "b"),
    ]
    assert list(values_at(ENTRIES[1], below)) == []


def test_the_empty_path_leads_to_the_whole() -> None:
    assert list(values_at(ENTRIES, ())) == [((), ENTRIES)]


@pytest.mark.parametrize(
    "parameters",
    [
        None,
        5,
        "Destination",
        [],
        {},
        {"Destination": None},
        {"Destination": []},
        {"Destination": {"ToAddresses": None}},
        {"Destination": {"ToAddresses": "a"}},
        {"Destination": {"ToAddresses": {"a": 1}}},
    ],
)
def test_nothing_is_found_where_the_shape_is_another(parameters: Any) -> None:
    assert list(values_at(parameters, path("Destination.ToAddresses[]"))) == []


def test_other_mappings_and_tuples_are_walked_through() -> None:
    parameters = MappingProxyType({"Destination": MappingProxyType({"ToAddresses": ("a",)})})
    assert list(values_at(parameters, path("Destination.ToAddresses[]"))) == [
        (("Destination", "ToAddresses", 0), "a")
    ]


def test_what_stands_at_the_end_is_found_whatever_it_is() -> None:
    values: list[Any] = [None, 5, [], {}]
    for value in values:
        assert list(values_at({"Source": value}, path("Source"))) == [(("Source",), value)]


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.name)
def test_every_path_of_the_table_is_followed(operation: Any) -> None:
    for steps in operation.recipients:
        parameters: Any = "ada@example.com"
        for step in reversed(steps):
            parameters = [parameters] if step == "[]" else {step: parameters}
        [(place, value)] = values_at(parameters, steps)
        assert value == "ada@example.com"
        assert place == tuple(0 if step == "[]" else step for step in steps)
