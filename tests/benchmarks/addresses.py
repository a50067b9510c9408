"""Addresses and raw messages beside the libraries that do the same: ``python -m`` this module.

Prints one table. Every number is the best of several runs in this one process, so the ratios hold
on a busy machine as well. Libraries that are not installed are left out and named.
"""

from __future__ import annotations

import email
import email.policy
import importlib
import itertools
import platform
import sys
import timeit
from collections.abc import Callable, Iterator, Mapping
from email.headerregistry import HeaderRegistry
from email.utils import parseaddr
from functools import partial
from typing import Any

from botoses_guard.addresses import is_simulator, normalize
from botoses_guard.raw_message import scan

PLAIN = "jane.doe@example.com"
NAMED = "Jane Doe <jane.doe@example.com>"
QUOTED = '"Doe, Jane" <jane.doe@example.com>'
UNICODE = "Jané Dœ <jane.doe@bücher.de>"
UNICODE_QUOTED = '"Jané Dœ" <jane.doe@bücher.de>'
FIFTY = [f"user{number}@example.com" for number in range(50)]

SMALL = (
    b"From: a@example.com\r\nTo: b@example.com\r\nSubject: Your order\r\n\r\nIt is on its way.\r\n"
)
LARGE = SMALL + b"x" * 10_000_000
CHANGED = "From: Jané <a@bücher.de>\r\nTo: b@example.com\r\n\r\n".encode() + LARGE

Measured = dict[str, Callable[[], object]]


def best(call: Callable[[], object]) -> float:
    """Microseconds of one call: the least of nine runs of about 20 milliseconds each."""
    once = timeit.timeit(call, number=3) / 3
    number = max(3, min(20_000, int(0.02 / once)))
    return min(timeit.repeat(call, number=number, repeat=9)) / number * 1e6


def _email_validator(module: Any) -> Callable[[str], object]:
    def validate(text: str) -> object:
        return module.validate_email(
            text,
            check_deliverability=False,
            allow_display_name=True,
            allow_smtputf8=False,
        )

    return validate


def _django(module: Any) -> Callable[[str], object]:
    def sanitize_address(text: str) -> object:
        return module.sanitize_address(text, "utf-8")

    return sanitize_address


OPTIONAL: Mapping[str, tuple[str, Callable[[Any], Callable[[str], object]]]] = {
    "email-validator": ("email_validator", _email_validator),
    "Django sanitize_address": ("django.core.mail.message", _django),
}


def peers() -> dict[str, Callable[[str], object]]:
    """What reads one address, by name; what is not installed is printed."""
    registry: Any = HeaderRegistry()
    found: dict[str, Callable[[str], object]] = {
        "parseaddr": parseaddr,
        "HeaderRegistry": lambda text: registry("To", text).addresses,
    }
    for name, (module, adapter) in OPTIONAL.items():
        try:
            found[name] = adapter(importlib.import_module(module))
        except ImportError:
            print(f"{name}: not installed")
    return found


def _stdlib(message: bytes) -> bytes:
    return email.message_from_bytes(message, policy=email.policy.SMTP).as_bytes()


def _kin(text: str) -> Iterator[str]:
    """Others of its kind for ever: what was read a moment ago is kept, and quick to read again."""
    return itertools.cycle([text] if text.isascii() else [f"{n} {text}" for n in range(1000)])


def _normalize_another(texts: Iterator[str]) -> str:
    return normalize(next(texts))


def _each(call: Callable[[str], object]) -> None:
    for text in FIFTY:
        call(text)


def rows(others: Mapping[str, Callable[[str], object]]) -> dict[str, Measured]:
    """What is measured: row by row our call, ``ours``, and those of the others."""
    table: dict[str, Measured] = {}
    for title, text in (
        ("plain ASCII address", PLAIN),
        ("named ASCII address", NAMED),
        ("quoted ASCII name", QUOTED),
        ("Unicode name and domain", UNICODE),
    ):
        measured: Measured = {"ours": partial(_normalize_another, _kin(text))}
        for name, call in others.items():
            # email-validator takes letters outside ASCII in a name only between quotes.
            typed = UNICODE_QUOTED if (name, text) == ("email-validator", UNICODE) else text
            measured[name] = partial(call, typed)
        table[title] = measured
    table["50 plain recipients"] = {"ours": partial(_each, normalize)}
    for name, call in others.items():
        table["50 plain recipients"][name] = partial(_each, call)
    table["mailbox simulator?"] = {"ours": lambda: is_simulator(PLAIN)}
    table["raw message, 86 bytes, stays"] = {
        "ours": lambda: scan(SMALL, addresses="normalize"),
        "stdlib parse + as_bytes": lambda: _stdlib(SMALL),
    }
    table["raw message, 10 MB, stays"] = {
        "ours": lambda: scan(LARGE, addresses="normalize"),
        "stdlib parse + as_bytes": lambda: _stdlib(LARGE),
    }
    table["raw message, 10 MB, headers change"] = {
        "ours": lambda: scan(CHANGED, addresses="normalize"),
        "one copy of its bytes": lambda: bytes(memoryview(CHANGED)),
    }
    return table


def main() -> None:
    """Print the table."""
    print(f"{platform.python_implementation()} {platform.python_version()} on {sys.platform}")
    table = rows(peers())
    print(f"\n{'':36}{'ours':>12}   others (times ours)")
    for title, measured in table.items():
        ours = best(measured.pop("ours"))
        others = []
        for name, call in measured.items():
            try:
                time = best(call)
            except ValueError as error:
                others.append(f"{name} refuses ({type(error).__name__})")
                continue
            others.append(f"{name} {time:,.1f} ({time / ours:,.1f}x)")
        print(f"{title:36}{ours:9,.2f} us   {', '.join(others)}")


if __name__ == "__main__":
    main()
