"""What goes wrong with SES, met once with plain boto3 and once with the guard."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

import boto3

from botoses_guard.simulator import Simulator

from .program import MakeClient, Sight, guarded, message, plain, send

SHOP = "shop@example.com"
ADA = "ada@example.com"


@dataclass(frozen=True)
class Trouble:
    """A trouble, and the sends that meet it."""

    title: str
    situation: str
    sends: Sequence[dict[str, Any]]
    service: str = "sesv2"
    account: Mapping[str, Any] = field(default_factory=dict)
    """Settings of the local SES."""

    prepare: Callable[[Simulator], object] | None = None


@dataclass(frozen=True)
class Meeting:
    """How a program fares with a trouble."""

    requests: int
    """HTTP requests for its sends."""

    seconds: float

    sight: Sight
    """Of its last send."""

    mailbox: str
    """To whom that send was accepted, as SES got it; empty when it was not."""


def _customers(count: int) -> list[str]:
    return [f"customer{number}@example.com" for number in range(count)]


def _use_up_quota(ses: Simulator) -> None:
    ses.client("ses").send_email(**message(ADA, service="ses"))


TROUBLES: tuple[Trouble, ...] = (
    Trouble(
        "Unverified identity",
        "an account in the sandbox; the recipient is not verified",
        [message(ADA)],
        account={"sandbox": True, "verified": [SHOP]},
    ),
    Trouble(
        "Account paused",
        "AWS has paused the account's sending",
        [message(ADA)],
        account={"paused_by_aws": True},
    ),
    Trouble(
        "Daily quota",
        "the quota for 24 hours is used up; three sends, one after the other",
        [message(ADA, service="ses")] * 3,
        service="ses",
        account={"quota": 1},
        prepare=_use_up_quota,
    ),
    Trouble(
        "Sending rate",
        "an account with 10/s; a message to 40 recipients, and at once another one",
        [message(*_customers(40)), message(ADA)],
        account={"rate": 10},
    ),
    Trouble(
        "Another throttling text",
        "AWS throttles the API for a while, far below the account's rate",
        [message(ADA)],
        prepare=lambda ses: ses.faults.throttle_systemic(times=3),
    ),
    Trouble("No recipients", "the list of recipients is empty", [message()]),
    Trouble(
        "Unicode in the domain",
        "to ada@bücher.example",
        [message("ada@bücher.example")],
    ),
    Trouble(
        "Unicode in the name",
        "to Ada Łukasiewicz <ada@example.com>",
        [message("Ada Łukasiewicz <ada@example.com>")],
    ),
    Trouble(
        "Unicode in the local part",
        "to jörg@example.com",
        [message("jörg@example.com")],
    ),
    Trouble(
        "MAIL FROM",
        "the MX record of the custom MAIL FROM domain is gone",
        [message(ADA)],
        account={"mail_from_failed": {"example.com"}},
    ),
    Trouble(
        "Configuration set",
        "the configuration set does not exist in this region",
        [message(ADA, ConfigurationSetName="newsletter")],
    ),
)


def meet_all(
    troubles: Sequence[Trouble] = TROUBLES,
) -> Iterator[tuple[Trouble, Meeting, Meeting]]:
    """Meet each trouble with plain boto3 and with the guard, all at the same time.

    Each meeting has an account of its own.

    Yields:
        The trouble, the meeting with plain boto3 and that with the guard.
    """
    sessions = {make: boto3.Session() for make in (plain, guarded)}
    with ExitStack() as stack, ThreadPoolExecutor(2 * len(troubles)) as pool:

        def begin(trouble: Trouble, make_client: MakeClient) -> Future[Meeting]:
            ses = stack.enter_context(Simulator(**trouble.account))
            if trouble.prepare is not None:
                trouble.prepare(ses)
            # Made here, because the threads must not share a session.
            client = make_client(ses, trouble.service, sessions[make_client])
            return pool.submit(_meet, trouble, ses, client)

        meetings = [[begin(trouble, make) for make in sessions] for trouble in troubles]
        for trouble, (without, with_guard) in zip(troubles, meetings, strict=True):
            yield trouble, without.result(), with_guard.result()


def _meet(trouble: Trouble, ses: Simulator, client: Any) -> Meeting:
    before = ses.counters.sends
    begin = time.monotonic()
    for parameters in trouble.sends:
        sight = send(client, parameters)
    seconds = time.monotonic() - begin
    mailbox = "" if sight.exception else ses.inbox[-1].parameters["Destination"]["ToAddresses"]
    return Meeting(ses.counters.sends - before, seconds, sight, "".join(mailbox))
