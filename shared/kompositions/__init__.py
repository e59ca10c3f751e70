"""Kompositions: declarative video compositions, kept per user in every version, compiled to FFmpeg graphs."""

from shared.kompositions.document import KompositionDocument, Visibility
from shared.kompositions.errors import InvalidKomposition, MissingMedia, UnusableMedia
from shared.kompositions.graph import Loudness, MediaGraph, SourceMedia, compile_komposition
from shared.kompositions.importing import Finding, Imported, Severity, import_komposition
from shared.kompositions.model import Komposition
from shared.kompositions.parsing import field_errors, parse_komposition
from shared.kompositions.render import request_render, source_assets
from shared.kompositions.service import KompositionService
from shared.kompositions.timing import Timeline, plan_timeline

__all__ = [
    "Finding",
    "Imported",
    "InvalidKomposition",
    "Komposition",
    "KompositionDocument",
    "KompositionService",
    "Loudness",
    "MediaGraph",
    "MissingMedia",
    "Severity",
    "SourceMedia",
    "Timeline",
    "UnusableMedia",
    "Visibility",
    "compile_komposition",
    "field_errors",
    "import_komposition",
    "parse_komposition",
    "plan_timeline",
    "request_render",
    "source_assets",
]
