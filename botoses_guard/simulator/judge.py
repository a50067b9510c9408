"""Whether SES accepts a send: its checks, in its order.

The order is that of SES as far as public probes tell it: the sender, the syntax of From, To, Cc, Bcc,
Return-Path and Reply-To, the configuration set, size, template; then identities, the account, its
quota and last its rate. A refused send costs nothing.
"""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Callable, Iterable
from typing import Any

from ..operations import MAX_BULK_ENTRIES, MAX_RECIPIENTS
from .account import Account, Region
from .answers import PAUSED_BY_AWS, QUOTA, RATE, Refused
from .inbox import Accepted, Counters, Inbox
from .mailbox import WrongAddress, addr_spec_of
from .message import Message, WrongMessage
from .rate import Bucket
from .send import Send, values_at

_SIMULATOR = "@simulator.amazonses.com"
_TAG = re.compile(r"[A-Za-z0-9_-]{1,255}|ses:feedback-id-[ab]")
_TAG_VALUE = re.compile(r"[A-Za-z0-9_.@-]{0,255}")


class Case:
    """One send under judgement."""

    def __init__(self, send: Send, account: Account, now: float) -> None:
        self.send = send
        self.account = account
        self.region: Region = account.region(send.region)
        self.now = now
        self.message: Message | None = None
        self.recipients: list[str] = []
        self.senders: list[str] = []

    def addresses(self, texts: Iterable[str | None]) -> list[str]:
        """The addresses in mailboxes; SES refuses the first that is wrong."""
        found = []
        for text in texts:
            if text is None:
                continue
            if not text and self.send.operation.service.name == "ses":
                raise Refused("invalid", "Missing final '@domain'")
            try:
                found.append(addr_spec_of(text))
            except WrongAddress as wrong:
                raise Refused("invalid", str(wrong)) from None
        return found


def check_sender(case: Case) -> None:
    send = case.send
    if send.operation.sender is None or send.sender is not None or send.raw is not None:
        return
    # SES has no text for a composed message without a sender.
    raise Refused("invalid", "Source cannot be empty" if send.template else None)


def check_syntax(case: Case) -> None:
    send = case.send
    case.senders = case.addresses([send.sender])
    if send.entries is None:
        case.recipients = case.addresses(send.recipients)
    case.senders += case.addresses([send.return_path])
    case.addresses(send.reply_to)


def check_raw_message(case: Case) -> None:
    content = case.send.raw
    if content is None:
        return
    try:
        message = case.message = Message(content)
    except (WrongAddress, WrongMessage) as wrong:
        raise Refused("invalid", str(wrong)) from None
    if not message.has("from") and case.send.sender is None:
        raise Refused("invalid", "Missing required header 'From'.")
    case.senders += [sender for sender in message.senders if sender not in case.senders]
    if not case.recipients:
        case.recipients = message.recipients


def check_recipients(case: Case) -> None:
    entries = case.send.entries
    if entries is not None:
        if not entries or len(entries) > MAX_BULK_ENTRIES:
            raise Refused("invalid", f"Destinations must have 1 to {MAX_BULK_ENTRIES} elements.")
    elif not case.recipients:
        raise Refused("invalid", "Missing required header 'To'.")
    elif len(case.recipients) > MAX_RECIPIENTS:
        raise Refused("invalid", f"Recipient count exceeds {MAX_RECIPIENTS}.")


def check_tags(case: Case) -> None:
    for name, pattern, what in (("Name", _TAG, "name"), ("Value", _TAG_VALUE, "value")):
        for tags in ("Tags", "DefaultTags", "EmailTags", "DefaultEmailTags"):
            for text in values_at(case.send.parameters, (tags, "[]", name)):
                if not text and name == "Name":
                    raise Refused("invalid", "The tag name must be specified.")
                if not pattern.fullmatch(text):
                    raise Refused(
                        "invalid",
                        f"Invalid tag {what} <{text}>: only alphanumeric ASCII characters, "
                        "'_',  '-' are allowed.",
                    )


def check_configuration_set(case: Case) -> None:
    name = case.send.configuration_set
    if name is None:
        return
    found = case.region.configuration_sets.get(name)
    if found is None:
        message = f"Configuration set <{name}> does not exist."
        raise Refused("set_missing", message, ConfigurationSetName=name)
    if found.paused:
        message = f"Sending is paused for configuration set <{name}>"
        raise Refused("set_paused", message, ConfigurationSetName=name)


