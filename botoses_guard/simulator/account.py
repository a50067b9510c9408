"""The account that the local SES plays."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .rate import Bucket, RollingCount

_FOLLOWED = ("verified", "configuration_sets", "templates")
"""Settings that hold names, which requests add to and take from in one region."""

_NAMES = frozenset({*_FOLLOWED, "mail_from_failed"})


@dataclass(slots=True)
class ConfigurationSet:
    """A configuration set."""

    paused: bool = False


@dataclass(slots=True)
class Region:
    """What an account keeps for each region."""

    identities: set[str] = field(default_factory=set)
    """Addresses and domains that are verified."""

    verifies_all: bool = False
    """Whether every identity counts as verified."""

    configuration_sets: dict[str, ConfigurationSet] = field(default_factory=dict)
    templates: set[str] = field(default_factory=set)
    bucket: Bucket | None = None
    verification_bucket: Bucket | None = None
    sent: RollingCount = field(default_factory=RollingCount)
    _followed: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def follow(self, account: Account) -> None:
        """Take over what has changed in the settings; what requests created here stays."""
        self.verifies_all = account.verified is None
        settings = {name: frozenset(getattr(account, name) or ()) for name in _FOLLOWED}
        if settings == self._followed:
            return
        for name, names in settings.items():
            before = self._followed.get(name, frozenset())
            self._change(name, names - before, before - names)
        self._followed = settings

    def _change(self, setting: str, added: frozenset[str], removed: frozenset[str]) -> None:
        if setting == "configuration_sets":
            self.configuration_sets |= {name: ConfigurationSet() for name in added}
            for name in removed:
                self.configuration_sets.pop(name, None)
        else:
            held = self.identities if setting == "verified" else self.templates
            held |= added
            held -= removed

    def has_verified(self, address: str) -> bool:
        """Whether an address, its domain or a parent of its domain is verified.

        Addresses are case sensitive, domains are not (developer guide, "Verified identities").
        """
        if self.verifies_all or address in self.identities:
            return True
        domain = address.rpartition("@")[2].lower()
        labels = domain.split(".")
        names = {identity.lower() for identity in self.identities if "@" not in identity}
        return any(".".join(labels[start:]) in names for start in range(len(labels)))


@dataclass(slots=True)
class Account:
    """The settings of the account; every field may be set while the simulator runs."""

    rate: float = 14.0
    """Recipients per second."""

    burst: float | None = None
    """Recipients that may go at once; ``None`` is the larger of 2 and a quarter of the rate."""

    quota: float = 50_000.0
    """Recipients in 24 hours; -1 for no quota."""

    sandbox: bool = False
    verified: Iterable[str] | None = None
    """Identities that are verified in every region; ``None`` verifies all."""

    paused: bool = False
    """Paused by its owner (``UpdateAccountSendingEnabled``)."""

    paused_by_aws: bool = False
    mail_from_failed: Collection[str] = ()
    """Domains whose custom MAIL FROM domain is not verified."""

    configuration_sets: Iterable[str] = ()
    """Names that exist in every region."""

    templates: Iterable[str] = ()
    """Names that exist in every region."""

    regions: dict[str, Region] = field(default_factory=dict)

    def __setattr__(self, name: str, value: Any) -> None:
        """Keep names as a set.

        Raises:
            TypeError: they are one text, of which each letter would be a name.
        """
        if name in _NAMES and value is not None:
            if isinstance(value, str):
                raise TypeError(f"{name} is a list of names; not {ascii(value)}")
            value = set(value)
        object.__setattr__(self, name, value)

    def region(self, name: str) -> Region:
        """The account in one region; regions share nothing but these settings."""
        region = self.regions.setdefault(name, Region())
        region.follow(self)
        return region

    def bucket(self, region: Region, now: float) -> Bucket:
        """The sending rate of a region."""
        burst = max(2.0, self.rate / 4) if self.burst is None else self.burst
        if region.bucket is None or (region.bucket.rate, region.bucket.burst) != (self.rate, burst):
            region.bucket = Bucket(self.rate, burst, now)
        return region.bucket
