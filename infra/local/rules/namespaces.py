"""Functions that are built in: those of the namespaces, and those without."""

import hashlib
import math
import re
import zlib
from functools import cache

from .builtin import Builtin, builtin, table
from .errors import EvaluationError
from .moments import duration_of, from_date
from .operators import INT_MAX, INT_MIN, checked, segment
from .values import NANOS, Duration, LatLng, Path, Timestamp, Value

_INTEGER = re.compile(r"[+-]?[0-9]{1,19}")
_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
"""As rules write them; Python would take `4_2`, `nan` and the digits of every script."""


def _whole(rounded: float) -> int:
    """An integer from a float that has no decimals. Raises EvaluationError if it does not fit."""
    if not math.isfinite(rounded) or not INT_MIN <= rounded <= INT_MAX:
        raise EvaluationError("Integer overflow.")
    return int(rounded)


def _round(number: float) -> int:
    return number if type(number) is int else _whole(math.floor(number + 0.5) if math.isfinite(number) else number)


def _ceil(number: float) -> int:
    return number if type(number) is int else _whole(math.ceil(number) if math.isfinite(number) else number)


def _floor(number: float) -> int:
    return number if type(number) is int else _whole(math.floor(number) if math.isfinite(number) else number)


def _power(base: float, exponent: float) -> float:
    try:
        return math.pow(base, exponent)
    except ValueError:
        return math.nan
    except OverflowError:
        return math.inf


def _root(number: float) -> float:
    return math.sqrt(number) if number >= 0 else math.nan


def _octets(data: str | bytes) -> bytes:
    return data.encode() if isinstance(data, str) else data


@cache
def _castagnoli() -> tuple[int, ...]:
    """The table of CRC-32C, reflected polynomial 0x82F63B78 (RFC 3720, appendix B.4)."""
    entries = []
    for octet in range(256):
        for _ in range(8):
            octet = octet >> 1 ^ (0x82F63B78 if octet & 1 else 0)  # noqa: PLW2901
        entries.append(octet)
    return tuple(entries)


def _crc32c(data: bytes) -> int:
    register = 0xFFFFFFFF
    for octet in data:
        register = register >> 8 ^ _castagnoli()[(register ^ octet) & 0xFF]
    return register ^ 0xFFFFFFFF


def _place(latitude: float, longitude: float) -> LatLng:
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise EvaluationError(f"There is no place {latitude}, {longitude}.")
    return LatLng(float(latitude), float(longitude))


def _time(hours: int, minutes: int, seconds: int, nanos: int) -> Duration:
    return Duration(((hours * 60 + minutes) * 60 + seconds) * NANOS + nanos)


def _string(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return "null"
    return str(value)


def _int(value: Value) -> int:
    if isinstance(value, float):
        return _whole(math.trunc(value) if math.isfinite(value) else value)
    if isinstance(value, str) and not _INTEGER.fullmatch(value):
        raise EvaluationError(f'"{value}" is no integer.')
    return checked(int(value))


def _float(value: Value) -> float:
    if isinstance(value, str) and not _NUMBER.fullmatch(value):
        raise EvaluationError(f'"{value}" is no number.')
    return float(value)


def _bool(value: Value) -> bool:
    if value in ("true", "false", True, False):
        return value in ("true", True)
    raise EvaluationError(f'"{value}" is neither "true" nor "false".')


def _path(text: str) -> Path:
    return Path(tuple(part for word in text.strip("/").split("/") for part in segment(word)))


def _hash(name: str) -> Builtin:
    return builtin(
        name, lambda data: hashlib.new(name, _octets(data), usedforsecurity=False).digest(), "string|bytes", "bytes"
    )


NAMESPACES: dict[str, dict[str, Builtin]] = {
    "duration": table(
        builtin("abs", lambda length: Duration(abs(length.nanos)), "duration", "duration"),
        builtin("time", _time, "int int int int", "duration"),
        builtin("value", duration_of, "int string", "duration"),
    ),
    "hashing": table(
        builtin("crc32", lambda data: zlib.crc32(_octets(data)).to_bytes(4, "little"), "string|bytes", "bytes"),
        builtin("crc32c", lambda data: _crc32c(_octets(data)).to_bytes(4, "little"), "string|bytes", "bytes"),
        _hash("md5"),
        _hash("sha256"),
    ),
    "latlng": table(builtin("value", _place, "number number", "latlng")),
    "math": table(
        builtin("abs", lambda number: checked(abs(number)) if type(number) is int else abs(number), "number", "number"),
        builtin("ceil", _ceil, "number", "int"),
        builtin("floor", _floor, "number", "int"),
        builtin("isInfinite", math.isinf, "number", "bool"),
        builtin("isNaN", math.isnan, "number", "bool"),
        builtin("pow", _power, "number number", "float"),
        builtin("round", _round, "number", "int"),
        builtin("sqrt", _root, "number", "float"),
    ),
    "timestamp": table(
        builtin("date", from_date, "int int int", "timestamp"),
        builtin("value", lambda millis: Timestamp(millis * 1_000_000), "int", "timestamp"),
    ),
}
"""By the name before the dot."""

FUNCTIONS: dict[str, Builtin] = table(
    builtin("bool", _bool, "string|bool", "bool"),
    builtin("debug", lambda value: value, "any"),
    builtin("float", _float, "string|number", "float"),
    builtin("int", _int, "string|number", "int"),
    builtin("path", _path, "string", "path"),
    builtin("string", _string, "bool|number|string|null|path", "string"),
)
"""Those without a namespace. `debug` gives its argument back; the evaluator notes the value."""

READS: dict[str, Builtin] = table(
    builtin("exists", lambda _: None, "path", "bool"),
    builtin("existsAfter", lambda _: None, "path", "bool"),
    builtin("get", lambda _: None, "path"),
    builtin("getAfter", lambda _: None, "path"),
)
"""Those that look at other documents. Their bodies are the evaluator's."""
