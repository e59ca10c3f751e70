"""Document: one JSON document of a file, before it is known what it is."""

from dataclasses import dataclass
from typing import Any

from shared.kompositions.importing.origin import Pointer


@dataclass(frozen=True)
class Document:
    """Clean JSON data, and where it stands: `at` in the JSON value that begins at `start` of `text` (None: it was no text)."""

    value: Any
    at: Pointer = ()
    text: str | None = None
    start: int = 0
    wrapping: Any = None
    """The object around it that a document store adds, without the document itself: revision, key."""
    wrapping_at: Pointer = ()
