"""Real messages through the scan, beside what the standard library makes of them.

Run by hand with a folder of messages, one a file::

    python -m tests.raw_message.corpus FOLDER

Exits with 1 when a message of which nothing must change does not come out as the same object, or
when a byte behind the header block of another one has moved.
"""

from __future__ import annotations

import email
import email.policy
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from botoses_guard.raw_message import scan


def messages(folder: Path) -> Iterator[bytes]:
    """The contents of all files that look like messages."""
    for path in sorted(folder.rglob("*")):
        if path.suffix in {".eml", ".txt", ".msg"} and path.is_file():
            yield path.read_bytes()


def outcome(message: bytes) -> str:
    """What the scan does with one message."""
    found = scan(message, addresses="normalize")
    content = found.content
    if content is message:
        return "refused, not changed" if found.violations else "identical"
    body = message.partition(b"\n\n")[2] or message.partition(b"\r\n\r\n")[2]
    return "addresses encoded" if content.endswith(body) else "BODY MOVED"


def stdlib_outcome(message: bytes) -> str:
    """What parsing and writing it with the standard library does."""
    try:
        again = email.message_from_bytes(message, policy=email.policy.SMTP).as_bytes()
    except (ValueError, LookupError, AttributeError, TypeError) as error:
        return type(error).__name__
    return "identical" if again == message else "changed"


def main() -> int:
    """Print how many fell where."""
    ours: Counter[str] = Counter()
    theirs: Counter[str] = Counter()
    for message in messages(Path(sys.argv[1])):
        ours[outcome(message)] += 1
        theirs[stdlib_outcome(message)] += 1
    print(f"{ours.total()} messages: {dict(ours)}")
    print(f"standard library, policy SMTP: {dict(theirs)}")
    return 1 if ours["BODY MOVED"] else 0


if __name__ == "__main__":
    sys.exit(main())
