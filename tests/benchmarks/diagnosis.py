"""What a diagnosis costs: ``python -m tests.benchmarks.diagnosis``.

Prints one table. Every number is the least of several runs in this one process. The bound is 15 us
for the rows above the line; a send that succeeds is never diagnosed and pays nothing. Beside each
stands a program's own chain of ``if "..." in str(error)``, which tells the category alone: neither
identities and region nor advice, and it takes what SES quotes of the caller for SES's own words.
"""

from __future__ import annotations

import platform
import timeit
from collections.abc import Callable
from functools import partial

import botocore
from botocore.exceptions import ClientError

from botoses_guard.diagnosis import diagnose
from botoses_guard.diagnosis.texts import TEXTS

BOUND = 15.0
"""Microseconds."""

FIFTY = ", ".join(f"Person {number} <person{number}@example.com>" for number in range(50))
SUPPRESSED = (
    "This message went to nobody: the suppression list of your account holds the recipient. " * 4
)[:305]
UNVERIFIED = "Email address is not verified. The following identities failed the check in region "


def answer(code: str, message: str, status: int = 400) -> dict[str, object]:
    return {
        "Error": {"Type": "Sender", "Code": code, "Message": message},
        "ResponseMetadata": {"HTTPStatusCode": status},
    }


CHAIN = (
    ("Address blacklisted", "suppressed"),
    ("suppression list", "suppressed"),
    ("Maximum sending rate exceeded", "send_rate"),
    ("Daily message quota exceeded", "daily_quota"),
    ("ACCOUNT_THROTTLED", "send_rate"),
    ("not authorized to perform", "not_authorized"),
    ("Sending paused for this account", "account_paused"),
    ("Configuration set", "config_set_missing"),
    ("Template", "template_missing"),
    ("Missing final '@domain'", "malformed_address"),
    ("Local address contains", "malformed_address"),
    ("Domain contains", "malformed_address"),
    ("Message length is more than", "too_large"),
    ("Recipient count exceeds", "too_many_recipients"),
    ("Email address is not verified", "unverified_identity"),
)
"""What programs look for in the texts of SES, in an order that they may have."""


def chained(error: object) -> str:
    """The category by a program's own chain."""
    text = str(error)
    for words, category in CHAIN:
        if words in text:
            return category
    return "other"


def best(told: Callable[[object], object], error: object) -> float:
    """Microseconds of one telling: the least of 25 runs of 400."""
    return min(timeit.repeat(partial(told, error), number=400, repeat=25)) / 400 * 1e6


def bounded() -> dict[str, object]:
    """What :data:`BOUND` holds for: the longest example of the table of texts, and each form."""
    longest = max(
        ((row, example) for row in TEXTS for example in row.examples), key=lambda pair: len(pair[1])
    )
    row, text = longest
    code = row.under.get("ses") or "InvalidParameterValue"
    return {
        f"the longest text of the table ({len(text)} characters)": answer(code, text, 403),
        "a suppressed recipient, by an event (305 characters)": answer("", SUPPRESSED),
        "an unverified identity": answer("MessageRejected", f"{UNVERIFIED}US-EAST-1: a@b.example"),
        "two unverified identities, one with a name": answer(
            "MessageRejected",
            f"{UNVERIFIED}EU-WEST-1: Orders <orders@example.com>, ada@example.net",
        ),
        "the sending rate, as a ClientError": ClientError(
            answer("Throttling", "Maximum sending rate exceeded."),  # type: ignore[arg-type]
            "SendEmail",
        ),
        "the daily quota, v2": answer("LimitExceededException", "Daily message quota exceeded."),
        "an SMTP reply": "554 Transaction failed: Missing final '@domain'",
        "a bulk entry": {"Status": "ACCOUNT_THROTTLED"},
        "a bulk entry with a text": {
            "Status": "MESSAGE_REJECTED",
            "Error": "Email address is not verified.",
        },
    }


def unbounded() -> dict[str, object]:
    """Longer lists and texts, and texts that SES never said."""
    return {
        "fifty unverified identities": answer("MessageRejected", f"{UNVERIFIED}US-EAST-1: {FIFTY}"),
        "a text that no row knows": answer("BadRequestException", "No such thing. " * 20),
        "a megabyte that no row knows": answer("BadRequestException", "x" * 1_000_000),
    }


def main() -> None:
    print(f"Python {platform.python_version()}, botocore {botocore.__version__}")
    print(f"{'us, each diagnosis':<56}{'diagnose':>10}{'own chain':>12}")
    slowest = 0.0
    for cases, bound in ((bounded(), BOUND), (unbounded(), None)):
        for name, error in cases.items():
            cost = best(diagnose, error)
            print(f"{name:<56}{cost:>10.1f}{best(chained, error):>12.1f}")
            slowest = max(slowest, cost) if bound else slowest
        if bound:
            print(f"{f'the slowest of these; bound {bound:.0f}':<56}{slowest:>10.1f}")
            print("-" * 78)


if __name__ == "__main__":
    main()
