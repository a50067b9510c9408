"""The exception of ``addresses``: one violation, its place in the request not yet known."""

from __future__ import annotations

from ..errors import Category, Violation

SHOWN = 120
"""Longest :attr:`~botoses_guard.errors.Violation.value` in characters."""


class Refused(Exception):
    """A mailbox that cannot go on the wire. The caller adds the path and reports it.

    Attributes:
        violation: what is wrong; its ``path`` is empty, or ``mailbox 3`` within a list.
    """

    def __init__(self, violation: Violation) -> None:
        super().__init__(violation)
        self.violation = violation


def shown(text: str) -> str:
    """Show ``text`` as :func:`ascii` does, in at most :data:`SHOWN` characters."""
    value = ascii(text[:SHOWN])
    return value if len(text) <= SHOWN >= len(value) else f"{value[: SHOWN - 3]}..."


def refusal(
    text: str,
    message: str,
    rule: str,
    reference: str,
    *,
    category: Category = "malformed_address",
    suggestion: str | None = None,
) -> Refused:
    """Make the :class:`Refused` for ``text``.

    Args:
        text: the whole value in which the fault was found.
        message: SES's words for the fault, which are those of JavaMail's ``InternetAddress``.
        rule: what must hold and does not, as a sentence without its final full stop.
        reference: RFC and section, or page of the SES developer guide.
        category: ``malformed_address`` or ``non_ascii_address``.
        suggestion: what was probably meant.
    """
    return Refused(
        Violation(
            path="",
            value=shown(text),
            rule=rule,
            reference=reference,
            category=category,
            message=message,
            suggestion=suggestion,
        )
    )
