"""One table: how a send may end once its request has left, and what is true of it then."""

from __future__ import annotations

from typing import Literal, NamedTuple

from . import endings
from .answers import (
    BODIES,
    HTML,
    OF_SES,
    TYPES,
    half_refusal,
    http,
    refuse,
    say,
    say_and_close,
    truncated_gzip,
)
from .certificate import Version
from .server import Ending
from .stage import PATIENCE, SERVICES, TIMEOUT, TRANSPORTS, Transport

Told = Literal["unknown", "refused"]
"""What a program must be told: the message may have been accepted, or it was not."""


class Case(NamedTuple):
    """One row."""

    name: str
    ending: Ending
    """Of the first :data:`BAD` requests; SES accepts the next, so a resend would arrive."""

    told: Told
    transports: tuple[Transport, ...] = TRANSPORTS
    tls: Version | None = None
    status: int = 0
    """HTTP status of the answer, where there is one that is no success."""

    doubled: tuple[str, ...] = ()
    """The APIs whose plain client delivers the message again, in each retry mode."""

    is_short: bool = False
    """Whether all that shows is a body shorter than its Content-Length. Versions of botocore that
    let urllib3 2 check it deliver the message again."""

    read_timeout: float = PATIENCE


BAD = 2
ONLY_PLAIN: tuple[Transport, ...] = ("plain",)
WITHIN_TLS: tuple[Transport, ...] = ("tls", "proxy")

_BROKEN = (
    Case("FIN", endings.fin, "unknown", doubled=SERVICES),
    Case("RST", endings.rst, "unknown", doubled=SERVICES),
    Case("clean close", endings.close_cleanly, "unknown", doubled=SERVICES),
    Case("no answer", endings.hang, "unknown", doubled=SERVICES, read_timeout=TIMEOUT),
    Case("cut in the status line", endings.cut_status_line, "unknown", doubled=SERVICES),
    Case("cut in the headers", endings.cut_headers, "unknown"),
    Case("cut in the body", endings.cut_body, "unknown", is_short=True),
    Case("closed in the body", endings.close_in_body, "unknown", is_short=True),
    Case("reset in the body", endings.reset_in_body, "unknown", ONLY_PLAIN, doubled=SERVICES),
    # OpenSSL reports the reset as an end of the body, which botocore takes for a whole one.
    Case("TLS: reset in the body", endings.reset_in_body, "unknown", WITHIN_TLS, is_short=True),
    Case("cut in a chunk of the body", endings.cut_chunk, "unknown", doubled=SERVICES),
    Case("a chunk without its length", endings.bad_chunk, "unknown", doubled=SERVICES),
    Case(
        "no answer after half the body",
        endings.hang_in_body,
        "unknown",
        doubled=SERVICES,
        read_timeout=TIMEOUT,
    ),
    Case("garbage", endings.garbage, "unknown", doubled=SERVICES),
    Case("103 and no answer", endings.early_hints_alone, "unknown"),
    Case("103 before the answer", endings.early_hints, "unknown"),
)

_BROKEN_TLS = tuple(
    Case(f"TLS {version}: {name}", ending, "unknown", WITHIN_TLS, version, doubled=SERVICES)
    for version in ("1.2", "1.3")
    for name, ending in endings.BROKEN_TLS.items()
)

_READ_BY_V1 = ("HTML", "nothing", "foreign XML")
"""Bodies of 5xx that botocore's parser of v1 gets through, and then retries the call."""

_NOT_READ_BY_V2 = ("a JSON list",)


def _doubled(status: int, body: str) -> tuple[str, ...]:
    if status == 520:
        return ()
    unread = {"ses": body not in _READ_BY_V1, "sesv2": body in _NOT_READ_BY_V2}
    return tuple(service for service in SERVICES if not unread[service])


