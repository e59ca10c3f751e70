"""run: one operation on files of this machine."""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from pydantic import JsonValue

from shared.media.cli.command import OK, USAGE, Command, percentage


def _configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("operation", metavar="OPERATION", help="its name; `list` shows all")
    parser.add_argument(
        "inputs", nargs="+", metavar="INPUT", help="a media file; write ./-name for one that begins with -"
    )
    parser.add_argument(
        "--set", action="append", default=[], metavar="NAME=VALUE", help="a parameter; its value is JSON or plain text"
    )
    parser.add_argument("-o", "--output", required=True, metavar="OUT", help="the file to write; its suffix says what")


def _run(chosen: argparse.Namespace) -> int:
    from shared.media.operations import run_operation

    params = read_settings(chosen.set)
    if isinstance(params, str):
        sys.stderr.write(f"{params}\n")
        return USAGE
    made = run_operation(
        chosen.operation,
        [Path(name) for name in chosen.inputs],
        params,
        Path(chosen.output),
        on_progress=percentage(chosen.operation),
    )
    sys.stdout.write(f"{chosen.output}: {made.size} bytes in {made.wall_seconds:.2f} s\n")
    sys.stderr.writelines(f"{note}\n" for note in made.notes)
    return OK


def read_settings(pairs: Sequence[str]) -> dict[str, JsonValue] | str:
    """Parameters from NAME=VALUE pairs, or what is wrong with them."""
    params: dict[str, JsonValue] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or not name:
            return f"--set {pair}: say NAME=VALUE."
        try:
            params[name] = json.loads(value)
        except (ValueError, RecursionError):  # Numbers of thousands of digits, and brackets without end, are text too.
            params[name] = value
    return params


COMMAND = Command("run", "Do one operation.", _configure, _run)
