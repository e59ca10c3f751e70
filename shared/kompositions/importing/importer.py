"""The importer: from any value or text to kompositions, with everything found on the way."""

from shared.kompositions.importing.checking import check
from shared.kompositions.importing.detection import UNKNOWN, detect
from shared.kompositions.importing.document import Document
from shared.kompositions.importing.documents import find_documents
from shared.kompositions.importing.imported import Finding, Imported, Severity
from shared.kompositions.importing.notes import Notes
from shared.kompositions.importing.origin import pointer_text
from shared.kompositions.importing.parts.library import Library
from shared.kompositions.importing.variants import VARIANTS, recorded_sections


def import_komposition(document: object, *, fix: bool = False) -> Imported:
    """Read a document of any known format: JSON data, or its text or bytes. Never raises: what is wrong is in the findings.

    Of several documents it gives the first. `fix` repairs what can be repaired without changing what is seen and heard."""
    return import_all(document, fix=fix)[0]


def import_all(given: object, *, fix: bool = False) -> list[Imported]:
    """Read every document of a text or value of one or several; at least one result. Never raises.

    Segments that name a piece of a recording find it among the documents that are given with them."""
    found = find_documents(given)
    library = Library()
    library.add(recorded_sections(document for document, _ in found if document is not None))
    return [_imported(document, notes, library, fix) for document, notes in found]


def _imported(document: Document | None, notes: Notes, library: Library, fix: bool) -> Imported:
    if document is None:
        return Imported(None, UNKNOWN, tuple(notes.findings))
    if not isinstance(document.value, dict):
        notes.error(document.at, "not_an_object", "A komposition is a JSON object.", "Put it into braces.")
        return Imported(None, UNKNOWN, tuple(notes.findings))
    variant, evidence = detect(document.value)
    drafting = VARIANTS.get(variant)
    if drafting is None:
        detail = "This is no komposition of a known format."
        notes.error(document.at, "unknown_format", detail, "Give sources and segments; see the schema.")
        return Imported(None, UNKNOWN, tuple(notes.findings), evidence)
    draft = drafting(document, notes, library)
    origin = draft.origin(document.text, document.start, document.at)
    komposition, problems = check(draft)
    told = {finding.pointer for finding in notes.findings if finding.severity is Severity.ERROR}
    for location, code, detail in problems:
        pointer = origin.of(location)
        if pointer_text(pointer) not in told:
            notes.error(pointer, code, detail)
    if notes.has_errors:
        komposition = None
    return Imported(komposition, variant, tuple(_once(notes.findings)), evidence, origin)


def _once(findings: list[Finding]) -> list[Finding]:
    """Each thing once at each place, the first of them."""
    by_place: dict[tuple[str, str], Finding] = {}
    for finding in findings:
        by_place.setdefault((finding.pointer, finding.code), finding)
    return list(by_place.values())
