"""Values as bytes whose order is Firestore's order.

`encode(a) < encode(b)` exactly when Firestore sorts a before b, and they are equal exactly when Firestore holds them equal
(so 1 and 1.0 are). No encoding is a prefix of another, so encodings can be strung together and complemented.
"""

import math
import re
import struct
from collections.abc import Callable, Mapping
from functools import lru_cache

from .messages import Timestamp, Value

NULL = b"\x05"
TRUE = b"\x11"
FALSE = b"\x10"
NUMBER, TIMESTAMP, STRING, BYTES, REFERENCE, GEO_POINT, ARRAY, VECTOR, MAP = (
    bytes([rank]) for rank in range(0x20, 0x29)
)

NAN = NUMBER + b"\x00"
_NEGATIVE = NUMBER + b"\x01"
_ZERO = NUMBER + b"\x02"
_POSITIVE = NUMBER + b"\x03"
_INFINITE = 0x7FFF
_BIAS = 0x4000
_MANTISSA_BITS = 64

_END = b"\x00\x01"
"""Ends a string; a zero byte inside one is written as 00 FF, which is greater."""
_LIST_END = b"\x00"
"""Ends an array or a map; less than the first byte of every value."""

_COMPLEMENT = bytes(255 - byte for byte in range(256))

VECTOR_TYPE = "__vector__"

NUMERIC_ID = re.compile(r"__id(-?\d{1,19})__")
"""Ids that stand for a number, as imports from Datastore have them."""


def encode(value: Value) -> bytes:
    """The ordered bytes of a value."""
    return _ENCODERS.get(value.WhichOneof("value_type"), _encode_null)(value)


@lru_cache(maxsize=4096)
def encode_number(number: int | float) -> bytes:
    """A number as sign, exponent and 64 bits of mantissa, wide enough to hold every int64 and every double exactly.

    Remembered: documents are full of the same few, and what Python holds equal (1 and 1.0, 0.0 and -0.0) is encoded alike."""
    if number == 0:
        return _ZERO
    if isinstance(number, float):
        if math.isnan(number):
            return NAN
        if math.isinf(number):
            return _signed(number > 0, _INFINITE, 0)
        fraction, exponent = math.frexp(abs(number))
        mantissa = int(math.ldexp(fraction, 53)) << (_MANTISSA_BITS - 53)
    else:
        exponent = abs(number).bit_length()
        mantissa = abs(number) << (_MANTISSA_BITS - exponent)
    return _signed(number > 0, exponent + _BIAS, mantissa)


def _signed(positive: bool, exponent: int, mantissa: int) -> bytes:
    magnitude = struct.pack(">HQ", exponent, mantissa)
    return _POSITIVE + magnitude if positive else _NEGATIVE + magnitude.translate(_COMPLEMENT)


def encode_reference(name: str) -> bytes:
    """A document's name, ordered segment by segment."""
    return REFERENCE + b"".join([encode_segment(segment) for segment in name.split("/")]) + _LIST_END


def encode_segment(segment: str) -> bytes:
    """An id: numeric ones by their number, before all others."""
    if segment.startswith("__id") and (match := NUMERIC_ID.fullmatch(segment)):
        return encode_number(int(match[1]))
    return STRING + _terminated(segment.encode())


def child_id(parent: str, reference: bytes) -> str | None:
    """The last segment of an encoded reference to a direct child of the collection named `parent`; None for all others, and for
    numeric ids."""
    prefix = encode_reference(parent)[: -len(_LIST_END)] + STRING
    if not reference.startswith(prefix):
        return None
    rest = reference[len(prefix) : -len(_LIST_END)]
    raw = rest[: -len(_END)].replace(b"\x00\xff", b"\x00")
    return raw.decode() if rest.find(_END) == len(rest) - len(_END) else None


def _encode_map(fields: Mapping[str, Value]) -> bytes:
    vector = vector_of(fields)
    if vector is not None:
        return VECTOR + struct.pack(">I", len(vector)) + b"".join([encode_number(number) for number in vector])
    entries = sorted((key.encode(), key) for key in fields)
    return MAP + b"".join([STRING + _terminated(raw) + encode(fields[key]) for raw, key in entries]) + _LIST_END


def _encode_timestamp(stamp: Timestamp) -> bytes:
    return TIMESTAMP + struct.pack(">QI", stamp.seconds + (1 << 63), stamp.nanos + (1 << 31))


def _encode_null(_: Value) -> bytes:
    return NULL


_ENCODERS: dict[str | None, Callable[[Value], bytes]] = {
    "boolean_value": lambda value: TRUE if value.boolean_value else FALSE,
    "integer_value": lambda value: encode_number(value.integer_value),
    "double_value": lambda value: encode_number(value.double_value),
    "timestamp_value": lambda value: _encode_timestamp(value.timestamp_value),
    "string_value": lambda value: STRING + _terminated(value.string_value.encode()),
    "bytes_value": lambda value: BYTES + _terminated(value.bytes_value),
    "reference_value": lambda value: encode_reference(value.reference_value),
    "geo_point_value": lambda value: (
        GEO_POINT + encode_number(value.geo_point_value.latitude) + encode_number(value.geo_point_value.longitude)
    ),
    "array_value": lambda value: (
        ARRAY + b"".join([encode(element) for element in value.array_value.values]) + _LIST_END
    ),
    "map_value": lambda value: _encode_map(value.map_value.fields),
}


def vector_of(fields: Mapping[str, Value]) -> list[float] | None:
    """The numbers of a map that stands for a vector; None for every other map."""
    if len(fields) != 2 or "value" not in fields or "__type__" not in fields:
        return None
    if fields["__type__"].string_value != VECTOR_TYPE:
        return None
    return [number(element) for element in fields["value"].array_value.values]


def number(value: Value) -> float:
    """A numeric value as a float."""
    numeric: float = value.integer_value if value.WhichOneof("value_type") == "integer_value" else value.double_value
    return numeric


def _terminated(raw: bytes) -> bytes:
    return raw.replace(b"\x00", b"\x00\xff") + _END if b"\x00" in raw else raw + _END


def complement(encoded: bytes) -> bytes:
    """Bytes that sort in the opposite order."""
    return encoded.translate(_COMPLEMENT)
