"""Whether SES accepts a send, and what becomes of it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from .account import Account
from .answers import INTERNAL, RATE, Refused
from .checks import CHECKS, Case, check_entry, is_simulator
from .faults import Faults
from .inbox import Accepted, Counters, Inbox
from .send import Send

_ENTRY_STATUS = {
    "invalid": ("InvalidParameterValue", "INVALID_PARAMETER"),
    "rejected": ("MessageRejected", "MESSAGE_REJECTED"),
    "quota": ("AccountDailyQuotaExceeded", "ACCOUNT_DAILY_QUOTA_EXCEEDED"),
    "rate": ("AccountThrottled", "ACCOUNT_THROTTLED"),
    "internal": ("TransientFailure", "TRANSIENT_FAILURE"),
}
"""Of v1 and v2 (``BulkEmailStatus`` in the service models)."""


class Judge:
    """Judges sends and delivers what is accepted."""

    def __init__(self, account: Account, inbox: Inbox, counters: Counters, faults: Faults) -> None:
        self.account = account
        self.inbox = inbox
        self.counters = counters
        self.faults = faults

    def accept(self, send: Send, now: float) -> dict[str, Any]:
        """Accept a send.

        Returns:
            The members of its answer.

        Raises:
            Refused: SES refuses it; nothing is delivered.
        """
        case = Case(send, self.account, now)
        for check in CHECKS:
            check(case)
        entries = send.entries
        if entries is None:
            return {"MessageId": self._deliver(case, case.recipients, send.parameters, {})}
        results = [self._accept_entry(case, entry) for entry in entries]
        member = "Status" if send.operation.service.name == "ses" else "BulkEmailEntryResults"
        return {member: results}

    def _accept_entry(self, case: Case, entry: dict[str, Any]) -> dict[str, Any]:
        """A bad recipient fails its entry; SES sends the others."""
        v1 = case.send.operation.service.name == "ses"
        try:
            trouble = self.faults.take_entry()
            if trouble:
                raise Refused(trouble, RATE if trouble == "rate" else INTERNAL)
            recipients = check_entry(case, entry)
        except Refused as refused:
            status = _ENTRY_STATUS[refused.trouble][not v1]
            return {"Status": status, "Error": refused.message}
        message_id = self._deliver(case, recipients, entry, case.send.shared)
        return {"Status": "Success" if v1 else "SUCCESS", "MessageId": message_id}

    def _deliver(
        self,
        case: Case,
        recipients: list[str],
        parameters: Mapping[str, Any],
        shared: Mapping[str, Any],
    ) -> str:
        send = case.send
        message_id = f"0100{uuid.uuid4().hex[:12]}-{uuid.uuid4()}-000000"
        self.inbox.add(
            Accepted(
                message_id=message_id,
                time=case.now,
                service=send.operation.service.name,
                operation=send.operation.name,
                region=send.region,
                source=send.sender or (case.message.from_address if case.message else None),
                recipients=tuple(recipients),
                raw=send.raw,
                parameters=parameters,
                shared=shared,
            )
        )
        self.counters.accepted += 1
        self.counters.recipients += len(recipients)
        case.region.sent.add(sum(not is_simulator(one) for one in recipients), case.now)
        return message_id
