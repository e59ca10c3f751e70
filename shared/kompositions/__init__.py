"""Kompositions: declarative video compositions, kept per user in every version, compiled to FFmpeg graphs."""

from shared.kompositions.compiler import MediaGraph, compile_komposition
from shared.kompositions.errors import InvalidKomposition, MissingMedia, SaveConflict, UnusableMedia
from shared.kompositions.importing import Finding, Imported, Severity, import_all, import_komposition
from shared.kompositions.model import SCHEMA_VERSION, Komposition, Output, Time
from shared.kompositions.parsing import field_errors, parse_komposition
from shared.kompositions.render import RenderMode, known_media, request_render, source_assets
from shared.kompositions.schema import komposition_schema
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
    delete_content,
    empty_trash,
    field_errors_of,
    invalid,
    keep_content,
    load_content,
    read_imported,
    read_komposition,
)
from shared.kompositions.timing import Clock, Timeline, plan_timeline
from shared.kompositions.transcribed import captions_of, with_transcripts
from shared.media.graph import Loudness, SourceMedia

__all__ = [
    "MAX_READERS",
    "MAX_TAGS",
    "SCHEMA_VERSION",
    "Clock",
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
    "Output",
    "Read",
    "RenderMode",
    "SaveConflict",
    "Scope",
    "Severity",
    "Sort",
    "SourceMedia",
    "Time",
    "Timeline",
    "UnusableMedia",
    "Visibility",
    "captions_of",
    "compile_komposition",
    "delete_content",
    "empty_trash",
    "field_errors",
    "field_errors_of",
    "import_all",
    "import_komposition",
    "invalid",
    "keep_content",
    "known_media",
    "komposition_schema",
    "load_content",
    "parse_komposition",
    "plan_timeline",
    "read_imported",
    "read_komposition",
    "request_render",
    "source_assets",
    "with_transcripts",
]
