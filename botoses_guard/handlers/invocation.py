"""One call of a send operation, from its parameters to its answer."""

from __future__ import annotations

import weakref
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from ..errors import Attempt
from ..pacing import Pacer, Slot
from ..parameters import Prepared

_CONTEXT_KEY = "botoses_guard"


class SendInvocation:
    """What the handlers of one send pass on to each other."""

    __slots__ = (
        "__weakref__",
        "operation",
        "prepared",
        "deadline",
        "made",
        "attempts",
        "pacer",
        "slot",
        "waits",
        "waited",
        "resends",
    )

    def __init__(
        self,
        operation: str,
        prepared: Prepared,
        deadline: float,
        part_of: SendInvocation | None,
    ) -> None:
        """
        Args:
            operation: its name.
            prepared: the parameters.
            deadline: when the last wait of this send is over at the latest, on the handlers' clock.
            part_of: the bulk call some of whose entries this one sends again.
        """
        self.operation = operation
        self.prepared = prepared
        self.deadline: float = part_of.deadline if part_of else deadline
        self.made: int = part_of.made if part_of else 0
        """HTTP requests that were made before this call, or by it once it is answered."""
        self.attempts: list[Attempt] = []
        """Those of this call that were not accepted."""
        self.pacer: Pacer | None = None
        self.slot: Slot | None = None
        """The slot of the attempt under way, or of the next one."""
        self.waits = 0
        self.waited = 0.0
        self.resends = part_of is not None

    def begin(self, context: dict[str, Any]) -> None:
        """Make this the invocation of botocore's ``context``, and of this thread or task."""
        context[_CONTEXT_KEY] = self
        _current.set(weakref.ref(self))


def invocation_of(context: Mapping[str, Any]) -> SendInvocation | None:
    """The invocation of botocore's ``context``; ``None`` for a call that is not guarded."""
    invocation = context.get(_CONTEXT_KEY)
    return invocation if isinstance(invocation, SendInvocation) else None


def current_invocation() -> SendInvocation | None:
    """The invocation of this thread or task."""
    reference = _current.get()
    return reference() if reference is not None else None


@contextmanager
def resending(invocation: SendInvocation) -> Iterator[None]:
    """The next call of this thread or task sends some entries of ``invocation`` again."""
    token = _resent.set(invocation)
    try:
        yield
    finally:
        _resent.reset(token)


def take_resent() -> SendInvocation | None:
    """What the call that begins sends again; a call that it leads to is one of its own."""
    resent = _resent.get()
    if resent is not None:
        _resent.set(None)
    return resent


# before-send alone gets no context. The reference is weak because nothing tells when a call is over
# whose parameters botocore refuses: a strong one would keep the last message of each thread alive.
_current: ContextVar[weakref.ref[SendInvocation] | None] = ContextVar(_CONTEXT_KEY, default=None)

_resent: ContextVar[SendInvocation | None] = ContextVar(f"{_CONTEXT_KEY}.resent", default=None)
