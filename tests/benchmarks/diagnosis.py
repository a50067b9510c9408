"""What a diagnosis costs: ``python -m tests.benchmarks.diagnosis``.

Prints one table. Every number is the least of several runs in this one process. The bound is 15 us
for the longest text; a send that succeeds is never diagnosed and pays nothing.
"""

from __future__ import annotations

import platform
import timeit
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


def best(error: object) -> float:
    """Microseconds of one diagnosis: the least of 25 runs of 400."""
    return min(timeit.repeat(partial(diagnose, error), number=400, repeat=25)) / 400 * 1e6


def cases() -> dict[str, object]:
    """One of each kind, and the longest example of the table of texts."""
    longest = max(
        ((row, example) for row in TEXTS for example in row.examples), key=lambda pair: len(pair[1])
    )
    row, text = longest
    code = row.under.get("ses") or "InvalidParameterValue"
    return {
        f"the longest text of the table ({len(text)} characters)": answer(code, text, 403),
        "a suppressed recipient, by an event (305 characters)": answer("", SUPPRESSED),
        "an unverified identity": answer("MessageRejected", f"{UNVERIFIED}US-EAST-1: a@b.example"),
        "fifty unverified identities": answer("MessageRejected", f"{UNVERIFIED}US-EAST-1: {FIFTY}"),
        "the sending rate, as a ClientError": ClientError(
            answer("Throttling", "Maximum sending rate exceeded."),  # type: ignore[arg-type]
            "SendEmail",
        ),
        "the daily quota, v2": answer(
            "TooManyRequestsException", "Daily message quota exceeded.", 429
        ),
        "an SMTP reply": "554 Transaction failed: Missing final '@domain'",
        "a bulk entry": {"Status": "ACCOUNT_THROTTLED"},
        "a text that no row knows": answer("BadRequestException", "No such thing. " * 20),
        "a megabyte that no row knows": answer("BadRequestException", "x" * 1_000_000),
    }


def main() -> None:
    print(f"Python {platform.python_version()}, botocore {botocore.__version__}")
    print(f"{'diagnosis of':<56}{'us':>8}")
    measured = {name: best(error) for name, error in cases().items()}
    for name, cost in measured.items():
        print(f"{name:<56}{cost:>8.1f}")
    print(f"the longest text: {next(iter(measured.values())):.1f} us, bound {BOUND:.0f} us")


if __name__ == "__main__":
    main()
