"""``python -m botoses_guard create-table``: the table of a ``dynamodb://`` store, made once."""

from __future__ import annotations

import argparse
import sys

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from .table import create_table


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("name", help="of the table")
    parser.add_argument("--region", help="of the table (default: the session's)")
    parser.add_argument("--endpoint", help="of DynamoDB (default: AWS's own)")


def run(arguments: argparse.Namespace) -> int:
    """Create the table and wait until it is there.

    Returns:
        The exit status.
    """
    try:
        client = boto3.client(
            "dynamodb", region_name=arguments.region, endpoint_url=arguments.endpoint
        )
        create_table(client, arguments.name)
    except (BotoCoreError, ClientError) as error:
        print(f"python -m botoses_guard create-table: {error}", file=sys.stderr)
        return 1
    print(f"the table {arguments.name} is there: BOTOSES_GUARD_STORE=dynamodb://{arguments.name}")
    return 0
