"""Never sleep in a worker: with ``on_limit=raise`` a send that would wait is put back instead.

A task queue does the waiting: in Celery it is ``raise self.retry(countdown=error.retry_after)``.

    python -m examples.raise_and_requeue
"""

import heapq
import time
from typing import Any

import boto3

import botoses_guard
from botoses_guard.errors import DailyQuotaExceeded, Throttled


def main(recipients: int = 5) -> None:
    session = boto3.Session()
    botoses_guard.register(session, on_limit="raise", max_send_rate=10)
    client: Any = session.client("sesv2")

    # What is due at which time; a worker takes what is due and does other work in between.
    queue = [(time.monotonic(), number) for number in range(recipients)]
    requeued = 0
    while queue:
        due, number = heapq.heappop(queue)
        time.sleep(max(0.0, due - time.monotonic()))
        try:
            client.send_email(
                FromEmailAddress="shop@example.com",
                Destination={"ToAddresses": [f"customer{number}@example.com"]},
                Content={
                    "Simple": {
                        "Subject": {"Data": "Your order"},
                        "Body": {"Text": {"Data": "It is on its way."}},
                    }
                },
            )
        except (Throttled, DailyQuotaExceeded) as error:
            requeued += 1
            heapq.heappush(queue, (time.monotonic() + (error.retry_after or 60.0), number))
    print(f"sent {recipients}, put back {requeued} times")


if __name__ == "__main__":
    main()
