"""Transcripts: speech to words with times, their formats, edits and versions."""

from shared.transcripts.engines import (
    EngineMissing,
    NoSound,
    TranscriptionCancelled,
    UnknownEngine,
    UnknownLanguage,
    check_request,
)
from shared.transcripts.formats import (
    FORMATS,
    Format,
    MalformedTranscript,
    decode_text,
    read_document,
    read_transcript,
    write_transcript,
)
from shared.transcripts.keeping import KeptOfJob, forget_heard
from shared.transcripts.recognition import Kept, KeptInFolder, transcribe
from shared.transcripts.requesting import TranscribeRequest, bring_weights, request_transcription
from shared.transcripts.store import (
    StoredTranscript,
    TranscriptConflict,
    TranscriptSummary,
    create_transcript,
    delete_transcript,
    get_transcript,
    list_transcripts,
    save_transcript,
)
from shared.transcripts.transcript import (
    Origin,
    Segment,
    Transcript,
    Word,
)
from shared.transcripts.wording import ends_sentence

__all__ = [
    "FORMATS",
    "EngineMissing",
    "Format",
    "Kept",
    "KeptInFolder",
    "KeptOfJob",
    "MalformedTranscript",
    "NoSound",
    "Origin",
    "Segment",
    "StoredTranscript",
    "TranscribeRequest",
    "Transcript",
    "TranscriptConflict",
    "TranscriptSummary",
    "TranscriptionCancelled",
    "UnknownEngine",
    "UnknownLanguage",
    "Word",
    "bring_weights",
    "check_request",
    "create_transcript",
    "decode_text",
    "delete_transcript",
    "ends_sentence",
    "forget_heard",
    "get_transcript",
    "list_transcripts",
    "read_document",
    "read_transcript",
    "request_transcription",
    "save_transcript",
    "transcribe",
    "write_transcript",
]
