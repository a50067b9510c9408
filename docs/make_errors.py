"""Makes ``docs/errors.md`` from the tables of the package: ``python docs/make_errors.py``."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Iterator
from pathlib import Path

from botoses_guard import normalize_address
from botoses_guard.diagnosis.advice import advise, page_for
from botoses_guard.diagnosis.botocore_errors import BOTOCORE_ERRORS
from botoses_guard.diagnosis.codes import BULK, CODES, EVERY_AWS_API, SMTP, V1, V2
from botoses_guard.diagnosis.texts import TEXTS
from botoses_guard.errors import BY_CATEGORY, RETRYABLE, BulkSendFailed, Category, InvalidAddress

PAGE = Path(__file__).with_name("errors.md")

_INTRODUCTION = """\
# Errors

Every error that the guard raises is a `botocore.exceptions.ClientError` with the code and message
that SES gives, so that code written for plain boto3 goes on catching it; where a client models a
class for the code, it is an instance of that class as well. Each trouble has a category and a class
of its own, and `error.diagnosis` says what it means. `str(error)` begins with botocore's text; then
comes a line for each fault of the request that the guard found, and in the end what to do:

```text
{example}
```

The text of an error shows addresses of its request to whoever made it; the guard's log shows none.

```python
from botoses_guard import errors

try:
    client.send_email(...)
except errors.Throttled as error:  # nothing was sent: wait, then send again
    requeue(after=error.retry_after)
except errors.InvalidRequest as error:  # this message must change
    report(error.violations or error.diagnosis)
except errors.OutcomeUnknown:  # the message may have been accepted
    look_for_its_delivery_event()
except errors.NotRetryable as error:  # the account, an identity or a permission must change
    stop(error.diagnosis.category)
```

What keeps boto3 from making a request stays botocore's own error: no credentials, no region, no
connection. These two clauses catch whatever a send may raise, and explain it:

```python
from botocore.exceptions import BotoCoreError

try:
    client.send_email(...)
except errors.SESError as error:  # the guard or SES refused, or the outcome is unknown
    log(error.diagnosis)
except BotoCoreError as error:  # boto3 could not make the request
    log(botoses_guard.diagnose(error))
```

`botoses_guard.diagnose(error)` gives the same diagnosis for the error of an unguarded client, a
parsed answer, an entry of a bulk answer, or a reply of the SMTP interface.

This page is made by `python docs/make_errors.py` from the tables that the guard itself reads.
"""

_CODES_NOTE = """\
## Categories, classes and codes

SES hides one trouble under another's code. So one code stands in several rows here, and its text
tells them apart. "Again" says whether the same request may pass soon, without anybody changing
anything; only such answers of SES make the guard send again. `daily_quota` passes as well, but
only when part of the quota is free again: `error.retry_after` says when to try. An ending
`Exception` may be missing or added. An entry of a bulk answer has its status where other answers
have a code; v2 writes it as `ACCOUNT_THROTTLED`.

An answer whose code has neither a row here nor the form of an AWS code (`UpperCamelCase`) was not
written by SES but by something in between: a proxy, a firewall, a load balancer, or the server at
`endpoint_url`. With a status of 3xx or 4xx it is `other`: the message was refused. With 5xx, where
only a code of this table counts as SES's, it is `outcome_unknown`.
"""

_ADVICE_NOTE = """\
## What each means, and what to do

The advice of an error names the identity, region, set, template or quota at hand; this is what it
says when the answer names none. `BOTOSES_GUARD_LANGUAGE=zh-TW` gives it, and the rules in
`error.violations`, in Traditional Chinese; `violation.rule_in("en")` is English everywhere.
"""

_TEXTS_NOTE = """\
## Texts

What each row of the guard's table of texts stands for. Names and numbers vary. "Seen" says where
such a text was met: `log` (in public, from SES), `recorded` (from SES, by a test suite),
`documentation` (of AWS) or `emulator`.
"""


_BOTOCORE_NOTE = """\
## botocore's own errors

