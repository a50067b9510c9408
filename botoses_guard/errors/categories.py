"""The categories of trouble, and which of them pass by themselves."""

from __future__ import annotations

from typing import Literal

Category = Literal[
    "unverified_identity",
    "account_paused",
    "config_set_paused",
    "daily_quota",
    "send_rate",
    "systemic_throttle",
    "no_recipients",
    "non_ascii_address",
    "malformed_address",
    "mail_from_not_verified",
    "config_set_missing",
    "template_missing",
    "template_render",
    "too_large",
    "too_many_recipients",
    "suppressed",
    "header_invalid",
    "attachment_blocked",
    "not_authorized",
    "expired_credentials",
    "service_unavailable",
    "store_unavailable",
    "outcome_unknown",
    "other",
]
"""The name of a trouble. The strings are public; :data:`BY_CATEGORY` has the class of each."""

RETRYABLE: frozenset[Category] = frozenset(
    {"send_rate", "systemic_throttle", "service_unavailable", "store_unavailable"}
)
"""The categories in which the same request may pass soon, without anybody changing anything.

In all of them the message was surely not accepted.
"""
