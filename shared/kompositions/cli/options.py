"""Options that all commands take, and the exit codes that they give."""

import argparse
from collections.abc import Callable

OK, ERRORS, USAGE = 0, 1, 2
"""Exit codes: all is well; a document has errors; it was called wrongly, or a file cannot be read or written."""

Subparsers = argparse._SubParsersAction
"""What `add_parser` of a command's module is given: `ArgumentParser.add_subparsers()`."""


def add_command(
    subparsers: "Subparsers[argparse.ArgumentParser]",
    name: str,
    text: str,
    run: Callable[[argparse.Namespace], int],
) -> argparse.ArgumentParser:
    """A command over documents in files: their names, how to show what comes of them, whether to repair them."""
    parser = subparsers.add_parser(name, help=text, description=text)
    parser.add_argument("files", nargs="+", metavar="FILE", help="a file of one or several documents; - for the input")
    parser.add_argument("--json", action="store_true", help="write JSON")
    parser.add_argument("--fix", action="store_true", help="repair what can be repaired safely")
    parser.set_defaults(run=run)
    return parser
