"""What the exceptions carry."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, Literal

from .categories import Category
from .wording import translated

Origin = Literal["client", "service"]
"""Who refused: ``client`` is the guard, before anything was sent; ``service`` is SES."""


IdentityRole = Literal["sender", "return_path", "recipient", "unknown"]
"""What a request uses a mailbox for, as far as its verification is concerned."""


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

    category: Category
    message: str
    """The text with which SES refuses such a value."""

    suggestion: str | None = None
    """The address that was probably meant; or in words what to do, where the fault is no address's.
    """

    english_rule: str = field(default="", repr=False, compare=False)
    """The English text of :attr:`rule` where that is a translation."""

    def rule_in(self, language: str) -> str:
        """The rule in a language; in English where that has no words for it."""
        return translated(self.english_rule or self.rule, language)

    def in_language(self, language: str) -> Violation:
        """The same fault with its rule in a language."""
        rule, english = self.rule_in(language), self.english_rule or self.rule
        return self if rule == self.rule else replace(self, rule=rule, english_rule=english)


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

    category: Category


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What SES, or the guard in its place, said is wrong with a send."""

    category: Category
    """One of the names in :data:`BY_CATEGORY`."""

    code: str
    message: str
    retryable: bool
    """Whether the same request may succeed soon, without anybody changing anything."""

    identities: tuple[str, ...] = ()
    """The mailboxes or domains that SES names, as it names them."""

    identities_truncated: bool = False
    """SES ended its list with an ellipsis: there are more."""

    region: str | None = None
    """In lower case, as clients take it; SES writes ``EU-WEST-1``."""

    configuration_set: str | None = None
    template: str | None = None
    advice: str = ""
    """One or two sentences: what is wrong, on whose side, and the next step."""

    documentation_url: str = ""
    language: str = field(default="en", repr=False, compare=False)
    """Of :attr:`advice`, and of the text of an error that carries this diagnosis."""

    identity_roles: tuple[IdentityRole, ...] = ()
    """What the request uses each of :attr:`identities` for; empty when no request was at hand."""

    sandbox_likely: bool | None = None
    """Whether the account is probably in the sandbox: a recipient is named as not verified."""

    address: str | None = None
    """The address that the text names, which SES may have cut, or that :mod:`smtplib` names."""

    header: str | None = None
    """The name of the header that the text names, or its beginning."""

    parameters: tuple[str, ...] = ()
    """Where the addresses stand in the request which explain a text that names none."""

    clock_skew: float | None = None
    """Seconds by which this computer's clock is behind that of AWS; negative when it is ahead."""

    store: str | None = None
    """The address of the store that is unreachable, without its password."""

    reason: str | None = None
    """Why the store is unreachable."""

    advice_key: str = field(default="", repr=False, compare=False)
    advice_facts: tuple[tuple[str, Any], ...] = field(default=(), repr=False, compare=False)
    """With :attr:`advice_key`, what the advice is made of in any language."""


@dataclass(frozen=True, slots=True)
class BulkFailure:
    """An entry of a bulk call that SES did not accept."""

    index: int
    """Of the entry, from 0."""

    status: str
    """SES's word for it, such as ``AccountThrottled`` (v1) or ``ACCOUNT_THROTTLED`` (v2)."""

    error: str
    """SES's text; empty when it gave none."""

    recipients: tuple[str, ...]
    """Of the entry; empty when the call's parameters are not at hand."""

    diagnosis: Diagnosis
