"""What a document may hold: Firestore's limits, with its words.

Sizes follow https://firebase.google.com/docs/firestore/storage-size.
"""

import re
from collections.abc import Mapping

from .encoding import vector_of
from .errors import InvalidArgument
from .messages import Document, LatLng, MapValue, Timestamp, Value
from .names import parse_document

MAX_DOCUMENT = 1_048_576
"""Bytes of a document."""
MAX_REQUEST = 10 * 1024 * 1024
"""Bytes of a request."""
MAX_FIELD_NAME = 1500
"""Bytes of a field's name."""
MAX_DEPTH = 20
"""Levels of maps and arrays."""
MAX_VECTOR = 2048
"""Dimensions of a vector."""
MAX_TRANSFORMS = 500
"""Field transforms of one write."""

_RESERVED = re.compile(r"__.*__", re.DOTALL)
_SECONDS = range(-62_135_596_800, 253_402_300_800)  # the years 0001 to 9999
_NANOS = range(1_000_000_000)
_DOCUMENT_OVERHEAD = 32
_ROOT_SEGMENTS = 5  # projects, P, databases, D, documents
_SCALAR_SIZES = {
    "null_value": 1,
    "boolean_value": 1,
    "integer_value": 8,
    "double_value": 8,
    "timestamp_value": 8,
    "geo_point_value": 16,
}


def check_document(document: Document) -> None:
    """Raise InvalidArgument unless Firestore would take the document. Cuts timestamps to microseconds on the way."""
    size = _name_size(document.name) + _DOCUMENT_OVERHEAD + _map_size(document.fields, 1)
    if size > MAX_DOCUMENT:
        raise InvalidArgument(
            f"Document '{document.name}' cannot be written because its size ({size:,} bytes) exceeds the maximum allowed size of "
            f"{MAX_DOCUMENT:,} bytes."
        )


def _name_size(name: str) -> int:
    return sum(len(segment.encode()) + 1 for segment in name.split("/")[_ROOT_SEGMENTS:]) + 16


def _map_size(fields: Mapping[str, Value], depth: int) -> int:
    size = 0
    for name in fields:
        length = len(name.encode())
        if length > MAX_FIELD_NAME:
            raise InvalidArgument(f'The property name "{name[:50]}…" is longer than {MAX_FIELD_NAME} bytes.')
        if not name:
            raise InvalidArgument("Property names must not be empty.")
        if name.startswith("__") and _RESERVED.fullmatch(name):
            raise InvalidArgument(f'The property name "{name}" is reserved: names matching __.*__ are not allowed.')
        size += length + 1 + _value_size(name, fields[name], depth)
    return size


def _value_size(name: str, value: Value, depth: int) -> int:
    kind = value.WhichOneof("value_type")
    if kind == "string_value":
        return len(value.string_value.encode()) + 1
    if kind == "timestamp_value":
        _check_timestamp(name, value.timestamp_value)
        value.timestamp_value.nanos -= value.timestamp_value.nanos % 1000
    if kind == "geo_point_value":
        _check_point(name, value.geo_point_value)
    if kind in _SCALAR_SIZES:
        return _SCALAR_SIZES[kind]
    match kind:
        case "map_value" | "array_value" if depth >= MAX_DEPTH:
            raise InvalidArgument(
                f"Property {name} contains an invalid nested entity: maps and arrays nest {MAX_DEPTH} deep at most."
            )
        case "map_value":
            return _nested_map_size(name, value.map_value, depth)
        case "array_value":
            return _array_size(name, value, depth)
        case "bytes_value":
            return len(value.bytes_value)
        case "reference_value":
            parse_document(value.reference_value)
            return _name_size(value.reference_value)
        case None:
            raise InvalidArgument(f'The value of property "{name}" has no type.')
        case _:
            raise InvalidArgument(f'The value of property "{name}" has a type that cannot be stored: {kind}.')


def _check_timestamp(name: str, timestamp: Timestamp) -> None:
    if timestamp.seconds not in _SECONDS or timestamp.nanos not in _NANOS:
        raise InvalidArgument(f'The timestamp of property "{name}" is outside the years 0001 to 9999.')


def _check_point(name: str, point: LatLng) -> None:
    if not (-90 <= point.latitude <= 90 and -180 <= point.longitude <= 180):
        raise InvalidArgument(f'The latitude or longitude of property "{name}" is out of range.')


def _nested_map_size(name: str, nested: MapValue, depth: int) -> int:
    if "__type__" not in nested.fields:
        return _map_size(nested.fields, depth + 1)
    vector = vector_of(nested.fields) if "value" in nested.fields else None
    if vector is None:
        raise InvalidArgument(
            f'The value of property "{name}" is a map with the reserved key "__type__" and no vector.'
        )
    if not 1 <= len(vector) <= MAX_VECTOR:
        raise InvalidArgument(
            f'The vector of property "{name}" must have 1 to {MAX_VECTOR} dimensions, not {len(vector)}.'
        )
    return 8 * len(vector)


def _array_size(name: str, value: Value, depth: int) -> int:
    size = 0
    for element in value.array_value.values:
        if element.WhichOneof("value_type") == "array_value":
            raise InvalidArgument("Cannot convert an array value in an array value.")
        size += _value_size(name, element, depth + 1)
    return size
