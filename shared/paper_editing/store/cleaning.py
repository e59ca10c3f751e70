"""Cleaning up a stored paper edit: what is known of its recording and its words, brought together."""

from shared.analysis import find_flaws
from shared.paper_editing.cleaning import CleanUp, clean_up
from shared.paper_editing.edit import PaperEdit
from shared.paper_editing.store.document import StoredPaperEdit
from shared.paper_editing.store.filming import recording_of


def cleaned(stored: StoredPaperEdit, wanted: CleanUp) -> PaperEdit:
    """The edit after the clean-up; nothing is saved. Raises NotAnalyzed, and Conflict where the recording cannot be used."""
    profile = recording_of(stored)[2] if "silences" in wanted.remove else None
    text = find_flaws(stored.edit.transcript) if {"fillers", "retakes"} & set(wanted.remove) else None
    return clean_up(stored.edit, wanted, text=text, profile=profile)