def _transports(body: str) -> tuple[Transport, ...]:
    """One body goes everywhere; what it says does not depend on how it came."""
    return TRANSPORTS if body == "HTML" else ONLY_PLAIN


_LIKE_SES = {
    f"JSON with the code {code}": (f'{{"code": "{code}", "message": "no"}}'.encode(), TYPES["json"])
    for code in ("ServiceUnavailable", "InternalServerError", "TooManyRequests", "RequestTimeout")
}
"""What many a gateway calls its own troubles. SES gives each of its answers a request id."""

_GATEWAY_ERRORS = tuple(
    Case(
        f"{status} with {name}",
        say(http(status, body, kind)),
        "unknown",
        _transports(name),
        status=status,
        doubled=_doubled(status, name),
    )
    for status, bodies in {
        500: BODIES,
        502: BODIES,
        503: {**BODIES, **_LIKE_SES},
        504: {**BODIES, **_LIKE_SES},
        520: BODIES,
    }.items()
    for name, (body, kind) in bodies.items()
)

_CUT_ERRORS = (
    Case(
        "503 with SES's request id and no error",
        say(http(503, fields=OF_SES)),
        "unknown",
        ONLY_PLAIN,
        status=503,
        doubled=SERVICES,
    ),
    # Of v1: in v2 the code stands in the head, and says it all.
    Case(
        "500 with half an error of SES",
        say(half_refusal(500, "InternalFailure")),
        "unknown",
        ONLY_PLAIN,
        status=500,
        doubled=("sesv2",),
    ),
    Case(
        "400 with half an error of SES",
        say(half_refusal(400, "MessageRejected")),
        "refused",
        ONLY_PLAIN,
        status=400,
    ),
)

_FOREIGN_200 = {
    **BODIES,
    "null": (b"null", TYPES["json"]),
    "a string": (b'"accepted"', TYPES["json"]),
    "broken XML": (b"<SendEmailResponse><SendEmail", TYPES["xml"]),
    "broken JSON": (b'{"MessageId": "01', TYPES["json"]),
    "MessageId null": (b'{"MessageId": null}', TYPES["json"]),
    "MessageId 5": (b'{"MessageId": 5}', TYPES["json"]),
    "an empty MessageId": (b'{"MessageId": ""}', TYPES["json"]),
}

_FOREIGN_SUCCESSES = (
    *(
        Case(f"200 with {name}", say(http(200, body, kind)), "unknown", _transports(name))
        for name, (body, kind) in _FOREIGN_200.items()
    ),
    Case("200 with truncated gzip", say(truncated_gzip()), "unknown", ONLY_PLAIN),
    Case(
        "200 shorter than its Content-Length",
        say_and_close(http(200, HTML, TYPES["html"], length=len(HTML) + 9)),
        "unknown",
        ONLY_PLAIN,
        is_short=True,
    ),
    Case("204", say(http(204)), "unknown", ONLY_PLAIN),
    Case("200 of SES without a MessageId", endings.accepted_without_id, "unknown", ONLY_PLAIN),
    Case("200 of SES with an empty MessageId", endings.accepted_with_no_id, "unknown", ONLY_PLAIN),
    Case(
        "200 with an error of SES",
        refuse(200, "Maximum sending rate exceeded.", ses="Throttling", sesv2="Throttling"),
        "unknown",
        ONLY_PLAIN,
    ),
)

_GATEWAY_REFUSALS = tuple(
    Case(
        f"{status} with {name}",
        say(http(status, body, kind, {"Location": "/login"})),
        "refused",
        _transports(name),
        status=status,
    )
    for status in (302, 307, 400, 403, 407, 413, 429)
    for name, (body, kind) in BODIES.items()
)

CASES: tuple[Case, ...] = (
    *_BROKEN,
    *_BROKEN_TLS,
    *_GATEWAY_ERRORS,
    *_CUT_ERRORS,
    *_FOREIGN_SUCCESSES,
    *_GATEWAY_REFUSALS,
)
