"""One of several processes on one account. Started four times, they share its rate by a file:

    export BOTOSES_GUARD_STORE=sqlite:///budgets.db
    for worker in 1 2 3 4; do python -m examples.four_processes $worker & done; wait

Without the variable each of them would send at the whole rate, and SES would throttle them.
"""

import sys
import time
from typing import Any

import boto3

import botoses_guard


def main(recipients: int = 10) -> None:
    worker = sys.argv[1] if len(sys.argv) > 1 else "1"
    session = boto3.Session()
    guard = botoses_guard.register(session)  # takes the store from the environment
    client: Any = session.client("sesv2")

    begin = time.monotonic()
    for number in range(recipients):
        client.send_email(
            FromEmailAddress="shop@example.com",
            Destination={"ToAddresses": [f"customer{worker}.{number}@example.com"]},
            Content={
                "Simple": {
                    "Subject": {"Data": "Your order"},
                    "Body": {"Text": {"Data": "It is on its way."}},
                }
            },
        )
    seconds = time.monotonic() - begin

    snapshot = guard.snapshot()
    print(
        f"worker {worker}: {snapshot.accepted} sent in {seconds:.1f} s, {snapshot.waited:.1f} s of "
        f"them waited, {snapshot.throttles} throttles, store {snapshot.store}"
    )


if __name__ == "__main__":
    main()
