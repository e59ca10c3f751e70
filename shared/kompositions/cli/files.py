"""Files of documents, read from disk or standard input and imported."""

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from shared.kompositions.importing import Imported, import_all
from shared.kompositions.interchange import import_interchange


class Unreadable(Exception):
    """A file that cannot be read or written; its text says which and why."""


@dataclass(frozen=True)
class Entry:
    """A document of a file: the file's name, which one it is (from 1) of how many, and what was read."""

    file: str
    number: int
    count: int
    imported: Imported

    @property
    def name(self) -> str:
        """The file, and which of its documents if it has several."""
        return self.file if self.count == 1 else f"{self.file}, document {self.number}"


def read_entries(chosen: argparse.Namespace) -> Iterator[Entry]:
    """Every document of every file. Raises `Unreadable` before anything is told about the file that cannot be read."""
    for file in chosen.files:
        found = _imported(file, chosen.fix)
        for number, imported in enumerate(found, start=1):
            yield Entry("standard input" if file == "-" else file, number, len(found), imported)


def _imported(file: str, fix: bool) -> list[Imported]:
    """What a file holds: documents, or by its suffix the timeline of an editing program."""
    content = _bytes(file)
    match Path(file).suffix.lower():
        case ".otio":
            return [import_interchange(content, "otio")]
        case ".edl":
            return [import_interchange(content, "edl")]
    return import_all(content, fix=fix)


def _bytes(file: str) -> bytes:
    if file == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(file).read_bytes()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise Unreadable(f"{file} cannot be read: {reason}.") from error


def write_text(file: str, text: str) -> None:
    """Write a file. Raises `Unreadable`."""
    try:
        Path(file).write_text(text, encoding="utf-8")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise Unreadable(f"{file} cannot be written: {reason}.") from error
