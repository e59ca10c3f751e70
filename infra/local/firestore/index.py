"""The index entries of a document: one for each field at any depth of maps, one for each element of an array."""

from collections.abc import Iterator, Mapping

from .encoding import VECTOR, encode
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


def cut(encoded: bytes) -> bytes:
    """The part of an encoded value that an index keeps."""
    return encoded[:MAX_VALUE]


def field_key(path: FieldPath, elements: bool = False) -> str:
    """The key of the index over a field, or over the elements of the arrays in it."""
    return format_field_path(path) + (ELEMENTS if elements else "")


def index_entries(document: Document | None) -> set[Entry]:
    """Every entry of a document; none for a missing one. Raises InvalidArgument over MAX_ENTRIES."""
    if document is None:
        return set()
    entries = set(_walk(document.fields, ()))
    if len(entries) > MAX_ENTRIES:
        raise InvalidArgument("too many index entries for entity " + document.name)
    return entries


def _walk(fields: Mapping[str, Value], parent: FieldPath) -> Iterator[Entry]:
    for name, value in fields.items():
        path = (*parent, name)
        key = format_field_path(path)
        encoded = encode(value)
        yield key, cut(encoded)
        kind = value.WhichOneof("value_type")
        if kind == "array_value":
            for element in value.array_value.values:
                yield key + ELEMENTS, cut(encode(element))
        elif kind == "map_value" and not encoded.startswith(VECTOR):
            yield from _walk(value.map_value.fields, path)
