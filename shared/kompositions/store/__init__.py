"""Kompositions in Firestore: every version, who may read, the trash. `KompositionService` is what others call."""

from shared.kompositions.store.content import Original, delete_content, keep_content, load_content
from shared.kompositions.store.document import (
    MAX_READERS,
    MAX_TAGS,
    Conflict,
    Fork,
    KompositionDocument,
    KompositionSummary,
    Metadata,
    Sharing,
    Visibility,
)
from shared.kompositions.store.listing import Filter, Scope, Sort
from shared.kompositions.store.reading import Read, field_errors_of, invalid, read_imported, read_komposition
from shared.kompositions.store.service import KompositionService
from shared.kompositions.store.trash import empty_trash

__all__ = [
    "MAX_READERS",
    "MAX_TAGS",
    "Conflict",
    "Filter",
    "Fork",
    "KompositionDocument",
    "KompositionService",
    "KompositionSummary",
    "Metadata",
    "Original",
    "Read",
    "Scope",
    "Sharing",
    "Sort",
    "Visibility",
    "delete_content",
    "empty_trash",
    "field_errors_of",
    "invalid",
    "keep_content",
    "load_content",
    "read_imported",
    "read_komposition",
]
