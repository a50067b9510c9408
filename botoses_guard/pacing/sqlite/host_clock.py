"""The clocks that all processes of one host read alike."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import blake2b
from typing import NamedTuple

from ..clock import monotonic_us, wall_us

_BOOT_ID = "/proc/sys/kernel/random/boot_id"
"""A number of Linux, drawn at each boot (random(4)); containers see that of their host."""


_NO_BOOT = bytes(8)


class HostClock(NamedTuple):
    """Two clocks, in microseconds, and which boot of the host the first one counts from."""

    queue: Callable[[], int]
    """Nobody sets it; it may begin anew with each boot."""

    wall: Callable[[], int]
    """The time of day."""

    boot: bytes
    """Eight bytes, others for each boot; all the same where :attr:`queue` does not begin anew."""

    @property
    def can_be_set(self) -> bool:
        """Whether :attr:`queue` is the time of day, which somebody may set."""
        return self.boot == _NO_BOOT


def host_clock() -> HostClock:
    """What this host has.

    CLOCK_MONOTONIC has one value in all processes of a boot (but for time namespaces, which next
    to nobody uses) where the boot has a name. Elsewhere both clocks are the time of day.
    """
    try:
        with open(_BOOT_ID, "rb") as file:
            boot = blake2b(file.read(), digest_size=8).digest()
    except OSError:
        return HostClock(wall_us, wall_us, _NO_BOOT)
    return HostClock(monotonic_us, wall_us, boot)
