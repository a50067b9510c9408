"""Whatever has the shape of an answer is diagnosed; nothing in it makes the diagnosis fail."""

from __future__ import annotations

import smtplib
from collections.abc import Mapping
from http import HTTPStatus
from types import MappingProxyType
from typing import Any

import pytest
from botocore.exceptions import ClientError
from hypothesis import given
from hypothesis import strategies as st

from botoses_guard import errors
from botoses_guard.diagnosis import diagnose
from botoses_guard.diagnosis.reading import read
from botoses_guard.operations import OPERATIONS


class Unprintable:
    """Raises where it is asked for its text."""

    def __str__(self) -> str:
        raise RuntimeError("no text")

    def __repr__(self) -> str:
        return "Unprintable()"


HUGE = 10**5000
"""More digits than Python writes."""

scalars: st.SearchStrategy[Any] = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=30)
    | st.text("\ud800\udfff", max_size=3)
    | st.binary(max_size=30)
    | st.sampled_from([Unprintable(), object(), HTTPStatus.FORBIDDEN, b"\xff", 1j])
)
NAMES = (
    "Error Code Message ResponseMetadata HTTPStatusCode Status BulkEmailEntryResults RequestId "
    "ConfigurationSetName TemplateName FromEmailAddress MessageId Type"
).split()
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(NAMES) | scalars, inner, max_size=4)
    ),
    max_leaves=10,
)


answers = st.dictionaries(st.sampled_from(NAMES), values, max_size=6)
WORDS = (
    "Email address is not verified. The following identities failed the check in region X: ",
    "Configuration set ",
    "Message length is more than ",
    "Signature expired: 00000000T000000Z is now earlier than x (99999999T999999Z - 5 min.)",
    "Local address contains control or whitespace",
)


def has_meaning(said: object) -> bool:
    """Whether there was a diagnosis, and no other trouble than the documented one without."""
    try:
        found = diagnose(said)
    except TypeError as error:
        assert "diagnose() takes" in str(error)
        return False
    assert found.category in errors.BY_CATEGORY
    assert found.retryable is (found.category in errors.RETRYABLE)
    assert found.advice
    for text in (found.code, found.message, found.advice):
        assert type(text) is str
    for name in (found.address, found.region, found.configuration_set, found.template):
        assert name is None or type(name) is str
    assert all(type(name) is str for name in found.identities)
    return True


@given(answer=answers)
def test_any_mapping_is_diagnosed_or_is_a_type_error(answer: dict[str, Any]) -> None:
    told = has_meaning(answer)
    assert has_meaning(MappingProxyType(answer)) is told
    if "Error" in answer and "Status" not in answer:
        assert told


@given(error=values, metadata=values, members=answers)
def test_an_error_and_what_stands_beside_it_may_be_anything(
    error: Any, metadata: Any, members: dict[str, Any]
) -> None:
    assert has_meaning({**members, "Error": {"Code": error, "Message": metadata}})
    assert has_meaning({"Error": error, "ResponseMetadata": metadata})
    for status in (error, 400, 503, HTTPStatus.BAD_GATEWAY):
        answer = {"Error": {"Code": error, "Message": error}}
        assert has_meaning({**answer, "ResponseMetadata": {"HTTPStatusCode": status}})


@given(words=st.sampled_from(WORDS), rest=st.text(max_size=40), members=answers)
def test_what_a_text_names_may_be_anything(words: str, rest: str, members: dict[str, Any]) -> None:
    for code in ("MessageRejected", "InvalidParameterValue", "ConfigurationSetDoesNotExist"):
        assert has_meaning({**members, "Error": {"Code": code, "Message": words + rest}})
        assert has_meaning(f"554 {words}{rest}")


@given(response=values)
def test_a_client_error_whose_response_was_changed_is_diagnosed(response: Any) -> None:
    for error in (ClientError({}, "SendEmail"), errors.UnclassifiedError({}, "SendEmail")):
        error.response = response
        assert has_meaning(error)


def test_a_client_error_that_was_never_initialised_is_diagnosed() -> None:
    assert has_meaning(ClientError.__new__(ClientError))


@given(recipients=st.dictionaries(scalars, values, max_size=2), sender=values)
def test_what_smtplib_carries_may_be_anything(recipients: dict[Any, Any], sender: Any) -> None:
    assert has_meaning(smtplib.SMTPRecipientsRefused(recipients))
    for error in (
        smtplib.SMTPSenderRefused(554, b"Transaction failed: Missing domain", sender),
        smtplib.SMTPDataError(sender, sender),
        smtplib.SMTPSenderRefused(sender, sender, sender),
    ):
        assert has_meaning(error)


@given(line=st.text(max_size=60) | st.binary(max_size=60))
def test_any_line_is_diagnosed(line: str | bytes) -> None:
    assert has_meaning(line)


@given(parameters=values, row=st.sampled_from(OPERATIONS))
def test_the_request_may_be_anything(parameters: Any, row: Any) -> None:
    said = {"Error": {"Code": "BadRequestException", "Message": "Missing domain"}}
    assert diagnose(said, parameters=parameters, operation=row).category == "malformed_address"


@pytest.mark.parametrize("size", [10**4, 10**6])
@pytest.mark.parametrize(
    "filler",
    ["(", ") when calling the x operation: ", "An error occurred (", "A", "Aa", "aA", "\n554 "],
)
def test_a_long_text_takes_no_longer_than_its_length(filler: str, size: int) -> None:
    """It ends at all: each of these was chosen to make a pattern go back and forth."""
    text = (filler * size)[:size]
    assert has_meaning(text)
    assert has_meaning("An error occurred (" + text)
    assert has_meaning({"Error": {"Code": text, "Message": text}})
    assert has_meaning(
        {"Error": {"Code": text, "Message": text}, "ResponseMetadata": {"HTTPStatusCode": 400}}
    )


@pytest.mark.parametrize("odd", [HUGE, -HUGE], ids=["huge", "negative"])
def test_a_number_of_too_many_digits_is_no_text(odd: int) -> None:
    for error in (odd, {"Code": odd, "Message": odd}):
        assert has_meaning({"Error": error, "ResponseMetadata": {"HTTPStatusCode": odd}})
    assert has_meaning({"Status": odd, "Error": odd})
    assert has_meaning(smtplib.SMTPDataError(odd, b"x"))


def test_reading_raises_what_it_says() -> None:
    odd: list[Any] = [None, 7, [], {}, {"Status": "Success"}, Unprintable(), HUGE]
    for said in odd:
        with pytest.raises(TypeError, match="takes a botocore ClientError"):
            read(said)


def test_a_mapping_of_a_class_of_its_own_is_read() -> None:
    class Answer(Mapping[str, Any]):
        def __getitem__(self, name: str) -> Any:
            return {"Error": {"Code": "Throttling", "Message": "Rate exceeded"}}[name]

        def __iter__(self) -> Any:
            return iter(["Error"])

        def __len__(self) -> int:
            return 1

    assert diagnose(Answer()).category == "systemic_throttle"
