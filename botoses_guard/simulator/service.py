"""One request of an SES client, from its bytes to the bytes of the answer."""

from __future__ import annotations

import logging
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..operations import OPERATIONS, Operation
from .account import Account
from .answers import INTERNAL, Answer, Refused
from .faults import Fault
from .inbox import Counters
from .judge import Judge
from .management import HANDLERS
from .protocol import Call, Reply, read_v1, read_v2, write, write_error
from .send import Send

logger = logging.getLogger(__name__)

_SENDS: Mapping[tuple[str, str], Operation] = {
    (operation.service.name, operation.name): operation for operation in OPERATIONS
}
_SCOPE = re.compile(r"Credential=[^/\s]*/\d*/([a-z0-9-]+)/")
_DEFAULT_REGION = "us-east-1"
_INTERNAL = Refused("internal", INTERNAL)


def service_of(path: str) -> str:
    """``ses`` or ``sesv2``."""
    return "sesv2" if path.startswith("/v2/") else "ses"


@dataclass(frozen=True, slots=True)
class Request:
    """What of an HTTP request matters."""

    method: str
    path: str
    query: Mapping[str, str]
    authorization: str
    body: bytes

    @property
    def service(self) -> str:
        return service_of(self.path)

    @property
    def region(self) -> str:
        """From the scope of the signature, which itself is not checked."""
        found = _SCOPE.search(self.authorization)
        return found[1] if found else _DEFAULT_REGION


class Service:
    """Answers requests by the account."""

    def __init__(self, account: Account, judge: Judge, counters: Counters) -> None:
        self._account = account
        self._judge = judge
        self._counters = counters

    def read(self, request: Request) -> Call | Reply:
        """The call in a request, or the answer to one that cannot be read."""
        self._counters.requests += 1
        try:
            if request.service == "sesv2":
                call = read_v2(request.method, request.path, request.query, request.body)
            else:
                call = read_v1(request.query, request.body)
        except Refused as refused:
            return self._refuse(request.service, refused.answer(request.service))
        except Exception:  # a bug here must not look like a broken connection
            logger.exception("the simulator failed to read a request")
            return self._refuse(request.service, _INTERNAL.answer(request.service))
        self._counters.operations[f"{call.service}.{call.operation.name}"] += 1
        return call

    def refuse_body(self, service: str, trouble: str, message: str | None = None) -> Reply:
        """The answer to a request whose body did not arrive."""
        self._counters.requests += 1
        return self._refuse(service, Refused(trouble, message).answer(service))

    def is_send(self, call: Call) -> bool:
        return (call.service, call.operation.name) in _SENDS

    def answer(self, call: Call, region: str, now: float) -> tuple[Reply, bool]:
        """The answer to a call, and whether it was good."""
        try:
            members = self._members(call, region, now)
        except Refused as refused:
            return self._refuse(call.service, refused.answer(call.service)), False
        except Exception:  # a bug here must not look like a broken connection
            logger.exception("the simulator failed in %s", call.operation.name)
            return self._refuse(call.service, _INTERNAL.answer(call.service)), False
        return write(call.service, call.operation, members, str(uuid.uuid4())), True

    def _members(self, call: Call, region: str, now: float) -> dict[str, Any]:
        operation = _SENDS.get((call.service, call.operation.name))
        if operation is not None:
            return self._judge.accept(Send(operation, call.parameters, region), now)
        handler = HANDLERS.get((call.service, call.operation.name))
        if handler is None:
            name = call.operation.name
            raise Refused("unknown_action", f"{name} is not an operation of the simulator")
        return handler(self._account, self._account.region(region), call.parameters, now)

    def fail(self, call: Call, fault: Fault) -> Reply:
        """The answer that a fault asks for."""
        service = call.service
        if fault.kind == "refuse":
            return self._refuse(service, Refused(fault.trouble, fault.message).answer(service))
        if fault.code:
            return self._refuse(service, Answer(fault.code, fault.status, fault.message, {}))
        if not fault.body:
            self._counters.refused[str(fault.status)] += 1
            return Reply(fault.status, {"Content-Type": "text/html"}, b"<html></html>")
        unavailable = Refused("unavailable", "Service is temporarily unavailable.")
        found = (unavailable if fault.status == 503 else _INTERNAL).answer(service)
        return self._refuse(service, Answer(found.code, fault.status, found.message, {}))

    def _refuse(self, service: str, answer: Answer) -> Reply:
        self._counters.refused[answer.code] += 1
        self._counters.throttled += answer.is_rate
        return write_error(service, answer, str(uuid.uuid4()))
