"""The importer: from any value or text to kompositions, with everything found on the way."""

from collections.abc import Callable, Mapping

from shared.kompositions.importing.checking import check
from shared.kompositions.importing.detection import UNKNOWN, detect
from shared.kompositions.importing.document import Document
from shared.kompositions.importing.documents import find_documents
from shared.kompositions.importing.draft import Draft
from shared.kompositions.importing.imported import Imported
from shared.kompositions.importing.notes import Notes
from shared.kompositions.importing.variants.canonical import draft_canonical
from shared.kompositions.importing.variants.kompo1 import draft_kompo1

Drafting = Callable[[Document, Notes], Draft]

_VARIANTS: Mapping[str, Drafting] = {"canonical": draft_canonical, "kompo-1": draft_kompo1}


def import_komposition(document: object, *, fix: bool = False) -> Imported:
    """Read a document of any known format: JSON data, or its text or bytes. Never raises: what is wrong is in the findings.

    Of several documents it gives the first. `fix` repairs what can be repaired without changing what is seen and heard."""
    return import_all(document, fix=fix)[0]


def import_all(given: object, *, fix: bool = False) -> list[Imported]:
    """Read every document of a text or value of one or several; at least one result. Never raises."""
    return [_imported(document, notes, fix) for document, notes in find_documents(given)]


def _imported(document: Document | None, notes: Notes, fix: bool) -> Imported:
    if document is None:
        return Imported(None, UNKNOWN, tuple(notes.findings))
    if not isinstance(document.value, dict):
        notes.error(document.at, "not_an_object", "A komposition is a JSON object.", "Put it into braces.")
        return Imported(None, UNKNOWN, tuple(notes.findings))
    variant, evidence = detect(document.value)
    drafting = _VARIANTS.get(variant)
    if drafting is None:
        detail = "This is no komposition of a known format: it has no segments."
        notes.error(document.at, "unknown_format", detail, "Give sources and segments; see the schema.")
        return Imported(None, UNKNOWN, tuple(notes.findings), evidence)
    draft = drafting(document, notes)
    origin = draft.origin(document.text, document.start, document.at)
    komposition, problems = check(draft)
    for location, code, detail in problems:
        notes.error(origin.of(location), code, detail)
    if notes.has_errors:
        komposition = None
    return Imported(komposition, variant, tuple(notes.findings), evidence, origin)
