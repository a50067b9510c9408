"""What an error prints: SES's message first, then one line."""

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
    value="'secret.person@'",
    rule="the domain is missing",
    reference="RFC 5322 section 3.4.1",
    category="malformed_address",
    message="Missing domain",
)
ADVICE = "Correct the address."


def malformed(*violations: Violation, advice: str = ADVICE) -> SESError:
    found = replace(
        fields("malformed_address", "InvalidParameterValue", "Missing domain")["diagnosis"],
        advice=advice,
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
def test_the_first_line_is_botocores_own(error: SESError) -> None:
    plain = ClientError(error.response, error.operation_name)
    first, _, second = str(error).partition("\n")
    assert first == str(plain) == error.args[0]
    assert error.diagnosis.advice in second
    assert "\n" not in second


def test_the_second_line_says_where_what_and_the_next_step() -> None:
    assert str(malformed(VIOLATION)).splitlines() == [
        "An error occurred (InvalidParameterValue) when calling the SendEmail operation: "
        "Missing domain",
        "Destination.ToAddresses[3]: the domain is missing. Correct the address.",
    ]


@pytest.mark.parametrize(
    ("count", "named", "ending"),
    [(1, 1, ""), (3, 3, ""), (4, 3, "and 1 more"), (9, 3, "and 6 more")],
)
def test_three_faults_are_named_and_the_others_counted(count: int, named: int, ending: str) -> None:
    faults = [replace(VIOLATION, path=f"Destination.ToAddresses[{n}]") for n in range(count)]
    line = str(malformed(*faults)).splitlines()[1]
    assert line.count("Destination.ToAddresses") == named
    assert ending in line
    assert ("more" in line) is bool(ending)


def test_without_advice_and_faults_there_is_one_line() -> None:
    assert "\n" not in str(malformed(advice=""))


def test_an_address_is_shown_only_where_the_text_of_ses_shows_it() -> None:
    error = malformed(VIOLATION)
    assert "secret.person" not in str(error)
    assert "secret.person" not in repr(error)
    assert error.recipients == ("secret.person@",)


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
