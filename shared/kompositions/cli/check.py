"""check: what was found in each document."""

import argparse
import json
import sys

from shared.kompositions.cli.files import Entry, read_entries
from shared.kompositions.cli.options import ERRORS, OK, Subparsers, add_command
from shared.kompositions.cli.wording import findings_json, findings_text, summary


def add_parser(subparsers: "Subparsers[argparse.ArgumentParser]") -> None:
    """Add the subcommand."""
    add_command(subparsers, "check", "Tell what is wrong with documents, where, and what to do about it.", run)


def run(chosen: argparse.Namespace) -> int:
    """Check. 0: no document has errors; 1: one has."""
    entries = list(read_entries(chosen))
    if chosen.json:
        sys.stdout.write(json.dumps([_json(entry) for entry in entries], indent=2, ensure_ascii=False) + "\n")
    else:
        for entry in entries:
            lines = [f"{entry.name}: {summary(entry.imported)}", *findings_text(entry.imported)]
            sys.stdout.write("\n".join(lines) + "\n")
    return ERRORS if any(entry.imported.errors for entry in entries) else OK


def _json(entry: Entry) -> dict[str, object]:
    imported = entry.imported
    return {
        "file": entry.file,
        "document": entry.number,
        "variant": imported.variant,
        "ok": not imported.errors,
        "findings": findings_json(imported),
    }
