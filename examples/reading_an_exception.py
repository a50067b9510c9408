"""What an exception tells, beside what ``except ClientError`` always told.

python -m examples.reading_an_exception
"""

from typing import Any

import boto3
from botocore.exceptions import ClientError

import botoses_guard
from botoses_guard.errors import InvalidAddress, OutcomeUnknown, SESError, Throttled


def main() -> None:
    session = boto3.Session()
    botoses_guard.register(session)
    client: Any = session.client("sesv2")
    try:
        client.send_email(
            FromEmailAddress="shop@example.com",
            Destination={"ToAddresses": ["ada@example.com", "jörg@example.com", "grace@@example"]},
            Content={
                "Simple": {
                    "Subject": {"Data": "Your order"},
                    "Body": {"Text": {"Data": "It is on its way."}},
                }
            },
        )
    except InvalidAddress as error:  # the request must change: nothing was sent
        assert isinstance(error, ClientError)
        print(error.response["Error"]["Code"], error.response["Error"]["Message"])
        for fault in error.violations:
            print(f"{fault.path}: {fault.value}: {fault.rule} ({fault.reference})")
        print(error.diagnosis.advice)
    except Throttled as error:  # nothing was sent: the same send may pass later
        print("again in", error.retry_after, "seconds")
    except OutcomeUnknown as error:  # may have been accepted: look before sending again
        print("no answer:", [attempt.code for attempt in error.attempts])
    except SESError as error:  # every other category
        print(error.diagnosis.category, error.diagnosis.advice, error.diagnosis.documentation_url)


if __name__ == "__main__":
    main()
