"""The handlers of one client."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterator, Mapping
from contextvars import ContextVar
from typing import Any, cast

from botocore.client import BaseClient

from ..operations import Operation
from ..pacing import Pacer
from ..sending import (
    Ending,
    Remainder,
    Sending,
    SendInvocation,
    of_answer,
    of_failure,
    of_unreadable,
)
from .departure import may_have_left, status_of_unreadable
from .driver import BlockingDriver

CONTEXT_KEY = "botoses_guard"
"""Where botocore's context holds the send."""

MAX_SIGNED_WAIT = 240.0
"""Seconds that a signed request may wait: SES takes signatures of up to 300 seconds."""

_REMAINDER_KEY = "botoses_guard.remainder"

_resending: ContextVar[Remainder | None] = ContextVar("botoses_guard.resending", default=None)
"""What the call that begins next in this thread or task is to send again: botocore takes nothing
with a call but its parameters, and of those a program's own patch may make a copy."""

Handler = Callable[..., Any]

_UNIQUE_ID = "botoses-guard"


class Bridge:
    """The handlers that a guard puts on one client.

    Sends under way end as they began: a bridge that is taken off begins no more of them, and its
    handlers go with the last send that it began.
    """

    def __init__(
        self,
        service: str,
        operations: Mapping[str, Operation],
        sending: Sending,
        driver: BlockingDriver,
        pacer_of: Callable[[Operation, Any], Pacer],
        close_connections: Callable[[], object],
    ) -> None:
        """
        Args:
            service: name of the service in botocore's events.
            operations: its send operations by name.
            sending: the policy.
            driver: takes its steps.
            pacer_of: the pacer for an operation and botocore's request signer.
            close_connections: closes the connections of the client that no request uses.
        """
        self._service = service
        self._operations = operations
        self._sending = sending
        self._run = driver.run
        self._pacer_of = pacer_of
        self._close_connections = close_connections
        self._pacers: dict[Operation, Pacer] = {}
        self._lease: _Lease | None = _Lease(self)

    def put_on(self, events: Any) -> None:
        """Register the handlers with the events of a client."""
        # Last, so that what the user's own handlers make of the parameters is what is counted, and
        # nothing stands between the wait and the signature.
        for event, handler in self._once_a_call():
            events.register_last(event, handler, unique_id=self._id_of(event))
        for event, handler in self._attempts():
            events.register(event, handler, unique_id=self._id_of(event))

    def take_off(self, events: Any) -> None:
        """Begin no more sends; the handlers go with the last send that is under way."""
        lease, self._lease = self._lease, None
        if lease is not None:
            weakref.finalize(lease, self._unregister, events).atexit = False

    def _unregister(self, events: Any) -> None:
        for event, handler in (*self._once_a_call(), *self._attempts()):
            events.unregister(event, handler, unique_id=self._id_of(event))

    def _once_a_call(self) -> Iterator[tuple[str, Handler]]:
        yield "provide-client-params", self.provide_client_params
        yield "before-parameter-build", self.before_parameter_build
        yield "before-call", self.before_call

    def _attempts(self) -> Iterator[tuple[str, Handler]]:
        for name in self._operations:
            yield f"before-send.{self._service}.{name}", self.before_send
            yield f"needs-retry.{self._service}.{name}", self.needs_retry
            yield f"after-call.{self._service}.{name}", self.after_call
            yield f"after-call-error.{self._service}.{name}", self.after_call_error

    def _id_of(self, event: str) -> str:
        # One for each bridge: the next guard may come while sends of the last one are under way.
        return f"{_UNIQUE_ID}.{id(self)}.{event}"

    def call(self, client: BaseClient, remainder: Remainder) -> dict[str, Any]:
        """Call a bulk operation again, below any attribute that a program may have wrapped."""
        base: Any = BaseClient
        token = _resending.set(remainder)
        try:
            answer: dict[str, Any] = base._make_api_call(
                client, remainder.part_of.operation, remainder.parameters
            )
        finally:
            _resending.reset(token)
        return answer

    def provide_client_params(
        self, params: dict[str, Any], model: Any, context: dict[str, Any], **_: Any
    ) -> dict[str, Any] | None:
        if model.name not in self._operations:
            return None
        remainder = _resending.get()
        if remainder is not None:  # the first event of the resend; what it leads to is none
            _resending.set(None)
            context[_REMAINDER_KEY] = remainder
        elif self._lease is None:
            return None
        return dict(params)

    def before_parameter_build(
        self, params: dict[str, Any], model: Any, context: dict[str, Any], **_: Any
    ) -> None:
        operation = self._operations.get(model.name)
        if operation is None or "is_presign_request" in context:
            return
        remainder: Remainder | None = context.get(_REMAINDER_KEY)
        # A resend belongs to a send under way, which ends as it began.
        lease = self._lease if remainder is None else remainder.part_of.lease
        if lease is None or lease.bridge is not self:
            return
        send = self._sending.begin(operation, params, remainder)
        send.lease = lease
        context[CONTEXT_KEY] = send

    def before_call(self, context: dict[str, Any], request_signer: Any, **_: Any) -> None:
        send = context.get(CONTEXT_KEY)
        if send is None or send.lease.bridge is not self:
            return
        pacer = self._pacers.get(send.of)
        if pacer is None:
            pacer = self._pacers[send.of] = self._pacer_of(send.of, request_signer)
        send.pacer = pacer
        plan = self._sending.admitted(send, pacer.reserve(*self._sending.demand(send)))
        if plan is not None:
            self._run(plan)

    def before_send(self, request: Any, **_: Any) -> None:
        context = request.context
        if context:
            self.admit(context.get(CONTEXT_KEY))

    def admit(self, send: SendInvocation | None) -> None:
        """Let an attempt of ``send`` through the gate, once it has a slot."""
        if send is None or send.lease.bridge is not self:
            return
        if send.slot is None and send.pacer is not None:  # botocore sends again by itself
            demand = self._sending.demand(send, MAX_SIGNED_WAIT)
            plan = self._sending.admitted(send, send.pacer.reserve(*demand))
            if plan is not None:
                self._run(plan)
        send.under_way = True

    def needs_retry(
        self,
        response: tuple[Any, dict[str, Any]] | None,
        attempts: int,
        caught_exception: Exception | None,
        request_dict: dict[str, Any],
        **_: Any,
    ) -> float | None:
        send = request_dict["context"].get(CONTEXT_KEY)
        if send is None or send.lease.bridge is not self:
            return None
        if response is not None:
            http_response, answer = response
            ending = of_answer(send.of, http_response.status_code, answer)
        elif send.ended:  # by the guard's own error, at the gate
            raise cast(Exception, caught_exception)
        else:
            failure = cast(Exception, caught_exception)
            ending = of_failure(failure, may_have_left(failure))
        plan = self._sending.judge(send, attempts, ending)
        if plan is None:
            return None
        self._close_after(ending)
        delay: float | None = self._run(plan)
        if delay is not None and response is not None:
            _hide(*response)
        return delay

    def after_call(
        self, http_response: Any, parsed: dict[str, Any], context: dict[str, Any], **_: Any
    ) -> None:
        send = context.get(CONTEXT_KEY)
        if send is None or send.lease.bridge is not self:
            return
        plan = self._sending.conclude(send, http_response.status_code, parsed)
        if plan is not None:
            self._run(plan)

    def after_call_error(self, exception: Exception, context: dict[str, Any], **_: Any) -> None:
        send = context.get(CONTEXT_KEY)
        if send is None or send.lease.bridge is not self:
            return
        unreadable = of_unreadable(status_of_unreadable(exception), exception)
        self._close_after(unreadable)
        self._run(self._sending.fail(send, exception, unreadable))

    def _close_after(self, ending: Ending) -> None:
        """Close connections after an informational answer, which botocore takes for the last one.

        The answer proper is still to come, and the next request would take it for its own.
        """
        if ending.http_status is not None and ending.http_status < 200:
            self._close_connections()


class _Lease:
    """Held by each send that a bridge began, and by the bridge while it begins sends."""

    __slots__ = ("__weakref__", "bridge")

    def __init__(self, bridge: Bridge) -> None:
        self.bridge = bridge


def _hide(http_response: Any, answer: dict[str, Any]) -> None:
    """Keep botocore's own handlers, which hear of an answer next, from acting upon it.

    In adaptive mode they would slow the client down as well, beyond any deadline, and in the others
    use up the budget of retries that other calls may need. The answer is dropped with the retry.
    """
    http_response.status_code = 400
    answer["Error"] = {"Code": "HandledByBotosesGuard", "Message": ""}
