"""export: a komposition as a file for an editing program, with what that file cannot say on the error output."""

import argparse
import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shared.kompositions.importing import Finding
    from shared.kompositions.interchange import Loss

FORMATS = ("otio", "fcpxml", "fcp7", "edl")


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the subcommand."""
    text = (
        "Write a komposition as OTIO, FCPXML (Final Cut, Resolve), FCP7 XML (Premiere) or EDL, and tell what it loses."
    )
    parser = subparsers.add_parser("export", help=text, description=text)
    parser.add_argument("file", metavar="FILE", help="a komposition of any known format; - for the input")
    parser.add_argument("--to", dest="format", choices=FORMATS, required=True, help="the format to write")
    parser.add_argument("--track", metavar="ID", help="the video track to write, where the format has only one (edl)")
    parser.add_argument("--output", "-o", metavar="PATH", help="the file to write; left out: the output")
    parser.add_argument("--json", action="store_true", help="losses as JSON")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Export. 0: done, whatever was lost; 1: it has errors or does not fit the format; 2: a file cannot be read or written."""
    from shared.kompositions.importing import import_komposition
    from shared.kompositions.interchange import UnsuitableExport, export_komposition

    try:
        text = sys.stdin.read() if arguments.file == "-" else Path(arguments.file).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        return _failed(f"{arguments.file} cannot be read: {error}.", 2)
    imported = import_komposition(_document(text))
    if imported.komposition is None:
        return _failed("\n".join(_lines(imported.errors)), 1)
    try:
        export = export_komposition(imported.komposition, arguments.format, track=arguments.track)
    except UnsuitableExport as error:
        return _failed(error.detail, 1)
    try:
        _write(export.text, arguments.output)
    except OSError as error:
        return _failed(f"{arguments.output} cannot be written: {error}.", 2)
    if arguments.json:
        losses = [{"pointer": loss.pointer, "detail": loss.detail} for loss in export.losses]
        sys.stderr.write(json.dumps(losses, indent=2, ensure_ascii=False) + "\n")
    else:
        sys.stderr.writelines(f"{line}\n" for line in _lines(export.losses))
    return 0


def _document(text: str) -> object:
    """The JSON, or the text itself, which importing then explains."""
    try:
        document: object = json.loads(text)
    except (ValueError, RecursionError):
        return text
    return document


def _write(text: str, path: str | None) -> None:
    """Line ends as they are: those of an EDL are CR LF."""
    if path is None:
        sys.stdout.write(text)
    else:
        Path(path).write_text(text, encoding="utf-8", newline="")


def _lines(told: "Iterable[Finding | Loss]") -> list[str]:
    return [f"{entry.pointer or '/'}: {entry.detail}" for entry in told]


def _failed(why: str, status: int) -> int:
    sys.stderr.write(f"{why}\n")
    return status
