"""The entries of a bulk call that go again, as the parameters of a call of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .invocation import SendInvocation


class Remainder:
    """The parameters of a resend, and of which bulk call it is a part.

    They are what goes, to the letter: the user's handlers made theirs of them in the first call.
    """

    def __init__(self, parameters: dict[str, Any], part_of: SendInvocation) -> None:
        """
        Args:
            parameters: of the call, for the entries that go again.
            part_of: the bulk call.
        """
        self.parameters = parameters
        self.part_of = part_of
        self.resend: SendInvocation | None = None
        """The call's own invocation, from the moment that it begins."""
