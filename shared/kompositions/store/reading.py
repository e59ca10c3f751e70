"""Reading kompositions: what a caller sends becomes canonical content, what is stored becomes a document."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from shared.core.errors import FieldError, NotFound
from shared.kompositions.errors import InvalidKomposition
from shared.kompositions.importing import Finding, Imported, import_komposition
from shared.kompositions.model import Komposition
from shared.kompositions.store.content import Original, load_content, load_original
from shared.kompositions.store.document import (
    Conflict,
    KompositionDocument,
    KompositionSummary,
    conflict_reference,
    komposition_reference,
    parse_summary,
    version_reference,
)

CANONICAL = "canonical"


@dataclass(frozen=True)
class Read:
    """A document that a caller sent, read: the komposition, which variant it was, what was noticed, and the document itself."""

    komposition: Komposition
    variant: str = CANONICAL
    warnings: tuple[Finding, ...] = ()
    original: Original | None = None


def read_komposition(document: object, pointer: str = "/komposition") -> Read:
    """Read a document of any known format. Raises InvalidKomposition with a field error per problem, below `pointer`."""
    if isinstance(document, Read):
        return document
    if isinstance(document, Komposition):
        return Read(document)
    return read_imported(import_komposition(document), document, pointer)


def read_imported(imported: Imported, document: object, pointer: str = "/komposition") -> Read:
    """`document` as it was imported. Raises InvalidKomposition."""
    if imported.komposition is None:
        raise invalid(imported, pointer)
    as_sent = imported.variant == CANONICAL and not imported.findings
    original = None if as_sent else Original(imported.variant, document)
    return Read(imported.komposition, imported.variant, imported.warnings, original)


def invalid(imported: Imported, pointer: str = "/komposition") -> InvalidKomposition:
    """The error for a document that was read with errors."""
    errors = field_errors_of(imported.errors, pointer)
    count = "1 problem" if len(errors) == 1 else f"{len(errors)} problems"
    return InvalidKomposition(f"The komposition has {count}. {errors[0].detail}", errors=errors)


def field_errors_of(findings: Sequence[Finding], pointer: str) -> list[FieldError]:
    """Findings as field errors below `pointer`: what it is, and what to do about it."""
    return [
        FieldError(f"{pointer}{found.pointer}", f"{found.detail} {found.fix or ''}".strip(), found.code)
        for found in findings
    ]


def get_document(user_id: str, komposition_id: str) -> KompositionDocument:
    """A komposition at its newest version. Raises NotFound."""
    stored = komposition_reference(user_id, komposition_id).get().to_dict()
    if stored is None:
        raise no_komposition(komposition_id)
    return document_of(stored)


def get_open_document(reader_id: str, owner_id: str, komposition_id: str) -> KompositionDocument:
    """A komposition that `reader_id` owns or may read. Raises NotFound, whether it is not there or not open to them."""
    document = get_document(owner_id, komposition_id)
    if reader_id != owner_id and not document.sharing.lets_in(reader_id):
        raise no_komposition(komposition_id)
    return document


def get_summary(user_id: str, komposition_id: str) -> KompositionSummary:
    """A komposition without its content. Raises NotFound."""
    stored = komposition_reference(user_id, komposition_id).get(SUMMARY_FIELDS).to_dict()
    if stored is None:
        raise no_komposition(komposition_id)
    return parse_summary(stored)


def get_version(user_id: str, komposition_id: str, version: int) -> KompositionDocument:
    """A komposition as it was in one version. Raises NotFound; also for one in the trash."""
    return document_of(_stored_version(user_id, komposition_id, version))


def get_original(user_id: str, komposition_id: str, version: int) -> Original:
    """A version as it was sent. Raises NotFound."""
    stored = _stored_version(user_id, komposition_id, version)
    return load_original(stored) or Original(CANONICAL, load_content(stored))


def get_conflict(user_id: str, komposition_id: str, conflict_id: str) -> Conflict:
    """A refused save. Raises NotFound; also for one whose komposition is in the trash."""
    komposition, kept = _pair(user_id, komposition_id, conflict_reference(user_id, komposition_id, conflict_id))
    if komposition is None or kept is None:
        raise NotFound(f"There is no conflict {conflict_id} of komposition {komposition_id}.")
    return Conflict.model_validate({**kept, "komposition": load_content(kept)})


def document_of(stored: dict[str, Any]) -> KompositionDocument:
    """A komposition document as Firestore has it, with its content."""
    return KompositionDocument.model_validate({**stored, "komposition": load_content(stored)})


def no_komposition(komposition_id: str) -> NotFound:
    """The error for one that is not there, or somebody else's."""
    return NotFound(f"There is no komposition {komposition_id}.")


SUMMARY_FIELDS = [field.alias or name for name, field in KompositionSummary.model_fields.items()]
"""What to ask Firestore for when the content is not needed."""


def _stored_version(user_id: str, komposition_id: str, version: int) -> dict[str, Any]:
    komposition, stored = _pair(user_id, komposition_id, version_reference(user_id, komposition_id, version))
    if komposition is None or stored is None:
        raise NotFound(f"There is no komposition {komposition_id} in version {version}.")
    return stored


def _pair(user_id: str, komposition_id: str, below: Any) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
    """A komposition's document (only its id: it is there) and one below it, which outlives it in the trash."""
    return komposition_reference(user_id, komposition_id).get(["id"]).to_dict(), below.get().to_dict()
