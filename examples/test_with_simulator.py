"""Using the local SES in a test suite of your own: the fixture comes with the package.

pytest examples/test_with_simulator.py
"""

from typing import Any

import pytest

import botoses_guard
from botoses_guard.errors import UnverifiedIdentity
from botoses_guard.simulator import Simulator


def send_order(client: Any, recipient: str) -> str:
    """Stands for the code under test."""
    answer = client.send_email(
        Source="shop@example.com",
        Destination={"ToAddresses": [recipient]},
        Message={
            "Subject": {"Data": "Your order"},
            "Body": {"Text": {"Data": "It is on its way."}},
        },
    )
    return str(answer["MessageId"])


def test_an_order_arrives(ses_simulator: Simulator) -> None:
    send_order(ses_simulator.client("ses"), "ada@example.com")
    assert [message.recipients for message in ses_simulator.inbox] == [("ada@example.com",)]


def test_a_throttled_order_arrives_all_the_same(ses_simulator: Simulator) -> None:
    client = ses_simulator.client("ses")
    botoses_guard.register(client)
    ses_simulator.faults.throttle(1)
    send_order(client, "ada@example.com")
    assert len(ses_simulator.inbox) == 1


@pytest.mark.ses_simulator(sandbox=True, verified=["shop@example.com"])
def test_the_sandbox_refuses_strangers(ses_simulator: Simulator) -> None:
    client = ses_simulator.client("ses")
    botoses_guard.register(client)
    with pytest.raises(UnverifiedIdentity) as caught:
        send_order(client, "stranger@example.com")
    assert caught.value.diagnosis.identities == ("stranger@example.com",)
