"""Draft: a canonical document in the making, each part with the place it came from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from shared.kompositions.importing.origin import Origin, Place, Pointer


@dataclass
class Draft:
    """Canonical JSON, not checked yet. Without `places` it lies in the input as it is."""

    document: Any
    places: dict[Pointer, Place] = field(default_factory=dict)

    def put(self, location: Pointer, at: Pointer, fields: Mapping[str, Pointer] | None = None) -> None:
        """Remember that the part at `location` came from `at`, and its fields from below it."""
        self.places[location] = Place(at, fields or {})

    def origin(self, text: str | None, start: int, at: Pointer) -> Origin:
        """Where everything came from: the document `at` in the JSON value at `start` in `text`."""
        return Origin(text, start, at, self.places)
