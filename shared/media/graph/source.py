"""A media file that a graph reads."""

from dataclasses import dataclass
from pathlib import Path

from shared.media.errors import UnreadableMedia
from shared.media.info import MediaInfo


@dataclass(frozen=True)
class SourceMedia:
    """A file on this machine and what `probe` said of it. Raises `UnreadableMedia` when its name is not text."""

    path: Path
    info: MediaInfo

    def __post_init__(self) -> None:
        refuse_garbled(self.path)


def refuse_garbled(path: Path) -> None:
    """Raise `UnreadableMedia` when a path is not UTF-8, which graphs are written in."""
    try:
        str(path).encode()
    except UnicodeEncodeError as error:
        shown = str(path).encode(errors="backslashreplace").decode()
        raise UnreadableMedia(f"{shown}: this name is not text in UTF-8. Rename it and try again.") from error
