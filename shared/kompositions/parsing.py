"""From JSON data to a `Komposition`, or one `InvalidKomposition` with a JSON pointer for every problem."""

from collections.abc import Iterator, Sequence
from typing import Any

from pydantic import ValidationError
from pydantic.alias_generators import to_snake

from shared.core.errors import FieldError
from shared.kompositions.errors import InvalidKomposition
from shared.kompositions.model import Komposition

Location = tuple[str | int, ...]

_ADVICE = {
    "extra_forbidden": "There is no such field. Remove it or correct its name.",
    "missing": "This field is needed. Add it.",
}


def parse_komposition(document: object) -> Komposition:
    """Read a komposition from JSON data. Raises `InvalidKomposition` with one `FieldError` per problem."""
    try:
        return Komposition.model_validate(document)
    except ValidationError as error:
        found = field_errors(error, document=document)
        count = "1 problem" if len(found) == 1 else f"{len(found)} problems"
        raise InvalidKomposition(f"The komposition has {count}. {found[0].detail}", errors=found) from error


def field_errors(error: ValidationError, prefix: str = "", document: object = None) -> list[FieldError]:
    """Pydantic's findings as field errors, with JSON pointers (RFC 6901) below `prefix`; into `document`, if it is given."""
    return [
        FieldError(prefix + _pointer(location), detail, code)
        for location, code, detail in located_errors(error, document)
    ]


def located_errors(error: ValidationError, document: object = None) -> Iterator[tuple[Location, str, str]]:
    """Location, code and sentence of each finding, one for each place in `document`."""
    told: set[Location] = set()
    for entry in error.errors(include_url=False, include_context=False, include_input=False):
        location = entry["loc"] if document is None else within(document, entry["loc"], entry["type"] == "missing")
        if document is None or location not in told:
            told.add(location)
            yield location, entry["type"], _ADVICE.get(entry["type"], _sentence(entry["msg"]))


def within(document: object, location: Sequence[str | int], missing: bool = False) -> Location:
    """Where in `document` pydantic's `location` is: without the names of the alternatives that it tried, with keys as written."""
    kept: list[str | int] = []
    value: Any = document
    for number, part in enumerate(location):
        if isinstance(value, dict) and value.get("kind") == part and number < len(location) - 1:
            continue
        if isinstance(value, dict):
            key = next((key for key in (part, to_snake(str(part))) if key in value), None)
            if key is not None:
                kept.append(key)
                value = value[key]
            elif missing and number == len(location) - 1:
                kept.append(part)
        elif isinstance(value, list | tuple) and isinstance(part, int) and part < len(value):
            kept.append(part)
            value = value[part]
    return tuple(kept)


def _pointer(location: Sequence[str | int]) -> str:
    return "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in location)


def _sentence(message: str) -> str:
    return message if message.endswith(".") else f"{message}."
