"""The state of one send, from its parameters to its answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..errors import Attempt
from ..operations import Operation
from ..pacing import Pacer, Slot
from ..parameters import Prepared
from ..telemetry import Telemetry
from .bulk_results import Entry, Result
from .outcome import AttemptOutcome, Ending


class SendInvocation:
    """One call of a send operation.

    Whoever drops the last reference to it ends the send: an exception that no event of botocore
    tells of (Ctrl-C in a sleep between two attempts, a greenlet's timeout in the middle of a
    request, a handler of the user that raises in ``before-call``) leaves no slot reserved.
    """

    # The state at the beginning stands in the class: most sends change little of it.
    lease: Any = None
    """What the handlers keep with a send: tells which of them began it."""

    part_of: SendInvocation | None = None
    """The bulk call some of whose entries this one sends again."""

    deadline: float | None = None
    """When the last wait of this send is over at the latest, on the policy's clock; ``None`` before
    the first one."""

    made = 0
    """HTTP requests so far; those of the bulk call included, where this is a part of one."""

    attempts: tuple[Attempt, ...] = ()
    """Those of this call that were not accepted."""

    pacer: Pacer | None = None
    slot: Slot | None = None
    """The slot of the attempt under way, or of the next one."""

    under_way = False
    """Whether an attempt went through the gate and was not judged yet."""

    outcome: AttemptOutcome | None = None
    """The outcome of the last attempt; ``None`` before the first one was judged."""

    unknown: Ending | None = None
    """The last attempt that may have been accepted; botocore may send it again all the same."""

    results: Sequence[Result] = ()
    """Those of the entries of a bulk call, in their order."""

    refused: Sequence[tuple[int, Entry, Result]] = ()
    """The entries of a bulk call that the guard did not let go, by the caller's index, with the
    results that SES would have given them."""

    ended = False
    """Whether the guard ended it with an error of its own."""

    told = False
    """Whether telemetry heard how it ended; a part of a bulk call is told of with that."""

    waits = 0
    waited = 0.0

    def __init__(
        self,
        operation: Operation,
        prepared: Prepared,
        parameters: dict[str, Any],
        telemetry: Telemetry,
    ) -> None:
        """
        Args:
            operation: which send it is.
            prepared: the parameters as they were found.
            parameters: the dictionary that botocore serialises, which later handlers may change.
            telemetry: told of a send that is dropped.
        """
        self.of = operation
        self.prepared = prepared
        self.parameters = parameters
        self._telemetry = telemetry

    @property
    def operation(self) -> str:
        """The name of the operation."""
        return self.of.name

    def resends(self, part_of: SendInvocation) -> None:
        """Make this a part of a bulk call: it goes on with that one's time and requests."""
        self.part_of = part_of
        self.deadline = part_of.deadline
        self.made = part_of.made
        self.told = True

    def __del__(self) -> None:
        # Called by the garbage collector, at any time: it may take no lock.
        if self.slot is not None and self.pacer is not None:
            # What is under way may have been read by SES.
            self.pacer.abandon(self.slot, "accepted" if self.under_way else "given_back")
        if not self.told:
            self._telemetry.drop(self, len(self.prepared.recipients), self.under_way)
