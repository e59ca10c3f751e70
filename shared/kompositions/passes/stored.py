"""Fetching what a division takes from earlier renders; what is gone or spoilt is done without."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from shared.core.errors import KompoError
from shared.kompositions.passes.cache import Cache, Place
from shared.kompositions.passes.division import Division, RenderOptions, divide
from shared.kompositions.passes.film import Film
from shared.media.packets import CodedPicture, read_picture


@dataclass(frozen=True)
class Stored:
    """A cached file on this machine."""

    path: Path
    picture: CodedPicture


def fetch_division(film: Film, cache: Cache | None, options: RenderOptions) -> tuple[Division, dict[str, Stored]]:
    """The division, and the cached files that it needs. Those that are gone or spoilt are done without."""
    fetched: dict[str, Stored] = {}
    gone: set[str] = set()
    while True:
        division = divide(film, cache, options, frozenset(gone))
        for file in division.files:
            if file not in fetched and cache is not None:
                stored = _fetch(film, cache, file)
                if stored is None:
                    gone.add(file)
                else:
                    fetched[file] = stored
        gone |= {
            entry.file
            for part in division.parts
            for entry in part.entries
            if not _holds(fetched, entry.file, entry.place)
        }
        if gone.isdisjoint(division.files):
            return division, fetched


def _fetch(film: Film, cache: Cache, file: str) -> Stored | None:
    path = cache.fetch(file, film.folder)
    if path is None:
        return None
    try:
        return Stored(path, read_picture(path, film.timeline.rate))
    except KompoError:
        return None


def _holds(fetched: Mapping[str, Stored], file: str, place: Place) -> bool:
    stored = fetched.get(file)
    return stored is not None and stored.picture.has_whole(place.start or 0, place.stop or 0)
