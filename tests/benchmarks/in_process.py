"""Clients whose HTTP is answered inside the process: what is left is the client's own work."""

from __future__ import annotations

import io
from typing import Any

import boto3
from botocore.awsrequest import AWSResponse
from botocore.config import Config

_V1 = b"""<SendEmailResponse xmlns="http://ses.amazonaws.com/doc/2010-12-01/"><SendEmailResult>
<MessageId>0100000000000000-00000000-0000-0000-0000-000000000000-000000</MessageId>
</SendEmailResult><ResponseMetadata><RequestId>00000000-0000-0000-0000-000000000000</RequestId>
</ResponseMetadata></SendEmailResponse>"""
_V2 = b'{"MessageId": "0100000000000000-00000000-0000-0000-0000-000000000000-000000"}'
_BODIES = {"ses": _V1, "sesv2": _V2}

SUBJECT = {"Data": "Your order", "Charset": "UTF-8"}
BODY = {"Text": {"Data": "It is on its way.", "Charset": "UTF-8"}}


class _Raw(io.BytesIO):
    def stream(self, *_: Any, **__: Any) -> Any:
        content = self.read()
        while content:
            yield content
            content = self.read()


def client(service: str) -> Any:
    """A client of ``service`` that never opens a connection."""
    session = boto3.Session(
        aws_access_key_id="AKIAIOSFODNN7EXAMPLE",
        aws_secret_access_key="secret",
        region_name="us-east-1",
    )
    make: Any = session.client
    made = make(service, config=Config(retries={"mode": "standard"}))
    body = _BODIES[service]

    def answer(request: Any, **_: Any) -> AWSResponse:
        headers: Any = {"x-amzn-requestid": "0"}
        return AWSResponse(request.url, 200, headers, _Raw(body))

    made.meta.events.register("before-send", answer)
    return made


def parameters(service: str, sender: str, recipient: str) -> dict[str, Any]:
    """The parameters of a small message."""
    destination = {"ToAddresses": [recipient]}
    if service == "ses":
        return {
            "Source": sender,
            "Destination": destination,
            "Message": {"Subject": SUBJECT, "Body": BODY},
        }
    return {
        "FromEmailAddress": sender,
        "Destination": destination,
        "Content": {"Simple": {"Subject": SUBJECT, "Body": BODY}},
    }
