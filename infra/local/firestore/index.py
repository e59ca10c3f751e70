"""The index entries of a document: one for each field at any depth of maps, one for each element of an array."""

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

from .encoding import encode, vector_of
from .errors import InvalidArgument
from .field_paths import FieldPath, format_field_path
from .messages import Document, Value

MAX_VALUE = 1500
"""Bytes of an encoded value that an index keeps; longer ones are told apart by reading the document."""
MAX_ENTRIES = 40_000
"""Index entries of one document."""

ELEMENTS = "[]"
"""Follows a field's path in the key of the index over its array elements."""

Entry = tuple[str, bytes]
"""The key of an index and a value in it."""


Switches = Mapping[FieldPath, bool]
"""For a field, and for all below it down to the next that is named, whether it is indexed. `()` stands for all fields."""

NO_SWITCHES: Switches = MappingProxyType({})


def is_indexed(switches: Switches, path: FieldPath) -> bool:
    """Whether a field is indexed: the longest path named that it is, or lies below, says so."""
    for length in range(len(path), -1, -1):
        if path[:length] in switches:
            return switches[path[:length]]
    return True


def cut(encoded: bytes) -> bytes:
    """The part of an encoded value that an index keeps."""
    return encoded[:MAX_VALUE]


@lru_cache(maxsize=4096)
def field_key(path: FieldPath, elements: bool = False) -> str:
    """The key of the index over a field, or over the elements of the arrays in it."""
    return format_field_path(path) + (ELEMENTS if elements else "")


def index_entries(document: Document | None, switches: Switches = NO_SWITCHES) -> set[Entry]:
    """Every entry of a document; none for a missing one. Raises InvalidArgument over MAX_ENTRIES."""
    if document is None:
        return set()
    entries: set[Entry] = set()
    _walk(document.fields, (), switches, switches.get((), True), entries)
    if len(entries) > MAX_ENTRIES:
        raise InvalidArgument("too many index entries for entity " + document.name)
    return entries


def _walk(
    fields: Mapping[str, Value], parent: FieldPath, switches: Switches, indexed: bool, entries: set[Entry]
) -> None:
    for name in fields:
        value, path = fields[name], (*parent, name)
        here = switches.get(path, indexed) if switches else True
        kind = value.WhichOneof("value_type")
        if here:
            entries.add((field_key(path), cut(encode(value))))
            if kind == "array_value":
                key = field_key(path, elements=True)
                entries.update([(key, cut(encode(element))) for element in value.array_value.values])
        if kind == "map_value" and (here or _has_indexed_below(switches, path)):
            below = value.map_value.fields
            if vector_of(below) is None:
                _walk(below, path, switches, here, entries)


def _has_indexed_below(switches: Switches, path: FieldPath) -> bool:
    return any(indexed and below[: len(path)] == path for below, indexed in switches.items())
