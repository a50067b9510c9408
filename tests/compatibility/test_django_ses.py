"""django-ses, whose backend makes a session of its own for each connection."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

import botoses_guard
from botoses_guard import errors
from botoses_guard.simulator import Simulator

from .outcomes import NOT_VERIFIED

mail: Any = pytest.importorskip("django.core.mail")
django_ses: Any = pytest.importorskip("django_ses")

pytestmark = pytest.mark.usefixtures("django_settings")
everywhere = pytest.mark.parametrize("use_ses_v2", [False, True], ids=["ses", "sesv2"])


def backend_of(ses: Simulator, use_ses_v2: bool, **arguments: Any) -> Any:
    credentials = ses.session().get_credentials()
    assert credentials is not None
    return django_ses.SESBackend(
        aws_access_key=credentials.access_key,
        aws_secret_key=credentials.secret_key,
        aws_region_name="us-east-1",
        aws_region_endpoint=ses.url,
        use_ses_v2=use_ses_v2,
        **arguments,
    )


def message(*recipients: str, sender: str = "shop@example.com") -> Any:
    # A Message-ID of its own spares Django the look for the name of this host.
    headers = {"Message-ID": "<order@example.com>"}
    to = recipients or ("ada@example.com",)
    return mail.EmailMessage("Your order", "It is on its way.", sender, to, headers=headers)


@everywhere
def test_a_message_arrives_with_what_the_backend_keeps_of_the_answer(
    ses: Simulator, guard_everywhere: botoses_guard.Guard, use_ses_v2: bool
) -> None:
    sent = message("Ada <ada@example.com>", "joe@example.com")
    assert backend_of(ses, use_ses_v2).send_messages([sent]) == 1
    assert sent.extra_headers["status"] == 200
    assert sent.extra_headers["message_id"] == ses.inbox[0].message_id
    assert ses.inbox[0].recipients == ("ada@example.com", "joe@example.com")
    assert guard_everywhere.snapshot().recipients == 2


@everywhere
@pytest.mark.usefixtures("guard_everywhere")
def test_a_domain_beyond_ascii_arrives_as_its_a_label(ses: Simulator, use_ses_v2: bool) -> None:
    """The backend puts addresses into its parameters as they are given, which SES refuses."""
    backend_of(ses, use_ses_v2).send_messages([message("kontakt@bücher.example")])
    assert ses.inbox[0].recipients == ("kontakt@xn--bcher-kva.example",)


@everywhere
def test_a_throttled_message_of_several_goes_again(
    ses: Simulator, guard_everywhere: botoses_guard.Guard, use_ses_v2: bool
) -> None:
    ses.faults.throttle(1)
    assert backend_of(ses, use_ses_v2).send_messages([message(), message(), message()]) == 3
    assert len(ses.inbox) == 3
    assert guard_everywhere.snapshot().throttles == 1


@everywhere
def test_the_rate_that_the_backend_asks_for_is_the_accounts(
    ses: Simulator, guard_everywhere: botoses_guard.Guard, use_ses_v2: bool
) -> None:
    """Its own throttling calls ``GetSendQuota`` or ``GetAccount``, which are not sends."""
    backend = backend_of(ses, use_ses_v2)
    assert backend.get_rate_limit() == 1000
    assert guard_everywhere.snapshot().sends == 0


@everywhere
@pytest.mark.usefixtures("guard_everywhere")
@pytest.mark.parametrize("fail_silently", [False, True])
def test_an_error_of_ses_comes_out_of_the_backend(
    ses: Simulator, use_ses_v2: bool, fail_silently: bool
) -> None:
    """``fail_silently`` hides no error of boto3 in this backend: it waits for those of boto 2."""
    backend = backend_of(ses, use_ses_v2, fail_silently=fail_silently)
    with pytest.raises(ClientError) as caught:
        backend.send_messages([message(sender=NOT_VERIFIED), message()])
    assert caught.value.response["Error"]["Code"] == "MessageRejected"
    assert isinstance(caught.value, errors.UnverifiedIdentity)
    assert len(ses.inbox) == 0


@everywhere
def test_without_the_guard_an_error_comes_out_as_well(ses: Simulator, use_ses_v2: bool) -> None:
    backend = backend_of(ses, use_ses_v2, fail_silently=True)
    with pytest.raises(ClientError) as caught:
        backend.send_messages([message(sender=NOT_VERIFIED)])
    assert type(caught.value).__name__ == "MessageRejected"
