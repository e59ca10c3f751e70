"""canonical: documents of schema 2.0, taken as they are. Fields that the schema has not move to the `extra` of their part."""

from pydantic.alias_generators import to_camel

from shared.kompositions import model
from shared.kompositions.importing.checking import Problem
from shared.kompositions.importing.document import Document
from shared.kompositions.importing.draft import Draft, copied
from shared.kompositions.importing.notes import Notes
from shared.kompositions.importing.parts.library import Library
from shared.kompositions.model.part import Part


def draft_canonical(document: Document, _notes: Notes, _library: Library) -> Draft:
    """The document as it is."""
    return Draft(document.value, document.at)


def keep_unknown(draft: Draft, problems: list[Problem], notes: Notes) -> bool:
    """Move what the schema has not to the `extra` of its part. Whether there was anything."""
    unknown = [problem for problem in problems if problem.code == "extra_forbidden"]
    if not unknown:
        return False
    draft.document = copied(draft.document)
    moved = [_move(draft, problem, notes) for problem in unknown]
    return any(moved)


def _move(draft: Draft, problem: Problem, notes: Notes) -> bool:
    *above, last = problem.location
    part, key = draft.part(tuple(above)), str(last)
    if not isinstance(part, dict) or key not in part or not isinstance(part.setdefault("extra", {}), dict):
        return False
    name = key
    while name in part["extra"]:
        name += "_"
    at = draft.origin().of(problem.location)
    part["extra"][name] = part.pop(key)
    draft.put((*above, "extra", name), at)
    detail = f"There is no field {key[:100]!r} here.{notes.did_you_mean(key, _FIELDS)} It is kept, and has no effect."
    notes.warn(at, "unknown_field", detail, "Correct its name, or move it into extra.")
    return True


_FIELDS = sorted(
    {
        to_camel(name)
        for part in vars(model).values()
        if isinstance(part, type) and issubclass(part, Part)
        for name in part.model_fields
    }
)
