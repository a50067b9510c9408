"""The bridge for botocore before 1.43.117: its ``before-send`` gets a request without its context.

It has to be told otherwise whose attempt a request is: that of the innermost send of this thread or
task which is not over. A send inside a handler of another send (a log handler that mails, an audit
hook) stands on top of it for as long as it lasts.
"""

from __future__ import annotations

import weakref
from collections.abc import Iterator
from contextvars import ContextVar
from typing import Any, NamedTuple

from ..sending import SendInvocation
from .bridge import CONTEXT_KEY, Bridge, Handler


class _Under(NamedTuple):
    """A send, and those that it runs inside of."""

    # Weak: no event tells of a send that ends by Ctrl-C, and its message must not be kept alive.
    send: weakref.ref[SendInvocation]
    outer: _Under | None


_innermost: ContextVar[_Under | None] = ContextVar("botoses_guard.innermost", default=None)


class OlderBridge(Bridge):
    """Keeps the sends of each thread or task on a stack, from a request's creation to their end."""

    def _once_a_call(self) -> Iterator[tuple[str, Handler]]:
        yield from super()._once_a_call()
        yield "request-created", self.request_created

    def request_created(self, request: Any, **_: Any) -> None:
        send = request.context.get(CONTEXT_KEY)
        if send is None or send.lease.bridge is not self:
            return
        under = _living(_innermost.get())
        if under is None or under.send() is not send:
            _innermost.set(_Under(weakref.ref(send), under))

    def before_send(self, request: Any, **_: Any) -> None:
        under = _living(_innermost.get())
        if under is not None:
            self.admit(under.send())

    def after_call(
        self, http_response: Any, parsed: dict[str, Any], context: dict[str, Any], **_: Any
    ) -> None:
        _leave(context.get(CONTEXT_KEY))
        super().after_call(http_response, parsed, context)

    def after_call_error(self, exception: Exception, context: dict[str, Any], **_: Any) -> None:
        _leave(context.get(CONTEXT_KEY))
        super().after_call_error(exception, context)


def _leave(send: SendInvocation | None) -> None:
    under = _innermost.get()
    while send is not None and under is not None:
        innermost, under = under.send(), under.outer
        if innermost is send:
            _innermost.set(under)
            return


def _living(under: _Under | None) -> _Under | None:
    while under is not None and under.send() is None:
        under = under.outer
    return under
