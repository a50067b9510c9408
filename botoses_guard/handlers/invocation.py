"""One call of a send operation, from its parameters to its answer."""

from __future__ import annotations

import weakref
from collections.abc import Mapping
from contextvars import ContextVar
from typing import Any

from ..errors import Attempt
from ..pacing import Pacer, Slot
from ..parameters import Prepared

_CONTEXT_KEY = "botoses_guard"


class SendInvocation:
    """What the handlers of one send pass on to each other."""

    __slots__ = ("__weakref__", "prepared", "deadline", "attempts", "pacer", "slot")

    def __init__(self, prepared: Prepared, deadline: float) -> None:
        self.prepared = prepared
        self.deadline = deadline
        """When the last wait of this send is over at the latest, on the handlers' clock."""
        self.attempts: list[Attempt] = []
        self.pacer: Pacer | None = None
        self.slot: Slot | None = None
        """The slot of the attempt under way."""

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


# before-send alone gets no context. The reference is weak because nothing tells when a call is over
# whose parameters botocore refuses: a strong one would keep the last message of each thread alive.
_current: ContextVar[weakref.ref[SendInvocation] | None] = ContextVar(_CONTEXT_KEY, default=None)
