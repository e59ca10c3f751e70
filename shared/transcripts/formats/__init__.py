"""Formats: transcripts in and out, as SRT, WebVTT (plain, by words, Zoom's), YouTube's json3, JSON and text."""

from shared.transcripts.formats.detection import FORMATS, Format, detect, extension, media_type
from shared.transcripts.formats.errors import MalformedTranscript
from shared.transcripts.formats.lines import decode_text
from shared.transcripts.formats.reading import read_document, read_transcript
from shared.transcripts.formats.writing import write_transcript

__all__ = [
    "FORMATS",
    "Format",
    "MalformedTranscript",
    "decode_text",
    "detect",
    "extension",
    "media_type",
    "read_document",
    "read_transcript",
    "write_transcript",
]
