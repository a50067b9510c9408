"""Where a letter fares otherwise under the guard, each with the reason. Nothing else may differ."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["arrives", "refused", "other words"]
"""``arrives``: plain, SES refuses it. ``refused``: plain, SES takes it. ``other words``: it is
refused with the same code either way, and another fault is named first."""


@dataclass(frozen=True)
class Difference:
    """What becomes of some letters of some programs under the guard."""

    kind: Kind
    reason: str
    letters: frozenset[str]
    programs: frozenset[str]

    def covers(self, program: str, letter: str) -> bool:
        """Whether it tells of this letter of this program."""
        return program in self.programs and letter in self.letters


_BEYOND_ASCII = frozenset(("a domain beyond ASCII", "a name and a domain beyond ASCII"))

DIFFERENCES = (
    Difference(
        "arrives",
        "SES takes no domain beyond ASCII in a parameter; the guard writes its A-label.",
        _BEYOND_ASCII,
        frozenset(
            (
                "django-aws-mail",
                "django-ses",
                "django-ses with USE_SES_V2",
                "mailbridge",
                "Lemur",
                "SesMailSender of AWS's examples",
            )
        ),
    ),
    Difference(
        "arrives",
        "A colon in a name without quotes begins a group; the guard puts the name in quotes.",
        frozenset(("a colon in a name",)),
        frozenset(
            (
                "django-ses",
                "django-ses with USE_SES_V2",
                "mailbridge",
                "repoze.sendmail",
                "Lemur",
                "SesMailSender of AWS's examples",
                "GOV.UK Notify",
                "a report by EmailMessage",
            )
        ),
    ),
    Difference(
        "arrives",
        "API v1 has no way to write an empty list of recipients: SES reads one empty address. The "
        "guard leaves the list out.",
        frozenset(("blind copies alone",)),
        frozenset(("mailbridge",)),
    ),
    Difference(
        "arrives",
        "SES takes printable ASCII alone in a header field of API v2; the guard encodes the name "
        "in Sender.",
        frozenset(("headers of the standard",)),
        frozenset(("GOV.UK Notify",)),
    ),
    Difference(
        "refused",
        "What stands behind the line break would start a header field of its own.",
        frozenset(("a line break in a subject",)),
        frozenset(("mailbridge", "Lemur", "SesMailSender of AWS's examples", "GOV.UK Notify")),
    ),
    Difference(
        "other words",
        "The program encodes To whole, addresses included, or the domain in it as a word. SES "
        "names the parameter first; the guard mends the parameter and names the header field.",
        _BEYOND_ASCII,
        frozenset(("luigi", "Airflow's SesHook", "a report by EmailMessage")),
    ),
    Difference(
        "other words",
        "The program encodes To whole, addresses included, so that it is one long word without an "
        "address. SES names its length, the guard the missing address.",
        frozenset(("long names",)),
        frozenset(("luigi", "Airflow's SesHook", "Cloud Custodian's c7n-mailer")),
    ),
    Difference(
        "other words",
        "SES has one text for every fault of From in a message; the guard tells the fault.",
        frozenset(("a colon in a name",)),
        frozenset(("Cloud Custodian's c7n-mailer",)),
    ),
    Difference(
        "other words",
        "The program drops a mailbox that Python's email cannot read: the address is empty.",
        frozenset(("brackets in a name", "a comma in a name", "an address for a name")),
        frozenset(("Flask-Mail", "django-aws-mail", "names by Header.encode", "repoze.sendmail")),
    ),
)
