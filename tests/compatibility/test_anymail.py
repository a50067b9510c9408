"""django-anymail, which turns the errors of every provider into its own."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError, ReadTimeoutError

import botoses_guard
from botoses_guard import errors
from botoses_guard.simulator import Simulator

from .outcomes import NOT_VERIFIED

mail: Any = pytest.importorskip("django.core.mail")
amazon_ses: Any = pytest.importorskip("anymail.backends.amazon_ses")
anymail_message: Any = pytest.importorskip("anymail.message")
AnymailAPIError: Any = pytest.importorskip("anymail.exceptions").AnymailAPIError

pytestmark = pytest.mark.usefixtures("django_settings")


def backend_of(ses: Simulator, **arguments: Any) -> Any:
    credentials = ses.session().get_credentials()
    assert credentials is not None
    return amazon_ses.EmailBackend(
        session_params={
            "aws_access_key_id": credentials.access_key,
            "aws_secret_access_key": credentials.secret_key,
            "region_name": "us-east-1",
        },
        client_params={"endpoint_url": ses.url, "config": {"read_timeout": 0.3}},
        **arguments,
    )


def message(*recipients: str, sender: str = "shop@example.com", **arguments: Any) -> Any:
    # A Message-ID of its own spares Django the look for the name of this host.
    headers = {"Message-ID": "<order@example.com>"}
    to = recipients or ("ada@example.com",)
    return anymail_message.AnymailMessage(
        "Your order", "It is on its way.", sender, to, headers=headers, **arguments
    )


def template_message(*recipients: str) -> Any:
    made = anymail_message.AnymailMessage(None, None, "shop@example.com", recipients)
    made.template_id = "welcome"
    made.merge_data = {recipient: {"name": recipient} for recipient in recipients}
    return made


@pytest.mark.usefixtures("guard_everywhere")
def test_a_message_arrives_and_its_status_is_that_of_the_answer(ses: Simulator) -> None:
    sent = message("Jürgen <kontakt@bücher.example>", bcc=["joe@example.com"])
    assert backend_of(ses).send_messages([sent]) == 1
    assert sent.anymail_status.status == {"queued"}
    assert sent.anymail_status.message_id == ses.inbox[0].message_id
    assert ses.inbox[0].recipients == ("kontakt@xn--bcher-kva.example", "joe@example.com")


def test_a_throttled_message_goes_again(
    ses: Simulator, guard_everywhere: botoses_guard.Guard
) -> None:
    ses.faults.throttle(1)
    assert backend_of(ses).send_messages([message()]) == 1
    assert (len(ses.inbox), guard_everywhere.snapshot().throttles) == (1, 1)


@pytest.mark.usefixtures("guard_everywhere")
def test_its_error_keeps_the_answer_of_ses_and_ours_as_the_cause(ses: Simulator) -> None:
    with pytest.raises(AnymailAPIError) as caught:
        backend_of(ses).send_messages([message(sender=NOT_VERIFIED)])
    assert caught.value.response["Error"]["Code"] == "MessageRejected"
    assert "Email address is not verified." in str(caught.value)
    cause = caught.value.__cause__
    assert isinstance(cause, errors.UnverifiedIdentity)
    assert cause.diagnosis.category == "unverified_identity"


@pytest.mark.usefixtures("guard_everywhere")
def test_its_error_of_a_refusal_by_the_guard(ses: Simulator) -> None:
    sent = message()
    sent.esp_extra = {"ReplyToAddresses": ["ada@example..com"]}
    with pytest.raises(AnymailAPIError) as caught:
        backend_of(ses).send_messages([sent])
    assert caught.value.response["Error"]["Code"] == "BadRequestException"
    assert isinstance(caught.value.__cause__, errors.MalformedAddress)
    assert ses.counters.sends == 0


@pytest.mark.usefixtures("guard_everywhere")
def test_an_unknown_outcome_is_its_error_too_and_nothing_is_sent_twice(ses: Simulator) -> None:
    ses.faults.hang_after_accept(1)
    with pytest.raises(AnymailAPIError) as caught:
        backend_of(ses).send_messages([message()])
    assert isinstance(caught.value.__cause__, ReadTimeoutError)
    assert isinstance(caught.value.__cause__, ClientError)
    assert len(ses.inbox) == 1


@pytest.mark.usefixtures("guard_everywhere")
# Anymail gives fail_silently up after Django 6.2 and says so wherever it is set.
@pytest.mark.filterwarnings("ignore:Anymail will drop support for fail_silently")
def test_fail_silently_is_silent(ses: Simulator) -> None:
    sent = backend_of(ses, fail_silently=True).send_messages(
        [message(sender=NOT_VERIFIED), message()]
    )
    assert (sent, len(ses.inbox)) == (1, 1)


def test_each_recipient_of_a_template_has_a_status(
    ses: Simulator, guard_everywhere: botoses_guard.Guard
) -> None:
    """The backend sends templates in bulk and expects a result for each entry, in order."""
    ses.account.templates = ["welcome"]
    sent = template_message("ada@example.com", "joe@example.com", "eve@example.com")
    backend_of(ses).send_messages([sent])
    statuses = sent.anymail_status.recipients
    assert [statuses[name].status for name in sorted(statuses)] == ["queued"] * 3
    assert guard_everywhere.snapshot().recipients == 3


@pytest.mark.usefixtures("guard_everywhere")
def test_a_missing_template_is_its_error(ses: Simulator) -> None:
    ses.account.templates = []
    with pytest.raises(AnymailAPIError):
        backend_of(ses).send_messages([template_message("ada@example.com")])
    assert len(ses.inbox) == 0
