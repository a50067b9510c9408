"""``python -m botoses_guard``: the local SES, and the table of a store."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from .pacing.dynamodb import command as table
from .simulator import command as simulator


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command that ``arguments`` name, by default those of the process.

    Returns:
        The exit status.
    """
    parser = argparse.ArgumentParser(prog="python -m botoses_guard", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    simulate = commands.add_parser("simulate", help="run a local SES that judges like the real one")
    simulator.add_arguments(simulate)
    simulate.set_defaults(run=simulator.run)
    create = commands.add_parser("create-table", help="make the table of a dynamodb:// store")
    table.add_arguments(create)
    create.set_defaults(run=table.run)
    namespace = parser.parse_args(arguments)
    status: int = namespace.run(namespace)
    return status


if __name__ == "__main__":
    raise SystemExit(main())
