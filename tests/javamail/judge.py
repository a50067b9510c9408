"""JavaMail, with which SES reads addresses, as the judge of ours.

Run by hand, with Java and Debian's ``libmail-java``::

    python -m tests.javamail.judge [--jar /usr/share/java/javax.mail.jar] [--generated 100000]

Every mailbox, list and message that we let through must have the same addresses for JavaMail as for
us, and so must the text of which it was made wherever JavaMail takes that. Where we refuse what it
accepts, the rule is counted: the list is the price of being stricter. Exits with 1 when JavaMail
refuses anything of ours or finds another address in it.
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
from typing import NamedTuple

from botoses_guard.addresses import Refused, normalize, read_list, unfold
from botoses_guard.addresses.mailbox import read
from botoses_guard.raw_message import scan
from tests.addresses.cases import TEXTS
from tests.addresses.mutations import mutated, mutated_block
from tests.raw_message.cases import CHANGED, KEPT, REFUSED

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
_VARIABLE = re.compile(r"'.*'|\"[^\"]*\"|U\+[0-9A-F]+ [A-Z0-9 -]+|\d+|(?<=under IDNA 2008: ).*")

_BLOCKS = [
    *(block for block, _ in KEPT),
    *(block for block, _, _ in CHANGED),
    *(block for block, _, _, _ in REFUSED),
]


class Reading(NamedTuple):
    """What JavaMail makes of one text."""

    addresses: tuple[str, ...] | None
    """``None`` when it is refused."""

    complaint: str = ""

    @property
    def words(self) -> str:
        """:data:`ACCEPTED`, or the complaint."""
        return self.complaint if self.addresses is None else ACCEPTED

    def differs(self, ours: Sequence[str]) -> bool:
        """Whether it found other addresses, or refused for what SES does not refuse for."""
        if self.addresses is None:
            return self.complaint not in _SINCE_1_6_2
        return sorted(self.addresses) != sorted(ours)


def verdicts(jar: str, texts: Sequence[str]) -> list[str]:
    """Ask JavaMail only whether it takes each mailbox."""
    return [reading.words for reading in readings(jar, texts, "mailbox")]


def readings(jar: str, texts: Sequence[str | bytes], mode: str) -> list[Reading]:
    """Ask JavaMail about each text, as ``mailbox``, ``list`` or ``message``."""
    lines = "".join(
        base64.b64encode(
            text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
        ).decode("ascii")
        + "\n"
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
    return [_reading(line) for line in judged.stdout.decode().splitlines()]


def _reading(line: str) -> Reading:
    word, *encoded = line.split(" ")
    if word != ACCEPTED:
        return Reading(None, line)
    return Reading(tuple(base64.b64decode(address).decode() for address in encoded))


def generated(number: int, seed: int) -> list[str]:
    """Texts that were addresses before one to four changes."""
    chance = random.Random(seed)
    table = [text for text in TEXTS if len(text) < 400]
    return [mutated(chance.choice(table), table, chance) for _ in range(number)]


def judge_mailboxes(jar: str, texts: Sequence[str]) -> int:
    """Compare one by one; returns how many of ours JavaMail refuses or reads differently."""
    ours: list[str | Refused] = []
    for text in texts:
        try:
            ours.append(normalize(text))
        except Refused as refused:
            ours.append(refused)
    before = readings(jar, texts, "mailbox")
    after = readings(jar, ["" if isinstance(wire, Refused) else wire for wire in ours], "mailbox")
    wrong, stricter, words = 0, Counter[str](), Counter[bool]()
    for text, wire, given, sent in zip(texts, ours, before, after, strict=True):
        if not isinstance(wire, Refused):
            if sent.differs([read(wire).addr_spec]) or _is_moved(text, given, sent):
                wrong += 1
                print(f"{text!a} -> {wire!r}: JavaMail: {sent}, before: {given}")
        elif given.addresses is not None:
            stricter[_VARIABLE.sub("...", wire.violation.rule)] += 1
        else:
            words[wire.violation.message == given.words] += 1
    let_through = sum(not isinstance(wire, Refused) for wire in ours)
    print(f"{len(ours)} mailboxes, {let_through} let through, {wrong} of them otherwise read")
    print(f"refused by both: {words[True]} in the same words, {words[False]} in others")
    print(f"refused by us alone: {stricter.total()}")
    for rule, count in stricter.most_common():
        print(f"  {count:6}  {rule}")
    return wrong


def _is_moved(text: str, given: Reading, sent: Reading) -> bool:
    """Whether JavaMail found another mailbox in the text than in what we made of it."""
    if given.addresses is None or sent.addresses is None:
        return False
    addresses = [unfold(address) for address in given.addresses]
    local_parts = [(address or "").rpartition("@")[0] for address in addresses]
    if any(address is None or not address.isascii() for address in addresses):
        return local_parts != [address.rpartition("@")[0] for address in sent.addresses]
    return addresses != list(sent.addresses)


def judge_lists(jar: str, texts: Iterable[str]) -> int:
    """Compare the addresses in the lists that we would write; returns how many lists differ."""
    found = [(text, read_list(text)) for text in texts]
    sent = [
        (" ".join(each.pieces) if each.changed else text, each.mailboxes)
        for text, each in found
        if not each.violations
    ]
    wrong = 0
    theirs = readings(jar, [text for text, _ in sent], "list")
    for (text, mailboxes), reading in zip(sent, theirs, strict=True):
        ours = [mailbox.addr_spec for mailbox in mailboxes]
        if reading.differs(ours):
            wrong += 1
            print(f"list {ours}, JavaMail: {reading}: {text!r}")
    print(f"{len(found)} lists, {len(sent)} let through, {wrong} read differently by JavaMail")
    return wrong


def judge_messages(jar: str, blocks: Sequence[bytes]) -> int:
    """Compare the recipients in the header blocks that we let through; returns how many differ."""
    sent: list[tuple[bytes, tuple[str, ...]]] = []
    for block in blocks:
        found = scan(block + b"\n", addresses="normalize")
        if not found.violations:
            sent.append((found.content, found.recipients))
    wrong = 0
    theirs = readings(jar, [message for message, _ in sent], "message")
    for (message, ours), reading in zip(sent, theirs, strict=True):
        if reading.differs(ours):
            wrong += 1
            print(f"message for {ours}, JavaMail: {reading}: {message!r}")
    print(f"{len(blocks)} messages, {len(sent)} let through, {wrong} read differently by JavaMail")
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


def _blocks(texts: Sequence[str], seed: int) -> list[bytes]:
    """Header blocks with folded lists of ``texts``, and others with changes in them."""
    chance = random.Random(seed)
    made = []
    for text in _lists(texts, seed):
        folded = "".join(
            chance.choice(("\n ", "\r\n ", "\r\n\t")) if character == " " else character
            for character in text
        )
        name = chance.choice(("To", "Cc", "bcc"))
        made.append(f"{name}: {folded}\r\n".encode("utf-8", "surrogatepass"))
        block = b"".join(chance.choices(_BLOCKS, k=chance.randint(1, 3)))
        made.append(mutated_block(block, _BLOCKS, chance))
    return made


def main() -> int:
    """Run the comparison; the exit code is 1 when JavaMail reads anything of ours differently."""
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
    wrong += judge_messages(options.jar, _BLOCKS)
    wrong += judge_messages(options.jar, _blocks([*sound, *TEXTS], options.seed))
    return 1 if wrong else 0


def _is_refused(text: str) -> bool:
    try:
        normalize(text)
    except Refused:
        return True
    return False


if __name__ == "__main__":
    sys.exit(main())
