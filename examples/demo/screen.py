"""What the demonstration shows: two live races, their tables, one more and a list of troubles."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.rule import Rule
from rich.syntax import Syntax
from rich.table import Table
from rich.text import Text

from . import campaign, lost_answer, workers
from .folding import Folded
from .program import THREADS, Sight
from .troubles import Meeting, Trouble

WIDTH = 100
"""Columns; also where the output is no terminal."""

ONE_LINE = """\
session = boto3.Session()
botoses_guard.register(session)          # the one line
session.client("sesv2").send_email(...)  # existing code, untouched
"""


def console_of_process() -> Console:
    """A console on stdout, without control codes where that is no terminal."""
    console = Console(highlight=False, emoji=False)
    if console.is_terminal and console.width <= WIDTH:
        return console
    return Console(highlight=False, emoji=False, width=WIDTH)


class Screen:
    """Shows each part of the demonstration."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def opening(self) -> None:
        self._console.print()
        self._console.print(Text("One program that sends by Amazon SES, with and without one line"))
        self._console.print()
        one_line = Syntax(ONE_LINE.rstrip(), "python", background_color="default")
        self._console.print(Padding(one_line, (0, 4)))
        self._console.print()
        self._note(
            "Every send below is a real HTTP request to a local SES on this machine, which judges "
            "like the real one. Every number was measured in this run."
        )

    @contextmanager
    def race(self, plan: campaign.Plan) -> Iterator[campaign.Progress]:
        """Show a race as long as the context lasts.

        Yields:
            What to call with the progress of the campaigns.
        """
        self._title("1  A campaign")
        self._note(
            f"{plan.recipients} recipients, {THREADS} threads, an account that may send "
            f"{plan.rate:g} a second: {plan.ideal:.1f} seconds at best. Each of the three ways to "
            "send has an account of its own."
        )
        with self._progress(plan, campaign.WAYS) as progress:
            yield progress

    @contextmanager
    def race_of_processes(self, plan: campaign.Plan) -> Iterator[campaign.Progress]:
        """Show the race of processes as long as the context lasts.

        Yields:
            What to call with the progress of the campaigns.
        """
        self._title("2  Four processes")
        self._note(
            f"{plan.recipients} recipients, {workers.PROCESSES} processes of {workers.THREADS} "
            f"threads on one account that may send {plan.rate:g} a second: {plan.ideal:.1f} "
            "seconds at best. By itself each process goes at the whole rate; with "
            "BOTOSES_GUARD_STORE=sqlite:///... they share it in a file."
        )
        with self._progress(plan, workers.WAYS) as progress:
            yield progress

    @contextmanager
    def _progress(self, plan: campaign.Plan, ways: Iterable[str]) -> Iterator[campaign.Progress]:
        self._console.print()
        progress = Progress(
            TextColumn("{task.description:<24}"),
            BarColumn(30, complete_style="green", finished_style="green"),
            TextColumn("{task.completed:>3.0f} accepted", style="green"),
            TextColumn("{task.fields[failed]:>3} failed", style="red"),
            TimeElapsedColumn(),
            console=self._console,
            disable=not self._console.is_terminal,
        )
        with progress:
            tasks = {way: progress.add_task(way, total=plan.recipients, failed=0) for way in ways}

            def update(way: str, accepted: int, failed: int) -> None:
                progress.update(tasks[way], completed=accepted, failed=failed)
                if accepted + failed == plan.recipients:
                    progress.stop_task(tasks[way])

            yield update
        if self._console.is_terminal:
            self._console.print()

    def campaigns(self, outcomes: Mapping[str, campaign.Outcome], plan: campaign.Plan) -> None:
        """The table of a race."""
        table = _table()
        table.add_column()
        for heading in ("arrived", "lost", "sent twice", "requests refused by SES", "seconds"):
            table.add_column(heading, justify="right")
        for way, outcome in outcomes.items():
            table.add_row(
                way,
                _count(outcome.arrived, good=outcome.arrived == plan.recipients),
                _count(outcome.lost, good=not outcome.lost),
                _count(outcome.twice, good=not outcome.twice),
                str(outcome.refused),
                f"{outcome.seconds:.1f}",
                style="bold" if way == list(outcomes)[-1] else "",
            )
        ideal = (str(plan.recipients), "0", "0", "0", f"{plan.ideal:.1f}")
        table.add_row("the ideal", *ideal, style="dim")
        self._console.print(table)

    def lost_answers(self, outcomes: Mapping[str, lost_answer.Outcome]) -> None:
        """The table of one message by a connection that hangs."""
        self._title("3  An answer that never comes")
        self._note(
            "SES accepts one message and its answer is lost; the program waits "
            f"{lost_answer.READ_TIMEOUT} second for it."
        )
        self._console.print()
        table = _table()
        table.add_column()
        table.add_column("HTTP requests", justify="right")
        table.add_column("copies in the inbox", justify="right")
        table.add_column("what the program sees")
        for way, outcome in outcomes.items():
            copies = _count(outcome.copies, good=outcome.copies == 1)
            table.add_row(way, str(outcome.requests), copies, _seen(outcome.sight))
        self._console.print(table)
        for outcome in outcomes.values():
            if outcome.sight.advice:
                self._console.print()
                self._console.print(Text(f"{outcome.sight.exception} says:"))
                self._console.print(Padding(Folded(outcome.sight.advice), (0, 2)))

    def troubles(self, meetings: Iterable[tuple[Trouble, Meeting, Meeting]]) -> None:
        """Each trouble, met with plain boto3 and with the guard."""
        self._title("4  Troubles")
        self._note(
            "What the program sees of each, and how many HTTP requests it made for its sends (the "
            "guard asks for the account's quota besides). The guard's exceptions are instances of "
            "boto3's, with SES's code and text, so old except clauses work; here is what they add."
        )
        for trouble, plain, guarded in meetings:
            self._console.print()
            line = Text.assemble((trouble.title, "bold"), ": ", trouble.situation)
            self._console.print(line)
            table = Table.grid(padding=(0, 2, 0, 0), expand=True)
            table.add_column(width=7)
            table.add_column(width=17)
            table.add_column(ratio=1)
            table.add_row("boto3", _requests(plain), _met(plain, with_text=True))
            same = guarded.sight.text == plain.sight.text
            table.add_row("guarded", _requests(guarded), _met(guarded, with_text=not same))
            self._console.print(Padding(table, (0, 0, 0, 2)))

    def closing(self, seconds: float) -> None:
        self._console.print()
        self._console.print(Rule(style="dim"))
        self._note(f"{seconds:.0f} seconds in all. README.md tells how to use it in your program.")

    def _title(self, text: str) -> None:
        self._console.print()
        self._console.print(Rule(Text(text, style="bold"), align="left", style="dim"))

    def _note(self, text: str) -> None:
        self._console.print(Text(text, style="dim"))


def _table() -> Table:
    return Table(box=None, padding=(0, 2, 0, 0), header_style="dim")


def _count(number: int, *, good: bool) -> Text:
    return Text(str(number), style="green" if good else "red")


def _requests(meeting: Meeting) -> str:
    if meeting.requests < 2:
        return f"{meeting.requests} request{'s' * (meeting.requests != 1)}"
    return f"{meeting.requests} requests, {meeting.seconds:.0f} s"


def _met(meeting: Meeting, *, with_text: bool) -> RenderableType:
    if meeting.mailbox:
        return Text.assemble(("accepted", "green"), f", to {meeting.mailbox}")
    sight = meeting.sight
    seen = _seen(sight)
    if with_text:
        seen.append(f": {sight.text}", style="default")
    return Group(seen, *map(Folded, filter(None, (*sight.faults, sight.advice))))


def _seen(sight: Sight) -> Text:
    if not sight.exception:
        return Text("accepted", style="green")
    seen = Text(sight.exception, style="red")
    if sight.also:
        seen.append(f", a {sight.also}", style="dim")
    return seen
