"""Transcripts in Firestore: every version, undone and redone, and none of it lost."""

from shared.transcripts.store.conflicts import TranscriptConflict, delete_conflict, get_conflict, list_conflicts
from shared.transcripts.store.document import StoredTranscript, TranscriptSummary
from shared.transcripts.store.history import redo, restore_conflict, restore_version, undo
from shared.transcripts.store.reading import (
    delete_transcript,
    get_summary,
    get_transcript,
    list_transcripts,
    list_versions,
)
from shared.transcripts.store.saving import create_transcript, save_transcript

__all__ = [
    "StoredTranscript",
    "TranscriptConflict",
    "TranscriptSummary",
    "create_transcript",
    "delete_conflict",
    "delete_transcript",
    "get_conflict",
    "get_summary",
    "get_transcript",
    "list_conflicts",
    "list_transcripts",
    "list_versions",
    "redo",
    "restore_conflict",
    "restore_version",
    "save_transcript",
    "undo",
]