The classes of `botocore.exceptions` that `diagnose()` knows, each with the classes below it; the
name of the class is the code. Under the guard those that stand for an unknown outcome are raised as
`OutcomeUnknown`, which is an instance of botocore's class as well.
"""


def page() -> str:
    """The whole page."""
    parts = (
        _INTRODUCTION.replace("{example}", _example()),
        _CODES_NOTE,
        *_table(("category", "class", "group", "again", *_SERVICES.values()), _codes()),
        "",
        _ADVICE_NOTE,
        *_table(("category", "meaning", "what to do", "more"), _advice()),
        "",
        _TEXTS_NOTE,
        *_table(("text", "category", "seen"), _texts()),
        "",
        _BOTOCORE_NOTE,
        *_table(("classes", "category", "what to do"), _botocores()),
    )
    return "\n".join(parts) + "\n"


_BULK_AGAIN = "each failure says"
_BULK = "that of the first failed entry"


def _example() -> str:
    try:
        normalize_address("bob\N{FULLWIDTH COMMERCIAL AT}example.com")
    except InvalidAddress as error:
        return str(error)
    raise AssertionError("the address was to be refused")


_SERVICES = {V1: "ses (v1)", V2: "sesv2 (v2)", BULK: "bulk entry", SMTP: "SMTP"}


def _codes() -> Iterator[tuple[str, ...]]:
    for category, error in BY_CATEGORY.items():
        again = "yes" if category in RETRYABLE else "no"
        codes = (" ".join(map(_code, _codes_of(category, service))) for service in _SERVICES)
        yield _code(category), _code(error.__name__), _code(_group(error)), again, *codes
    name, group = BulkSendFailed.__name__, _group(BulkSendFailed)
    yield (
        "that of the first failed entry",
        _code(name),
        _code(group),
        _BULK_AGAIN,
        "",
        "",
        _BULK,
        "",
    )


def _codes_of(category: Category, service: str) -> list[str]:
    """The codes of a category: those of its texts first, then those that say it by themselves."""
    of_texts = [
        row.under[service] for row in TEXTS if row.category == category and service in row.under
    ]
    of_codes = [
        code
        for row in CODES
        if row.category == category and _is_of(service, row.services)
        for code in row.codes
    ]
    found: dict[str, str] = {}
    for code in (*of_texts, *of_codes):
        found.setdefault(code.removesuffix("Exception"), code)
    return list(found.values())


def _is_of(service: str, services: tuple[str, ...]) -> bool:
    return service in services or (service in (V1, V2) and EVERY_AWS_API in services)


def _group(error: type[Exception]) -> str:
    return error.__bases__[0].__name__


def _advice() -> Iterator[tuple[str, ...]]:
    for category, error in BY_CATEGORY.items():
        meaning = (inspect.getdoc(error) or "").partition("\n\n")[0].replace("\n", " ")
        yield _code(category), meaning, advise(category, "en", {}), _link(page_for(category))


def _texts() -> Iterator[tuple[str, ...]]:
    order = list(BY_CATEGORY)
    for row in sorted(TEXTS, key=lambda row: order.index(row.category)):
        for example in row.examples:
            yield _code(example), _code(row.category), row.evidence


def _botocores() -> Iterator[tuple[str, ...]]:
    for row in BOTOCORE_ERRORS:
        advice = advise(row.advice or row.category, "en", {})
        yield " ".join(map(_code, row.classes)), _code(row.category), advice


def _table(names: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield _row(names)
    yield _row("---" for _ in names)
    yield from map(_row, rows)


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def _code(text: str) -> str:
    # CommonMark 6.1: a fence of two backticks takes one inside, and a blank beside it is not shown.
    return f"`` {text} ``" if "`" in text else f"`{text}`"


def _link(url: str) -> str:
    return f"[{url.rpartition('/')[2].removesuffix('.html')}]({url})"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
