"""Transcripts: speech to words with times, their formats, edits and versions."""

from shared.transcripts.engines import (
    EngineMissing,
    NoSound,
    TranscriptionCancelled,
    UnknownEngine,
    UnknownLanguage,
)
from shared.transcripts.transcribing import transcribe
from shared.transcripts.transcript import Origin, Segment, Transcript, TranscriptPart, Word

__all__ = [
    "EngineMissing",
    "NoSound",
    "Origin",
    "Segment",
    "Transcript",
    "TranscriptPart",
    "TranscriptionCancelled",
    "UnknownEngine",
    "UnknownLanguage",
    "Word",
    "transcribe",
from shared.transcripts.formats import (
    FORMATS,
    Format,
    MalformedTranscript,
    decode_text,
    read_transcript,
    write_transcript,
)
from shared.transcripts.store import (
    StoredTranscript,
    TranscriptSummary,
    create_transcript,
    delete_transcript,
    get_transcript,
    list_transcripts,
    save_transcript,
)
from shared.transcripts.transcript import Origin, Segment, Transcript, TranscriptPart, Word

__all__ = [
    "FORMATS",
    "Format",
    "MalformedTranscript",
    "Origin",
    "Segment",
    "StoredTranscript",
    "Transcript",
    "TranscriptPart",
    "TranscriptSummary",
    "Word",
    "create_transcript",
    "decode_text",
    "delete_transcript",
    "get_transcript",
    "list_transcripts",
    "read_transcript",
    "save_transcript",
    "write_transcript",
]
