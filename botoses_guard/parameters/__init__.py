"""The parameters of a send: validated, normalised and counted before botocore serialises them.

The caller's objects are never changed: what needs another value gets it in copies of the lists and
dictionaries around it, and what is already right stays the very same object. Every fault is
collected, in the order in which SES checks.

``roles`` knows what stands where, ``glance`` passes what is right as it is. For the rest
``reading`` makes plain values of odd ones, ``located`` sorts them by role, ``mailboxes``, ``raw``,
``counts``, ``headers`` and ``contents`` check them, ``draft`` keeps changes and faults, and
``entries`` tells the faults of one entry of a bulk call from those of the whole call.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from .. import addresses
from ..errors import Violation
from ..operations import Operation, Place
from ..settings import AddressMode
from .address import normalize_address
from .contents import check_size, check_template_data
from .counts import check_counts
from .draft import Draft
from .entries import RefusedEntries, entry_of, refused_entries, without
from .glance import glance
from .headers import check_headers
from .located import locate
from .mailboxes import check_mailboxes
from .raw import check_raw_message, drops_name

__all__ = ["Prepared", "normalize_address", "prepare"]

_NONE_REFUSED: RefusedEntries = MappingProxyType({})


class Prepared(NamedTuple):
    """The parameters as they go on, and what was found in them."""

    parameters: Mapping[str, Any]
    """The same object as was given when nothing had to change; without refused entries."""

    recipients: list[str]
    """Of what goes on, as they stand in it."""

    quota_recipients: int
    """Those of :attr:`recipients` that count to the 24-hour quota."""

    violations: tuple[Violation, ...]
    """Faults for which nothing can be sent."""

    refused_entries: RefusedEntries = _NONE_REFUSED
    """Faults of single entries of a bulk call, by the index that the caller gave the entry."""

    with_refused: Mapping[str, Any] | None = None
    """Where entries are refused: the parameters with them, of which each value was read once."""

    drops_name: bool = False
    """The sender in the parameters has no name and replaces one in a raw message's header."""


def prepare(
    operation: Operation,
    parameters: Mapping[str, Any],
    mode: AddressMode,
    *,
    validated: bool = True,
) -> Prepared:
    """Validate, normalise and count the parameters of one send.

    Args:
        operation: which send it is.
        parameters: its parameters as botocore got them.
        mode: ``normalize``, ``reject`` (refuse what is not already wire-ready) or ``off``.
        validated: whether botocore checks types after this, as it does unless the client has
            ``Config(parameter_validation=False)``. Then a value of a wrong type is left to it; else
            it is read as a list, structure or string where that is safe, and refused elsewhere.

    Returns:
        What goes on, unless it holds violations.
    """
    recipients = glance(operation, parameters) if type(parameters) is dict else None
    if recipients is None:
        return _look(operation, parameters, mode, validated)
    return Prepared(parameters, recipients, _quota_recipients(recipients), ())


def _quota_recipients(recipients: list[str]) -> int:
    if addresses.SIMULATOR not in ",".join(recipients).lower():
        return len(recipients)
    return len(recipients) - sum(map(addresses.is_simulator, recipients))


def _look(
    operation: Operation, parameters: Mapping[str, Any], mode: AddressMode, validated: bool
) -> Prepared:
    """The full look, at parameters that a glance did not pass."""
    service = operation.service
    draft = Draft(parameters)
    located = locate(draft, operation, validated)
    recipients = check_mailboxes(draft, located, mode, drop_empty=not service.takes_empty_lists)
    scanned = check_raw_message(draft, located, mode)
    if scanned and not recipients:
        # Where a caller names recipients in parameters, SES sends to those only.
        place, _ = located["raw_message"][0]
        recipients = [(place, recipient) for recipient in scanned.recipients]
    check_counts(draft, operation, located, recipients)
    check_headers(draft, located, mode)
    check_template_data(draft, located)
    check_size(draft, located, scanned.size if scanned else None, service.message_bytes)
    found = _sorted(operation, draft, recipients)
    return found._replace(drops_name=True) if drops_name(service, located, scanned) else found


def _sorted(operation: Operation, draft: Draft, recipients: list[tuple[Place, str]]) -> Prepared:
    """What goes on of a draft, and which of its faults stop all of it or one entry."""
    refused = refused_entries(operation, draft)
    whole = parameters = draft.changed()
    violations: tuple[Violation, ...] = ()
    if refused:
        parameters = without(operation, whole, refused)
        recipients = [at for at in recipients if entry_of(operation, at[0]) not in refused]
    else:
        violations = tuple(violation for _, violation in draft.faults)
    going = [recipient for _, recipient in recipients]
    return Prepared(
        parameters,
        going,
        _quota_recipients(going),
        violations,
        refused,
        whole if refused else None,
    )
