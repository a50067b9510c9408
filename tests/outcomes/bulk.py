"""Bulk calls: their parameters, what arrives of their entries, and answers about them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape

from .answers import of_v1, of_v2
from .connection import Connection, Request
from .server import Ending, Script

ENTRIES = 4
MEMBER = {"ses": "Status", "sesv2": "BulkEmailEntryResults"}
"""Member of the answer that has a result for each entry."""

METHOD = {"ses": "send_bulk_templated_email", "sesv2": "send_bulk_email"}
OPERATION = {"ses": "SendBulkTemplatedEmail", "sesv2": "SendBulkEmail"}

Result = Mapping[str, str]

_RECIPIENT = re.compile(rb"reader(\d+)")
_STATUSES = {
    "ses": {"success": "Success", "throttled": "AccountThrottled"},
    "sesv2": {"success": "SUCCESS", "throttled": "ACCOUNT_THROTTLED"},
}


def parameters(service: str) -> dict[str, Any]:
    """Those of a call with one recipient in each entry."""
    entries = [
        {"Destination": {"ToAddresses": [f"reader{index}@example.com"]}} for index in range(ENTRIES)
    ]
    if service == "ses":
        return {
            "Source": "shop@example.com",
            "Template": "news",
            "DefaultTemplateData": "{}",
            "Destinations": entries,
        }
    return {
        "FromEmailAddress": "shop@example.com",
        "DefaultContent": {"Template": {"TemplateName": "news", "TemplateData": "{}"}},
        "BulkEmailEntries": entries,
    }


def indices(request: Request) -> list[int]:
    """Which entries are in a request."""
    return [int(index) for index in _RECIPIENT.findall(request.body)]


def arrived(script: Script, requests: int) -> Counter[int]:
    """How often each entry arrived; so many requests are waited for."""
    script.count(requests)
    return Counter(index for request in script.arrivals for index in indices(request))


def success(service: str, index: int) -> Result:
    """The result of an entry that was accepted."""
    return {"Status": _STATUSES[service]["success"], "MessageId": f"id-of-{index}"}


def throttled(service: str, index: int) -> Result:
    """The result of an entry that may go again."""
    return {"Status": _STATUSES[service]["throttled"], "Error": "Maximum sending rate exceeded."}


def about_each(result: Callable[[str, int], Result | None]) -> Ending:
    """Answer with a result for each entry."""

    def ending(connection: Connection, request: Request) -> None:
        service = request.service
        results = [result(service, index) for index in indices(request)]
        connection.send(answer(service, results))

    return ending


accept = about_each(success)


def answer(service: str, results: Sequence[Result | None]) -> bytes:
    """An answer of SES with these results; ``None`` is an element that says nothing."""
    if service == "sesv2":
        return of_v2(200, {MEMBER[service]: results})
    members = "".join(f"<member>{_xml(result or {})}</member>" for result in results)
    return v1_answer(f"<Status>{members}</Status>")


def v1_answer(result: str) -> bytes:
    """An answer of v1 with ``result`` in it."""
    name = OPERATION["ses"]
    return of_v1(200, f"{name}Response", f"<{name}Result>{result}</{name}Result>")


def v2_answer(members: Mapping[str, object]) -> bytes:
    return of_v2(200, members)


def _xml(result: Result) -> str:
    return "".join(f"<{name}>{escape(value)}</{name}>" for name, value in result.items())


def send(client: Any, service: str) -> Any:
    """Send one bulk call."""
    return getattr(client, METHOD[service])(**parameters(service))
