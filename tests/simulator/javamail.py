"""JavaMail, with which SES reads addresses, as the judge of the simulator's words.

Run by hand, with Java and Debian's ``libmail-java``::

    python -m tests.simulator.javamail [--jar /usr/share/java/javax.mail.jar] [--generated 20000]

Only 7-bit texts are compared: Debian's JavaMail is 1.6, and SES refuses the rest as those before
it did.
"""

from __future__ import annotations

import argparse
from collections import Counter

from botoses_guard.simulator.mailbox import LONGEST, WrongAddress, addr_spec_of
from tests.addresses.cases import TEXTS
from tests.javamail.judge import ACCEPTED, generated, verdicts

_SINCE_1_6_2 = frozenset(
    f"Local address {fault}" for fault in ("contains dot-dot", "starts with dot", "ends with dot")
)


def verdict_of(text: str) -> str:
    """What the simulator says: ``accepted``, or its complaint."""
    try:
        addr_spec_of(text)
    except WrongAddress as wrong:
        return str(wrong)
    return ACCEPTED


def is_comparable(text: str) -> bool:
    """Whether SES and JavaMail 1.6 should speak alike: SES adds words of its own for the others."""
    own_words = not text.strip() or "\r" in text or "\n" in text or len(text) > LONGEST
    is_group = ":" in text and verdict_of(text) == "Local address contains illegal character"
    return text.isascii() and not own_words and not is_group


def main() -> None:
    """Print how many texts are judged alike, and each kind of difference with one example."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jar", default="/usr/share/java/javax.mail.jar")
    parser.add_argument("--generated", type=int, default=20_000)
    options = parser.parse_args()
    texts = [text for text in [*TEXTS, *generated(options.generated, 1)] if is_comparable(text)]
    differences: dict[tuple[str, str], str] = {}
    same: Counter[bool] = Counter()
    for text, theirs in zip(texts, verdicts(options.jar, texts), strict=True):
        if theirs in _SINCE_1_6_2:
            continue
        ours = verdict_of(text)
        same[ours == theirs] += 1
        if ours != theirs:
            differences[theirs, ours] = text
    print(f"{same[True]} of {same.total()} judged alike")
    for (theirs, ours), text in differences.items():
        print(f"  {ascii(text)}: JavaMail: {theirs}; the simulator: {ours}")


if __name__ == "__main__":
    main()
