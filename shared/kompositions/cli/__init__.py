"""The command line: what is wrong with kompositions, what they become, and what they mean."""

import argparse
import sys
from collections.abc import Sequence

from shared.kompositions.cli import check, convert, explain, export, plan, render
from shared.kompositions.cli.files import Unreadable
from shared.kompositions.cli.options import USAGE

__all__ = ["COMMANDS", "main"]

COMMANDS = (check, convert, explain, export, plan, render)
"""Every command: a module whose `add_parser` adds it, with its `run` as a default. A new one is named here."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command. 0: all is well; 1: a document has errors; 2: it was called wrongly, or a file cannot be read."""
    parser = argparse.ArgumentParser(prog="python -m shared.kompositions", description=__doc__)
    subparsers = parser.add_subparsers(metavar="COMMAND", required=True)
    for command in COMMANDS:
        command.add_parser(subparsers)
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
