"""A media file that a graph reads."""

from dataclasses import dataclass
from pathlib import Path

from shared.media.info import MediaInfo


@dataclass(frozen=True)
class SourceMedia:
    """A file on this machine and what `probe` said of it."""

    path: Path
    info: MediaInfo
