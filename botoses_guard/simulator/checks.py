"""What SES checks of a send, in its order.

The order is that of SES as far as public probes tell it: the sender, the syntax of From, To, Cc,
Bcc, Return-Path and Reply-To, the configuration set, size, template; then identities, the account,
its quota and last its rate. A refused send costs nothing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from typing import Any

from ..operations import MAX_BULK_ENTRIES, MAX_RECIPIENTS
from .account import Account, Region
from .answers import PAUSED_BY_AWS, QUOTA, RATE, Refused
from .mailbox import WrongAddress, addr_spec_of
from .message import Message, WrongMessage
from .rate import Bucket
from .send import Send, values_at

_SIMULATOR = "@simulator.amazonses.com"
_TAG_NAME = re.compile(r"[A-Za-z0-9_-]+|ses:feedback-id-[ab]")
_TAG_VALUE = re.compile(r"[A-Za-z0-9_.@-]*")
_SET_NAME = re.compile(r"[A-Za-z0-9_-]+")
_LONGEST_TAG = 255
"""Characters of a name or a value: what SES enforces, of the 256 that are documented."""


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
    for tags in ("Tags", "DefaultTags", "EmailTags", "DefaultEmailTags"):
        for tag in values_at(case.send.parameters, (tags, "[]")):
            _check_tag(tag.get("Name", ""), tag.get("Value", ""))


def _check_tag(name: str, value: str) -> None:
    if not name:
        raise Refused("invalid", "The tag name must be specified.")
    for what, text, pattern, allowed in (
        ("name", name, _TAG_NAME, "'_',  '-'"),
        ("value", value, _TAG_VALUE, "'_',  '-' , '.', '@'"),
    ):
        if len(text) > _LONGEST_TAG:
            message = f"Tag {what} cannot exceed {_LONGEST_TAG} characters."
            raise Refused("invalid", message)
        if not pattern.fullmatch(text):
            message = f"Invalid tag {what} <{text}>: only alphanumeric ASCII characters, {allowed}"
            raise Refused("invalid", f"{message} are allowed.")


def check_configuration_set(case: Case) -> None:
    name = case.send.configuration_set
    if name is None:
        return
    if not _SET_NAME.fullmatch(name):
        message = f"Invalid configuration set name <{name}>: only alphanumeric ASCII characters,"
        raise Refused("invalid", f"{message} '_', and '-' are allowed.")
    found = case.region.configuration_sets.get(name)
    if found is None:
        message = f"Configuration set <{name}> does not exist."
        raise Refused("set_missing", message, {"ConfigurationSetName": name})
    if found.paused:
        message = f"Sending is paused for configuration set <{name}>"
        raise Refused("set_paused", message, {"ConfigurationSetName": name})


def check_size(case: Case) -> None:
    largest = case.send.operation.service.message_bytes
    if case.message is not None:
        size = 4 * ((len(case.message.content) + 2) // 3)
    else:
        operation = case.send.operation
        parts = (*operation.bodies, *operation.attachments)
        texts = (text for path in parts for text in values_at(case.send.parameters, path))
        size = sum(len(text.encode() if isinstance(text, str) else text) for text in texts)
    if size > largest:
        raise Refused("invalid", f"Message length is more than {largest} bytes long: '{size}'.")


def check_template(case: Case) -> None:
    name = case.send.template
    if name is not None and name not in case.region.templates:
        raise _missing_template(case.send, name)
    for text in case.send.template_data:
        try:
            is_object = isinstance(json.loads(text), dict)
        except (ValueError, RecursionError):
            is_object = False
        if not is_object:
            raise Refused("invalid", "The template data is invalid")


def _missing_template(send: Send, name: str) -> Refused:
    if send.operation.requests_per_second is None:
        message = f"Template {name} does not exist"
        return Refused("template_missing", message, {"TemplateName": name})
    # v1 and v2 word it differently, both with literal brackets.
    v1 = send.operation.service.name == "ses"
    kind = "Template" if v1 else "Custom verification email template"
    return Refused(
        "custom_template_missing",
        f"{kind} <{name}> does not exist",
        {"CustomVerificationEmailTemplateName": name},
    )


def check_identities(case: Case) -> None:
    if case.account.sandbox and case.send.operation.requests_per_second is not None:
        # Whom it is sent to is not verified yet, which is what the message is for.
        raise Refused("no_production_access", None)
    _check_verified(case, [*case.senders, *_in_sandbox(case, case.recipients)])


def _in_sandbox(case: Case, recipients: list[str]) -> list[str]:
    """Those who must be verified: for a bounce none, it goes to whoever sent the message."""
    if not case.account.sandbox or case.send.is_bounce:
        return []
    return [one for one in recipients if not is_simulator(one)]


def _check_verified(case: Case, addresses: list[str]) -> None:
    failed = [one for one in dict.fromkeys(addresses) if not case.region.has_verified(one)]
    if not failed:
        return
    if case.send.is_bounce:
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
    _check_quota(case, all_recipients(case))


def _check_quota(case: Case, recipients: list[str]) -> None:
    """A message passes whole while any of the quota is left, as with the rate."""
    if case.account.quota < 0 or all(is_simulator(one) for one in recipients):
        return
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
    # A bounce is one message, to whoever sent what bounced.
    bucket.take(1 if case.send.is_bounce else len(all_recipients(case)) or 1)


def is_simulator(address: str) -> bool:
    """Whether an address is the mailbox simulator's: it does not count to the quota."""
    return address.lower().endswith(_SIMULATOR)


def all_recipients(case: Case) -> list[str]:
    send = case.send
    if send.entries is None:
        return case.recipients
    return [one for entry in send.entries for one in send.recipients_of_entry(entry)]


def check_entry(case: Case, entry: dict[str, Any]) -> list[str]:
    """What SES checks of one entry of a bulk call: a bad recipient fails it alone.

    Returns:
        The addresses of its recipients.

    Raises:
        Refused: the entry fails.
    """
    recipients = case.addresses(case.send.recipients_of_entry(entry))
    if not recipients:
        raise Refused("invalid", "Missing required header 'To'.")
    if len(recipients) > MAX_RECIPIENTS:
        raise Refused("invalid", f"Recipient count exceeds {MAX_RECIPIENTS}.")
    for tag in values_at(entry, ("ReplacementTags", "[]")):
        _check_tag(tag.get("Name", ""), tag.get("Value", ""))
    _check_verified(case, _in_sandbox(case, recipients))
    _check_quota(case, recipients)
    return recipients


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
