"""convert: documents of any format as canonical ones."""

import argparse
import json
import sys

from shared.kompositions.cli.files import read_entries, write_text
from shared.kompositions.cli.options import ERRORS, OK, Subparsers, add_command
from shared.kompositions.cli.wording import findings_text, summary
from shared.kompositions.importing import canonical_text


def add_parser(subparsers: "Subparsers[argparse.ArgumentParser]") -> None:
    """Add the subcommand."""
    parser = add_command(
        subparsers, "convert", "Write documents in the canonical form; unknown fields as they stood.", run
    )
    parser.add_argument("-o", "--output", metavar="PATH", help="the file to write; left out: the output")


def run(chosen: argparse.Namespace) -> int:
    """Convert. 0: all are written; 1: one has errors, which are told, and is left out. `--json` puts all into one list."""
    written: list[str] = []
    status = OK
    for entry in read_entries(chosen):
        imported = entry.imported
        if imported.findings:
            told = [f"{entry.name}: {summary(imported)}", *findings_text(imported)]
            sys.stderr.write("\n".join(told) + "\n")
        if imported.komposition is None:
            status = ERRORS
        else:
            written.append(canonical_text(imported))
    text = _list(written) if chosen.json else "".join(written)
    if not chosen.output:
        sys.stdout.write(text)
    elif written:
        write_text(chosen.output, text)
    return status


def _list(written: list[str]) -> str:
    return "[\n" + ",\n".join(text.rstrip("\n") for text in written) + "\n]\n" if written else json.dumps([]) + "\n"
