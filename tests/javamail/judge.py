"""JavaMail, with which SES reads addresses, as the judge of ours.

Run by hand, with Java and Debian's ``libmail-java``::

    python -m tests.javamail.judge [--jar /usr/share/java/javax.mail.jar] [--generated 100000]

Every mailbox that we let through must be one for JavaMail, and every list must have as many
mailboxes for it as for us. Where we refuse what it accepts, the rule is counted: the list is the
price of being stricter. Exits with 1 when JavaMail refuses anything of ours.
"""

from __future__ import annotations

import argparse
import base64
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from botoses_guard.addresses import Refused, normalize, read_list
from tests.addresses.cases import TEXTS
from tests.addresses.mutations import mutated

SOURCE = Path(__file__).with_name("Judge.java")
ACCEPTED = "accepted"

# JavaMail refuses these since 1.6.2; SES reads parameters as the versions before it did.
_SINCE_1_6_2 = frozenset(
    {
        "Local address contains dot-dot",
        "Local address starts with dot",
        "Local address ends with dot",
    }
)

# What differs from one text to the next in a rule.
_VARIABLE = re.compile(r"'.*'|\"[^\"]*\"|U\+[0-9A-F]+ [A-Z -]+|\d+|(?<=no form for it: ).*")


def verdicts(jar: str, texts: Sequence[str], mode: str = "mailbox") -> list[str]:
    """What JavaMail says of each text: ``accepted``, or its complaint."""
    lines = "".join(
        base64.b64encode(text.encode("utf-8", "surrogatepass")).decode("ascii") + "\n"
        for text in texts
    )
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["javac", "-cp", jar, "-d", folder, str(SOURCE)], check=True)
        judged = subprocess.run(
            ["java", "-cp", f"{jar}:{folder}", "Judge", mode],
            input=lines.encode("ascii"),
            stdout=subprocess.PIPE,
            check=True,
        )
    return judged.stdout.decode().splitlines()


def generated(number: int, seed: int) -> list[str]:
    """Texts that were addresses before one to four changes."""
    chance = random.Random(seed)
    table = [text for text in TEXTS if len(text) < 400]
    return [mutated(chance.choice(table), table, chance) for _ in range(number)]


def judge_mailboxes(jar: str, texts: Iterable[str]) -> int:
    """Compare one by one; returns how many of ours JavaMail refuses."""
    ours: list[tuple[str, str | Refused]] = []
    for text in texts:
        try:
            ours.append((text, normalize(text)))
        except Refused as refused:
            ours.append((text, refused))
    theirs = verdicts(jar, [text if isinstance(got, Refused) else got for text, got in ours])
    wrong, stricter, words = 0, Counter[str](), Counter[bool]()
    for (text, got), verdict in zip(ours, theirs, strict=True):
        if not isinstance(got, Refused):
            if verdict != ACCEPTED and verdict not in _SINCE_1_6_2:
                wrong += 1
                print(f"let through, JavaMail refuses: {ascii(text)} -> {got!r}: {verdict}")
        elif verdict == ACCEPTED:
            stricter[_VARIABLE.sub("...", got.violation.rule)] += 1
        else:
            words[got.violation.message == verdict] += 1
    sent = sum(not isinstance(got, Refused) for _, got in ours)
    print(f"{len(ours)} mailboxes, {sent} let through, {wrong} of them refused by JavaMail")
    print(f"refused by both: {words[True]} in the same words, {words[False]} in others")
    print(f"refused by us alone: {stricter.total()}")
    for rule, count in stricter.most_common():
        print(f"  {count:6}  {rule}")
    return wrong


def judge_lists(jar: str, texts: Iterable[str]) -> int:
    """Compare the number of mailboxes in what we would write; returns how many differ."""
    found = [(text, read_list(text)) for text in texts]
    sent = [
        (" ".join(each.pieces) if each.changed else text, len(each.mailboxes))
        for text, each in found
        if not each.violations
    ]
    wrong = 0
    theirs = verdicts(jar, [text for text, _ in sent], "list")
    for (text, count), verdict in zip(sent, theirs, strict=True):
        if verdict != f"{ACCEPTED} {count}" and verdict not in _SINCE_1_6_2:
            wrong += 1
            print(f"list of {count}, JavaMail: {verdict}: {text!r}")
    print(f"{len(found)} lists, {len(sent)} let through, {wrong} read differently by JavaMail")
    return wrong


def _lists(texts: Sequence[str], seed: int) -> list[str]:
    chance = random.Random(seed)
    shapes: tuple[Callable[[list[str]], str], ...] = (
        ", ".join,
        ",".join,
        lambda parts: f"Group: {', '.join(parts)};",
        lambda parts: f"{parts[0]}, Group:{','.join(parts)};, {parts[-1]}",
    )
    return [
        chance.choice(shapes)(chance.choices(texts, k=chance.randint(1, 4)))
        for _ in range(len(texts) // 2)
    ]


def main() -> int:
    """Run the comparison; the exit code is 1 when JavaMail refuses anything of ours."""
    parser = argparse.ArgumentParser(description="Compare with JavaMail.")
    parser.add_argument("--jar", default="/usr/share/java/javax.mail.jar")
    parser.add_argument("--generated", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=20260807)
    options = parser.parse_args()
    if not (shutil.which("javac") and Path(options.jar.split(os.pathsep)[0]).exists()):
        print(f"skipped: this needs a JDK and {options.jar} (Debian: libmail-java)")
        return 0
    made = generated(options.generated, options.seed)
    wrong = judge_mailboxes(options.jar, TEXTS)
    wrong += judge_mailboxes(options.jar, made)
    sound = [text for text in made if not _is_refused(text)]
    wrong += judge_lists(options.jar, _lists([*sound, *TEXTS], options.seed))
    return 1 if wrong else 0


def _is_refused(text: str) -> bool:
    try:
        normalize(text)
    except Refused:
        return True
    return False


if __name__ == "__main__":
    sys.exit(main())
