"""Placing: a model that has arrived takes the place of an older one, whole."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from shared.transcripts.weights.folder import ModelsUnusable


@contextmanager
def keeping(folder: Path) -> Iterator[None]:
    """Files are written to `folder`, or beside it, inside. Raises `ModelsUnusable` where they cannot be."""
    try:
        yield
    except OSError as error:
        if error.filename is None and error.errno is None:
            raise
        raise ModelsUnusable(
            f"A model cannot be kept in {folder}: {error.strerror or error}. Make room there, or let KOMPO_MODELS name a folder "
            "that can be written to."
        ) from error


def replace(arriving: Path, folder: Path) -> None:
    """Put a folder that is whole in the place of another; killed at any moment, there is the one or the other, or none."""
    old = folder.with_name(f".{folder.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if folder.exists():
        folder.replace(old)
    arriving.replace(folder)
    shutil.rmtree(old, ignore_errors=True)
