"""Which senders share a budget."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from botoses_guard.pacing import account_of


@pytest.mark.parametrize(
    ("access_key_id", "account"),
    [("ASIAQNZGKIQY56JQ7WML", "029608264753"), ("ASIAY34FZKBOKMUTVV7A", "609629065308")],
)
def test_an_access_key_id_holds_its_account(access_key_id: str, account: str) -> None:
    """The public examples of what ``sts:GetAccessKeyInfo`` answers."""
    assert account_of(access_key_id) == account


@pytest.mark.parametrize(
    "access_key_id",
    [
        "AKIAIOSFODNN7EXAMPLE",
        "AKIAJ7777777777777ZZ",
        "ASIAQNZGKIQY56JQ7WM",
        "ASIAQNZGKIQY56JQ7WML7",
        "ASIAQNZGKIQY56JQ7WM1",
        "ASIAqnzgkiqy56jq7wml",
        "ASIAQNZGKIQY56JQ7WMé",
        "testing",
        "unsigned",
        "",
        "é",
    ],
)
def test_any_other_id_is_hashed(access_key_id: str) -> None:
    """Keys from before 2019, emulators' keys and junk hold no account."""
    assert account_of(access_key_id).startswith("key-")
    assert not access_key_id or access_key_id not in account_of(access_key_id)


@given(st.text(min_size=8, max_size=24))
def test_the_key_never_appears(access_key_id: str) -> None:
    """It belongs neither in a shared store nor in a log."""
    assert access_key_id not in account_of(access_key_id)


@given(st.text(max_size=24))
def test_one_key_has_one_name(access_key_id: str) -> None:
    assert account_of(access_key_id) == account_of(access_key_id)


def test_two_keys_that_hold_none_have_two_names() -> None:
    assert account_of("AKIAIOSFODNN7EXAMPLE") != account_of("AKIAI44QH8DHBEXAMPLE")
