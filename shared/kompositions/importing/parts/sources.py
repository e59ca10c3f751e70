"""Sources: the files of a document, listed, mapped by name or only mentioned; and which of them a reference means."""

from collections.abc import Container, Iterable, Iterator
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

from shared.kompositions.importing.notes import Notes
from shared.kompositions.importing.origin import Pointer
from shared.kompositions.importing.parts.fields import Fields, Names
from shared.kompositions.importing.parts.sketch import SourceKind, SourceSketch
from shared.kompositions.importing.parts.times import take_time
from shared.kompositions.model import Unit

_ID: Names = ("id", "_id", "source_id", "sourceId", "file_id", "fileId")
_URL: Names = ("url", "uri", "path", "file_path", "filePath", "src", "file", "filename", "fileName")
_KIND: Names = ("mediatype", "mediaType", "media_type", "kind", "type", "file_type")
_SUFFIX: Names = ("extension", "extensionType", "format")
_NAMES = ("name", "filename", "fileName", "file", "file_id", "fileId", "title")
_LONGEST_ID, _LONGEST_URL, _LONGEST_CHECKSUM = 128, 2000, 200

_KINDS: dict[str, SourceKind] = {
    **dict.fromkeys(("video", "movie", "clip"), "video"),
    **dict.fromkeys(("image", "still", "photo", "picture", "img"), "image"),
    **dict.fromkeys(("audio", "music", "sound", "speech", "background_music", "backing_track"), "audio"),
}
_SUFFIXES: dict[str, SourceKind] = {
    **dict.fromkeys(
        ["mp4", "mov", "mkv", "webm", "avi", "m4v", "mpg", "mpeg", "ts", "mts", "wmv", "flv", "3gp", "ogv", "gif"],
        "video",
    ),
    **dict.fromkeys(["jpg", "jpeg", "png", "webp", "bmp", "tif", "tiff", "heic", "avif", "svg"], "image"),
    **dict.fromkeys(["mp3", "wav", "flac", "aac", "m4a", "ogg", "oga", "opus", "aif", "aiff", "wma"], "audio"),
}


def read_sources(root: Fields, names: Names = ("sources",), offset_unit: Unit = Unit.SECONDS) -> list[SourceSketch]:
    """A list of objects or names, or a map from names to files or objects."""
    key = root.key(names)
    if key is None:
        return []
    listed, at = root.value[key], root.pointer(key)
    entries: Iterable[tuple[str | int, Any, str | None]]
    if isinstance(listed, dict):
        entries = [(name, entry, name) for name, entry in listed.items()]
    elif isinstance(listed, list):
        entries = [(index, entry, None) for index, entry in enumerate(listed)]
    else:
        root.notes.error(at, "not_a_list", f"{key} must be a list of objects.", "Put it into brackets.")
        return []
    root.mark(key)
    return list(_each(entries, at, root.notes, offset_unit))


def _each(
    entries: Iterable[tuple[str | int, Any, str | None]], at: Pointer, notes: Notes, unit: Unit
) -> Iterator[SourceSketch]:
    for step, entry, name in entries:
        where: Pointer = (*at, step)
        if isinstance(entry, str) and (entry or name):
            yield mentioned(name or entry, where, None, url=entry or None)
        elif isinstance(entry, dict):
            yield read_source(Fields(entry, where, notes), name, unit)
        else:
            notes.error(where, "not_an_object", "A source is an object with id and url.", "Write it so.")


def read_source(fields: Fields, name: str | None = None, unit: Unit = Unit.SECONDS) -> SourceSketch:
    """A source from an object; `name` is what a map calls it."""
    names = tuple(value for key in _NAMES if isinstance(value := fields.value.get(key), str) and value)
    source_id = fields.text(_ID, "id") or name
    url_key = fields.key(_URL)
    url = fields.value[url_key] if url_key else None
    if isinstance(url, str) and url_key and len(url) <= _LONGEST_URL:
        fields.mark(url_key, "url")
    else:
        url = None
    if source_id is None:
        source_id = next(iter(names), None) or (_file_name(url) if url else None) or f"source-{fields.at[-1]}"
        fields.places.setdefault("id", (url_key,) if url_key else ())
    kind = _read_kind(fields) or kind_of_name(url) or kind_of_name(source_id) or "video"
    source = SourceSketch(source_id, kind, fields.at, (*names, *([url] if url else [])), url, fields=fields)
    _read_offset(source, fields, unit)
    source.asset = fields.text(("assetId", "asset_id"), "assetId")
    checksum = fields.key(("checksums", "checksum", "md5"))
    if checksum and isinstance(fields.value[checksum], str) and len(fields.value[checksum]) <= _LONGEST_CHECKSUM:
        source.checksum = fields.text((checksum,), "checksum")
    return source


