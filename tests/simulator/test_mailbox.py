"""Addresses in the words of JavaMail, which SES uses; the texts were seen from it or from SES."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from botoses_guard.simulator.mailbox import LONGEST, WrongAddress, addr_spec_of, mailboxes_of

ACCEPTED = {
    "ada@example.com": "ada@example.com",
    "Ada <ada@example.com>": "ada@example.com",
    "Ада <ada@example.com>": "ada@example.com",
    '"Lovelace, Ada" <ada@example.com>': "ada@example.com",
    "ada@example.com (Ada)": "ada@example.com",
    '"(" <ada@example.com>': "ada@example.com",
    "<@a.example,@b.example:ada@example.com>": "ada@example.com",
    '"a@b"@example.com': '"a@b"@example.com',
    '"a\\"b"@example.com': '"a\\"b"@example.com',
    "Ada <a\\@b@example.com>": "a\\@b@example.com",
    "ada@localhost": "ada@localhost",
    "ada@[192.0.2.1]": "ada@[192.0.2.1]",
    "a..b.@example.com": "a..b.@example.com",
    "ada@-example-.com": "ada@-example-.com",
    "ada@xn--bcher-kva.example": "ada@xn--bcher-kva.example",
    "=?utf-8?q?Ada?=@example.com": "=?utf-8?q?Ada?=@example.com",
    "< ada@example.com >": "ada@example.com",
    "Ada <ada@example.com> Lovelace": "ada@example.com",
    "ada@example.com,": "ada@example.com",
    ";ada@example.com": "ada@example.com",
    f"{'a' * (LONGEST - 12)}@example.com": f"{'a' * (LONGEST - 12)}@example.com",
}

REFUSED = {
    "": "Invalid email address .",
    "  ": "Invalid email address .",
    "ada": "Missing final '@domain'",
    "Ada <ada>": "Missing final '@domain'",
    '"Ada"': "Missing final '@domain'",
    "@example.com": "Missing local name",
    "ada@": "Missing domain",
    "ada@.example.com": "Domain starts with dot",
    "ada@example.com.": "Domain ends with dot",
    "ada@example..com": "Domain contains dot-dot",
    "ada@exa mple.com": "Domain contains control or whitespace",
    "ada@bücher.example": "Domain contains control or whitespace",
    "ada@example.com%!": "Domain contains illegal character",
    "ada@example@com": "Domain contains illegal character",
    "ada@example[1]": "Domain literal not at start of domain",
    "ada@[192.0.2.1].com": "Domain literal end not at end of domain",
    "ada@[192.0.2.1": "Missing ']'",
    "Ada ada@example.com": "Local address contains control or whitespace",
    "jörg@example.com": "Local address contains control or whitespace",
    '"jörg"@example.com': "Local address contains control or whitespace",
    "DEBUG: Ada <ada@example.com>": "Local address contains illegal character",
    "Group: ada@example.com;": "Local address contains illegal character",
    "Lovelace, Ada <ada@example.com>": "Illegal address",
    "ada@example.com, bob@example.com": "Illegal address",
    "ada@example.com; bob@example.com": "Illegal semicolon, not in group",
    "a:b:c": "Nested group",
    "<>": "Empty address",
    "<ada@example.com> <bob@example.com>": "Extra route-addr",
    "Ada <ada@example.com": "Missing '>'",
    "Ada ada@example.com>": "Missing '<'",
    "<<ada@example.com>>": "Missing '<'",
    'Ada "Lovelace <ada@example.com>': "Missing '\"'",
    "ada@example.com (Ada": "Missing ')'",
    "ada@example.com Ada)": "Missing '('",
    '"a"b@example.com': "Quote not at end of local address",
    'a"b"@example.com': "Quote not at start of local address",
    '\\"a"@example.com': "Unterminated quote",
    "<@a.example,b.example:ada@example.com>": "Illegal route-addr",
    "<@a.example,>": "Missing final '@domain'",
    '"a\r\n"@example.com': 'Invalid email address "a\r\n"@example.com.',
}

LISTS = {
    "": [],
    "ada@example.com": ["ada@example.com"],
    "Ada <ada@example.com>,\r\n bob@example.com": ["ada@example.com", "bob@example.com"],
    "ada@example.com,, bob@example.com,": ["ada@example.com", "bob@example.com"],
    "Team: Ada <ada@example.com>, bob@example.com;, eve@example.com": [
        "ada@example.com",
        "bob@example.com",
        "eve@example.com",
    ],
    "undisclosed-recipients:;": [],
}


@pytest.mark.parametrize("text", ACCEPTED, ids=ascii)
def test_a_mailbox_is_accepted(text: str) -> None:
    assert addr_spec_of(text) == ACCEPTED[text]


@pytest.mark.parametrize("text", REFUSED, ids=ascii)
def test_a_mailbox_is_refused_in_the_words_of_ses(text: str) -> None:
    with pytest.raises(WrongAddress) as caught:
        addr_spec_of(text)
    assert str(caught.value) == REFUSED[text]


@pytest.mark.parametrize("field", LISTS, ids=ascii)
def test_a_field_is_a_list_of_mailboxes_and_groups(field: str) -> None:
    assert mailboxes_of(field) == LISTS[field]


@pytest.mark.parametrize(
    ("field", "message"),
    [
        ("ada@example.com, bob", "Missing final '@domain'"),
        ("Team: ada@example.com, bob@;", "Missing domain"),
        ("Team: Inner: ada@example.com;;", "Nested group"),
        ("jörg@example.com", "Local address contains control or whitespace"),
    ],
)
def test_one_wrong_mailbox_refuses_the_field(field: str, message: str) -> None:
    with pytest.raises(WrongAddress) as caught:
        mailboxes_of(field)
    assert str(caught.value) == message


def test_the_length_is_that_of_name_and_address() -> None:
    text = f"{'A' * (LONGEST - 17)} <ada@example.com>"
    with pytest.raises(WrongAddress) as caught:
        addr_spec_of(text)
    assert str(caught.value) == f"Address length is more than 320 characters long: '{text}'."
    assert addr_spec_of(text[2:]) == "ada@example.com"


@given(st.text(max_size=40))
def test_an_accepted_address_is_seven_bit_and_has_a_domain(text: str) -> None:
    """Addresses must be 7-bit ASCII (SES API reference, SendEmail, Destination)."""
    try:
        address = addr_spec_of(text)
    except WrongAddress:
        return
    assert address.isascii()
    assert "@" in address


@given(st.text(alphabet='ab@.,;:<>()[]"\\ \t\r\n', max_size=30))
def test_any_text_is_accepted_or_refused_with_a_reason(text: str) -> None:
    """A request with any address is answered: there is no text on which reading it fails."""
    for read in (addr_spec_of, mailboxes_of):
        try:
            read(text)
        except WrongAddress as wrong:
            assert str(wrong)
