"""Origin: from places in the canonical komposition back to places in the document that it was read from."""

from collections.abc import Mapping
from dataclasses import dataclass, field

Pointer = tuple[str | int, ...]
"""Keys and indices from the top of a JSON value down."""


def pointer_text(pointer: Pointer) -> str:
    """RFC 6901."""
    return "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in pointer)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a canonical part was read from: an object at `at`, and for each canonical field where below `at` its value is.

    `alike`: the object is canonical itself, so that everything in it is where it is."""

    at: Pointer
    fields: Mapping[str, Pointer] = field(default_factory=dict)
    alike: bool = False


@dataclass(frozen=True)
class Origin:
    """The text that a document was read from, if it was text, and the places of the parts of what it became.

    `places` is by canonical location; where it says nothing, a part lies in the document as it does in the komposition, below
    `at`. What is in a part's `extra` lies in the object that the part came from, unless its place is given."""

    text: str | None = None
    start: int = 0
    """Where in `text` the JSON value begins that pointers count from."""
    at: Pointer = ()
    """Where in that value the document is."""
    places: Mapping[Pointer, Place] = field(default_factory=dict)

    def of(self, location: Pointer) -> Pointer:
        """Where in the document the canonical place `location` came from: itself, or the nearest part around it."""
        for length in range(len(location), -1, -1):
            place = self.places.get(location[:length])
            if place is not None:
                return _within(place, location[length:])
        return self.at + location


def _within(place: Place, rest: Pointer) -> Pointer:
    if not rest or place.alike:
        return place.at + rest
    if rest[0] == "extra":
        return place.at + rest[1:]
    return place.at + place.fields.get(str(rest[0]), ())
