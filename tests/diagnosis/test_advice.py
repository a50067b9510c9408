"""The advice: complete in every language, and without holes."""

from __future__ import annotations

import json
import re
from importlib import resources
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from botoses_guard.diagnosis import (
    describe,
    diagnose,
    languages,
    of_violations,
    with_facts,
)
from botoses_guard.diagnosis.advice import PAGES, advise, duration
from botoses_guard.errors import BY_CATEGORY, UnclassifiedError, Violation
from botoses_guard.errors.wording import LANGUAGES, placeholders, texts_in
from botoses_guard.operations import OPERATIONS, SES, SESV2, Operation

KEYS = sorted(texts_in("en"))
ADVICE_KEYS = [key for key in KEYS if not key.startswith(("list.", "duration.", "fault"))]
FACTS: dict[str, Any] = {
    "identities": ("orders@shop.example", "b@x.io"),
    "senders": ("orders@shop.example",),
    "recipients": ("b@x.io",),
    "parameters": ("Destination.ToAddresses[1]",),
    "region": "eu-west-1",
    "configuration_set": "orders",
    "template": "welcome",
    "address": "jo se@x.io",
    "header": "Cc",
    "action": "ses:SendEmail",
    "clock_skew": -900.0,
    "retry_after": 90.0,
    "rate": 14.0,
    "quota": 50000.0,
    "http_status": 403,
    "provider": "shared-credentials-file",
    "missing": "aws_secret_access_key",
    "endpoint": "email.eu-west-1.amazonaws.com",
    "profile": "mailing",
    "service": "sesv3",
    "store": "redis://budget",
    "reason": "connection refused",
    "suggestion": "b@x.io",
    "larger": "40 MB",
}
SIMPLIFIED = set("这码发还为网态区验证请户间邮让务导录标续传输应关闭时没后")
"""Characters that only Simplified Chinese writes so."""

every_language = pytest.mark.parametrize("language", LANGUAGES)


def wordings(key: str, language: str) -> list[str]:
    return [wording for wording, _ in texts_in(language)[key]]


def test_there_are_english_and_traditional_chinese() -> None:
    assert languages() == ("en", "zh-TW")


@every_language
def test_every_category_has_advice_and_a_page(language: str) -> None:
    for category in BY_CATEGORY:
        assert advise(category, language, {})
        assert PAGES[category].startswith("https://docs.aws.amazon.com/ses/latest/dg/")


@every_language
def test_a_language_has_the_keys_and_placeholders_of_english(language: str) -> None:
    assert sorted(texts_in(language)) == KEYS
    for key in KEYS:
        assert [placeholders(text) for text in wordings(key, language)] == [
            placeholders(text) for text in wordings(key, "en")
        ], key


@every_language
def test_a_file_of_texts_has_no_key_twice(language: str) -> None:
    def pairs(found: list[tuple[str, Any]]) -> dict[str, Any]:
        names = [name for name, _ in found]
        assert len(names) == len(set(names))
        return dict(found)

    file = resources.files("botoses_guard").joinpath("advice", f"{language}.json")
    json.loads(file.read_text("utf-8"), object_pairs_hook=pairs)


@every_language
@pytest.mark.parametrize("key", ADVICE_KEYS)
def test_advice_is_one_or_two_sentences(key: str, language: str) -> None:
    for text in wordings(key, language):
        ends = re.findall(r"。" if language == "zh-TW" else r"\.(?= [A-Z]|$)", text)
        assert 1 <= len(ends) <= 2
        assert text.endswith(("。", "."))


@pytest.mark.parametrize("key", ADVICE_KEYS)
def test_the_chinese_is_chinese_with_its_own_marks(key: str) -> None:
    for text in wordings(key, "zh-TW"):
        assert not re.search(r"[一-鿿] *[,.;:?!]|[,;:?!] *[一-鿿]", text), text
        assert not SIMPLIFIED & set(text), text


@pytest.mark.parametrize(
    ("key", "term"),
    [
        ("unverified_identity", "身分"),
        ("unverified_identity.recipient", "沙盒"),
        ("unverified_identity.recipient", "收件人"),
        ("config_set_missing", "組態集"),
        ("config_set_paused", "組態集"),
        ("daily_quota", "傳送配額"),
        ("systemic_throttle", "調節"),
        ("template_missing", "範本"),
        ("expired_credentials", "登入資料"),
        ("mail_from_not_verified", "網域"),
    ],
)
def test_the_chinese_uses_the_terms_of_awss_pages(key: str, term: str) -> None:
    assert any(term in text for text in wordings(key, "zh-TW"))


def is_whole(text: str) -> bool:
    return not re.search(r"None|[{}]|  |\( *\)|（ *）| [,.;:]|(?<![\w.)\]])\.|，，|：。", text)


