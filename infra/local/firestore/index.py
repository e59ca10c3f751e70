"""The index entries of a document: one for each field at any depth of maps, one for each element of an array."""

from collections.abc import Iterator, Mapping
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


def field_key(path: FieldPath, elements: bool = False) -> str:
    """The key of the index over a field, or over the elements of the arrays in it."""
    return format_field_path(path) + (ELEMENTS if elements else "")


def index_entries(document: Document | None, switches: Switches = NO_SWITCHES) -> set[Entry]:
    """Every entry of a document; none for a missing one. Raises InvalidArgument over MAX_ENTRIES."""
    if document is None:
        return set()
    entries = set(_walk(document.fields, (), switches, switches.get((), True)))
    if len(entries) > MAX_ENTRIES:
        raise InvalidArgument("too many index entries for entity " + document.name)
    return entries


def _walk(fields: Mapping[str, Value], parent: FieldPath, switches: Switches, indexed: bool) -> Iterator[Entry]:
    for name, value in fields.items():
        path = (*parent, name)
        here = switches.get(path, indexed) if switches else True
        if here:
            yield from _entries(path, value)
        if _has_fields(value) and (here or _has_indexed_below(switches, path)):
            yield from _walk(value.map_value.fields, path, switches, here)


def _entries(path: FieldPath, value: Value) -> Iterator[Entry]:
    """The entries of one field, without those of the fields below it."""
    key = format_field_path(path)
    yield key, cut(encode(value))
    if value.WhichOneof("value_type") == "array_value":
        for element in value.array_value.values:
            yield key + ELEMENTS, cut(encode(element))


def _has_fields(value: Value) -> bool:
    return value.WhichOneof("value_type") == "map_value" and vector_of(value.map_value.fields) is None


def _has_indexed_below(switches: Switches, path: FieldPath) -> bool:
    return any(indexed and below[: len(path)] == path for below, indexed in switches.items())
