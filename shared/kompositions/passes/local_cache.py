"""A cache in a folder, for the command line and tests: the films that were used longest ago make room."""

import contextlib
import json
import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from secrets import token_hex
from typing import Any

from shared.kompositions.passes.cache import Entry, Place
from shared.media.machines import moved

GIB = 1024**3
_SPEEDS = "speeds.json"


class LocalCache:
    """Films in `folder/films`, at most `most_bytes` of them together; `folder/parts` says which part is in which.

    Files appear whole under names of their own, so a process that is killed leaves nothing half-written under a name that is
    looked for, and several processes can use the folder at once."""

    def __init__(self, folder: Path, most_bytes: int = 10 * GIB) -> None:
        self._films = folder / "films"
        self._parts = folder / "parts"
        self._speeds = folder / _SPEEDS
        self._most = most_bytes
        for path in (self._films, self._parts):
            path.mkdir(parents=True, exist_ok=True)

    def find(self, keys: Sequence[str]) -> Mapping[str, Entry]:
        """Those of the keys whose film is still there."""
        found = {key: entry for key in keys if (entry := self._entry(key)) is not None}
        there = {file for file in {entry.file for entry in found.values()} if (self._films / file).is_file()}
        for key, entry in found.items():
            if entry.file not in there:
                (self._parts / f"{key}.json").unlink(missing_ok=True)
        return {key: entry for key, entry in found.items() if entry.file in there}

    def fetch(self, file: str, folder: Path) -> Path | None:
        """A link to the film: it stays readable even when the film must make room meanwhile."""
        target = folder / f"{token_hex(4)}-{file}"
        stored = self._films / file
        try:
            os.utime(stored)
            _link(stored, target)
        except OSError:
            return None
        return target

    def keep(self, path: Path, places: Mapping[str, Place]) -> None:
        """Copy the film, then tell of its parts. A film larger than the whole cache is let go."""
        if not places or path.stat().st_size > self._most:
            return
        film = f"{token_hex(12)}{path.suffix}"
        with _aside(self._films / film) as aside:
            shutil.copyfile(path, aside)
        for key, place in places.items():
            document = {"film": film, "start": place.start, "stop": place.stop}
            with _aside(self._parts / f"{key}.json") as aside:
                aside.write_text(json.dumps(document))
        self._make_room()

    def speeds(self) -> Mapping[str, float]:
        """How fast earlier steps were on this machine."""
        found = _read(self._speeds)
        return {str(name): float(speed) for name, speed in found.items()} if found else {}

    def learn(self, speeds: Mapping[str, float]) -> None:
        """Remember how fast steps were."""
        with _aside(self._speeds) as aside:
            aside.write_text(json.dumps(moved(self.speeds(), speeds)))

    def _entry(self, key: str) -> Entry | None:
        found = _read(self._parts / f"{key}.json")
        return Entry(found["film"], Place(found["start"], found["stop"])) if found else None

    def _make_room(self) -> None:
        films = []
        for path in self._films.iterdir():
            with contextlib.suppress(OSError):
                status = path.stat()
                films.append((status.st_mtime, status.st_size, path))
        total = sum(size for _, size, _ in films)
        for _, size, path in sorted(films):
            if total <= self._most:
                return
            path.unlink(missing_ok=True)
            total -= size


def _read(path: Path) -> dict[str, Any] | None:
    try:
        found = json.loads(path.read_text())
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def _link(stored: Path, target: Path) -> None:
    try:
        target.hardlink_to(stored)
    except OSError:  # Another file system.
        shutil.copyfile(stored, target)


@contextlib.contextmanager
def _aside(path: Path) -> Any:
    """Where to write what appears as `path` when it is whole."""
    aside = path.with_name(f".{token_hex(6)}.partial")
    try:
        yield aside
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)
