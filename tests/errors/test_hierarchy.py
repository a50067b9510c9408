"""What is caught together, and what each class says of itself."""

from __future__ import annotations

import inspect
from typing import get_args

import pytest
from botocore.exceptions import BotoCoreError, ClientError

from botoses_guard import errors
from botoses_guard.errors import SESError

GROUPS = {
    "unverified_identity": (errors.UnverifiedIdentity, errors.NotRetryable),
    "account_paused": (errors.AccountPaused, errors.NotRetryable),
    "config_set_paused": (errors.ConfigurationSetPaused, errors.NotRetryable),
    "daily_quota": (errors.DailyQuotaExceeded, errors.NotRetryable),
    "send_rate": (errors.SendRateExceeded, errors.Throttled),
    "systemic_throttle": (errors.SystemicThrottle, errors.Throttled),
    "no_recipients": (errors.NoRecipients, errors.InvalidRequest),
    "non_ascii_address": (errors.NonASCIIAddress, errors.InvalidAddress),
    "malformed_address": (errors.MalformedAddress, errors.InvalidAddress),
    "mail_from_not_verified": (errors.MailFromDomainNotVerified, errors.NotRetryable),
    "config_set_missing": (errors.ConfigurationSetMissing, errors.NotRetryable),
    "template_missing": (errors.TemplateMissing, errors.NotRetryable),
    "template_render": (errors.TemplateRenderingFailed, errors.InvalidRequest),
    "too_large": (errors.MessageTooLarge, errors.InvalidRequest),
    "too_many_recipients": (errors.TooManyRecipients, errors.InvalidRequest),
    "suppressed": (errors.RecipientSuppressed, errors.NotRetryable),
    "header_invalid": (errors.InvalidHeader, errors.InvalidRequest),
    "attachment_blocked": (errors.AttachmentBlocked, errors.InvalidRequest),
    "not_authorized": (errors.NotAuthorized, errors.NotRetryable),
    "expired_credentials": (errors.ExpiredCredentials, errors.NotRetryable),
    "service_unavailable": (errors.ServiceUnavailable, SESError),
    "store_unavailable": (errors.StoreUnavailable, SESError),
    "outcome_unknown": (errors.OutcomeUnknown, SESError),
    "other": (errors.UnclassifiedError, errors.NotRetryable),
}
"""The class of each category, and the group right above it."""

RETRYABLE = {"send_rate", "systemic_throttle", "service_unavailable", "store_unavailable"}

CLASSES = [
    public
    for public in (getattr(errors, name) for name in errors.__all__)
    if isinstance(public, type) and issubclass(public, SESError)
]


def test_every_category_of_the_design_has_its_class_and_there_is_no_other() -> None:
    assert {category: ours for category, (ours, _) in GROUPS.items()} == dict(errors.BY_CATEGORY)
    assert set(get_args(errors.Category)) == set(GROUPS)


def test_retryability_is_told_once() -> None:
    assert errors.RETRYABLE == RETRYABLE
    for ours in CLASSES:
        assert ours.retryable is (ours.category in errors.RETRYABLE)


def test_a_users_own_class_has_the_retryability_of_its_category() -> None:
    class Postponed(errors.SESError):
        """A user's own class."""

        category = "send_rate"

    assert Postponed.retryable is True
    assert Postponed({}, "SendEmail").retryable is True


@pytest.mark.parametrize("category", GROUPS)
def test_each_class_stands_below_its_group_and_knows_its_category(category: str) -> None:
    ours, group = GROUPS[category]
    assert group in ours.__bases__
    assert ours.category == category
    assert ours.retryable is (category in RETRYABLE)


@pytest.mark.parametrize("category", sorted(set(GROUPS) - {"outcome_unknown"}))
def test_what_can_be_sent_again_is_never_caught_as_not_retryable(category: str) -> None:
    ours, _ = GROUPS[category]
    assert issubclass(ours, errors.NotRetryable) is (category not in RETRYABLE)


def test_an_unknown_outcome_is_neither_retryable_nor_caught_as_what_was_not_accepted() -> None:
    assert errors.OutcomeUnknown.category == "outcome_unknown"
    assert errors.OutcomeUnknown.retryable is False
    assert not issubclass(errors.OutcomeUnknown, (errors.NotRetryable, errors.ServiceUnavailable))


@pytest.mark.parametrize("ours", CLASSES)
def test_every_class_is_a_client_error_with_a_docstring_and_the_public_module(
    ours: type[SESError],
) -> None:
    assert issubclass(ours, ClientError)
    assert not issubclass(ours, BotoCoreError)
    assert inspect.getdoc(ours) and "__doc__" in vars(ours)
    assert ours.__module__ == "botoses_guard.errors"
    assert getattr(errors, ours.__name__) is ours


def test_only_an_address_is_a_value_error() -> None:
    assert {ours.__name__ for ours in CLASSES if issubclass(ours, ValueError)} == {
        "InvalidAddress",
        "NonASCIIAddress",
        "MalformedAddress",
    }


def test_the_table_of_classes_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        errors.BY_CATEGORY["other"] = errors.MalformedAddress  # type: ignore[index]


@pytest.mark.parametrize("ours", CLASSES)
def test_a_class_can_be_raised_with_an_answer_alone_as_a_client_error_can(
    ours: type[SESError],
) -> None:
    """Programs raise a ``ClientError`` in their own tests with these two arguments."""
    error = ours({"Error": {"Code": "MessageRejected", "Message": "No."}}, "SendEmail")
    plain = ClientError({"Error": {"Code": "MessageRejected", "Message": "No."}}, "SendEmail")
    assert str(error) == str(plain)
    assert error.response == plain.response
    assert error.diagnosis.category == ours.category
    assert error.diagnosis.retryable is ours.retryable
    assert (error.diagnosis.code, error.diagnosis.message) == ("MessageRejected", "No.")
    assert error.origin == "service"
    assert error.retry_after is None
    assert (error.attempts, error.violations, error.recipients) == ((), (), ())
    assert error.parameters_path is None


@pytest.mark.parametrize(
    "response",
    [
        {},
        {"Error": {}},
        {"Error": {"Code": None, "Message": None}},
        {"Error": {"Message": "No."}},
    ],
)
def test_an_answer_may_lack_its_code_and_message(response: dict[str, object]) -> None:
    error = SESError(response, "SendEmail")
    assert error.response == response
    assert isinstance(error.diagnosis.code, str)
    assert isinstance(error.diagnosis.message, str)
    assert "SendEmail" in str(error)
