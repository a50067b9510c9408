"""A simulator under a clock that stands still, its clients, and sends of every kind."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import boto3
from botocore import xform_name
from botocore.config import Config
from botocore.exceptions import ClientError

from botoses_guard.simulator import Simulator
from botoses_guard.simulator.account import Account

SENDER = "shop@example.com"
RECIPIENT = "ada@example.org"
CONTENT = {"Subject": {"Data": "Your order"}, "Body": {"Text": {"Data": "It is on its way."}}}
RAW = b"From: shop@example.com\r\nTo: ada@example.org\r\nSubject: Your order\r\n\r\nOn its way.\r\n"

Answer = tuple[int, str, str]
"""HTTP status, code and message."""

ACCEPTED: Answer = (200, "", "")


class Clock:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


class LocalSES:
    """One simulator, set up anew by each test; clients are dear, so they are made once."""

    def __init__(self, simulator: Simulator, clock: Clock) -> None:
        self.simulator = simulator
        self.clock = clock
        self._session = simulator.session()
        self._clients: dict[tuple[str, str], Any] = {}

    def set_up(self, **settings: Any) -> LocalSES:
        """Make the account as new, with ``settings``."""
        fresh = Account(**{"rate": 1_000.0, **settings})
        for field in dataclasses.fields(Account):
            setattr(self.simulator.account, field.name, getattr(fresh, field.name))
        self.simulator.latency = 0.0
        self.simulator.reset()
        return self

    def client(self, service: str, region: str = "us-east-1") -> Any:
        """A client that neither checks parameters nor retries."""
        client = self._clients.get((service, region))
        if client is None:
            client = self.simulator.client(
                service,
                session=self._session,
                region_name=region,
                config=one_attempt(parameter_validation=False),
            )
            self._clients[service, region] = client
        return client

    def call(self, service: str, operation: str, region: str = "us-east-1", **given: Any) -> Any:
        """The answer to an operation, without its metadata."""
        answer = getattr(self.client(service, region), xform_name(operation))(**given)
        del answer["ResponseMetadata"]
        return answer

    def answer(
        self, service: str, operation: str, region: str = "us-east-1", **given: Any
    ) -> Answer:
        """Status, code and message of the answer to an operation."""
        try:
            self.call(service, operation, region, **given)
        except ClientError as error:
            return answer_of(error)
        return ACCEPTED

    def send(self, service: str, recipients: int = 1, **changes: Any) -> Answer:
        """The answer to ``SendEmail``, to so many recipients."""
        addresses = [f"ada+{number}@example.org" for number in range(recipients)]
        given = {**send_email(service), "Destination": {"BccAddresses": addresses}, **changes}
        return self.answer(service, "SendEmail", **given)


def one_attempt(**settings: Any) -> Config:
    """A configuration under which botocore sends each request once."""
    return Config(retries={"total_max_attempts": 1, "mode": "standard"}, **settings)


def answer_of(error: ClientError) -> Answer:
    """Status, code and message of a refusal."""
    response: Any = error.response
    found = response["Error"]
    status = response["ResponseMetadata"]["HTTPStatusCode"]
    return status, found["Code"], found.get("Message") or ""


def session() -> boto3.Session:
    """A session of its own, with credentials that are nobody's."""
    return boto3.Session("AKIATESTS", "secret", region_name="us-east-1")


def send_email(service: str, **changes: Any) -> dict[str, Any]:
    """Parameters of ``SendEmail``; those that are changed to ``None`` are left out."""
    to = {"ToAddresses": [RECIPIENT]}
    if service == "ses":
        given = {"Source": SENDER, "Destination": to, "Message": CONTENT}
    else:
        given = {
            "FromEmailAddress": SENDER,
            "Destination": to,
            "Content": {"Simple": CONTENT},
        }
    return changed(given, changes)


def raw(service: str, content: bytes = RAW, **changes: Any) -> dict[str, Any]:
    """Parameters of ``SendRawEmail`` or, for v2, of ``SendEmail``."""
    if service == "ses":
        return changed({"RawMessage": {"Data": content}}, changes)
    return changed({"Content": {"Raw": {"Data": content}}}, changes)


def templated(service: str, **changes: Any) -> dict[str, Any]:
    """Parameters of ``SendTemplatedEmail`` or, for v2, of ``SendEmail``; ``welcome`` is sent."""
    given = send_email(service)
    template = {"Template": "welcome", "TemplateData": json.dumps({"name": "Ada"})}
    if service == "ses":
        del given["Message"]
        return changed({**given, **template}, changes)
    template = {"TemplateName": template["Template"], "TemplateData": template["TemplateData"]}
    inner = changed(template, {name: changes.pop(name) for name in template if name in changes})
    return changed({**given, "Content": {"Template": inner}}, changes)


def bulk(service: str, *destinations: list[str], **changes: Any) -> dict[str, Any]:
    """Parameters of the bulk operation, to one entry for each list of addresses."""
    entries = [{"Destination": {"ToAddresses": addresses}} for addresses in destinations]
    if service == "ses":
        given: dict[str, Any] = {
            "Source": SENDER,
            "Template": "welcome",
            "DefaultTemplateData": "{}",
            "Destinations": entries,
        }
    else:
        template = {"TemplateName": "welcome", "TemplateData": "{}"}
        given = {
            "FromEmailAddress": SENDER,
            "DefaultContent": {"Template": template},
            "BulkEmailEntries": entries,
        }
    return changed(given, changes)


BULK = {"ses": "SendBulkTemplatedEmail", "sesv2": "SendBulkEmail"}
TEMPLATED = {"ses": "SendTemplatedEmail", "sesv2": "SendEmail"}
RAW_OPERATION = {"ses": "SendRawEmail", "sesv2": "SendEmail"}


def bounce(*recipients: str, sender: str = SENDER) -> dict[str, Any]:
    """Parameters of ``SendBounce``."""
    bounced = [{"Recipient": recipient, "BounceType": "DoesNotExist"} for recipient in recipients]
    return {
        "OriginalMessageId": "0100",
        "BounceSender": sender,
        "BouncedRecipientInfoList": bounced,
    }


def changed(given: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    merged = {**given, **changes}
    return {name: value for name, value in merged.items() if value is not None}