@given(
    key=st.sampled_from(ADVICE_KEYS),
    language=st.sampled_from(LANGUAGES),
    known=st.sets(st.sampled_from(sorted(FACTS))),
    empty=st.sampled_from([None, "", ()]),
)
def test_whatever_is_missing_leaves_no_hole(
    key: str, language: str, known: set[str], empty: Any
) -> None:
    facts = {name: value if name in known else empty for name, value in FACTS.items()}
    text = advise(key, language, facts)
    assert text
    assert is_whole(text), text


@every_language
@pytest.mark.parametrize("key", ADVICE_KEYS)
def test_every_wording_is_reached_with_exactly_its_facts(key: str, language: str) -> None:
    for text, needed in texts_in(language)[key]:
        facts = {name: FACTS[name] for name in needed}
        found = advise(key, language, facts)
        fixed = re.split(r"\{\w+\}", text)
        assert all(part in found for part in fixed)


def test_a_variant_without_a_text_falls_back_on_its_category() -> None:
    assert advise("suppressed.client", "en", {}) == advise("suppressed", "en", {})


def test_many_identities_are_counted_and_not_all_named() -> None:
    names = tuple(f"user{number}@x.io" for number in range(9))
    advice = advise("unverified_identity", "en", {"identities": names, "region": "eu-west-1"})
    assert "user0@x.io, user1@x.io, user2@x.io and 6 more" in advice
    assert "user3@x.io" not in advice


def test_a_list_that_ses_cut_says_so() -> None:
    facts = {"identities": ("a@x.io",), "identities_truncated": True}
    assert "a@x.io and others that SES does not list" in advise("unverified_identity", "en", facts)
    assert "a@x.io 以及" in advise("unverified_identity", "zh-TW", facts)


@pytest.mark.parametrize(
    ("seconds", "english", "chinese"),
    [
        (0.0, "0.1 seconds", "0.1 秒"),
        (0.5, "0.5 seconds", "0.5 秒"),
        (1.0, "1 second", "1 秒"),
        (1.04, "1 second", "1 秒"),
        (59.0, "59 seconds", "59 秒"),
        (60.0, "1 minute", "1 分鐘"),
        (90.0, "1.5 minutes", "1.5 分鐘"),
        (3600.0, "1 hour", "1 小時"),
        (86400.0, "24 hours", "24 小時"),
        (-900.0, "15 minutes", "15 分鐘"),
    ],
)
def test_a_duration_is_written_as_one_says_it(seconds: float, english: str, chinese: str) -> None:
    assert duration(seconds, "en") == english
    assert duration(seconds, "zh-TW") == chinese


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        (
            {"origin": "client", "retry_after": 75.0, "rate": 14.0},
            "at 14 recipients a second its turn comes in 1.2 minutes",
        ),
        ({"origin": "client", "retry_after": 75.0, "rate": None}, "its turn comes in 1.2 minutes"),
        ({"origin": "client"}, "Send more slowly"),
        ({"unheard": "of"}, "Send more slowly"),
    ],
)
def test_what_the_guard_refuses_is_described_with_its_own_facts(
    facts: dict[str, Any], words: str
) -> None:
    found = describe("send_rate", code="Throttling", message="x", **facts)
    assert (found.category, found.code, found.message) == ("send_rate", "Throttling", "x")
    assert found.retryable
    assert words in found.advice


def test_a_used_up_quota_says_how_long() -> None:
    found = describe("daily_quota", code="X", message="y", retry_after=7200.0, origin="client")
    assert "about 2 hours" in found.advice
    assert not found.retryable
    chinese = describe("daily_quota", code="X", message="y", language="zh-TW", retry_after=7200.0)
    assert "大約 2 小時後" in chinese.advice


@every_language
def test_an_unknown_outcome_is_a_category_that_is_not_retried(language: str) -> None:
    found = describe("outcome_unknown", code="X", message="y", language=language)
    assert (found.category, found.retryable) == ("outcome_unknown", False)
    assert "resend_on_timeout" in found.advice


def test_a_skewed_clock_is_told_with_its_skew() -> None:
    said = "Signature expired: 20260301T120000Z is now earlier than 20260301T121000Z "
    said += "(20260301T121500Z - 5 min.)"
    found = diagnose({"Error": {"Code": "SignatureDoesNotMatch", "Message": said}})
    assert "15 minutes off" in found.advice


def test_a_recipient_in_the_sandbox_has_the_page_about_production_access() -> None:
    assert PAGES["unverified_identity.recipient"].endswith("/request-production-access.html")


LONG = {
    "malformed_address": "nothing stands behind the '@'",
    "too_many_recipients": "a message has at most 50 recipients in To, Cc and Bcc together; "
    "this one has 51",
    "no_recipients": "a message has at least one recipient in To, Cc or Bcc",
}


