"""The command line: what is wrong with kompositions, what they become, and what they mean."""

import argparse
import sys
from collections.abc import Sequence

from shared.kompositions.cli import check, convert, explain, plan, render
from shared.kompositions.cli.command import USAGE, Command, add_inputs
from shared.kompositions.cli.files import Unreadable

__all__ = ["COMMANDS", "main"]

COMMANDS: tuple[Command, ...] = (check.COMMAND, convert.COMMAND, explain.COMMAND, plan.COMMAND, render.COMMAND)
"""Every command; a new one is a module with a `COMMAND`, named here."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command. 0: all is well; 1: a document has errors; 2: it was called wrongly, or a file cannot be read."""
    parser = argparse.ArgumentParser(prog="python -m shared.kompositions", description=__doc__)
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    for command in COMMANDS:
        described = commands.add_parser(command.name, help=command.help, description=command.help)
        add_inputs(described)
        if command.configure is not None:
            command.configure(described)
        described.set_defaults(run=command.run)
    chosen = parser.parse_args(arguments)
    try:
        status: int = chosen.run(chosen)
        sys.stdout.flush()
    except Unreadable as error:
        sys.stderr.write(f"{error}\n")
        return USAGE
    except BrokenPipeError:
        sys.stderr.close()
        return USAGE
    return status
