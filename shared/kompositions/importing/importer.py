"""The importer: from any value or text to kompositions, with everything found on the way."""

from dataclasses import replace

from shared.core.collecting import without_collecting
from shared.kompositions.importing.advice import advice
from shared.kompositions.importing.checking import Problem, check
from shared.kompositions.importing.detection import UNKNOWN, detect
from shared.kompositions.importing.document import Document
from shared.kompositions.importing.documents import find_documents
from shared.kompositions.importing.draft import Draft, copied
from shared.kompositions.importing.imported import Finding, Imported, Severity
from shared.kompositions.importing.notes import Notes
from shared.kompositions.importing.origin import pointer_text
from shared.kompositions.importing.parts.library import Library
from shared.kompositions.importing.repairs import REPAIRS, repair
from shared.kompositions.importing.variants import VARIANTS, recorded_sections
from shared.kompositions.importing.variants.canonical import keep_unknown
from shared.kompositions.model import Komposition

MAX_FINDINGS = 1000
"""Of one document; the rest is counted."""
_ROUNDS = 12
"""How often repairs follow each other: each can bring to light what was hidden."""


def import_komposition(document: object, *, fix: bool = False) -> Imported:
    """Read a document of any known format: JSON data, or its text or bytes. Never raises: what is wrong is in the findings.

    Of several documents it gives the first. `fix` repairs what can be repaired without changing what is seen and heard."""
    return import_all(document, fix=fix)[0]


def import_all(given: object, *, fix: bool = False) -> list[Imported]:
    """Read every document of a text or value of one or several; at least one result. Never raises.

    Segments that name a piece of a recording find it among the documents that are given with them."""
    with without_collecting():
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
    komposition = _checked(draft, notes, fix)
    findings = _counted(_once(notes.findings))
    if any(finding.severity is Severity.ERROR for finding in findings):
        komposition = None
    return Imported(komposition, variant, tuple(findings), evidence, draft.origin(document.text, document.start))


def _checked(draft: Draft, notes: Notes, fix: bool) -> Komposition | None:
    """The komposition, after repairs if they are wanted; what is left is told."""
    komposition, problems = check(draft.document)
    for _ in range(_ROUNDS):
        if keep_unknown(draft, problems, notes) or (fix and _repaired(draft, problems, notes)):
            komposition, problems = check(draft.document)
        else:
            break
    told = {finding.pointer for finding in notes.findings if finding.severity is Severity.ERROR}
    origin = draft.origin()
    for problem in problems:
        pointer = pointer_text(origin.of(problem.location))
        if pointer not in told:
            notes.findings.append(_finding(pointer, problem))
    return komposition


def _repaired(draft: Draft, problems: list[Problem], notes: Notes) -> bool:
    if not any(problem.code in REPAIRS for problem in problems):
        return False
    origin = replace(draft.origin(), places=dict(draft.places))
    draft.document = copied(draft.document)
    done = repair(draft, problems)
    for problem in done:
        finding = _finding(pointer_text(origin.of(problem.location)), problem)
        notes.findings.append(replace(finding, severity=Severity.WARNING, applied=True))
    return bool(done)


def _finding(pointer: str, problem: Problem) -> Finding:
    safe = problem.code in REPAIRS
    return Finding(pointer, problem.code, problem.detail, Severity.ERROR, advice(problem.code), safe)


def _once(findings: list[Finding]) -> list[Finding]:
    """Each thing once at each place, the first of them."""
    by_place: dict[tuple[str, str], Finding] = {}
    for finding in findings:
        by_place.setdefault((finding.pointer, finding.code), finding)
    return list(by_place.values())


def _counted(findings: list[Finding]) -> list[Finding]:
    """As many as can be read; errors before warnings where there are more."""
    if len(findings) <= MAX_FINDINGS:
        return findings
    in_order = sorted(findings, key=lambda finding: finding.severity is not Severity.ERROR)
    left = len(findings) - MAX_FINDINGS
    detail = f"{left} more things were found."
    last = Finding("", "more_findings", detail, in_order[MAX_FINDINGS].severity, "Correct these first.")
    return [*in_order[:MAX_FINDINGS], last]
