"""Kompositions: declarative video compositions on a grid of beats, kept per user, compiled to one FFmpeg graph."""

from shared.kompositions.compile import MediaGraph, compile_komposition
from shared.kompositions.document import KompositionDocument, Visibility
from shared.kompositions.errors import InvalidKomposition, MissingMedia, UnusableMedia
from shared.kompositions.model import Audio, Komposition, Music, Output, Segment, Source, Transition
from shared.kompositions.parsing import field_errors, parse_komposition
from shared.kompositions.render import request_render, source_assets
from shared.kompositions.service import KompositionService
from shared.kompositions.shots import SourceMedia
from shared.kompositions.timing import Timeline, plan_timeline

__all__ = [
    "Audio",
    "InvalidKomposition",
    "Komposition",
    "KompositionDocument",
    "KompositionService",
    "MediaGraph",
    "MissingMedia",
    "Music",
    "Output",
    "Segment",
    "Source",
    "SourceMedia",
    "Timeline",
    "Transition",
    "UnusableMedia",
    "Visibility",
    "compile_komposition",
    "field_errors",
    "parse_komposition",
    "plan_timeline",
    "request_render",
    "source_assets",
]
