"""Command: one thing that the command line can do, and what all of them take."""

import argparse
from collections.abc import Callable
from dataclasses import dataclass

OK, ERRORS, USAGE = 0, 1, 2
"""Exit codes."""


@dataclass(frozen=True)
class Command:
    """`configure` adds options of its own; `run` does it and returns the exit code."""

    name: str
    help: str
    run: Callable[[argparse.Namespace], int]
    configure: Callable[[argparse.ArgumentParser], None] | None = None


def add_inputs(parser: argparse.ArgumentParser) -> None:
    """Files to read, how to show what comes of them, and whether to repair."""
    parser.add_argument(
        "files", nargs="+", metavar="FILE", help="a file of one or several documents; - is standard input"
    )
    parser.add_argument("--json", action="store_true", help="write JSON")
    parser.add_argument("--fix", action="store_true", help="repair what can be repaired safely")