def violation(category: Any, **fields: Any) -> Violation:
    return Violation(
        **{
            "path": "Destination.ToAddresses[0]",
            "value": "'x'",
            "rule": LONG.get(category, "it breaks a rule"),
            "reference": "RFC 5322 §3.4",
            "category": category,
            "message": "SES's text",
            **fields,
        }
    )


@every_language
@pytest.mark.parametrize(
    "category",
    [
        "malformed_address",
        "non_ascii_address",
        "header_invalid",
        "template_render",
        "no_recipients",
        "too_many_recipients",
        "too_large",
    ],
)
def test_what_the_guard_refused_is_advised_on_without_repeating_the_rule(
    category: Any, language: str
) -> None:
    fault = violation(category)
    found = of_violations([fault], code="BadRequestException", language=language)
    assert (found.category, found.code) == (category, "BadRequestException")
    assert (found.message, found.retryable) == ("SES's text", False)
    assert found.parameters == (fault.path,)
    assert found.advice != advise(category, language, {})
    assert fault.path not in found.advice
    assert "at most 50" not in found.advice and "one address" not in found.advice


@pytest.mark.parametrize(
    ("faults", "words", "without"),
    [
        ([violation("non_ascii_address", suggestion="b@x.io")], "Replace", "another"),
        ([violation("non_ascii_address")], "another", "Replace"),
        (
            [violation("non_ascii_address", suggestion="b@x.io"), violation("non_ascii_address")],
            "another",
            "Replace",
        ),
        ([violation("non_ascii_address", message="Domain contains x")], "Punycode", "another"),
        ([violation("malformed_address"), violation("too_large")], "each fault", "the address"),
    ],
)
def test_the_next_step_fits_the_faults(faults: list[Violation], words: str, without: str) -> None:
    advice = of_violations(faults, code="x").advice
    assert words in advice
    assert without not in advice


def test_all_places_are_named_once() -> None:
    faults = [violation("malformed_address", path=path) for path in ("a", "b", "a")]
    assert of_violations(faults, code="x").parameters == ("a", "b")


def operation(service: Any) -> Operation:
    return next(row for row in OPERATIONS if row.service is service)


@every_language
def test_the_larger_api_is_advised_only_to_who_uses_the_smaller(language: str) -> None:
    fault = violation("too_large")
    for service, larger in ((SES, True), (SESV2, False)):
        row = operation(service)
        said = f"Message length is more than {service.message_bytes} bytes long: '1'."
        answer = {"Error": {"Code": service.invalid_parameter.code, "Message": said}}
        for found in (
            of_violations([fault], code="x", language=language, operation=row),
            diagnose(answer, language=language),
            diagnose(answer, language=language, parameters={}, operation=row),
        ):
            assert ("40 MB" in found.advice) is larger
            assert ("sesv2" in found.advice) is larger


def test_the_operation_tells_the_api_better_than_the_text_does() -> None:
    """An account may have a quota of its own for the size of messages."""
    for text in ("Message is too long.", f"Message length is more than {SES.message_bytes} bytes"):
        for service, larger in ((SES, True), (SESV2, False)):
            answer = {"Error": {"Code": "InvalidParameterValue", "Message": text}}
            found = diagnose(answer, parameters={}, operation=operation(service))
            assert ("sesv2" in found.advice) is larger


def test_a_size_without_a_number_advises_no_api() -> None:
    assert "v2" not in diagnose("552 Message is too long.").advice


@every_language
def test_the_guards_own_pause_is_not_told_as_the_accounts(language: str) -> None:
    """It asks again after five minutes; the account's quota may free up at any time."""
    found = describe("daily_quota", code="x", message="y", language=language, retry_after=300.0)
    assert "nothing more" not in found.advice
    assert ("Try again in about 5 minutes" in found.advice) is (language == "en")


@every_language
def test_a_store_that_is_unreachable_is_named_with_the_reason(language: str) -> None:
    facts: dict[str, Any] = {"store": "sqlite:////no/such/x", "reason": "no such directory"}
    found = describe(
        "store_unavailable", code="x", message="y", language=language, origin="client", **facts
    )
    assert (found.store, found.reason) == (facts["store"], facts["reason"])
    assert facts["store"] in found.advice and facts["reason"] in found.advice
    for missing in facts:
        left = {name: fact for name, fact in facts.items() if name != missing}
        text = describe(
            "store_unavailable", code="x", message="y", language=language, **left
        ).advice
        assert text and is_whole(text)


def test_the_advice_knows_its_language() -> None:
    found = diagnose("554 x", language="zh-TW")
    assert found.language == "zh-TW"
    assert with_facts(found, "en").language == "en"
    error = UnclassifiedError({"Error": {}}, "SendEmail", diagnosis=found)
    assert diagnose(error).language == "en"
