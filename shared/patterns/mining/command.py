"""`python -m shared.patterns mine FILE --min-support N`: the patterns of a file with a sequence a line."""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from shared.patterns.mining.errors import MiningError
from shared.patterns.mining.mining import mine_sequences
from shared.patterns.mining.pattern import SequencePattern

_MOST_ITEMS = 1_000_000
"""In one line: a longer one is no sequence of operations, but another kind of file."""


def main(argv: Sequence[str] | None = None) -> int:
    """Search and print. Returns 0, or 2 after saying what is wrong."""
    given = _parser().parse_args(argv)
    try:
        patterns = mine_sequences(
            read_sequences(given.file),
            min_support=_support(given.min_support),
            closed=given.closed,
            min_gap=given.min_gap,
            max_gap=given.max_gap,
            max_length=given.max_length,
            top_k=given.top_k,
        )
    except MiningError as error:
        sys.stderr.write(f"{error.detail}\n")
        return 2
    sys.stdout.writelines(_json(patterns) if given.json else _table(patterns))
    return 0


def read_sequences(name: str) -> Iterator[list[str]]:
    """The sequences of a file, or of the standard input for `-`: items with white space between, one sequence a line.

    An empty line is an empty sequence. Raises MiningError, with the line."""
    path = Path(name)
    try:
        with open(0, "rb", closefd=False) if name == "-" else path.open("rb") as file:
            for number, line in enumerate(file, 1):
                yield _items(line, f"{name}, line {number}")
    except OSError as error:
        raise MiningError(f"{name} cannot be read: {error.strerror}.") from error


def _items(line: bytes, where: str) -> list[str]:
    try:
        items = line.decode("utf-8-sig").split()
    except UnicodeDecodeError as error:
        raise MiningError(f"{where}: byte {error.start + 1} is not UTF-8 text.") from error
    if len(items) > _MOST_ITEMS:
        raise MiningError(f"{where}: {len(items)} items are more than the {_MOST_ITEMS} that a sequence may have.")
    if any("\0" in item for item in items):
        raise MiningError(f"{where}: it holds a zero byte; this is not a text file.")
    return items


def _support(text: str) -> float:
    """`25` sequences, a share `0.02`, or `2%`."""
    try:
        if text.endswith("%"):
            return float(text[:-1]) / 100
        return int(text) if text.lstrip("+-").isdigit() else float(text)
    except ValueError:
        raise MiningError(
            f"--min-support {text} is no number: give how many sequences (25), a share (0.02) or percent (2%)."
        ) from None


def _json(patterns: Sequence[SequencePattern]) -> Iterator[str]:
    for number, each in enumerate(patterns):
        found = {"items": each.items, "support": each.support, "occurrences": each.occurrences}
        yield (",\n " if number else "[") + json.dumps(found, ensure_ascii=False)
    yield "]\n" if patterns else "[]\n"


def _table(patterns: Sequence[SequencePattern]) -> Iterator[str]:
    yield f"{'support':>9} {'occurrences':>12}  pattern\n"
    for each in patterns:
        yield f"{each.support:>9} {each.occurrences:>12}  {' '.join(map(str, each.items))}\n"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m shared.patterns mine", description="The sequential patterns of a file, counted exactly."
    )
    parser.add_argument("file", metavar="FILE", help="one sequence a line, items with white space between; - for input")
    parser.add_argument(
        "--min-support", required=True, metavar="N", help="sequences (25), a share (0.02), percent (2%%)"
    )
    parser.add_argument("--closed", action="store_true", help="only what no longer pattern says as well")
    parser.add_argument(
        "--min-gap", type=int, default=0, metavar="G", help="items skipped between neighbours, at least"
    )
    parser.add_argument(
        "--max-gap", type=int, metavar="G", help="at most; 0: one right after the other; any without it"
    )
    parser.add_argument("--max-length", type=int, metavar="N", help="items in a pattern, at most")
    parser.add_argument("--top-k", type=int, metavar="K", help="only the K with the highest support")
    parser.add_argument("--json", action="store_true", help="a list of {items, support, occurrences}")
    return parser
