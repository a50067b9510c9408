"""A program that sends through boto3, installed or written here, and what it can send."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from botoses_guard.simulator import Simulator

from .letters import LETTERS, Letter

Send = Callable[[Letter], object]


@dataclass(frozen=True, eq=False)
class Program:
    """A program that sends through boto3."""

    name: str
    connect: Callable[[Simulator], Send]
    """Makes its client, by the environment or for the simulator, and gives what sends a letter."""

    carries: frozenset[str] = frozenset()
    """The fields of a letter that it has beside sender, recipients, subject and text."""

    marks: tuple[Any, ...] = ()
    """Marks of pytest for its tests."""

    @property
    def letters(self) -> tuple[Letter, ...]:
        """The letters that it can send."""
        return tuple(letter for letter in LETTERS if letter.extras <= self.carries)


def fields(names: str) -> frozenset[str]:
    """The names of fields, in one text with blanks between them."""
    return frozenset(names.split())
