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
]
