"""Paper editing: words are deleted, moved and restored in a transcript, and a komposition of the recording follows."""

from shared.paper_editing.cleaning import CleanUp, NotAnalyzed, Preview, clean_up, preview
from shared.paper_editing.composing import SOURCE, to_komposition
from shared.paper_editing.cuts import Cut, PaperRun
from shared.paper_editing.edit import PaperEdit, Spacing
from shared.paper_editing.errors import KompositionChanged, NothingLeft, NothingToUndo, TranscriptGone, UnknownWords
from shared.paper_editing.following import follow
from shared.paper_editing.listening import NoSound, listen
from shared.paper_editing.operations import Deleted, Moved, Operation, Reason, Restored, Tightened, WordRun
from shared.paper_editing.page import Element, Page
from shared.paper_editing.rebasing import rebase
from shared.paper_editing.silences import SilenceSettings
from shared.paper_editing.sound_profile import SoundProfile
from shared.paper_editing.steps import Step, take_steps
from shared.paper_editing.stretches import kept_stretches
from shared.paper_editing.updating import update_komposition

__all__ = [
    "SOURCE",
    "CleanUp",
    "Cut",
    "Deleted",
    "Element",
    "KompositionChanged",
    "Moved",
    "NoSound",
    "NotAnalyzed",
    "NothingLeft",
    "NothingToUndo",
    "Operation",
    "Page",
    "PaperEdit",
    "PaperRun",
    "Preview",
    "Reason",
    "Restored",
    "SilenceSettings",
    "SoundProfile",
    "Spacing",
    "Step",
    "Tightened",
    "TranscriptGone",
    "UnknownWords",
    "WordRun",
    "clean_up",
    "follow",
    "kept_stretches",
    "listen",
    "preview",
    "rebase",
    "take_steps",
    "to_komposition",
    "update_komposition",
]
