"""convert: documents of any format as canonical ones."""

import argparse
import json
import sys

from shared.kompositions.cli.command import ERRORS, OK, Command
from shared.kompositions.cli.files import read_entries, write_text
from shared.kompositions.cli.wording import findings_text, summary
from shared.kompositions.importing import canonical_text


def _configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("-o", "--output", metavar="FILE", help="write there; without it, to standard output")


def _run(chosen: argparse.Namespace) -> int:
    """Documents with errors are told on standard error and left out. `--json` puts all into one list."""
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
    if chosen.output:
        write_text(chosen.output, text)
    else:
        sys.stdout.write(text)
    return status


def _list(written: list[str]) -> str:
    return "[\n" + ",\n".join(text.rstrip("\n") for text in written) + "\n]\n" if written else json.dumps([]) + "\n"


COMMAND = Command("convert", "Write documents in the canonical form; unknown fields as they stood.", _run, _configure)
