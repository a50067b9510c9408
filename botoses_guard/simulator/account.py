"""The account that the local SES plays."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from .rate import Bucket, RollingCount

Verified = Iterable[str] | None


@dataclass(slots=True)
class ConfigurationSet:
    """A configuration set."""

    paused: bool = False


@dataclass(slots=True)
class Region:
    """What an account keeps for each region."""

    identities: set[str]
    """Addresses and domains that are verified."""

    verifies_all: bool = False
    """Whether every identity counts as verified."""

    configuration_sets: dict[str, ConfigurationSet] = field(default_factory=dict)
    templates: set[str] = field(default_factory=set)
    bucket: Bucket | None = None
    verification_bucket: Bucket | None = None
    sent: RollingCount = field(default_factory=RollingCount)

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
    verified: Verified = None
    """Identities that are verified in every region; ``None`` verifies all."""

    paused: bool = False
    """Paused by its owner (``UpdateAccountSendingEnabled``)."""

    paused_by_aws: bool = False
    mail_from_failed: set[str] = field(default_factory=set)
    """Domains whose custom MAIL FROM domain is not verified."""

    configuration_sets: Iterable[str] = ()
    """Names that exist in every region."""

    templates: Iterable[str] = ()
    """Names that exist in every region."""

    regions: dict[str, Region] = field(default_factory=dict)

    def region(self, name: str) -> Region:
        """The account in one region; regions share nothing but these settings."""
        region = self.regions.get(name)
        if region is None:
            region = self.regions[name] = Region(set(self.verified or ()), self.verified is None)
            region.configuration_sets = {one: ConfigurationSet() for one in self.configuration_sets}
            region.templates = set(self.templates)
        return region

    def bucket(self, region: Region, now: float) -> Bucket:
        """The sending rate of a region."""
        burst = max(2.0, self.rate / 4) if self.burst is None else self.burst
        if region.bucket is None or (region.bucket.rate, region.bucket.burst) != (self.rate, burst):
            region.bucket = Bucket(self.rate, burst, now)
        return region.bucket
