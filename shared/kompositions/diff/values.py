"""Values of the model: when two are the same JSON, and what JSON they are."""

import json
from collections.abc import Collection

from pydantic import JsonValue

from shared.kompositions.model import Time, Transcript
from shared.kompositions.model.part import Part

_PLAIN = frozenset((str, int, float, bool, type(None)))


def differing(one: Part, other: Part, skip: Collection[str] = ()) -> list[str]:
    """Names of the fields in which two parts of a type differ, but for those to skip."""
    theirs = other.__dict__
    return [
        name
        for name, value in one.__dict__.items()
        if value is not theirs[name] and name not in skip and _differ(value, theirs[name])
    ]


def same(one: Part, other: Part) -> bool:
    """Whether two parts are the same JSON. Quick: it is asked of every segment."""
    return one == other and (not _holds_json(one) or identical(one, other))


def _holds_json(part: Part) -> bool:
    """Whether there may be more to its equality than Python's, for which `True` is 1."""
    return any(isinstance(value, list | dict | Part) and value for value in part.__dict__.values())


def _differ(one: object, other: object) -> bool:
    kind = type(one)
    if type(other) is not kind:
        return not identical(one, other)
    if isinstance(one, Time) and isinstance(other, Time):
        return one.unit is not other.unit or one.value.as_integer_ratio() != other.value.as_integer_ratio()
    if kind in _PLAIN or not (one or other):
        return one != other
    return not identical(one, other)


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
