"""Values of the model: when two are the same JSON, and what JSON they are."""

import json
from collections.abc import Collection

from pydantic import JsonValue

from shared.kompositions.model import Time, Transcript
from shared.kompositions.model.part import Part

_PLAIN = frozenset((str, int, float, bool, type(None)))


def differing(one: Part, other: Part, skip: Collection[str] = ()) -> list[str]:
    """Names of the fields in which two parts of a type differ, but for those to skip. Quick: it is asked of every segment."""
    theirs = other.__dict__
    return [
        name
        for name, value in one.__dict__.items()
        if value is not (their := theirs[name]) and name not in skip and not _alike(value, their)
    ]


def same_time(one: Time | None, other: Time | None) -> bool:
    """Whether two times are written alike: equality of fractions takes several times as long."""
    if one is None or other is None:
        return one is other
    mine, its = one.value, other.value
    return one.unit is other.unit and mine.numerator == its.numerator and mine.denominator == its.denominator


def _alike(one: object, other: object) -> bool:
    kind = one.__class__
    if kind is other.__class__:
        if kind is Time:
            return same_time(one, other)  # type: ignore[arg-type]
        if kind in _PLAIN or not (one or other):
            return one == other
    return identical(one, other)


def identical(one: object, other: object) -> bool:
    """Whether two values of a field are the same JSON: `true` is not 1."""
    if one is other:
        return True
    if isinstance(one, bool) or isinstance(other, bool) or type(one) is not type(other):
        return not isinstance(one, bool) and not isinstance(other, bool) and one == other
    match one:
        case Transcript():
            return _same_transcript(one, other)
        case Part():
            return all(identical(value, other.__dict__[name]) for name, value in one.__dict__.items())
        case dict():
            assert isinstance(other, dict)
            return one.keys() == other.keys() and all(identical(value, other[key]) for key, value in one.items())
        case list():
            assert isinstance(other, list)
            return len(one) == len(other) and all(map(identical, one, other))
    return one == other


def as_json(value: object) -> JsonValue:
    """A value of the model as canonical JSON."""
    match value:
        case Time():
            return value.to_json()  # type: ignore[return-value]
        case Part():
            told: dict[str, JsonValue] = value.model_dump(
                mode="json", by_alias=True, exclude_defaults=True, exclude_none=True
            )
            return told
        case list() | tuple():
            return [as_json(entry) for entry in value]
    return value  # type: ignore[return-value]


def _same_transcript(one: Transcript, other: object) -> bool:
    """Half a million words take a fraction of a second: Rust writes them, and only texts that differ are looked into."""
    assert isinstance(other, Transcript)
    mine, theirs = one.model_dump_json(), other.model_dump_json()
    return mine == theirs or identical(json.loads(mine), json.loads(theirs))
