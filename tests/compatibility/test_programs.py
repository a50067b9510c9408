"""Programs that send through boto3: what arrived before arrives as it did.

Each sends the same letters twice, by plain boto3 and guarded, each time to an SES of its own. What
arrived is read by ``email``. The errors are compared by the class that the program raises, and by
the code, text and status of SES's answer. What differs is on the list of differences.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import pytest

from .differences import DIFFERENCES, Difference
from .django_programs import DJANGO_PROGRAMS
from .installed_programs import INSTALLED_PROGRAMS
from .letters import Letter
from .program import Program
from .side_by_side import Outcome, outcomes_of
from .written_programs import WRITTEN_PROGRAMS

pytestmark = pytest.mark.usefixtures("models_are_read_once")

PROGRAMS = (*DJANGO_PROGRAMS, *INSTALLED_PROGRAMS, *WRITTEN_PROGRAMS)

by_each_program = pytest.mark.parametrize(
    "program", [pytest.param(one, marks=one.marks, id=one.name) for one in PROGRAMS]
)

run = lru_cache(maxsize=None)(outcomes_of)


@by_each_program
def test_plain_boto3_takes_many_of_the_letters(program: Program) -> None:
    """Else it would prove nothing that the guard changes nothing."""
    outcomes = run(program, guarded=False).values()
    arrived = [outcome for outcome in outcomes if outcome.arrived]
    assert all(outcome.requests == len(outcome.arrived) for outcome in arrived)
    assert len(arrived) >= 10


def cells() -> list[object]:
    return [
        pytest.param(program, letter, marks=program.marks, id=f"{program.name}-{letter.name}")
        for program in PROGRAMS
        for letter in program.letters
    ]


@pytest.mark.parametrize(("program", "letter"), cells())
def test_a_letter_fares_as_it_did(program: Program, letter: Letter) -> None:
    plain = run(program, guarded=False)[letter.name]
    guarded = run(program, guarded=True)[letter.name]
    if not is_on_the_list(program, letter, plain, guarded):
        assert guarded.arrived == plain.arrived
        assert guarded.refusal == plain.refusal


def is_on_the_list(program: Program, letter: Letter, plain: Outcome, guarded: Outcome) -> bool:
    return any(
        is_met(difference, plain, guarded)
        for difference in DIFFERENCES
        if difference.covers(program.name, letter.name)
    )


def is_met(difference: Difference, plain: Outcome, guarded: Outcome) -> bool:
    """Whether the outcomes differ as ``difference`` tells, and in nothing else."""
    before, after = plain.refusal, guarded.refusal
    if difference.kind == "arrives":
        recipients = [one for arrival in guarded.arrived for one in arrival.recipients]
        return bool(before and after is None and recipients and all(map(str.isascii, recipients)))
    if difference.kind == "refused":
        return bool(plain.arrived and after and after.status == 400 and guarded.requests == 0)
    if before is None or after is None:
        return False
    return before.message != after.message and before[:2] + before[3:] == after[:2] + after[3:]


def programs_of(difference: Difference) -> list[Program]:
    return [program for program in PROGRAMS if program.name in difference.programs]


def rows() -> list[object]:
    return [
        pytest.param(
            difference,
            marks=[mark for program in programs_of(difference) for mark in program.marks],
            id=difference.reason,
        )
        for difference in DIFFERENCES
    ]


@pytest.mark.parametrize("difference", rows())
def test_every_difference_of_the_list_is_met(difference: Difference) -> None:
    """By one program at least: which of them differ depends on the version of Python's email."""
    programs = programs_of(difference)
    assert {program.name for program in programs} == difference.programs
    assert any(
        is_met(difference, run(program, guarded=False)[name], run(program, guarded=True)[name])
        for program in programs
        for name in difference.letters
    )


def test_the_page_tells_of_each_program_and_of_each_difference() -> None:
    page = (Path(__file__).parents[2] / "docs" / "compatibility.md").read_text(encoding="utf-8")
    for program in PROGRAMS:
        assert program.name.partition(" with ")[0] in page
    for difference in DIFFERENCES:
        assert difference.reason in page
