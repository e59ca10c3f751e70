"""canonical: documents of schema 2.0, taken as they are. Fields that the schema has not move to the `extra` of their part."""

from typing import Any

from pydantic import ValidationError
from pydantic.alias_generators import to_camel

from shared.kompositions import model
from shared.kompositions.importing.document import Document
from shared.kompositions.importing.draft import Draft
from shared.kompositions.importing.notes import Notes
from shared.kompositions.importing.origin import Pointer
from shared.kompositions.importing.parts.library import Library
from shared.kompositions.importing.suggestions import did_you_mean
from shared.kompositions.model.part import Part
from shared.kompositions.parsing import within

_ROUNDS = 3
"""What is unknown inside a part that is itself wrong may show only in the next round."""


def draft_canonical(document: Document, notes: Notes, _library: Library) -> Draft:
    """The document as it is, unknown fields moved."""
    draft = Draft(document.value)
    for _ in range(_ROUNDS):
        unknown = _unknown_fields(draft.document)
        if not unknown:
            break
        draft.document = copied(draft.document)
        for location in unknown:
            _move(draft, document.at, location, notes)
    return draft


def copied(value: Any) -> Any:
    """A copy of JSON data, all the way down."""
    if isinstance(value, dict):
        return {key: copied(child) for key, child in value.items()}
    return [copied(child) for child in value] if isinstance(value, list) else value


def _unknown_fields(document: Any) -> list[Pointer]:
    try:
        model.Komposition.model_validate(document)
    except ValidationError as error:
        entries = error.errors(include_url=False, include_context=False, include_input=False)
        unknown = [within(document, entry["loc"]) for entry in entries if entry["type"] == "extra_forbidden"]
        return list(dict.fromkeys(unknown))
    return []


def _move(draft: Draft, at: Pointer, location: Pointer, notes: Notes) -> None:
    part: Any = draft.document
    for step in location[:-1]:
        part = part[step]
    key = str(location[-1])
    extra = part.setdefault("extra", {})
    if not isinstance(extra, dict):
        return
    name = key
    while name in extra:
        name += "_"
    extra[name] = part.pop(key)
    draft.put((*location[:-1], "extra", name), at + location)
    detail = f"There is no field {key!r} here.{did_you_mean(key, _FIELDS)} It is kept, and has no effect."
    notes.warn(at + location, "unknown_field", detail, "Correct its name, or move it into extra.")


_FIELDS = sorted(
    {
        to_camel(name)
        for part in vars(model).values()
        if isinstance(part, type) and issubclass(part, Part)
        for name in part.model_fields
    }
)
