"""The public API as a type checker sees it: checked by mypy, never run.

mypy is told to complain about an ``ignore`` that it does not need, so that each of them is a fault
that it must find.
"""

from __future__ import annotations

import boto3
import botocore.session

import botoses_guard
from botoses_guard import Guard, Snapshot


def every_kind_of_target(session: boto3.Session, inner: botocore.session.Session) -> Guard:
    botoses_guard.register(inner)
    botoses_guard.register(session.client("ses"))
    botoses_guard.register(boto3.client("sesv2", region_name="eu-west-1"))
    botoses_guard.register()
    return botoses_guard.register(session)


def every_setting(session: boto3.Session) -> Snapshot:
    guard = botoses_guard.register(
        session,
        enabled=True,
        addresses="reject",
        max_send_rate=14,
        max_24_hour_send=-1,
        rate_share=0.5,
        quota_ttl=60,
        on_limit="raise",
        max_wait=86_400,
        max_attempts=3,
        bulk_failures="raise",
        resend_on_timeout=False,
        store="sqlite:////var/lib/shop/ses-budgets",
        store_failure="raise",
        scope="newsletter",
        language="zh-TW",
    )
    wait: float = guard.settings.max_wait
    clients: int = sum(guard.snapshot().clients.values())
    guard.unregister()
    assert wait and clients
    return guard.snapshot()


def mistakes(session: boto3.Session) -> None:
    botoses_guard.register(session, max_wiat=5)  # type: ignore[call-arg]
    botoses_guard.register(session, on_limit="sleep")  # type: ignore[arg-type]
    botoses_guard.register(session, rate_share="high")  # type: ignore[arg-type]
    botoses_guard.register(session, enabled="yes")  # type: ignore[arg-type]
    botoses_guard.register(session, language="de")  # type: ignore[arg-type]
    botoses_guard.register(session, max_attempts=2.5)  # type: ignore[arg-type]
    botoses_guard.register(session, store=5)  # type: ignore[arg-type]
    botoses_guard.register("ses")  # type: ignore[arg-type]
