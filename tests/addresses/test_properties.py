"""What holds for every mailbox, in the words of the standards."""

from __future__ import annotations

import email
import email.policy
from email.header import decode_header, make_header
from email.utils import parseaddr

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from botoses_guard.addresses import Refused, is_wire_ready, normalize, normalize_list
from botoses_guard.addresses.encoded_word import ENCODED_WORD, encode
from tests.addresses.cases import CHANGED, KEPT, REFUSED
from tests.addresses.strategies import (
    domains,
    dot_atoms,
    hostile,
    mailboxes,
    names,
    quoted_local_parts,
)

table = st.sampled_from(
    [row[0] for row in KEPT] + [row[0] for row in CHANGED] + [row[0] for row in REFUSED]
)


def normalized(text: str) -> str:
    """The wire form; for a refused text that of an address instead, which holds as well."""
    try:
        return normalize(text)
    except Refused:
        return normalize("Jané <jane@bücher.example>")


@given(hostile | table | names.map(lambda name: f'"{name}" <a@bücher.de>'))
@example("a@b.c (\u200b)")
@example('"" <a@b.c>')
def test_normalising_again_changes_nothing(text: str) -> None:
    """normalize(normalize(x)) == normalize(x)."""
    wire = normalized(text)

    assert normalize(wire) is wire


@given(hostile | table)
def test_the_output_is_one_line_of_ascii_that_ses_takes(text: str) -> None:
    """SES API reference: "email addresses must be 7-bit ASCII"; at most 320 characters."""
    wire = normalized(text)

    assert wire.isascii()
    assert wire.isprintable() or wire.replace("\t", " ").isprintable()
    assert len(wire) <= 320


@given(mailboxes)
def test_an_ascii_mailbox_of_the_grammar_comes_back_identical(text: str) -> None:
    """RFC 5322 §3.4: "A mailbox receives mail"; how it is written is its owner's choice."""
    assume(len(text) <= 320)

    assert normalize(text) is text


@given(mailboxes)
def test_a_mailbox_in_the_place_of_a_list_comes_back_identical(text: str) -> None:
    """RFC 5322 §3.4: ``address-list = (address *("," address))``."""
    assume(len(text) <= 320)

    assert normalize_list(text) is text


@given(names)
def test_decoding_the_encoded_name_gives_the_name_typed(name: str) -> None:
    """RFC 2047 §5: each encoded-word "MUST represent an integral number of characters"."""
    assume(name and not name.isascii())
    quoted = name.replace("\\", r"\\").replace('"', r"\"")

    assume(len(encode(name)) < 300)

    wire = normalize(f'"{quoted}" <a@b.example>')

    encoded = wire.removesuffix(" <a@b.example>")
    assert str(make_header(decode_header(encoded))) == name


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=200))
def test_an_encoded_word_is_short_and_whole(text: str) -> None:
    """RFC 2047 §2: "An 'encoded-word' may not be more than 75 characters long"."""
    for word in encode(text).split(" "):
        assert len(word) <= 75
        assert ENCODED_WORD.fullmatch(word)
        ((octets, charset),) = decode_header(word)
        assert isinstance(octets, bytes)
        assert charset == "utf-8"
        octets.decode("utf-8", "strict")


@given(hostile | table, st.sampled_from(["To", "From", "Reply-To"]))
def test_no_reader_sees_two_header_fields_in_one_address(text: str, field_name: str) -> None:
    """RFC 5322 §2.2: "A field body MUST NOT include CR and LF except when used in folding"."""
    wire = normalized(text)
    message = f"{field_name}: {wire}\r\n\r\n"

    assert len(message.splitlines()) == 2
    assert len(message.encode().splitlines()) == 2
    parsed = email.message_from_string(message, policy=email.policy.compat32)
    assert list(parsed) == [field_name]
    assert parsed.get_payload() == ""


@given(domains)
def test_the_case_of_an_ascii_domain_is_kept(domain: str) -> None:
    """SES developer guide, creating identities: "Email addresses are case sensitive"."""
    assert normalize(f"User@{domain}") == f"User@{domain}"


@given(dot_atoms | quoted_local_parts, st.sampled_from(["bücher.de", "B.例え.JP", "faß.de"]))
def test_the_local_part_is_never_changed(local_part: str, domain: str) -> None:
    """RFC 5321 §2.3.11: it "MUST be interpreted and assigned semantics only by the host"."""
    wire = normalize(f"{local_part}@{domain}")

    assert wire.rpartition("@")[0] == local_part


@given(hostile)
def test_a_refusal_is_the_only_exception(text: str) -> None:
    """Whatever is typed, there is an answer, and in the mode ``reject`` the same or a refusal."""
    try:
        wire = normalize(text)
    except Refused as refused:
        assert refused.violation.value.isascii()
        with pytest.raises(Refused):
            normalize(text, reject=True)
        return
    if wire != text:
        with pytest.raises(Refused):
            normalize(text, reject=True)


@given(mailboxes | hostile | table)
def test_a_glance_agrees_with_a_full_look(text: str) -> None:
    """The blank before the text is what no glance takes."""
    if is_wire_ready(text):
        assert normalize(f" {text}") == text


@given(st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), min_size=1, max_size=30))
@example("[DEV] Shop")
@example("a\\b [c] \\")
@example('"[x]" "y"')
@example("a: b")
def test_a_name_with_specials_is_quoted_or_refused(name: str) -> None:
    """RFC 5322 §3.2.3: specials "do not appear in atoms"."""
    try:
        wire = normalize(f"{name} <a@b.example>")
    except Refused:
        return
    # The name that is read is not what is written; or it is an '@', which stays as SES takes it.
    if set(name) & set('"(@') or "=?" in name:
        return

    read, address = parseaddr(wire)

    assert (read.split(), address) == (name.split(), "a@b.example")


@given(hostile)
def test_a_suggestion_can_be_sent(text: str) -> None:
    """What is suggested is itself in the form for the wire."""
    try:
        normalize(text)
    except Refused as refused:
        suggestion = refused.violation.suggestion
        if suggestion is not None:
            assert normalize(suggestion) is suggestion
