"""Transcripts: speech to words with times, their formats, edits and versions."""

from shared.transcripts.transcript import Origin, Segment, Transcript, TranscriptPart, Word

__all__ = ["Origin", "Segment", "Transcript", "TranscriptPart", "Word"]
