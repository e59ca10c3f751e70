"""Documents: the one or several that a file or a value holds, taken out of whatever a document store wraps them in."""

from collections.abc import Iterator
from typing import Any

from shared.kompositions.importing.document import Document
from shared.kompositions.importing.notes import Notes
from shared.kompositions.importing.origin import Pointer
from shared.kompositions.importing.reading import Unparsed, decode, read_values
from shared.kompositions.importing.tidying import tidy

Found = tuple[Document | None, Notes]
"""A document, or None where one could not be read, and what was found on the way."""


def find_documents(given: object) -> list[Found]:
    """Every document of a value, or of text or bytes of one or several JSON values. At least one entry, always."""
    if isinstance(given, bytes | bytearray | memoryview):
        text, clean = decode(bytes(given))
        found = _from_text(text)
        if not clean:
            detail = "Some bytes are no text. They were replaced by question mark signs."
            found[0][1].warn((), "not_text", detail, "Save the file as UTF-8.")
        return found
    if isinstance(given, str):
        return _from_text(given)
    notes = Notes()
    return list(_unwrapped(tidy(given, notes), (), None, 0, notes))


def _from_text(text: str) -> list[Found]:
    found: list[Found] = []
    for value in read_values(text):
        notes = Notes()
        if isinstance(value, Unparsed):
            notes.error((), "not_json_text", value.detail, "Correct the text there.")
            found.append((None, notes))
            continue
        if value.skipped:
            shown = " ".join(value.skipped.split())[:60]
            notes.warn((), "text_skipped", f"Text before the document was skipped: {shown!r}.", "Remove it.")
        if value.relaxed is not None:
            detail = "Comments, or commas before a closing bracket, are no JSON. They were skipped."
            notes.warn((), "not_strict_json", detail, "Take them out. --fix does it.")
        found.extend(_unwrapped(tidy(value.value, notes), (), value.relaxed or text, value.start, notes))
    return found


def _unwrapped(value: Any, at: Pointer, text: str | None, start: int, notes: Notes) -> Iterator[Found]:
    if isinstance(value, list) and value and all(isinstance(entry, dict) for entry in value):
        for index, entry in enumerate(value):
            yield from _unwrapped(entry, (*at, index), text, start, notes if index == 0 else Notes())
    elif isinstance(value, dict) and isinstance(value.get("rows"), list) and "segments" not in value:
        yield from _unwrapped(value["rows"] or {}, (*at, "rows"), text, start, notes)
    elif isinstance(value, dict):
        inner = next((key for key in _WRAPPERS if _wraps(value, key)), None)
        if inner is None:
            yield Document(value, at, text, start), notes
        else:
            around = {key: child for key, child in value.items() if key != inner}
            yield Document(value[inner], (*at, inner), text, start, around, at), notes
    else:
        yield Document(value, at, text, start), notes


_WRAPPERS = ("doc", "komposition", "build_plan", "composition_plan", "plan")
"""Keys under which a document is kept inside of another object."""


def _wraps(value: dict[str, Any], key: str) -> bool:
    return isinstance(value.get(key), dict) and not {"segments", "tracks"} & value.keys()