def check_size(case: Case) -> None:
    largest = case.send.operation.service.message_bytes
    if case.message is not None:
        size = 4 * ((len(case.message.content) + 2) // 3)
    else:
        bodies = case.send.operation.bodies
        texts = (text for path in bodies for text in values_at(case.send.parameters, path))
        size = sum(len(text.encode() if isinstance(text, str) else text) for text in texts)
    if size > largest:
        raise Refused("invalid", f"Message length is more than {largest} bytes long: '{size}'.")


def check_template(case: Case) -> None:
    send = case.send
    name = send.template
    if name is not None and name not in case.region.templates:
        custom = send.operation.requests_per_second is not None
        trouble = "custom_template_missing" if custom else "template_missing"
        raise Refused(trouble, f"Template {name} does not exist", TemplateName=name)
    for text in send.template_data:
        try:
            is_object = isinstance(json.loads(text), dict)
        except ValueError:
            is_object = False
        if not is_object:
            raise Refused("invalid", "The template data is invalid")


def check_identities(case: Case) -> None:
    _check_verified(case, [*case.senders, *_in_sandbox(case, case.recipients)])


def _in_sandbox(case: Case, recipients: list[str]) -> list[str]:
    if not case.account.sandbox:
        return []
    return [one for one in recipients if not is_simulator(one)]


def _check_verified(case: Case, addresses: list[str]) -> None:
    failed = [one for one in dict.fromkeys(addresses) if not case.region.has_verified(one)]
    if not failed:
        return
    if case.send.operation.name == "SendBounce":
        raise Refused("invalid", f"Identity is not verified: <{failed[0]}>")
    raise Refused(
        "rejected",
        "Email address is not verified. The following identities failed the check in region "
        f"{case.send.region.upper()}: {', '.join(failed)}",
    )


def check_mail_from(case: Case) -> None:
    for sender in case.senders:
        if sender.rpartition("@")[2].lower() in case.account.mail_from_failed:
            raise Refused("mail_from", "Mail FROM domain is not verified")


def check_account(case: Case) -> None:
    if case.account.paused_by_aws:
        raise Refused("rejected", PAUSED_BY_AWS)
    if case.account.paused:
        raise Refused("account_paused", "Account sending is disabled.")


def check_quota(case: Case) -> None:
    if case.account.quota >= 0 and any(not is_simulator(one) for one in all_recipients(case)):
        if case.region.sent.total(case.now) >= case.account.quota:
            raise Refused("quota", QUOTA)


def check_rate(case: Case) -> None:
    own_rate = case.send.operation.requests_per_second
    if own_rate is None:
        bucket = case.account.bucket(case.region, case.now)
    else:
        bucket = case.region.verification_bucket or Bucket(own_rate, 1, case.now)
        case.region.verification_bucket = bucket
    if bucket.level(case.now) < 1:
        raise Refused("rate", RATE)
    bucket.take(len(all_recipients(case)) or 1)


CHECKS: tuple[Callable[[Case], None], ...] = (
    check_sender,
    check_syntax,
    check_raw_message,
    check_recipients,
    check_tags,
    check_configuration_set,
    check_size,
    check_template,
    check_identities,
    check_mail_from,
    check_account,
    check_quota,
    check_rate,
)


def is_simulator(address: str) -> bool:
    """Whether an address is the mailbox simulator's: it does not count to the quota."""
    return address.lower().endswith(_SIMULATOR)


def all_recipients(case: Case) -> list[str]:
    send = case.send
    if send.entries is None:
        return case.recipients
    return [one for entry in send.entries for one in send.recipients_of_entry(entry)]


class Judge:
    """Judges sends and delivers what is accepted."""

    def __init__(self, account: Account, inbox: Inbox, counters: Counters) -> None:
        self.account = account
        self.inbox = inbox
        self.counters = counters

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
            return {"MessageId": self._deliver(case, case.recipients, send.parameters)}
        results = [self._accept_entry(case, entry) for entry in entries]
        member = "Status" if send.operation.service.name == "ses" else "BulkEmailEntryResults"
        return {member: results}

    def _accept_entry(self, case: Case, entry: dict[str, Any]) -> dict[str, Any]:
        """A bad recipient fails its entry; SES sends the others."""
        v1 = case.send.operation.service.name == "ses"
        try:
            recipients = case.addresses(case.send.recipients_of_entry(entry))
            if not recipients:
                raise Refused("invalid", "Missing required header 'To'.")
            if len(recipients) > MAX_RECIPIENTS:
                raise Refused("invalid", f"Recipient count exceeds {MAX_RECIPIENTS}.")
            _check_verified(case, _in_sandbox(case, recipients))
            check_quota(case)
        except Refused as refused:
            status = {
                "invalid": ("InvalidParameterValue", "INVALID_PARAMETER"),
                "rejected": ("MessageRejected", "MESSAGE_REJECTED"),
                "quota": ("AccountDailyQuotaExceeded", "ACCOUNT_DAILY_QUOTA_EXCEEDED"),
            }[refused.trouble]
            return {"Status": status[not v1], "Error": refused.message}
        message_id = self._deliver(case, recipients, entry)
        return {"Status": "Success" if v1 else "SUCCESS", "MessageId": message_id}

    def _deliver(self, case: Case, recipients: list[str], parameters: dict[str, Any]) -> str:
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
            )
        )
        self.counters.accepted += 1
        self.counters.recipients += len(recipients)
        case.region.sent.add(sum(not is_simulator(one) for one in recipients), case.now)
        return message_id
