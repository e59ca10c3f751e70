"""Applying edits: all of them in order, or none."""

from collections.abc import Sequence
from dataclasses import dataclass

from shared.core.errors import FieldError, InvalidInput
from shared.transcripts.editing.edits import (
    Edit,
    InsertWords,
    JoinSegments,
    RenameSpeaker,
    Replace,
    SetLanguage,
    SetSpeaker,
    SetTimes,
    SetWords,
    SplitSegment,
    StrikeWords,
)
from shared.transcripts.editing.finding import places, replaced
from shared.transcripts.editing.manuscript import Manuscript
from shared.transcripts.transcript import Segment, Transcript
from shared.transcripts.wording import words_in

MOST_WRITTEN = 2_000_000
"""Characters of a transcript that replacing may make longer: what is said in a day and a half."""
_ROUNDING = 0.0005
"""Seconds by which times that are written with three digits may overlap."""


@dataclass(frozen=True)
class Edited:
    """A transcript after edits, and how many places each of them changed."""

    transcript: Transcript
    changes: tuple[int, ...]


def apply_edits(transcript: Transcript, edits: Sequence[Edit]) -> Edited:
    """The transcript with all edits made, one after the other: places count words as the edit before left them.

    Raises InvalidInput with a pointer to the edit that does not fit; then none is made."""
    manuscript = Manuscript(transcript)
    language = transcript.language
    changes = []
    for number, edit in enumerate(edits):
        try:
            changes.append(_apply(manuscript, edit))
        except _Misfit as misfit:
            pointer = f"/edits/{number}/{misfit.field}"
            detail = f"Edit {number + 1} does not fit. {misfit.detail} None of the edits was made."
            raise InvalidInput(detail, errors=[FieldError(pointer, misfit.detail, misfit.code)]) from None
        if isinstance(edit, SetLanguage):
            language = edit.language
    edited = transcript.model_copy(update={"language": language, "segments": manuscript.finished()})
    return Edited(edited, tuple(changes))


class _Misfit(Exception):
    def __init__(self, field: str, code: str, detail: str) -> None:
        super().__init__(detail)
        self.field, self.code, self.detail = field, code, detail


def _apply(manuscript: Manuscript, edit: Edit) -> int:
    match edit:
        case SetWords(first=first, last=last, text=text):
            _expect_word(manuscript, "last", last)
            manuscript.rewrite(first, last, text)
            return 1
        case StrikeWords(first=first, last=last):
            _expect_word(manuscript, "last", last)
            manuscript.rewrite(first, last, "")
            return last - first + 1
        case InsertWords(before=before, text=text):
            return _insert(manuscript, before, text)
        case SetTimes():
            return _move(manuscript, edit)
        case SplitSegment(before=before):
            _expect_word(manuscript, "before", before)
            return int(manuscript.split(before))
        case JoinSegments(segment=segment):
            return _join(manuscript, segment)
        case SetSpeaker(first=first, last=last, speaker=speaker):
            _expect_word(manuscript, "last", last)
            manuscript.attribute(first, last, speaker)
            return last - first + 1
        case RenameSpeaker():
            return _rename(manuscript, edit)
        case Replace():
            return _replace(manuscript, edit)
        case SetLanguage():
            return 1


def _expect_word(manuscript: Manuscript, field: str, place: int) -> None:
    if place >= len(manuscript):
        raise _Misfit(field, "no-such-word", f"There is no word {place}: there are {len(manuscript)}, counted from 0.")


def _insert(manuscript: Manuscript, before: int, text: str) -> int:
    if before > len(manuscript):
        _expect_word(manuscript, "before", before)
    if not words_in(text):
        raise _Misfit("text", "no-words", "There are no words in it.")
    manuscript.insert(before, text)
    return 1


def _move(manuscript: Manuscript, edit: SetTimes) -> int:
    _expect_word(manuscript, "word", edit.word)
    if edit.end < edit.start:
        raise _Misfit("end", "ends-before-start", "The word would end before it starts.")
    earliest, latest = manuscript.around(edit.word)
    if edit.start < earliest - _ROUNDING:
        raise _Misfit("start", "overlaps", f"The word before it ends at {earliest:.3f} s. Move that one first.")
    if latest is not None and edit.end > latest + _ROUNDING:
        raise _Misfit("end", "overlaps", f"The word after it starts at {latest:.3f} s. Move that one first.")
    manuscript.move(edit.word, edit.start, edit.end)
    return 1


def _join(manuscript: Manuscript, segment: int) -> int:
    if segment + 1 >= len(manuscript.segments):
        detail = f"There is no segment after number {segment}: there are {len(manuscript.segments)}, counted from 0."
        raise _Misfit("segment", "no-such-segment", detail)
    manuscript.join(segment)
    return 1


def _replace(manuscript: Manuscript, edit: Replace) -> int:
    found = places(manuscript.segments, edit)
    count = sum(map(len, found))
    growth = count * (len(edit.replacement) - len(edit.find))
    if growth > 0 and sum(len(each.text) for each in manuscript.segments) + growth > MOST_WRITTEN:
        detail = f"Written in {count} places it makes more than {MOST_WRITTEN:,} characters. Replace by a shorter text."
        raise _Misfit("replacement", "too-long", detail)
    manuscript.segments = replaced(manuscript.segments, found, edit.replacement)
    return count


def _rename(manuscript: Manuscript, edit: RenameSpeaker) -> int:
    before = manuscript.segments
    manuscript.segments = [_renamed(segment, edit.speaker, edit.to) for segment in before]
    changed = sum(one is not other for one, other in zip(before, manuscript.segments, strict=True))
    if not changed:
        raise _Misfit("speaker", "no-such-speaker", f"Nobody here is called {edit.speaker!r}.")
    return changed


def _renamed(segment: Segment, name: str, to: str) -> Segment:
    if segment.speaker != name and all(word.speaker != name for word in segment.words):
        return segment
    words = tuple(word.model_copy(update={"speaker": to}) if word.speaker == name else word for word in segment.words)
    speaker = to if segment.speaker == name else segment.speaker
    return segment.model_copy(update={"speaker": speaker, "words": words})
