"""What is told of a store: lines for the log, and warnings of Python's for those who do not log."""

from __future__ import annotations

import logging
import warnings
from collections import deque

from ..errors import SettingWarning

logger = logging.getLogger(__name__)


class Notices:
    """Lines that were noted during a trip, and are told after it.

    A log handler may send mail by this very store, and would wait for the trip that it is called
    from.
    """

    def __init__(self) -> None:
        self._untold: deque[tuple[str, bool]] = deque()
        self._warned: set[str] = set()

    def note(self, text: str, is_mistake: bool = False) -> None:
        """Keep a line for the log.

        Args:
            text: without user and password.
            is_mistake: whether somebody has to correct something: then it is a warning, too, once.
        """
        self._untold.append((text, is_mistake))

    def tell(self) -> None:
        """Log what was noted."""
        while self._untold:
            try:
                text, is_mistake = self._untold.popleft()
            except IndexError:
                return  # another thread tells it
            logger.warning("%s", text)
            if is_mistake and text not in self._warned:
                self._warned.add(text)
                _warn(text)

    def begin_anew(self) -> None:
        """Leave to the parent of this forked process what it has noted."""
        self._untold = deque()


def _warn(text: str) -> None:
    try:
        warnings.warn(text, SettingWarning, stacklevel=2)
    except SettingWarning:
        pass  # Python was told to raise warnings, but no send fails for one that is in the log
