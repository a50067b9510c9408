"""The form of the specification: one way in which a trouble comes, and what is made of it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from botoses_guard import errors

from .codes import Codes
from .wordings import Wording

GUIDE = "https://docs.aws.amazon.com/ses/latest/dg/"

SENDER = "shop@example.com"
RECIPIENT = "ada@example.net"


NONE: Mapping[str, Any] = MappingProxyType({})


class Row(NamedTuple):
    """One way in which an entry's trouble comes."""

    entry: str
    says: str
    """The page's own words, shortly."""

    case: str
    error: type[errors.SESError]
    codes: Codes
    text: str
    """What SES answers, to the letter."""

    advice: Wording
    page: str
    """The page of the developer guide that the guard names."""

    smtp: str
    """The code of SES's reply over SMTP in the same trouble, and what stands before the text."""

    account: Mapping[str, Any] = NONE
    """The settings of the local SES that bring the trouble about, by its own judgement."""

    told: bool = False
    """Whether the local SES is told to give the text, which it would not of its own accord."""

    region: str = "us-east-1"
    recipients: tuple[str, ...] = (RECIPIENT,)
    parameters: Mapping[str, Any] = NONE
    settings: Mapping[str, Any] = NONE
    requests: int = 1
    """HTTP requests that the send takes; 0 when the guard refuses in SES's place."""

    names: Mapping[str, Any] = NONE
    """Fields of the diagnosis that SES's text alone gives, over SMTP too."""

    compares: Mapping[str, Any] = NONE
    """Fields that take the request besides, which an SMTP reply comes without."""

    smtp_text: str | None = None
    """The text over SMTP; ``None`` for the same."""

    smtp_names: Mapping[str, Any] = NONE
    """Fields that SMTP's text names beyond what the guard says in SES's place."""

    smtp_advice: Wording | None = None
    """The advice where the request is unknown; ``None`` for the same."""

    smtp_page: str | None = None
    """The page that goes with it; ``None`` for the same."""

    retry_within: float | None = None
    """Seconds after which the same send may pass, at most; ``None`` where nothing is known."""

    @property
    def smtp_reply(self) -> str:
        return f"{self.smtp}: {self.smtp_text or self.text}"
