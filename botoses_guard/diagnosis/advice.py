"""What to do about a trouble, in the reader's language, and where AWS writes about it."""

from __future__ import annotations

import json
import string
from collections.abc import Mapping
from functools import lru_cache
from importlib import resources
from typing import Any

LANGUAGES = ("en", "zh-TW")
"""Each has one file of texts in the package's ``advice``."""

_GUIDE = "https://docs.aws.amazon.com/ses/latest/dg/"

PAGES: Mapping[str, str] = {
    category: _GUIDE + page
    for category, page in {
        "unverified_identity": "verify-addresses-and-domains.html",
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
        "expired_credentials": "using-credentials.html",
        "service_unavailable": "troubleshoot-error-messages.html",
        "outcome_unknown": "troubleshoot-error-messages.html",
        "other": "troubleshoot-error-messages.html",
    }.items()
}
"""The page of the SES developer guide that treats each category."""


def advice_for(key: str, language: str, facts: Mapping[str, Any]) -> str:
    """The advice under ``key``, with ``facts`` filled in.

    Each key has several wordings, from the one that needs most facts to one that needs none (or
    as few as its key implies); the first that can be filled is the one.
    """
    texts = _texts(language)
    known = {name: value for name, value in facts.items() if value not in (None, "", ())}
    for wording, needed in texts[key]:
        if needed <= known.keys():
            return wording.format(**known)
    return advice_for(key.partition(".")[0], language, facts)


def duration(seconds: float, language: str) -> str:
    """A duration as one says it: ``3 seconds``, ``2 minutes``, ``5 hours``."""
    amount, one, chinese = seconds, "second", "秒"
    for size, name, characters in ((3600.0, "hour", "小時"), (60.0, "minute", "分鐘")):
        if seconds >= size:
            amount, one, chinese = seconds / size, name, characters
            break
    number = f"{amount:.0f}" if amount >= 10 else f"{amount:.1f}".removesuffix(".0")
    if language == "zh-TW":
        return f"{number} {chinese}"
    return f"{number} {one}" if number == "1" else f"{number} {one}s"


@lru_cache(maxsize=len(LANGUAGES))
def _texts(language: str) -> dict[str, list[tuple[str, frozenset[str]]]]:
    file = resources.files("botoses_guard").joinpath("advice", f"{language}.json")
    texts = json.loads(file.read_text("utf-8"))
    return {
        key: [(wording, _placeholders(wording)) for wording in wordings]
        for key, wordings in texts.items()
    }


def _placeholders(wording: str) -> frozenset[str]:
    return frozenset(name for _, name, _, _ in string.Formatter().parse(wording) if name)
