"""moto answers inside the process: the guard must neither slow nor break tests that use it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws

import botoses_guard
from botoses_guard import errors

from .sends import SERVICES, message

everywhere = pytest.mark.parametrize("service", SERVICES)


@pytest.fixture
def credentials(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-west-1")
    with mock_aws():
        yield


def client_of(service: str, **settings: Any) -> tuple[Any, botoses_guard.Guard]:
    session = boto3.Session()
    guard = botoses_guard.register(session, **settings)
    client: Any = session.client(service)  # type: ignore[call-overload]
    boto3.client("ses").verify_email_identity(EmailAddress="shop@example.com")
    return client, guard


@everywhere
@pytest.mark.usefixtures("credentials")
def test_the_rate_that_moto_claims_slows_nothing(service: str) -> None:
    client, guard = client_of(service)
    for _ in range(30):
        assert client.send_email(**message(service))["MessageId"]
    snapshot = guard.snapshot()
    assert (snapshot.accepted, snapshot.waits) == (30, 0)


@everywhere
@pytest.mark.usefixtures("credentials")
def test_a_rate_that_the_user_set_is_kept(service: str) -> None:
    client, _ = client_of(service, max_send_rate=1, on_limit="raise", scope=f"moto {service}")
    client.send_email(**message(service))
    with pytest.raises(errors.SendRateExceeded):
        client.send_email(**message(service))


@everywhere
@pytest.mark.usefixtures("credentials")
def test_motos_wording_is_diagnosed(service: str) -> None:
    client, _ = client_of(service)
    with pytest.raises(errors.UnverifiedIdentity):
        client.send_email(**message(service, sender="stranger@example.com"))
