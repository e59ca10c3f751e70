"""Places: where in a document something is wrong that pydantic has found."""

from collections.abc import Sequence
from typing import Any

from pydantic.alias_generators import to_snake

Location = tuple[str | int, ...]
_TAGS = ("kind", "op")
"""The fields that say which alternative an object is."""


def place_in(document: object, location: Sequence[str | int], *, missing: bool = False) -> Location:
    """Where in `document` pydantic's `location` is: without the names of the alternatives that it tried, with keys as written.

    `missing`: the last step is a field that is not there."""
    kept: list[str | int] = []
    value: Any = document
    for number, part in enumerate(location):
        is_last = number == len(location) - 1
        if isinstance(value, dict) and not is_last and part in (value.get(tag) for tag in _TAGS):
            continue
        if isinstance(value, dict):
            key = next((key for key in (part, to_snake(str(part))) if key in value), None)
            if key is not None:
                kept.append(key)
                value = value[key]
            elif missing and is_last:
                kept.append(part)
        elif isinstance(value, list | tuple) and isinstance(part, int) and part < len(value):
            kept.append(part)
            value = value[part]
    return tuple(kept)
