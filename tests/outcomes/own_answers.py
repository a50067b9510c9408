"""One table: what SES itself answers first, before it accepts; the controls of the other tables."""

from __future__ import annotations

from typing import NamedTuple

from .answers import refuse
from .server import Ending

NEVER_AGAIN = (1, 1)


class Case(NamedTuple):
    """One row."""

    name: str
    ending: Ending | None
    """Of the first request; ``None`` when that is accepted as well."""

    category: str
    """Of that answer; it is the error's where the send does not go again."""

    requests: tuple[int, int]
    """How many are made: in general, and with ``Config(retries={"total_max_attempts": 1})``."""


CASES: tuple[Case, ...] = (
    Case("accepted", None, "", NEVER_AGAIN),
    Case(
        "refused",
        refuse(
            400,
            "Email address is not verified. The following identities failed the check in region "
            "US-EAST-1: shop@example.com",
            ses="MessageRejected",
            sesv2="MessageRejected",
        ),
        "unverified_identity",
        NEVER_AGAIN,
    ),
    Case(
        "token expired",
        refuse(
            403,
            "The security token included in the request is expired",
            ses="ExpiredToken",
            sesv2="ExpiredTokenException",
        ),
        "expired_credentials",
        NEVER_AGAIN,
    ),
    Case(
        "throttled",
        refuse(
            400,
            "Maximum sending rate exceeded.",
            ses="Throttling",
            sesv2="TooManyRequestsException",
        ),
        "send_rate",
        # The guard's own resend, which it paces: no count of botocore's attempts bounds it.
        (2, 2),
    ),
    Case(
        "unavailable",
        refuse(503, "Unavailable.", ses="ServiceUnavailable", sesv2="ServiceUnavailable"),
        "service_unavailable",
        (2, 1),
    ),
    Case(
        "failed inside",
        refuse(500, "Failed.", ses="InternalFailure", sesv2="InternalServiceErrorException"),
        "service_unavailable",
        (2, 1),
    ),
)
