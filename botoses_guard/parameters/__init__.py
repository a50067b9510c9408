"""The parameters of a send: validated, normalised and counted before botocore serialises them.

The caller's objects are never changed: what needs another value gets it in copies of the lists and
dictionaries around it, and what is already right stays the very same object. Every fault is
collected, in the order in which SES checks. A value of a wrong type is left to botocore, which
refuses it by the service model.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from .. import addresses
from ..errors import Violation
from ..operations import Operation
from ..settings import AddressMode
from .address import normalize_address
from .contents import check_header_texts, check_size, check_template_data
from .counts import check_counts
from .draft import Draft
from .glance import glance
from .located import locate
from .mailboxes import check_mailboxes
from .raw import check_raw_message, drops_name

__all__ = ["Prepared", "normalize_address", "prepare"]


class Prepared(NamedTuple):
    """The parameters as they go on, and what was found in them."""

    parameters: Mapping[str, Any]
    """The same object as was given when nothing had to change."""

    recipients: list[str]
    quota_recipients: int
    """Those of :attr:`recipients` that count to the 24-hour quota."""

    violations: tuple[Violation, ...]
    drops_name: bool = False
    """The sender in the parameters has no name and replaces one in a raw message's header."""


def prepare(operation: Operation, parameters: Mapping[str, Any], mode: AddressMode) -> Prepared:
    """Validate, normalise and count the parameters of one send.

    Args:
        operation: which send it is.
        parameters: its parameters as botocore got them.
        mode: ``normalize``, ``reject`` (refuse what is not already wire-ready) or ``off``.

    Returns:
        What goes on, unless it holds violations.
    """
    glanced = glance(operation, parameters)
    if glanced is not None:
        return _prepared(parameters, glanced)
    draft = Draft(parameters)
    service = operation.service
    located = locate(operation, parameters)
    recipients = check_mailboxes(draft, located, mode, drop_empty=not service.takes_empty_lists)
    scanned = check_raw_message(draft, located, mode)
    if scanned and not recipients:
        # Where a caller names recipients in parameters, SES sends to those only.
        recipients.extend(scanned.recipients)
    check_counts(draft, operation, located, len(recipients))
    check_header_texts(draft, located)
    check_template_data(draft, located)
    check_size(draft, located, scanned.size if scanned else None, service.message_bytes)
    prepared = _prepared(draft.changed(), recipients, tuple(draft.violations))
    return prepared._replace(drops_name=drops_name(service, located, scanned))


def _prepared(
    parameters: Mapping[str, Any], recipients: list[str], violations: tuple[Violation, ...] = ()
) -> Prepared:
    counted = len(recipients) - sum(map(addresses.is_simulator, recipients))
    return Prepared(parameters, recipients, counted, violations)
