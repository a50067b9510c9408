"""One line on a session guards every SES client that it makes.

python -m examples.one_line
"""

from typing import Any

import boto3

import botoses_guard


def main() -> None:
    session = boto3.Session()
    guard = botoses_guard.register(session)  # the one line

    client: Any = session.client("sesv2")
    answer = client.send_email(
        FromEmailAddress="Bücher Müller <shop@bücher.example>",
        Destination={"ToAddresses": ["Ada Łukasiewicz <ada@example.com>"]},
        Content={
            "Simple": {
                "Subject": {"Data": "Ihre Bestellung"},
                "Body": {"Text": {"Data": "Sie ist unterwegs."}},
            }
        },
    )
    print("sent", answer["MessageId"])

    snapshot = guard.snapshot()
    print(f"accepted {snapshot.accepted}, waited {snapshot.waited:.1f} s")
    for account, standing in snapshot.accounts.items():
        rate, left = standing.rate, standing.remaining_24_hours  # None as long as unknown
        if rate is not None and left is not None:
            print(f"{account}: {rate:g} recipients/s, {left:.0f} left today")


if __name__ == "__main__":
    main()
