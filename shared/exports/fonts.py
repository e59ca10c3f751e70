"""The font of documents and charts: FiraGO (SIL Open Font License), which comes with the package `pymupdf-fonts`.

It has Latin, Greek, Cyrillic, Georgian, Hebrew, Arabic, Devanagari and Thai. Others, such as Chinese, show as boxes.
"""

import tempfile
from functools import cache
from pathlib import Path

FAMILY = "FiraGO"
REGULAR, BOLD, ITALIC = "figo", "figbo", "figit"


def font_file(face: str) -> Path:
    """The TrueType file of a face, written once a process to a folder of its own."""
    path = _folder() / f"{face}.ttf"
    if not path.exists():
        from pymupdf_fonts import fontbuffers

        path.write_bytes(fontbuffers[face]())
    return path


@cache
def _folder() -> Path:
    return Path(_held().name)


@cache
def _held() -> "tempfile.TemporaryDirectory[str]":
    """Kept for the life of the process, which deletes it at its end."""
    return tempfile.TemporaryDirectory(prefix="kompo-fonts-")
