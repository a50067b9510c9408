"""``python -m examples.demo``: what one line changes, measured on this machine.

Needs the extras ``simulator`` and ``cli``.
"""

from __future__ import annotations

import argparse
import io
import os
import sys
import time
from collections.abc import Mapping, Sequence

OF_THE_READER = ("AWS_", "BOTO", "BOTOSES_GUARD_")
"""Variables that would make plain boto3 another one, such as a plugin or a retry mode."""


def language_of(environ: Mapping[str, str]) -> str:
    """The language of the advice: ``zh-TW`` in a locale of Traditional Chinese, else ``en``.

    The first variable that is not empty counts (POSIX.1-2017, section 8.2).
    """
    names = ("LC_ALL", "LC_MESSAGES", "LANG")
    locale = next(filter(None, map(environ.get, names)), "")
    return "zh-TW" if locale.startswith(("zh_TW", "zh_HK", "zh_Hant")) else "en"


def environment(environ: Mapping[str, str]) -> dict[str, str]:
    """``environ`` without what belongs to the reader's own use of AWS, and with the language."""
    kept = {name: value for name, value in environ.items() if not name.startswith(OF_THE_READER)}
    return {
        **kept,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "BOTOSES_GUARD_LANGUAGE": language_of(environ),
        "no_proxy": "127.0.0.1",
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the demonstration.

    Returns:
        The exit status.
    """
    parser = argparse.ArgumentParser(prog="python -m examples.demo", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="campaigns of 20 recipients")
    quick: bool = parser.parse_args(arguments).quick

    wanted = environment(os.environ)
    for name in os.environ.keys() - wanted.keys():
        del os.environ[name]
    os.environ.update(wanted)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a terminal without Chinese gets question marks
    try:
        _show(quick)
    except ModuleNotFoundError as missing:
        if missing.name is None or missing.name.partition(".")[0] != "rich":
            raise
        needed = "the demo needs the extra 'cli': pip install 'botoses-guard[simulator,cli]'"
        print(needed, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def _show(quick: bool) -> None:
    from . import campaign, lost_answer, program, troubles, workers
    from .screen import Screen, console_of_process

    begin = time.monotonic()
    screen = Screen(console_of_process())
    screen.opening()
    plan = campaign.Plan(recipients=20, rate=100) if quick else campaign.Plan()
    with screen.race(plan) as progress:
        outcomes = campaign.race(plan, progress)
    screen.campaigns(outcomes, plan)
    plan = plan if quick else workers.PLAN
    with screen.race_of_processes(plan) as progress:
        outcomes = workers.race(plan, progress)
    screen.campaigns(outcomes, plan)
    screen.lost_answers(
        {
            "boto3": lost_answer.lose_the_answer(program.plain),
            "boto3 + the one line": lost_answer.lose_the_answer(program.guarded),
        }
    )
    screen.troubles(troubles.meet_all())
    screen.closing(time.monotonic() - begin)


if __name__ == "__main__":
    raise SystemExit(main())
