"""batch: a chain of operations from a file."""

import argparse
import sys
from pathlib import Path

from shared.media.cli.command import OK, USAGE, Command, percentage


def _configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE.json", help="the steps, as docs/operations.md shows; - is standard input")


def _run(chosen: argparse.Namespace) -> int:
    from shared.media.operations.batch import read_batch, run_batch

    try:
        text = (sys.stdin.buffer.read() if chosen.file == "-" else Path(chosen.file).read_bytes()).decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        sys.stderr.write(
            f"{chosen.file} cannot be read: {_reason(error)}. Name a file with the steps, or - to type them.\n"
        )
        return USAGE
    batch = read_batch(text)
    tellers = [percentage(f"{number}: {step.operation}") for number, step in enumerate(batch.steps)]
    outcomes = run_batch(batch, lambda number, fraction: tellers[number](fraction))
    seconds = sum(outcome.wall_seconds for outcome in outcomes)
    sys.stdout.write(f"{outcomes[-1].output}: {outcomes[-1].size} bytes in {seconds:.2f} s, {len(outcomes)} step(s)\n")
    for number, outcome in enumerate(outcomes):
        sys.stderr.writelines(f"Step {number}: {note}\n" for note in outcome.notes)
    return OK


def _reason(error: OSError | UnicodeDecodeError) -> str:
    """In words, without what only Python's users would know."""
    if isinstance(error, UnicodeDecodeError):
        return "it is not text in UTF-8"
    return (error.strerror or "it cannot be opened").lower()


COMMAND = Command("batch", "Do a chain of operations.", _configure, _run)
