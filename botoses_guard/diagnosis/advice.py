"""What to do about a trouble, in the reader's language, and where AWS writes about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import urljoin

from ..errors.wording import fill

SHOWN_IDENTITIES = 3
"""Identities that advice spells out; it says how many more there are."""

_GUIDE = "https://docs.aws.amazon.com/ses/latest/dg/"
_BOTO3_GUIDE = "https://boto3.amazonaws.com/v1/documentation/api/latest/guide/"

PAGES: Mapping[str, str] = {
    key: urljoin(_GUIDE, page)
    for key, page in {
        "unverified_identity": "creating-identities.html",
        "unverified_identity.recipient": "request-production-access.html",
        "unverified_identity.both": "request-production-access.html",
        "account_paused": "faqs-enforcement.html",
        "config_set_paused": "managing-configuration-sets.html",
        "daily_quota": "manage-sending-quotas-errors.html",
        "send_rate": "manage-sending-quotas-errors.html",
        "systemic_throttle": "troubleshoot-error-messages.html",
        "no_recipients": "send-email-concepts-email-format.html",
        "non_ascii_address": "troubleshoot-error-messages.html",
        "malformed_address": "troubleshoot-error-messages.html",
        "mail_from_not_verified": "mail-from.html",
        "config_set_missing": "using-configuration-sets.html",
        "template_missing": "send-personalized-email-api.html",
        "template_render": "send-personalized-email-api.html",
        "too_large": "quotas.html",
        "too_many_recipients": "quotas.html",
        "suppressed": "sending-email-suppression-list.html",
        "header_invalid": "header-fields.html",
        "attachment_blocked": "attachments.html",
        "not_authorized": "control-user-access.html",
        "expired_credentials": "send-email-concepts-credentials.html",
        "service_unavailable": "troubleshoot-error-messages.html",
        "store_unavailable": "manage-sending-quotas.html",
        "outcome_unknown": "troubleshoot-error-messages.html",
        "other": "troubleshoot-error-messages.html",
        "other.gateway": f"{_BOTO3_GUIDE}configuration.html",
        "expired_credentials.missing": f"{_BOTO3_GUIDE}credentials.html",
        "expired_credentials.partial": f"{_BOTO3_GUIDE}credentials.html",
        "expired_credentials.session": f"{_BOTO3_GUIDE}credentials.html",
        "expired_credentials.source": f"{_BOTO3_GUIDE}credentials.html",
        "other.no_region": f"{_BOTO3_GUIDE}configuration.html",
        "other.region": f"{_BOTO3_GUIDE}configuration.html",
        "other.profile": f"{_BOTO3_GUIDE}configuration.html",
        "other.proxy": f"{_BOTO3_GUIDE}configuration.html",
        "other.tls": f"{_BOTO3_GUIDE}configuration.html",
        "other.service": f"{_BOTO3_GUIDE}quickstart.html",
        "other.parameters": f"{_BOTO3_GUIDE}error-handling.html",
        "other.botocore": f"{_BOTO3_GUIDE}error-handling.html",
        "service_unavailable.unreachable": f"{_BOTO3_GUIDE}configuration.html",
    }.items()
}
"""The page of the SES developer guide, or of boto3's, for each category or key of advice."""


def page_for(key: str) -> str:
    """The page that treats ``key``, or the category that it begins with."""
    return PAGES.get(key) or PAGES[key.partition(".")[0]]


def advise(key: str, language: str, facts: Mapping[str, Any]) -> str:
    """The advice under ``key``, with ``facts`` filled in.

    Each key has several wordings, from the one that needs most facts to one that needs fewest; the
    first that can be filled is the one. A key ``category.variant`` without a text, or whose
    wordings all need more, falls back on its category.

    Args:
        key: a category or ``category.variant``.
        language: ``en`` or ``zh-TW``.
        facts: by the name of their placeholder; those that are ``None`` or empty count as missing.
    """
    known = _written(facts, language) if facts else {}
    if not known:
        return _plain(key, language)
    if facts.get("identities_truncated") and "identities" in known:
        known["identities"] = fill("list.truncated", language, known) or known["identities"]
    return fill(key, language, known) or fill(key.partition(".")[0], language, known)


def _written(facts: Mapping[str, Any], language: str) -> dict[str, str]:
    known = {}
    for name, value in facts.items():
        if value not in (None, "", ()):
            write = _WRITTEN.get(name)
            known[name] = write(value, language) if write else str(value)
    return known


@lru_cache
def _plain(key: str, language: str) -> str:
    return fill(key, language, {}) or fill(key.partition(".")[0], language, {})


def duration(seconds: float, language: str) -> str:
    """A duration as one says it: ``3 seconds``, ``2 minutes``, ``5 hours``."""
    amount, unit = max(0.1, abs(seconds)), "second"
    for size, name in ((3600.0, "hour"), (60.0, "minute")):
        if amount >= size:
            amount, unit = amount / size, name
            break
    count = f"{amount:.0f}" if amount >= 10 else f"{amount:.1f}".removesuffix(".0")
    key = f"duration.{unit}" if count == "1" else f"duration.{unit}s"
    return fill(key, language, {"count": count})


def _list(names: tuple[str, ...], language: str) -> str:
    shown = ", ".join(names[:SHOWN_IDENTITIES])
    more = len(names) - SHOWN_IDENTITIES
    if more <= 0:
        return shown
    return fill("list.more", language, {"identities": shown, "count": str(more)})


_WRITTEN: Mapping[str, Callable[[Any, str], str]] = {
    "identities": _list,
    "senders": _list,
    "recipients": _list,
    "parameters": _list,
    "retry_after": duration,
    "clock_skew": duration,
    "rate": lambda rate, language: f"{rate:g}",
    "quota": lambda quota, language: f"{quota:,.0f}",
}
"""How facts that are no text are written."""
