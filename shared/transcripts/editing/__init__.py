"""Editing: words written anew, found and replaced, moved in time; speakers named; all of it undone by the versions."""

from shared.transcripts.editing.aligned import align_transcript
from shared.transcripts.editing.applying import Edited, apply_edits
from shared.transcripts.editing.edits import (
    MOST_EDITS,
    Edit,
    InsertWords,
    JoinSegments,
    Query,
    RenameSpeaker,
    Replace,
    SetLanguage,
    SetSpeaker,
    SetTimes,
    SetWords,
    SplitSegment,
    StrikeWords,
)
from shared.transcripts.editing.finding import Match, find
from shared.transcripts.editing.saving import edit_transcript

__all__ = [
    "MOST_EDITS",
    "Edit",
    "Edited",
    "InsertWords",
    "JoinSegments",
    "Match",
    "Query",
    "RenameSpeaker",
    "Replace",
    "SetLanguage",
    "SetSpeaker",
    "SetTimes",
    "SetWords",
    "SplitSegment",
    "StrikeWords",
    "align_transcript",
    "apply_edits",
    "edit_transcript",
    "find",
]
