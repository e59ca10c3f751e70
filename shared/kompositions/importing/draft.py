"""Draft: a canonical document in the making, each part with the place it came from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from shared.kompositions.importing.origin import Origin, Place, Pointer


@dataclass
class Draft:
    """Canonical JSON, not checked yet; times may be `Time`s already. Without `places` it lies in the input as it is."""

    document: Any
    at: Pointer = ()
    """Where the document is in the input."""
    places: dict[Pointer, Place] = field(default_factory=dict)

    def put(self, location: Pointer, at: Pointer, fields: Mapping[str, Pointer] | None = None) -> None:
        """Remember that the part at `location` came from `at`, and its fields from below it."""
        self.places[location] = Place(at, fields or {})

    def origin(self, text: str | None = None, start: int = 0) -> Origin:
        """Where everything came from: the JSON value at `start` in `text`."""
        return Origin(text, start, self.at, self.places)

    def part(self, location: Pointer) -> Any:
        """What is at a location; KeyError, IndexError or TypeError when nothing is."""
        value = self.document
        for step in location:
            value = value[step]
        return value

    def rearrange(self, location: Pointer, order: Sequence[int]) -> None:
        """Let the list at `location` have these of its parts, in this order; their places go with them."""
        parts, depth = self.part(location), len(location)
        origin = self.origin()
        moved = {old: new for new, old in enumerate(order)}
        inside = {key: place for key, place in self.places.items() if len(key) > depth and key[:depth] == location}
        came_from = [Place(origin.of((*location, old)), alike=True) for old in order]
        for key in inside:
            del self.places[key]
        self.places |= {(*location, new): place for new, place in enumerate(came_from)}
        for key, place in inside.items():
            if key[depth] in moved:
                self.places[(*location, moved[int(key[depth])], *key[depth + 1 :])] = place
        parts[:] = [parts[old] for old in order]


def copied(value: Any) -> Any:
    """A copy of JSON data, all the way down."""
    if isinstance(value, dict):
        return {key: copied(child) for key, child in value.items()}
    return [copied(child) for child in value] if isinstance(value, list) else value
