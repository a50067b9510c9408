"""What an error prints: SES's message, a line for each fault, and the advice."""

from __future__ import annotations

import copy
import pickle
import sys
import traceback
from dataclasses import replace

import pytest
from botocore.exceptions import ClientError

from botoses_guard import errors
from botoses_guard.errors import SESError, Violation
from tests.errors.samples import EVERY_KIND, TRANSPORT_ERRORS, answer, fields, refused, unknown

VIOLATION = Violation(
    path="Destination.ToAddresses[3]",
    value="'orders@'",
    rule="the domain is missing",
    reference="RFC 5322 section 3.4.1",
    category="malformed_address",
    message="Missing domain",
)
LOOK_ALIKE = replace(
    VIOLATION,
    value=r"'bob\uff20example.com'",
    rule="the local part holds a look-alike",
    category="non_ascii_address",
    suggestion="bob@example.com",
)
ADVICE = "Correct the address."


def malformed(*violations: Violation, advice: str = ADVICE, language: str = "en") -> SESError:
    found = replace(
        fields("malformed_address", "InvalidParameterValue", "Missing domain")["diagnosis"],
        advice=advice,
        language=language,
    )
    return errors.MalformedAddress(
        answer("InvalidParameterValue", "Missing domain"),
        "SendEmail",
        diagnosis=found,
        origin="client",
        violations=violations,
        recipients=("secret.person@",),
    )


@pytest.mark.parametrize("error", EVERY_KIND, ids=lambda error: type(error).__name__)
def test_the_first_line_is_botocores_own_and_the_last_is_the_advice(error: SESError) -> None:
    plain = ClientError(error.response, error.operation_name)
    first, *_, last = str(error).splitlines()
    assert first == str(plain) == error.args[0]
    assert last == error.diagnosis.advice


def test_a_fault_is_told_with_place_value_and_rule_before_the_advice() -> None:
    assert str(malformed(VIOLATION)).splitlines() == [
        "An error occurred (InvalidParameterValue) when calling the SendEmail operation: "
        "Missing domain",
        "Destination.ToAddresses[3] = 'orders@': the domain is missing.",
        "Correct the address.",
    ]


def test_what_was_probably_meant_is_shown() -> None:
    assert str(malformed(LOOK_ALIKE)).splitlines()[1] == (
        r"Destination.ToAddresses[3] = 'bob\uff20example.com': the local part holds a look-alike. "
        "Did you mean 'bob@example.com'?"
    )


def test_a_suggestion_in_words_is_not_taken_for_an_address() -> None:
    fault = replace(LOOK_ALIKE, suggestion="write names in UTF-8")
    line = str(malformed(fault)).splitlines()[1]
    assert line.endswith("holds a look-alike; write names in UTF-8.")


def test_a_suggestion_too_long_to_be_read_is_left_out() -> None:
    fault = replace(LOOK_ALIKE, suggestion="x" * 400 + "@example.com")
    assert "xxx" not in str(malformed(fault))


def test_a_value_that_is_no_address_is_not_shown() -> None:
    """It may be the text of the message; its place is enough to find it."""
    fault = replace(
        VIOLATION, path="Content.Simple.Subject.Data", category="header_invalid", value="'Dear Jo'"
    )
    line = str(malformed(fault)).splitlines()[1]
    assert line == "Content.Simple.Subject.Data: the domain is missing."


@pytest.mark.parametrize(
    ("count", "named", "ending"),
    [(1, 1, ""), (5, 5, ""), (6, 5, "and 1 more"), (50, 5, "and 45 more")],
)
def test_five_faults_have_a_line_each_and_the_others_are_counted(
    count: int, named: int, ending: str
) -> None:
    faults = [replace(VIOLATION, path=f"Destination.ToAddresses[{n}]") for n in range(count)]
    lines = str(malformed(*faults)).splitlines()
    assert sum(line.startswith("Destination.ToAddresses[") for line in lines) == named
    assert len(lines) == 2 + named + bool(ending)
    if ending:
        assert lines[-2] == f"... {ending}: see error.violations."


