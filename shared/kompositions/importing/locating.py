"""Locating: the lines and columns of findings in the text that a document was read from."""

from collections.abc import Iterable

from shared.kompositions.importing.imported import Imported
from shared.kompositions.importing.origin import Pointer
from shared.kompositions.importing.reading import place
from shared.kompositions.importing.spans import find_spans


def locate(imported: Imported, pointers: Iterable[str]) -> dict[str, tuple[int, int]]:
    """Line and column, from 1, of each pointer; of one that names nothing, those of the nearest thing around it.

    Nothing where the document was no text, or could not be read as JSON."""
    origin = imported.origin
    if origin.text is None:
        return {}
    parsed = {pointer: _steps(pointer) for pointer in pointers}
    above = {steps[:length] for found in parsed.values() for steps in found for length in range(len(steps) + 1)}
    spans = find_spans(origin.text, origin.start, above)
    located: dict[str, tuple[int, int]] = {}
    for pointer, found in parsed.items():
        nearest = max((steps[:n] for steps in found for n in range(len(steps) + 1) if steps[:n] in spans), key=len)
        located[pointer] = place(origin.text, spans[nearest][0])
    return located


def _steps(pointer: str) -> list[Pointer]:
    """A step of digits may be an index or a key: both are tried."""
    readings: list[Pointer] = [()]
    for part in pointer.split("/")[1:]:
        key = part.replace("~1", "/").replace("~0", "~")
        steps: list[str | int] = [int(key), key] if key.isdecimal() and len(key) < 12 else [key]
        readings = [(*reading, step) for reading in readings for step in steps][:64]
    return readings
