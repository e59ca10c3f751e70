"""Command: one thing that the command line can do, and how it tells how far it is."""

import argparse
import sys
from collections.abc import Callable
from dataclasses import dataclass

OK, ERRORS, USAGE = 0, 1, 2
"""Exit codes."""


@dataclass(frozen=True)
class Command:
    """`configure` adds its options; `run` does it and returns the exit code."""

    name: str
    help: str
    configure: Callable[[argparse.ArgumentParser], None]
    run: Callable[[argparse.Namespace], int]


def percentage(name: str) -> Callable[[float], None]:
    """Writes how far `name` is when that has changed by a percent; over itself on a terminal."""
    told = -1

    def tell(fraction: float) -> None:
        nonlocal told
        percent = int(fraction * 100)
        if percent > told:
            told = percent
            end = "" if sys.stderr.isatty() and percent < 100 else "\n"
            sys.stderr.write(f"\r{percent:3} %  {name}{end}")
            sys.stderr.flush()

    return tell
