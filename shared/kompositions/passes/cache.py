"""What earlier renders have left to take from: finished films and windows of films, found by the content of their parts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True)
class Place:
    """Where in a file a part lies: its frames from `start` up to, not including, `stop`; None for all of its sound."""

    start: int | None = None
    stop: int | None = None


@dataclass(frozen=True)
class Entry:
    """A known part: which stored file it is in, and where in it."""

    file: str
    place: Place


class Cache(Protocol):
    """Stored films by the content of their parts. Every call may be made by several renders at once.

    What is found may be gone when it is fetched; then it is encoded, so nothing that fails here fails a render."""

    def find(self, keys: Sequence[str]) -> Mapping[str, Entry]:
        """Those of the keys that are known."""

    def fetch(self, file: str, folder: Path) -> Path | None:
        """The stored file as one in `folder`, or None when it is gone."""

    def keep(self, path: Path, places: Mapping[str, Place]) -> None:
        """Take a file up for later renders: a film, or a window that took long."""

    def speeds(self) -> Mapping[str, float]:
        """How fast earlier steps were, as `learn` was told."""

    def learn(self, speeds: Mapping[str, float]) -> None:
        """Remember how fast steps were."""


def files_of(entries: Iterable[Entry]) -> list[str]:
    """The stored files that entries are in, each once."""
    return list(dict.fromkeys(entry.file for entry in entries))
