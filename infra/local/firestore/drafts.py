"""What a write comes to, as far as that does not hang on what is stored.

Commits wait in line for one writer, which waits for the disk. What can be found out before a commit's turn costs the line
nothing."""

from collections.abc import Iterable
from dataclasses import dataclass

from .errors import FirestoreError
from .index import Entry, index_entries
from .indexing import Indexing
from .limits import check_document
from .messages import Document, Write
from .names import DocumentName, parse_document


@dataclass(frozen=True, slots=True)
class Draft:
    """The document that a write will leave, checked, and its index entries. Whoever applies the write may change it."""

    name: DocumentName
    document: Document
    entries: set[Entry]


def make_drafts(writes: Iterable[Write], database: str, indexing: Indexing) -> list[Draft | None]:
    """A draft for each of `writes`; None where it takes the document before. Where a write is wrong, too: its error must not
    overtake those of the writes before it."""
    return [_draft(write, database, indexing) for write in writes]


def _draft(write: Write, database: str, indexing: Indexing) -> Draft | None:
    if write.WhichOneof("operation") != "update" or write.HasField("update_mask") or write.update_transforms:
        return None
    document = write.update
    try:
        name = parse_document(document.name)
        check_document(document)
        entries = index_entries(document, indexing.switches(name.database, name.collection))
    except FirestoreError:
        return None
    return Draft(name, document, entries) if name.database == database else None
