"""One row of the page, gone through: the send that meets its trouble, and all that came of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import pytest
from botocore.exceptions import ClientError

from botoses_guard.errors import Diagnosis, SESError
from botoses_guard.simulator import Simulator

from .codes import Code
from .row import GUIDE, SENDER, Row
from .sending import guarded_client, message, plain_client


class Walk(NamedTuple):
    """What a guarded client and the local SES saw of one send."""

    row: Row
    service: str
    language: str
    error: SESError
    exceptions: Any
    """The ``exceptions`` of the client."""

    requests: int
    """Everything that came over HTTP, whether a send or not."""

    operations: Mapping[str, int]
    refused: Mapping[str, int]
    """Error answers by code."""

    arrived: int

    @property
    def code(self) -> Code:
        return self.row.codes[self.service]

    def diagnosis(self, language: str) -> Diagnosis:
        """The whole diagnosis that the row expects: nothing that it does not name may be in it."""
        row = self.row
        return Diagnosis(
            category=row.error.category,
            code=self.code.code,
            message=row.text,
            retryable=row.error.retryable,
            advice=row.advice.sentence(language),
            documentation_url=GUIDE + row.page,
            **row.names,
            **row.compares,
        )


def walk(row: Row, service: str, language: str) -> Walk:
    """Send by a guarded client, whose advice is in ``language``, in the row's trouble."""
    with Simulator() as ses:
        _bring_about(ses, row, service)
        settings = {"language": language, **row.settings}
        client, _ = guarded_client(ses, service, row.region, **settings)
        error = _raised_by(client, row, service)
        assert isinstance(error, SESError)
        counters = ses.counters
        return Walk(
            row,
            service,
            language,
            error,
            client.exceptions,
            counters.requests,
            counters.operations,
            counters.refused,
            len(ses.inbox),
        )


def walk_unguarded(row: Row, service: str) -> ClientError:
    """What a client of boto3 alone raises in the row's trouble."""
    with Simulator() as ses:
        _bring_about(ses, row, service)
        return _raised_by(plain_client(ses, service, row.region), row, service)


def _bring_about(ses: Simulator, row: Row, service: str) -> None:
    for name, value in row.account.items():
        setattr(ses.account, name, value)
    if row.told:
        code = row.codes[service]
        ses.faults.error(code.code, row.text, code.http_status, times=row.requests)


def _raised_by(client: Any, row: Row, service: str) -> ClientError:
    with pytest.raises(ClientError) as caught:
        client.send_email(**message(service, SENDER, row.recipients, **row.parameters))
    return caught.value
