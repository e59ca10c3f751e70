"""Kompositions: declarative video compositions, kept per user in every version, compiled to FFmpeg graphs."""

from shared.kompositions.errors import InvalidKomposition, MissingMedia, SaveConflict, UnusableMedia
from shared.kompositions.graph import Loudness, MediaGraph, SourceMedia, compile_komposition
from shared.kompositions.importing import Finding, Imported, Severity, import_komposition
from shared.kompositions.model import Komposition
from shared.kompositions.parsing import field_errors, parse_komposition
from shared.kompositions.render import RenderMode, request_render, source_assets
from shared.kompositions.store import (
    MAX_READERS,
    MAX_TAGS,
    Conflict,
    Filter,
    Fork,
    KompositionDocument,
    KompositionService,
    KompositionSummary,
    Original,
    Read,
    Scope,
    Sort,
    Visibility,
    empty_trash,
    field_errors_of,
    read_komposition,
)
from shared.kompositions.timing import Timeline, plan_timeline

__all__ = [
    "MAX_READERS",
    "MAX_TAGS",
    "Conflict",
    "Filter",
    "Finding",
    "Fork",
    "Imported",
    "InvalidKomposition",
    "Komposition",
    "KompositionDocument",
    "KompositionService",
    "KompositionSummary",
    "Loudness",
    "MediaGraph",
    "MissingMedia",
    "Original",
    "Read",
    "RenderMode",
    "SaveConflict",
    "Scope",
    "Severity",
    "Sort",
    "SourceMedia",
    "Timeline",
    "UnusableMedia",
    "Visibility",
    "compile_komposition",
    "empty_trash",
    "field_errors",
    "field_errors_of",
    "import_komposition",
    "parse_komposition",
    "plan_timeline",
    "read_komposition",
    "request_render",
    "source_assets",
]