def test_a_fault_takes_one_line_whatever_it_holds() -> None:
    fault = replace(VIOLATION, path="RawMessage.Data: header 'a\nb'", rule="one\u2028two\rthree")
    assert len(str(malformed(fault)).splitlines()) == 3


def test_without_advice_and_faults_there_is_one_line() -> None:
    assert "\n" not in str(malformed(advice=""))


def test_only_the_text_shows_an_address() -> None:
    """``repr()`` is what stands in a log; the text is for whoever called."""
    error = malformed(VIOLATION)
    assert "secret.person" not in str(error)
    assert "orders@" not in repr(error)
    assert error.recipients == ("secret.person@",)


def test_in_another_language_rules_and_the_words_between_are_translated() -> None:
    rule = "the local part holds U+FF20 FULLWIDTH COMMERCIAL AT, a look-alike of an ASCII character"
    rule += "; SES carries ASCII only there, and no encoding of it names the same mailbox"
    error = malformed(replace(LOOK_ALIKE, rule=rule), advice="請更正。", language="zh-TW")
    _, fault, advice = str(error).splitlines()
    assert "look-alike" not in fault and "Did you mean" not in fault
    for kept in (
        "Destination.ToAddresses[3]",
        r"'bob\uff20example.com'",
        "U+FF20 FULLWIDTH COMMERCIAL AT",
        "'bob@example.com'",
    ):
        assert kept in fault
    assert advice == "請更正。"


def test_a_translated_rule_keeps_the_english_one_beside_it() -> None:
    fault = replace(VIOLATION, rule="an address needs an '@'")
    error = malformed(fault, language="zh-TW")
    [kept] = error.violations
    assert kept.rule != fault.rule
    assert kept.rule_in("en") == fault.rule
    assert kept.rule_in("zh-TW") == kept.rule
    assert replace(kept, rule=fault.rule) == fault
    assert malformed(fault).violations == (fault,)
    assert pickle.loads(pickle.dumps(error)).violations[0].rule_in("en") == fault.rule


def test_a_rule_without_a_translation_stays_english() -> None:
    assert malformed(VIOLATION, language="zh-TW").violations == (VIOLATION,)


def test_the_representation_is_the_class_and_the_first_line() -> None:
    error = refused(errors.UnverifiedIdentity, "MessageRejected")
    assert repr(error) == f"UnverifiedIdentity({error.args[0]!r})"


def test_retries_that_botocore_made_stand_in_its_text() -> None:
    response = answer("Throttling", "Maximum sending rate exceeded.")
    response["ResponseMetadata"].update(RetryAttempts=4, MaxAttemptsReached=True)
    assert "(reached max retries: 4)" in str(errors.SendRateExceeded(response, "SendEmail"))


def test_a_chain_of_causes_keeps_both() -> None:
    cause = TRANSPORT_ERRORS[0]
    with pytest.raises(errors.OutcomeUnknown) as caught:
        raise unknown(cause) from cause
    assert caught.value.__cause__ is cause
    shown = "".join(traceback.format_exception(caught.value))
    assert "botoses_guard.errors.OutcomeUnknown: An error occurred" in shown
    assert "The above exception was the direct cause" in shown


if sys.version_info >= (3, 11):

    def test_a_note_is_printed_after_the_text_and_survives_a_copy() -> None:
        error = refused(errors.UnverifiedIdentity, "MessageRejected")
        error.add_note("while sending the newsletter")
        for kept in (error, copy.copy(error), pickle.loads(pickle.dumps(error))):
            assert kept.__notes__ == ["while sending the newsletter"]
            shown = traceback.format_exception(kept)
            assert shown[-1].rstrip().endswith("while sending the newsletter")

    def test_a_group_of_exceptions_is_split_by_our_groups() -> None:
        group = ExceptionGroup(
            "two sends",
            [
                refused(errors.SendRateExceeded, "Throttling"),
                refused(errors.UnverifiedIdentity, "MessageRejected"),
            ],
        )
        matched, rest = group.split(errors.Throttled)
        assert matched is not None and rest is not None
        assert [type(error) for error in matched.exceptions] == [errors.SendRateExceeded]
        assert isinstance(rest.exceptions[0], errors.UnverifiedIdentity)
