"""What the exceptions carry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Origin = Literal["client", "service"]
"""Who refused: ``client`` is the guard, before anything was sent; ``service`` is SES."""


@dataclass(frozen=True, slots=True)
class Violation:
    """One fault of a request, found before it was sent."""

    path: str
    """Where: ``Destination.ToAddresses[3]``, ``RawMessage.Data: header 'Cc', mailbox 3``."""

    value: str
    """The value found there as :func:`ascii` shows it, cut when it is long."""

    rule: str
    """What the value breaks, as a sentence."""

    reference: str
    """Where the rule is written: an RFC and section, or a page of the SES developer guide."""

    category: str
    message: str
    """The text with which SES refuses such a value."""

    suggestion: str | None = None
    """What was probably meant."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """What became of one HTTP request of a send."""

    number: int
    """1 for the first."""

    waited: float
    """Seconds spent waiting for the slot of this attempt."""

    http_status: int | None
    """``None`` when no answer came."""

    code: str
    """The code of the answer, or the name of the transport's exception."""

    category: str


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What SES, or the guard in its place, said is wrong with a send."""

    category: str
    """One of the names in :data:`BY_CATEGORY`."""

    code: str
    message: str
    retryable: bool
    """Whether the same request may succeed later without anybody changing anything."""

    identities: tuple[str, ...] = ()
    """The mailboxes or domains that SES names, as it names them."""

    identities_truncated: bool = False
    """SES ended its list with an ellipsis: there are more."""

    region: str | None = None
    configuration_set: str | None = None
    template: str | None = None
    advice: str = ""
    """One or two sentences: what is wrong, on whose side, and the next step."""

    documentation_url: str = ""
