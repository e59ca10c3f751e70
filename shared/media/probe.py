"""`probe`: what is in a media file, proved by decoding, or a plain sentence that says why it cannot be used.

Files are opened only in the self-contained formats of `formats.py`, by a process apart: whatever a file does there to the
decoders, to memory or to time, here it ends in an error.
"""

import hashlib
import os
import stat
from io import FileIO
from pathlib import Path
from typing import BinaryIO

from pydantic import ValidationError

from shared.media.errors import UnreadableMedia
from shared.media.info import MediaInfo
from shared.media.limits import Limits, probe_limits
from shared.media.probing.prober import prober

_PIECE = 8 << 20
_EMPTY = "The file is empty (0 bytes). Upload it again."


def probe(source: Path | BinaryIO | FileIO, *, limits: Limits | None = None, hashed: bool = True) -> MediaInfo:
    """Everything Kompo needs to know about a file: one on disk, or one open for reading at any position (an object in the
    cloud, of which only the parts that tell are fetched for that). Its hash needs the whole, once: not `hashed`, it has none.

    Raises `UnreadableMedia` when it is missing, empty, damaged, cut short, not media, or larger than 16384 pixels a side;
    of these `MediaOverLimit` when looking into it takes more than `limits`, or than those of the deployment."""
    if isinstance(source, Path):
        with _regular_file(source) as file:
            return probe(file, limits=limits, hashed=hashed)
    size = source.seek(0, os.SEEK_END)
    if size == 0:
        raise UnreadableMedia(_EMPTY)
    found = prober().look_into(source, size, limits or probe_limits())
    try:
        return MediaInfo.model_validate({**found, "size": size, "sha256": _sha256(source) if hashed else ""})
    except ValidationError as error:
        raise UnreadableMedia("The file describes itself in a way that cannot be. Export it again.") from error


def _sha256(file: BinaryIO | FileIO) -> str:
    file.seek(0)
    digest = hashlib.sha256()
    while piece := file.read(_PIECE):
        digest.update(piece)
    return digest.hexdigest()


def _regular_file(path: Path) -> FileIO:
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise UnreadableMedia("This is not a file but a folder, pipe or device. Upload a media file.")
        if status.st_size == 0:
            raise UnreadableMedia(_EMPTY)
        return path.open("rb", buffering=0)
    except (OSError, ValueError) as error:  # ValueError: of a name that no file can have.
        raise UnreadableMedia(
            "The file is not there, or cannot be read. Check its name, or upload it again."
        ) from error
