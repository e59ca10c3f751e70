"""The store of paper edits: documents, their versions, and the kompositions that follow them."""

from shared.paper_editing.store.cleaning import cleaned
from shared.paper_editing.store.document import PaperEditSummary, StoredPaperEdit
from shared.paper_editing.store.filming import film_paper, follow_timeline, recording_of
from shared.paper_editing.store.profiles import keep_profile, load_profile, store_profile
from shared.paper_editing.store.reading import get_paper_edit, list_paper_edits, list_versions
from shared.paper_editing.store.saving import (
    change_paper_edit,
    create_paper_edit,
    delete_paper_edit,
    follow_transcript,
)

__all__ = [
    "PaperEditSummary",
    "StoredPaperEdit",
    "change_paper_edit",
    "cleaned",
    "create_paper_edit",
    "delete_paper_edit",
    "film_paper",
    "follow_timeline",
    "follow_transcript",
    "get_paper_edit",
    "keep_profile",
    "list_paper_edits",
    "list_versions",
    "load_profile",
    "recording_of",
    "store_profile",
]
