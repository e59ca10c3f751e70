"""Cleaning up: what one click would take out, shown before it is done: fillers, retakes and silences."""

from collections.abc import Iterator
from typing import Literal

from pydantic import Field

from shared.analysis import TextAnalysis
from shared.core.documents import Part
from shared.core.errors import Conflict
from shared.paper_editing.cuts import Cut
from shared.paper_editing.edit import PaperEdit
from shared.paper_editing.operations import Deleted, Operation, Reason, Tightened, WordRun
from shared.paper_editing.pieces import film_seconds
from shared.paper_editing.silences import SilenceSettings, find_silences
from shared.paper_editing.sound_profile import SoundProfile

Unwanted = Literal["fillers", "retakes", "silences"]


class NotAnalyzed(Conflict):
    """What is needed of the recording is known only once it was transcribed or analysed."""


class CleanUp(Part):
    """What to take out."""

    remove: tuple[Unwanted, ...] = Field(default=("fillers", "retakes", "silences"), min_length=1, max_length=3)
    silences: SilenceSettings = SilenceSettings()
    keep_time: bool = Field(default=False, description="Silence the fillers, and leave the picture as it is")


class Preview(Part):
    """What would go, with the reason for each, and how long the film is before and after. Seconds."""

    cuts: tuple[Cut, ...]
    before: float
    after: float

    @property
    def saved(self) -> float:
        """Seconds."""
        return round(self.before - self.after, 3)


def clean_up(
    edit: PaperEdit, wanted: CleanUp, *, text: TextAnalysis | None = None, profile: SoundProfile | None = None
) -> PaperEdit:
    """The edit after the clean-up: one batch, which `undo` undoes at once, each cut an operation that can be undone alone.

    Nothing found: the same edit. Raises NotAnalyzed where `text` (fillers, retakes) or `profile` (silences) is needed."""
    words = [*_fillers(text, wanted), *_retakes(text, wanted)]
    heard = set(edit.page.words)
    standing = [operation for operation in words if not heard.isdisjoint(_words(operation))]
    cleaned = edit.do(standing)
    pauses = _silences(cleaned, profile, wanted)
    found = [*standing, *pauses]
    return edit.do(found, batch=True) if found else edit


def preview(before: PaperEdit, after: PaperEdit) -> Preview:
    """What `after`, a clean-up of `before`, takes out."""
    known = len(before.operations)
    return Preview(
        cuts=tuple(cut for cut in after.cuts if cut.operation > known),
        before=round(film_seconds(before), 3),
        after=round(film_seconds(after), 3),
    )


def _fillers(text: TextAnalysis | None, wanted: CleanUp) -> list[Deleted]:
    if "fillers" not in wanted.remove:
        return []
    return [
        Deleted(
            runs=(WordRun(first=filler.index, last=filler.index),),
            keep_time=wanted.keep_time,
            reason=Reason(kind="filler", detail=f"“{filler.word[:200]}” says nothing"),
        )
        for filler in _needed(text).fillers
    ]


def _retakes(text: TextAnalysis | None, wanted: CleanUp) -> list[Deleted]:
    if "retakes" not in wanted.remove:
        return []
    return [
        Deleted(
            runs=(WordRun(first=take.first_word, last=take.last_word),),
            reason=Reason(
                kind="retake",
                detail=f"Said again from word {take.kept_first_word} on, {take.similarity:.0%} alike",
            ),
        )
        for take in _needed(text).retakes
    ]


def _silences(edit: PaperEdit, profile: SoundProfile | None, wanted: CleanUp) -> list[Operation]:
    if "silences" not in wanted.remove:
        return []
    if profile is None:
        raise NotAnalyzed("The sound of the recording is not known yet. Transcribe or analyse it to find silences.")
    return [
        Tightened(start=start, end=end, reason=Reason(kind="silence", detail=f"{end - start:.1f} s without a sound"))
        for start, end in find_silences(edit, profile, wanted.silences)
    ]


def _needed(text: TextAnalysis | None) -> TextAnalysis:
    if text is None:
        raise NotAnalyzed("The words were not looked at yet. Give their analysis to find fillers and retakes.")
    return text


def _words(operation: Deleted) -> Iterator[int]:
    return (word for run in operation.runs for word in range(run.first, run.last + 1))
