"""Resource names: `projects/P/databases/D/documents/users/u1/jobs/j1`, taken apart and checked."""

import re
from typing import NamedTuple

from .encoding import NUMERIC_ID
from .errors import InvalidArgument

MAX_NAME = 6 * 1024
"""Bytes of a whole document name."""
MAX_ID = 1500
"""Bytes of a collection's or document's id."""
MAX_DEPTH = 100
"""Levels of subcollections."""

_ROOT = re.compile(r"(projects/[^/]+/databases/[^/]+)(?:/documents(?:/(.*))?)?", re.DOTALL)
_RESERVED = re.compile(r"__.*__", re.DOTALL)


class DocumentName(NamedTuple):
    """A document: `collection` is the path of its collection below the database (`users/u1/jobs`), `id` its last segment.

    A tuple because a commit looks it up a dozen times, and tuples hash without running Python."""

    database: str
    collection: str
    id: str

    @property
    def path(self) -> str:
        """The path below the database."""
        return f"{self.collection}/{self.id}"

    def __str__(self) -> str:
        return f"{self.database}/documents/{self.collection}/{self.id}"


def parse_database(name: str) -> str:
    """Check `projects/P/databases/D`. Raises InvalidArgument."""
    match = _ROOT.fullmatch(name)
    if not match or "/documents" in name:
        raise InvalidArgument(
            f'Invalid database name: "{name}". It must be of the form projects/{{project}}/databases/{{database}}.'
        )
    return match[1]


def parse_parent(name: str) -> tuple[str, str]:
    """The database and the document path (`""` for the root) that a parent names. Raises InvalidArgument."""
    match = _ROOT.fullmatch(name)
    if not match or "/documents" not in name:
        raise InvalidArgument(f'Invalid parent: "{name}" is neither a document nor the root of one.')
    path = match[2] or ""
    if path:
        segments = path.split("/")
        check_segments(segments, name)
        if len(segments) % 2:
            raise InvalidArgument(f'Document parent name "{name}" lacks "/" at index {len(name)}.')
    return match[1], path


def parse_document(name: str) -> DocumentName:
    """The document that `name` names. Raises InvalidArgument."""
    match = _ROOT.fullmatch(name)
    if not match or not match[2]:
        raise InvalidArgument(f'Document name "{name}" lacks "projects" at index 0 or a document path.')
    segments = match[2].split("/")
    check_segments(segments, name)
    if len(segments) % 2:
        raise InvalidArgument(f'Document name "{name}" has an odd number of segments: it names a collection.')
    if len(name.encode()) > MAX_NAME:
        raise InvalidArgument(f"The document name is longer than {MAX_NAME} bytes.")
    collection, _, last = match[2].rpartition("/")
    return DocumentName(match[1], collection, last)


def check_segments(segments: list[str], name: str) -> None:
    """Raise InvalidArgument unless every segment may be an id."""
    if len(segments) > 2 * MAX_DEPTH:
        raise InvalidArgument(f'Name "{name[:100]}…" is deeper than {MAX_DEPTH} levels.')
    for segment in segments:
        if not segment:
            raise InvalidArgument(f'Resource name "{name}" has an empty segment.')
        if segment in (".", ".."):
            raise InvalidArgument(f'Resource name "{name}" has the segment "{segment}", which is not allowed.')
        if segment.startswith("__") and _RESERVED.fullmatch(segment) and not NUMERIC_ID.fullmatch(segment):
            raise InvalidArgument(f'Resource id "{segment}" is invalid because it is reserved.')
        if len(segment) * 4 > MAX_ID and len(segment.encode()) > MAX_ID:
            raise InvalidArgument(f"Resource id is longer than {MAX_ID} bytes.")


def check_collection_id(collection_id: str) -> None:
    """Raise InvalidArgument unless `collection_id` is one segment that may be an id."""
    if "/" in collection_id:
        raise InvalidArgument(f'Collection id "{collection_id}" is invalid because it contains "/".')
    check_segments([collection_id], collection_id)
