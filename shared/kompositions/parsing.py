"""From JSON data to a `Komposition`, or one `InvalidKomposition` with a JSON pointer for every problem."""

from collections.abc import Iterator, Sequence

from pydantic import ValidationError

from shared.core.errors import FieldError
from shared.core.places import Location, place_in
from shared.kompositions.errors import InvalidKomposition
from shared.kompositions.model import Komposition

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
        missing = entry["type"] == "missing"
        location = entry["loc"] if document is None else place_in(document, entry["loc"], missing=missing)
        if document is None or location not in told:
            told.add(location)
            yield location, entry["type"], _ADVICE.get(entry["type"], _sentence(entry["msg"]))


def _pointer(location: Sequence[str | int]) -> str:
    return "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in location)


def _sentence(message: str) -> str:
    return message if message.endswith(".") else f"{message}."
