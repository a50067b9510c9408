"""The clocks of this process, which libraries that stop the time in tests leave alone.

A queue whose clock stands still lets nobody through. freezegun replaces ``monotonic_ns``, ``time``
and others like them in every module, but not ``clock_gettime_ns``. time-machine replaces that one
too, but only for the time of day.
"""

from __future__ import annotations

import sys
import time

if sys.platform == "win32":

    def monotonic() -> float:
        return time.monotonic()

    def monotonic_us() -> int:
        return time.monotonic_ns() // 1000

    def wall_us() -> int:
        return time.time_ns() // 1000

else:

    def monotonic() -> float:
        """Read a clock that nobody sets, in seconds."""
        return time.clock_gettime(time.CLOCK_MONOTONIC)

    def monotonic_us() -> int:
        """Read a clock that nobody sets, in microseconds."""
        return time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000

    def wall_us() -> int:
        """Read the time of day, in microseconds since 1970."""
        return time.clock_gettime_ns(time.CLOCK_REALTIME) // 1000
