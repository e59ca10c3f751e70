"""The fonts of charts: files in a folder of this process, as matplotlib takes nothing else."""

import tempfile
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from shared.typography import Face, write_faces


def font_files(faces: Iterable[Face], text: str = "") -> list[Path]:
    """The files of these faces, written if they are not there yet; those that are cut have the characters of `text`."""
    return write_faces(faces, text, Path(_held().name))[1]


@cache
def _held() -> "tempfile.TemporaryDirectory[str]":
    """Kept for the life of the process, which deletes it at its end."""
    return tempfile.TemporaryDirectory(prefix="kompo-fonts-")
