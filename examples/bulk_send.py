"""A bulk call: entries that SES throttled go again by themselves, what stays failed is reported.

python -m examples.bulk_send
"""

from typing import Any

import boto3

import botoses_guard

TEMPLATE = "bulk-send-example"
READERS = ["ada@example.com", "grace@example.com", "alan@example.com"]


def create_template(client: Any) -> None:
    content = {"Subject": "News for {{name}}", "Text": "Hello {{name}}."}
    try:
        client.create_email_template(TemplateName=TEMPLATE, TemplateContent=content)
    except client.exceptions.AlreadyExistsException:
        return  # it is there from the last time


def main() -> None:
    session = boto3.Session()
    botoses_guard.register(session)  # or bulk_failures="raise", for errors.BulkSendFailed
    client: Any = session.client("sesv2")
    create_template(client)
    newsletter = {
        "FromEmailAddress": "shop@example.com",
        "DefaultContent": {
            "Template": {"TemplateName": TEMPLATE, "TemplateData": '{"name": "reader"}'}
        },
        "BulkEmailEntries": [{"Destination": {"ToAddresses": [reader]}} for reader in READERS],
    }
    response = client.send_bulk_email(**newsletter)
    failures = botoses_guard.bulk_failures(response, newsletter)
    print(f"accepted {len(READERS) - len(failures)} of {len(READERS)}")
    for failure in failures:
        print(*failure.recipients, failure.status, failure.diagnosis.advice)


if __name__ == "__main__":
    main()
