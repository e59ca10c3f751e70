"""Lists of objects: prefix, delimiter, offsets, globs, pages."""

import base64
import json
import re
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Self

from infra.local.storage.api import MAX_INTEGER
from infra.local.storage.errors import invalid
from infra.local.storage.globs import glob_pattern
from infra.local.storage.records import StoredObject

_MAX_RESULTS = 1000
_Start = tuple[str, int]


@dataclass(frozen=True)
class ListQuery:
    """What to list. Names compare as UTF-8; `start` is the first name and generation that may be shown."""

    prefix: str
    delimiter: str
    start: _Start
    end_offset: str
    max_results: int
    versions: bool
    include_trailing_delimiter: bool
    glob: re.Pattern[str] | None

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> Self:
        """Read a request's query string. Raises StorageError 400."""
        try:
            limit = int(query.get("maxResults") or _MAX_RESULTS)
            token = _decode(query["pageToken"]) if query.get("pageToken") else ("", 0)
        except (ValueError, TypeError) as error:
            raise invalid("The page token or maxResults is not valid.") from error
        if limit < 1:
            raise invalid("maxResults must be positive.")
        return cls(
            prefix=query.get("prefix", ""),
            delimiter=query.get("delimiter", ""),
            start=max((query.get("startOffset", ""), 0), (query.get("prefix", ""), 0), token),
            end_offset=query.get("endOffset", ""),
            max_results=min(limit, _MAX_RESULTS),
            versions=query.get("versions", "").lower() == "true",
            include_trailing_delimiter=query.get("includeTrailingDelimiter", "").lower() == "true",
            glob=glob_pattern(query["matchGlob"]) if query.get("matchGlob") else None,
        )


@dataclass
class Page:
    """A page of a list; `token` leads to the next one, and is None on the last."""

    items: list[StoredObject] = field(default_factory=list)
    prefixes: list[str] = field(default_factory=list)
    token: str | None = None


def list_objects(connection: sqlite3.Connection, bucket: str, query: ListQuery) -> Page:
    """One page, in the order of names. Folders (common prefixes) are skipped over in the index, not read through."""
    page = Page()
    start = query.start
    while True:
        for stored in _from(connection, bucket, start, query):
            if query.glob is not None and not query.glob.fullmatch(stored.name):
                continue
            if len(page.items) + len(page.prefixes) == query.max_results:
                page.token = _encode((stored.name, stored.generation))
                return page
            folder = _folder(stored.name, query)
            if folder is None or (query.include_trailing_delimiter and stored.name == folder):
                page.items.append(stored)
            if folder is None:
                continue
            page.prefixes.append(folder)
            start = (_after(folder), 0)
            break
        else:
            return page


def _from(connection: sqlite3.Connection, bucket: str, start: _Start, query: ListQuery) -> Iterator[StoredObject]:
    rows = connection.execute(
        "SELECT name, body FROM objects WHERE bucket = ? AND (name, generation) >= (?, ?) AND (live OR ?)"
        " ORDER BY name, generation",
        (bucket, *start, query.versions),
    )
    for row in rows:
        name: str = row["name"]
        if not name.startswith(query.prefix) or (query.end_offset and name.encode() >= query.end_offset.encode()):
            return
        yield StoredObject.model_validate_json(row["body"])


def _folder(name: str, query: ListQuery) -> str | None:
    if not query.delimiter:
        return None
    at = name.find(query.delimiter, len(query.prefix))
    return None if at < 0 else name[: at + len(query.delimiter)]


def _after(folder: str) -> str:
    """The least name behind every name that starts with `folder`; delimiters end in a character that has a successor."""
    following = ord(folder[-1]) + 1
    # The code points of surrogates are not characters.
    return folder[:-1] + chr(0xE000 if following == 0xD800 else following)


def _encode(start: _Start) -> str:
    return base64.urlsafe_b64encode(json.dumps(start).encode()).decode()


def _decode(token: str) -> _Start:
    name, generation = json.loads(base64.urlsafe_b64decode(token))
    if abs(generation) > MAX_INTEGER:
        raise ValueError("not a generation")
    return str(name), int(generation)
