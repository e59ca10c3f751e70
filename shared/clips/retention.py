"""Retention: where in a clip people leave, and what is being said there."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from shared.clips.clip import ClipSegment
from shared.clips.stored import StoredClip
from shared.core.errors import Conflict, NotFound
from shared.transcripts import Word, get_transcript


@dataclass(frozen=True)
class RetentionPoint:
    """A stretch of a clip between two points of its curve. `at`: seconds in the clip; `recorded`: seconds in the recording;
    `watching`: the share of viewers who were still there, `lost`: of those, how many left before the next point.

    `words`: what is said from here up to it; empty where the transcript is gone."""

    at: float
    recorded: float
    watching: float
    lost: float
    words: str


def retention_of(clip: StoredClip) -> list[RetentionPoint]:
    """The curve of a clip, with the words. Raises Conflict while nobody has told how long people watched."""
    curve = clip.outcome.retention
    if not curve:
        raise Conflict(
            f"Nobody has told how long people watched clip {clip.id}. Send views with their retention first."
        )
    return list(_points(curve, clip.clip.segments, _words(clip)))


def _points(curve: Sequence[float], segments: Sequence[ClipSegment], words: Sequence[Word]) -> Iterator[RetentionPoint]:
    total = sum(segment.duration for segment in segments)
    step = total / (len(curve) - 1)
    for place, watching in enumerate(curve[:-1]):
        at, until = place * step, (place + 1) * step
        after = curve[place + 1]
        yield RetentionPoint(
            at=round(at, 3),
            recorded=round(_recorded(at, segments), 3),
            watching=watching,
            lost=max(0.0, 1 - after / watching) if watching else 0.0,
            words=" ".join(_said(words, segments, at, until)),
        )


def _recorded(at: float, segments: Sequence[ClipSegment]) -> float:
    """Where in the recording a moment of the clip is from."""
    for segment in segments:
        if at < segment.duration:
            return segment.start + at
        at -= segment.duration
    return segments[-1].end


def _said(words: Sequence[Word], segments: Sequence[ClipSegment], start: float, end: float) -> Iterator[str]:
    """The words that begin in this stretch of the clip, as it plays them."""
    played = 0.0
    for segment in segments:
        first, last = segment.start + max(start - played, 0.0), segment.start + end - played
        for word in words:
            if max(first, segment.start) <= word.start < min(last, segment.end):
                yield word.word
        played += segment.duration


def _words(clip: StoredClip) -> Sequence[Word]:
    try:
        return tuple(get_transcript(clip.user_id, clip.transcript_id).transcript.words)
    except NotFound:
        return ()
