"""The values that conditions compute with.

Boolean, Integer, Float, String, Bytes, null, List and Map are Python's own; the others are here. Containers may hold `Lazy`
values, which are made when they are first looked at: reach into a container through `item`, `items_of` and `entries_of`."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

from .errors import EvaluationError

Value: TypeAlias = Any
"""None, bool, int, float, str, bytes, list, dict, or one of the classes below (or an `abstract.Abstract` in a list query)."""

NANOS = 1_000_000_000


@dataclass(frozen=True, slots=True, order=True)
class Timestamp:
    """Nanoseconds since 1970, UTC."""

    nanos: int


@dataclass(frozen=True, slots=True, order=True)
class Duration:
    """Nanoseconds, maybe negative."""

    nanos: int


@dataclass(frozen=True, slots=True)
class LatLng:
    """Degrees."""

    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Path:
    """The segments of a path."""

    segments: tuple[str, ...]

    def __str__(self) -> str:
        return "".join(f"/{segment}" for segment in self.segments)


@dataclass(frozen=True, slots=True)
class RuleSet:
    """A set: `items` are distinct, in the order in which they came."""

    items: tuple[Value, ...]

    @classmethod
    def of(cls, items: Iterable[Value]) -> "RuleSet":
        """The set of these."""
        distinct: list[Value] = []
        for value in items:
            if not contains(distinct, value):
                distinct.append(value)
        return cls(tuple(distinct))


@dataclass(frozen=True, slots=True)
class MapDiff:
    """How `after` differs from `before`."""

    after: dict[str, Value]
    before: dict[str, Value]


class Lazy:
    """A value inside a container that is made when it is first needed.

    `source` is what it is made from: two lazy values with equal sources are equal, whatever they are made into."""

    __slots__ = ("_make", "_value", "source")

    def __init__(self, source: object, make: Callable[[Any], Value]) -> None:
        self.source = source
        self._make: Callable[[Any], Value] | None = make

    def value(self) -> Value:
        """The value."""
        if self._make is not None:
            self._value = self._make(self.source)
            self._make = None
        return self._value


def item(container: Any, key: Any) -> Value:
    """The member of a list or map. Raises KeyError or IndexError."""
    value = container[key]
    return value.value() if type(value) is Lazy else value


def items_of(values: list[Value]) -> list[Value]:
    """The members of a list, none of them lazy."""
    return [value.value() if type(value) is Lazy else value for value in values]


def entries_of(entries: dict[str, Value]) -> Iterator[tuple[str, Value]]:
    """Keys and values of a map."""
    return ((key, item(entries, key)) for key in entries)


_NUMBERS = frozenset({int, float})
PLAIN = frozenset({int, str, Timestamp})
"""Types whose values compare as Python compares them."""

NAMES: dict[type, str] = {
    type(None): "null",
    bool: "bool",
    int: "int",
    float: "float",
    str: "string",
    bytes: "bytes",
    list: "list",
    dict: "map",
    Timestamp: "timestamp",
    Duration: "duration",
    LatLng: "latlng",
    Path: "path",
    RuleSet: "set",
    MapDiff: "map_diff",
}
"""The rules' names of the types."""

TYPES = frozenset(NAMES.values()) - {"null", "map_diff"} | {"number"}
"""The names that may follow `is`."""


def types_named(name: str) -> frozenset[type]:
    """The types that `is name` is true of."""
    return frozenset(kind for kind, word in NAMES.items() if word == name or (name == "number" and kind in _NUMBERS))


def type_name(value: Value) -> str:
    """The rules' name of a value's type."""
    return NAMES.get(type(value), "unknown")


def equal(left: Value, right: Value) -> bool:
    """`==`: values of different types differ, but 1 equals 1.0."""
    kind = type(left)
    if kind is not type(right):
        if kind is Lazy or type(right) is Lazy:
            return equal(_made(left), _made(right))
        return kind in _NUMBERS and type(right) in _NUMBERS and bool(left == right)
    if kind is Lazy:
        return left.source == right.source or equal(left.value(), right.value())
    if kind is list:
        return len(left) == len(right) and all(map(equal, left, right))
    if kind is dict:
        return left.keys() == right.keys() and all(equal(left[key], right[key]) for key in left)
    if kind is RuleSet:
        return len(left.items) == len(right.items) and all(contains(right.items, value) for value in left.items)
    return bool(left == right)


def contains(values: Iterable[Value], value: Value) -> bool:
    """Whether one of `values`, none of them lazy, equals `value`."""
    if type(value) is str:
        return value in values  # Nothing but a string equals one.
    return any(equal(member, value) for member in values)


def _made(value: Value) -> Value:
    return value.value() if type(value) is Lazy else value


def property_of(value: Value, name: str) -> Value:
    """`value.name` of what is no map. Always raises EvaluationError: only maps have properties."""
    if value is None:
        raise EvaluationError("Null value error.")
    raise EvaluationError(f"A value of type {type_name(value)} has no property {name}.")
