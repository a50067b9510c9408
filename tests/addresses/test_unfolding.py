"""Folded text on one line, and the folded names that programs make."""

from __future__ import annotations

import importlib
from email.header import Header, decode_header, make_header

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from botoses_guard.addresses import (
    Refused,
    is_wire_ready,
    normalize,
    normalize_list,
    read_list,
    unfold,
)
from tests.addresses.strategies import hostile, names

LONG_NAMES = (
    ("us-ascii", "The Worshipful Company of Makers of Very Long Names and of Other Titles, Ltd."),
    ("utf-8", "Société générale des œuvres complètes, des mémoires et des éditions (SA)"),
    ("utf-8", "山田太郎さんの長い名前、もっと長い名前、いちばん長い名前"),
    ("iso-8859-1", "Générale des Éditions complètes de la Société des Métiers, Orléans"),
    ("iso-2022-jp", "株式会社山田太郎商店、東京都千代田区永田町支店、第一営業所"),
    ("koi8-r", "Общество с ограниченной ответственностью (Рога и копыта), Черноморск"),
    ("big5", "臺灣電子郵件傳送股份有限公司, 臺北市分公司, 業務部, 業務一課"),
    ("gb2312", "北京电子邮件发送有限公司, 上海分公司, 销售部, 第一营业所"),
    ("euc-kr", "주식회사 전자우편 발송 센터, 서울특별시 지점, 영업부, 제일과"),
)
"""Charset and name; each is so long that it is folded, and fits into 320 characters."""


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", ""),
        ("a b", "a b"),
        ("a\r\n b", "a b"),
        ("a\n b", "a b"),
        ("a\n\tb", "a b"),
        ("a \r\n  \t b", "a  b"),
        ("a\r\n \r\n b", "a b"),
        ("a\n", "a"),
        ("a\r\n", "a"),
        ("a\r", "a"),
        ("a\n ", "a"),
        ("a\r\n b\r\n", "a b"),
        ("\r\n a", " a"),
        ("\n", ""),
    ],
)
def test_a_fold_becomes_one_blank_and_a_last_line_break_goes(text: str, line: str) -> None:
    """RFC 5322 §2.2.3: a CRLF "immediately followed by WSP" is folding."""
    assert unfold(text) == line


@pytest.mark.parametrize(
    "text",
    ["a\nb", "a\r\nb", "a\rb", "a\r b", "a\r\r\n b", "a\n\r b", "a\n\n", "a\r\r", "\na", "a\n\n b"],
)
def test_any_other_line_break_is_no_fold(text: str) -> None:
    assert unfold(text) is None


def test_text_on_one_line_is_the_same_object() -> None:
    text = "a\u2028b\x0bc"

    assert unfold(text) is text


@given(hostile | st.text(st.sampled_from("a \t\r\n")))
def test_what_comes_out_has_no_line_break(text: str) -> None:
    """RFC 5322 §2.2: "A field body MUST NOT include CR and LF except when used in folding"."""
    line = unfold(text)

    assert line is None or not set(line) & {"\r", "\n"}
    assert line is None or unfold(line) is line


@pytest.mark.parametrize(("charset", "name"), LONG_NAMES)
@pytest.mark.parametrize("line_length", [50, 76])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_a_name_that_header_folds_is_read_as_meant(
    charset: str, name: str, line_length: int, line_end: str
) -> None:
    header = Header(name, charset, maxlinelen=line_length, header_name="Reply-To")
    folded = header.encode(linesep=line_end)
    if charset == "us-ascii":
        folded = f'"{folded}"'  # it has a comma
    text = f"{folded} <a@b.example>"
    assert "\n" in folded

    wire = normalize(text)

    read = wire.removesuffix(" <a@b.example>").strip('"')
    assert str(make_header(decode_header(read))) == name
    assert normalize(wire) is wire
    with pytest.raises(Refused) as caught:
        normalize(text, reject=True)
    assert caught.value.violation.suggestion == wire


@pytest.mark.filterwarnings("ignore:The internal API sanitize_address")
@pytest.mark.parametrize(("charset", "name"), LONG_NAMES)
def test_what_django_makes_of_a_long_name_is_read_as_meant(charset: str, name: str) -> None:
    django = importlib.import_module("django.core.mail.message")
    if not hasattr(django, "sanitize_address"):
        pytest.skip("this Django leaves names to the standard library")
    text = django.sanitize_address((name, "a@b.example"), charset)

    wire = normalize(text)

    read = wire.removesuffix(" <a@b.example>").strip('"')
    assert str(make_header(decode_header(read))) == name


@given(names, st.integers(30, 76))
def test_any_name_that_header_folds_is_read_as_meant(name: str, line_length: int) -> None:
    """RFC 2047 §6.2: white space between encoded-words is not part of the name."""
    assume(name)
    folded = Header(name, "utf-8", maxlinelen=line_length).encode()
    assume(len(folded) < 300)

    wire = normalize(f"{folded} <a@b.example>\n")

    read = wire.removesuffix(" <a@b.example>")
    assert str(make_header(decode_header(read))) == name


def test_a_whole_header_field_is_one_list() -> None:
    mailboxes = '"Doe, Jane" <j@b.example>, John <j@c.example>, "A, B (C)" <abc@d.example>'
    folded = Header(mailboxes, "us-ascii", maxlinelen=30, header_name="To").encode()
    assert folded.count("\n") >= 2

    assert normalize_list(folded) == mailboxes
    assert len(read_list(mailboxes).mailboxes) == 3
    with pytest.raises(Refused):
        normalize_list(folded, reject=True)


def test_a_fold_is_never_at_the_end_of_a_glance() -> None:
    for text in ("a@b.example\n", "A <a@b.example>\n", "A\n <a@b.example>", '"A\n B" <a@b.c>'):
        assert not is_wire_ready(text)
