"""A program that knows nothing of botoses_guard. Its environment guards it:

BOTOCORE_EXPERIMENTAL__PLUGINS=guard=botoses_guard python -m examples.zero_code
"""

import sys
from typing import Any

import boto3
from botocore.exceptions import ClientError


def main() -> None:
    client: Any = boto3.client("ses")
    try:
        answer = client.send_email(
            Source="shop@example.com",
            Destination={"ToAddresses": sys.argv[1:] or ["ada@bücher.example"]},
            Message={
                "Subject": {"Data": "Your order"},
                "Body": {"Text": {"Data": "It is on its way."}},
            },
        )
    except ClientError as error:
        print("refused:", error.response["Error"]["Code"], error)
    else:
        print("sent", answer["MessageId"])


if __name__ == "__main__":
    main()
