"""Makes the pictures and the table of ``docs/pacing.md``: ``python docs/make_pacing.py [--draw]``.

Measures for about a minute and keeps what it found in ``docs/pacing/over_time.json``; ``--draw``
goes by what was found last. The pictures need the dependency group ``docs``.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

PAGE = Path(__file__).with_name("pacing.md")
FOLDER = Path(__file__).with_name("pacing")
FOUND = FOLDER / "over_time.json"

BEGIN, END = "<!-- made by make_pacing.py -->\n", "<!-- end -->\n"

PICTURES: Mapping[str, Sequence[tuple[str, str]]] = {
    "one_process": (
        ("one process of 32 threads, plain boto3", "plain boto3"),
        ("one process of 32 threads, guarded", "guarded"),
    ),
    "four_processes": (
        ("four processes of 8 threads, guarded, each by itself", "guarded, each by itself"),
        ("four processes of 8 threads, guarded, one file", "guarded, with sqlite://"),
    ),
}
"""The columns of each picture: what was measured, and its title."""

# Okabe and Ito's blue and vermillion, which colour-blind readers tell apart.
ACCEPTED, REFUSED, INK = "#0072b2", "#d55e00", "#333333"

Found = Mapping[str, Mapping[str, Any]]


def measure() -> None:
    """Run the benchmark and keep what it found."""
    command = [sys.executable, "-m", "tests.benchmarks.over_time"]
    ran = subprocess.run(command, cwd=PAGE.parents[1], check=True, stdout=subprocess.PIPE)
    FOUND.write_bytes(ran.stdout)


def found() -> Found:
    """What was found last."""
    kept: Found = json.loads(FOUND.read_text("utf-8"))
    return kept


def page(text: str) -> str:
    """The page ``text`` with the table of what was found last."""
    before, _, rest = text.partition(BEGIN)
    after = rest.partition(END)[2]
    return f"{before}{BEGIN}{''.join(f'{row}{chr(10)}' for row in _table(found()))}{END}{after}"


def _table(kept: Found) -> Iterator[str]:
    yield "| | accepted | of the rate | requests refused | sends failed | median | 99 % |"
    yield "|---|---:|---:|---:|---:|---:|---:|"
    for way, one in kept.items():
        accepted = sum(one["accepted"])
        share = accepted / (one["rate"] * len(one["accepted"]))
        yield (
            f"| {way} | {accepted} | {100 * share:.0f} % | {sum(one['refused'])} | {one['failed']} "
            f"| {one['p50']:.2f} s | {one['p99']:.2f} s |"
        )


def draw() -> None:
    """Draw all pictures, to the byte alike when they show the same."""
    # By name: neither the table nor a type checker has it.
    matplotlib: Any = import_module("matplotlib")
    matplotlib.use("svg")
    matplotlib.rcParams |= {
        "svg.fonttype": "none",
        "svg.hashsalt": "botoses_guard",
        "font.family": "sans-serif",
        "font.size": 9,
        "text.color": INK,
        "axes.edgecolor": INK,
        "axes.labelcolor": INK,
        "axes.spines.right": False,
        "axes.spines.top": False,
        "xtick.color": INK,
        "ytick.color": INK,
    }
    for name, columns in PICTURES.items():
        _draw(name, columns, found())


def _draw(name: str, columns: Sequence[tuple[str, str]], kept: Found) -> None:
    pyplot: Any = import_module("matplotlib.pyplot")
    # A ground of its own: a page may be dark.
    figure, axes = pyplot.subplots(
        2, len(columns), sharex=True, sharey="row", figsize=(8, 4), facecolor="white"
    )
    for (way, title), (above, below) in zip(columns, axes.T):
        one = kept[way]
        seconds = [second + 0.5 for second in range(len(one["accepted"]))]
        share = [100 * count / one["rate"] for count in one["accepted"]]
        above.set_title(title)
        above.bar(seconds, share, 0.8, color=ACCEPTED)
        above.axhline(100, color=INK, linewidth=0.8, linestyle="--")
        below.bar(seconds, one["refused"], 0.8, color=REFUSED)
        if not any(one["refused"]):
            below.text(0.5, 0.5, "none", ha="center", va="center", transform=below.transAxes)
        below.set_xlabel("second")
    axes[0][0].set_ylabel("accepted,\n% of the rate")
    axes[1][0].set_ylabel("requests refused\nper second")
    figure.tight_layout()
    figure.savefig(FOLDER / f"{name}.svg", metadata={"Date": None})
    pyplot.close(figure)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draw", action="store_true", help="measure nothing")
    if not parser.parse_args().draw:
        measure()
    PAGE.write_text(page(PAGE.read_text("utf-8")), "utf-8")
    draw()


if __name__ == "__main__":
    main()
