"""Media: the files behind a komposition's sources, as the command line names them."""

import argparse
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from shared.kompositions.cli.files import Unreadable
from shared.kompositions.model import Komposition, Source

if TYPE_CHECKING:
    from shared.kompositions.passes import LocalCache
    from shared.media.graph import SourceMedia


def add_media(parser: argparse.ArgumentParser) -> None:
    """Where the files are, and what of earlier renders may be used."""
    parser.add_argument("--media", action="append", default=[], metavar="ID=PATH", help="the file of a source")
    parser.add_argument(
        "--media-dir",
        action="append",
        default=[],
        metavar="DIR",
        help="a folder with files named like sources, their assets, or the ends of their URLs",
    )
    parser.add_argument(
        "--cache", metavar="DIR", help="where films are kept for later renders (~/.cache/kompo/renders)"
    )
    parser.add_argument("--no-cache", action="store_true", help="use and keep nothing of other renders")
    parser.add_argument("--no-copy", action="store_true", help="copy no packets from sources: encode every frame anew")


def find_media(komposition: Komposition, chosen: argparse.Namespace) -> "dict[str, SourceMedia]":
    """The probed file of every source that has one. Raises `Unreadable` for a file that is named and is no media."""
    from shared.core.errors import KompoError
    from shared.media import probe
    from shared.media.graph import SourceMedia

    found: dict[str, SourceMedia] = {}
    for source_id, path in _paths(komposition, chosen).items():
        try:
            found[source_id] = SourceMedia(path, probe(path))
        except (OSError, KompoError) as error:
            raise Unreadable(f"{path} cannot be used: {error}") from error
    return found


def open_cache(chosen: argparse.Namespace) -> "LocalCache | None":
    """The cache to use, if any. Raises `Unreadable`."""
    from shared.kompositions.passes import LocalCache

    if chosen.no_cache:
        return None
    folder = Path(chosen.cache) if chosen.cache else Path.home() / ".cache" / "kompo" / "renders"
    try:
        return LocalCache(folder)
    except OSError as error:
        raise Unreadable(f"The cache {folder} cannot be used: {error.strerror}. Name another by --cache.") from error


def _paths(komposition: Komposition, chosen: argparse.Namespace) -> Mapping[str, Path]:
    named: dict[str, Path] = {}
    for pair in chosen.media:
        name, equals, path = pair.partition("=")
        if not equals or not any(source.id == name for source in komposition.sources):
            known = ", ".join(source.id for source in komposition.sources)
            raise Unreadable(f"--media {pair}: say ID=PATH with the id of a source ({known}).")
        named[name] = Path(path)
    files = [path for folder in chosen.media_dir for path in _files(Path(folder))]
    for source in komposition.sources:
        wanted = set(_names(source))
        fitting = (path for path in files if path.name in wanted or path.stem in wanted)
        if source.id not in named and (path := next(fitting, None)) is not None:
            named[source.id] = path
    return named


def _files(folder: Path) -> list[Path]:
    try:
        return sorted(path for path in folder.iterdir() if path.is_file())
    except OSError as error:
        raise Unreadable(f"{folder} cannot be read: {error.strerror}.") from error


def _names(source: Source) -> Iterator[str]:
    yield source.id
    if source.asset_id:
        yield source.asset_id
    if source.url:
        yield PurePosixPath(unquote(urlsplit(source.url).path)).name
