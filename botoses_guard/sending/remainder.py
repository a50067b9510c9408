"""The entries of a bulk call that go again, as the parameters of a call of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .invocation import SendInvocation


class Remainder(dict[str, Any]):
    """Parameters that say of which bulk call they are a part.

    botocore hands the parameters of a call to its handlers as they are, so that the handlers need
    no other sign that a call is a resend.
    """

    def __init__(self, parameters: dict[str, Any], part_of: SendInvocation) -> None:
        """
        Args:
            parameters: of the call, for the entries that go again.
            part_of: the bulk call.
        """
        super().__init__(parameters)
        self.part_of = part_of
        self.resend: SendInvocation | None = None
        """The call's own invocation, from the moment that it begins."""