def mentioned(name: str, at: Pointer, kind: SourceKind | None, url: str | None = None) -> SourceSketch:
    """A source of which there is only the name or the address."""
    found = kind or kind_of_name(url) or kind_of_name(name) or "video"
    url = (url or name)[:_LONGEST_URL]
    return SourceSketch(name[:_LONGEST_ID], found, at, (name, url), url, guessed=True)


def kind_of_name(name: str | None) -> SourceKind | None:
    """What a file is, by its suffix."""
    return _SUFFIXES.get(PurePosixPath(_file_name(name)).suffix.lstrip(".").casefold()) if name else None


def kind_named(word: str | None) -> SourceKind | None:
    """The kind that a word means."""
    return _KINDS.get(word.casefold()) if word else None


class Catalogue:
    """The sources of a document by everything that references call them."""

    def __init__(self, sources: list[SourceSketch]) -> None:
        self.sources = sources
        self._by_id: dict[str, SourceSketch] = {}
        self._by_name: dict[str, SourceSketch] = {}
        self._numbers: dict[str, int] = {}
        for source in sources:
            self.learn(source)

    def learn(self, source: SourceSketch) -> None:
        """Know a source that is among `sources`."""
        self._by_id.setdefault(source.id, source)
        for name in (source.id, *source.names):
            for spelling in _spellings(name):
                self._by_name.setdefault(spelling, source)

    def find(self, reference: str) -> SourceSketch | None:
        """By id, else by name, address or file name, whatever the case, with or without suffix."""
        found = self._by_id.get(reference)
        if found is not None:
            return found
        return next((self._by_name[name] for name in _spellings(reference) if name in self._by_name), None)

    def add(self, source: SourceSketch) -> SourceSketch:
        """One more, under an id that is free."""
        source.id = free_name(source.id, self._by_id, self._numbers)
        self.sources.append(source)
        self.learn(source)
        return source

    @property
    def ids(self) -> list[str]:
        """What the sources are called."""
        return [source.id for source in self.sources]


def free_name(name: str, taken: Container[str], numbers: dict[str, int]) -> str:
    """`name`, or with the next number behind it if it is taken; `numbers` remembers how far each was counted."""
    free = name
    while free in taken:
        numbers[name] = numbers.get(name, 1) + 1
        free = f"{name[: _LONGEST_ID - 8]}-{numbers[name]}"
    return free


def _spellings(name: str) -> Iterator[str]:
    yield name.casefold()
    file = _file_name(name).casefold()
    yield file
    suffix = PurePosixPath(file).suffix
    if suffix.lstrip(".") in _SUFFIXES:
        yield file[: -len(suffix)]


def _file_name(address: str) -> str:
    path = address
    if "://" in address:
        try:
            parts = urlsplit(address)
        except ValueError:
            return address
        path = unquote(parts.path or parts.netloc) if parts.scheme != "file" else unquote(parts.netloc + parts.path)
    return path.replace("\\", "/").rstrip("/").rpartition("/")[2] or address


def _read_kind(fields: Fields) -> SourceKind | None:
    for key in _KIND:
        value = fields.value.get(key)
        kind = kind_named(value) if isinstance(value, str) else None
        if kind is not None:
            fields.mark(key, "kind")
            return kind
    for key in _SUFFIX:
        value = fields.value.get(key)
        if isinstance(value, str) and value.casefold().lstrip(".") in _SUFFIXES:
            return _SUFFIXES[value.casefold().lstrip(".")]
    return None


def _read_offset(source: SourceSketch, fields: Fields, unit: Unit) -> None:
    key = fields.key(("startingOffset", "starting_offset"))
    value = fields.value[key] if key else None
    if key and isinstance(value, int | float) and value < 0:
        detail = f"{key} is less than 0, which counts as not set."
        fields.notes.warn(fields.pointer(key), "offset_unset", detail, "Write 0 or leave it out.")
    elif key:
        source.offset = take_time(fields, (key,), unit, "offset")
