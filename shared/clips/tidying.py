"""Tidying: what says nothing goes out of clips: fillers, takes that were said again, silences. A breath is left around words.

What goes is told with its reason. Cuts are where the wave goes through zero, as those of paper editing, which finds them."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

from pydantic import Field

from shared.analysis import TextAnalysis
from shared.clips.clip import Clip, ClipCut, ClipSegment, Selection, VariantOf, identity
from shared.clips.composing import Recording
from shared.clips.variants import NEAR
from shared.core.documents import StoredPart
from shared.paper_editing import CleanUp, PaperEdit, SilenceSettings, SoundProfile, clean_up, kept_stretches
from shared.transcripts import Word

_RATE = Fraction(30)
"""Frames a second, where there is no picture to tell."""
_FIRST = ("retake", "filler", "silence")
"""What goes before what, where not all can."""
_SLIVER = 0.15
"""Seconds: a shorter rest without a word is not shown."""


class Tidy(StoredPart):
    """How clips are tidied. `margin`: seconds that are left of a silence on each side of what is heard."""

    margin: float = Field(default=0.2, ge=0, le=2)


@dataclass(frozen=True)
class _Gone:
    """A stretch of the recording that goes, seconds, whole milliseconds that touch no word that stays."""

    start: float
    end: float
    reason: str
    detail: str

    @property
    def seconds(self) -> float:
        return self.end - self.start


def tidied(
    selection: Selection,
    recording: Recording,
    text: TextAnalysis,
    profile: SoundProfile | None,
    tidy: Tidy,
    shortest: float,
) -> Selection:
    """The selection with its clips tidied. Nothing goes that would make a clip shorter than `shortest` seconds, or a variant
    shorter than a variant may be. Without `profile` silences stay, and cuts are where the words' times say."""
    gone = _gone(recording, text, profile, tidy)
    words = tuple(recording.transcript.words)
    clips = [_tidied(clip, gone, words, _floor(clip, shortest)) for clip in selection.clips]
    ids = {before.id: after.id for before, after in zip(selection.clips, clips, strict=True)}
    return selection.model_copy(update={"clips": tuple(_of_tidied(clip, ids) for clip in clips)})


def _floor(clip: Clip, shortest: float) -> float:
    return NEAR * clip.variant_of.target if clip.variant_of is not None else shortest


def _of_tidied(clip: Clip, ids: dict[str, str]) -> Clip:
    """A variant of a clip that has another id since it was tidied."""
    if clip.variant_of is None or clip.variant_of.clip not in ids:
        return clip
    told = VariantOf(clip=ids[clip.variant_of.clip], target=clip.variant_of.target)
    return clip.model_copy(update={"variant_of": told})


def _gone(recording: Recording, text: TextAnalysis, profile: SoundProfile | None, tidy: Tidy) -> list[_Gone]:
    """What goes out of the whole recording, in order of time."""
    info = recording.info
    wanted = CleanUp(
        remove=("fillers", "retakes", "silences") if profile is not None else ("fillers", "retakes"),
        silences=SilenceSettings(margin=tidy.margin),
    )
    before = PaperEdit.of(recording.transcript, info.duration)
    after = clean_up(before, wanted, text=text, profile=profile)
    if after is before:
        return []
    rate = (info.video.frame_rate if info.video is not None else None) or _RATE
    kept = sorted(kept_stretches(after, rate, profile, info.exact_duration))
    edges = [Fraction(0), *(moment for stretch in kept for moment in stretch), Fraction(before.duration)]
    between = [(start, end) for start, end in zip(edges[::2], edges[1::2], strict=True) if end > start]
    starts = [float(start) for start, _ in between]
    found: dict[int, _Gone] = {}
    for cut in sorted(after.cuts, key=lambda cut: _FIRST.index(cut.reason.kind)):
        place = bisect_right(starts, (cut.start + cut.end) / 2) - 1
        if place < 0 or place in found:
            continue
        first, last = floor(between[place][0] * 1000) / 1000, ceil(between[place][1] * 1000) / 1000
        found[place] = _Gone(first, last, cut.reason.kind, cut.reason.detail)
    return [found[place] for place in sorted(found)]


def _tidied(clip: Clip, gone: Sequence[_Gone], words: Sequence[Word], least: float) -> Clip:
    taken, left = [], clip.duration
    for each in sorted(_within(clip, gone), key=lambda each: (_FIRST.index(each.reason), -each.seconds)):
        if left - each.seconds >= least:
            taken.append(each)
            left -= each.seconds
    if not taken:
        return clip
    taken.sort(key=lambda each: each.start)
    near = [word for word in words if clip.start <= word.end and word.start <= clip.end]
    parts = [part for segment in clip.segments for part in _without(segment, taken)]
    segments = tuple(part for part in parts if part.duration >= _SLIVER or any(part.holds(word) for word in near))
    said = " ".join(word.word for part in segments for word in near if part.holds(word))
    told = {
        "id": identity(segments, said),
        "segments": segments,
        "transcript": said,
        "cuts": tuple(_told(each) for each in taken),
    }
    return clip.model_copy(update=told) if segments else clip


def _told(gone: _Gone) -> ClipCut:
    detail = f"{gone.seconds:.1f} s without a sound" if gone.reason == "silence" else gone.detail
    return ClipCut.model_validate({"start": gone.start, "end": gone.end, "reason": gone.reason, "detail": detail})


def _within(clip: Clip, gone: Sequence[_Gone]) -> Iterator[_Gone]:
    """What of the clip goes."""
    for segment in clip.segments:
        for each in gone:
            start, end = max(each.start, segment.start), min(each.end, segment.end)
            if start < end:
                yield _Gone(start, end, each.reason, each.detail)


def _without(segment: ClipSegment, taken: Sequence[_Gone]) -> Iterator[ClipSegment]:
    inside = [each for each in taken if segment.start <= each.start and each.end <= segment.end]
    edges = [segment.start, *(moment for each in inside for moment in (each.start, each.end)), segment.end]
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        if start < end:
            yield ClipSegment(start=start, end=end)
