"""Composing: a clip is a komposition, to be edited, kept in versions and rendered like any other."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate, zip_longest
from typing import Any

from shared.clips.clip import Clip, ClipSegment
from shared.clips.look import ClipLook
from shared.kompositions.model import (
    AudioClip,
    AudioTrack,
    CaptionTrack,
    Komposition,
    Mix,
    Output,
    OverlayTrack,
    Segment,
    Source,
    TextOverlay,
    Tracks,
    VideoTrack,
    seconds,
)
from shared.kompositions.model import Cue as CaptionCue
from shared.kompositions.model import Transcript as CaptionTranscript
from shared.kompositions.model import Word as CaptionWord
from shared.kompositions.reframing import plan_framing
from shared.media import MediaInfo
from shared.media.reframing import ReframePlan
from shared.transcripts import Segment as Sentence
from shared.transcripts import Transcript

RECORDING = "recording"
"""The id of the clip's source."""
_JOINT = seconds("0.01")
"""Of sound, faded at each end of a segment: too short to hear, long enough not to click."""
_TITLE_SECONDS = 3
_FASTEST = 60.0


@dataclass(frozen=True)
class Recording:
    """What a clip is taken from: the file's properties, its asset where there is one, and what is said in it."""

    info: MediaInfo
    transcript: Transcript
    asset_id: str | None = None


def compose(clip: Clip, recording: Recording, look: ClipLook, plans: Sequence[ReframePlan] = ()) -> Komposition:
    """The clip as a komposition of one source, `recording`. `plans`: what is seen of each segment; without them the whole picture
    is, on a blurred copy of itself. Of a recording without a picture there is the sound, and what is said is read on black."""
    width, height = look.size
    seen = recording.info.video is not None
    return Komposition(
        title=clip.title,
        description=clip.reason,
        sources=[Source(id=RECORDING, kind="video" if seen else "audio", asset_id=recording.asset_id)],
        tracks=Tracks(
            video=[VideoTrack(segments=list(_shots(clip.segments, plans)))] if seen else [],
            audio=[] if seen else [AudioTrack(id="speech", role="speech", clips=list(_sounds(clip.segments)))],
            overlay=[_title(clip)] if look.title else [],
            caption=[_captions(clip, recording.transcript, look)] if look.captions else [],
        ),
        mix=Mix(loudness=look.loudness),
        outputs=[Output(width=width, height=height, fps=_rate(recording.info))],
    )


def _shots(segments: Sequence[ClipSegment], plans: Sequence[ReframePlan]) -> Iterator[Segment]:
    for number, (slot, segment, plan) in enumerate(zip_longest(_slots(segments), segments, plans), start=1):
        framing = plan_framing(plan, segment.start, segment.end) if plan is not None else None
        yield Segment(id=f"shot-{number}", **slot, scale="blur", framing=framing)


def _sounds(segments: Sequence[ClipSegment]) -> Iterator[AudioClip]:
    for number, slot in enumerate(_slots(segments), start=1):
        yield AudioClip(id=f"sound-{number}", **slot)


def _slots(segments: Sequence[ClipSegment]) -> Iterator[dict[str, Any]]:
    """Where each segment is in the clip and in the recording."""
    lengths = [_exact(segment.end) - _exact(segment.start) for segment in segments]
    ends = list(accumulate(lengths))
    for segment, length, end in zip(segments, lengths, ends, strict=True):
        yield {
            "source_id": RECORDING,
            "start": seconds(end - length),
            "end": seconds(end),
            "source_start": seconds(_exact(segment.start)),
            "source_duration": seconds(length),
            "fit": "trim",
            "fade_in": _JOINT,
            "fade_out": _JOINT,
        }


def _captions(clip: Clip, transcript: Transcript, look: ClipLook) -> CaptionTrack:
    """What is said in the clip, in the recording's times: an edit of the segments carries its words along."""
    assert look.captions is not None
    spoken = [cue for sentence in transcript.segments if (cue := _cue(sentence, clip.segments)) is not None]
    told = CaptionTranscript(language=transcript.language, segments=spoken)
    return CaptionTrack(**look.captions.model_dump(), transcript=told, source_id=RECORDING)


def _cue(sentence: Sentence, segments: Sequence[ClipSegment]) -> CaptionCue | None:
    words = [
        CaptionWord(**word.model_dump()) for word in sentence.words if any(segment.holds(word) for segment in segments)
    ]
    if not words:
        return None
    return CaptionCue(
        start=words[0].start,
        end=max(word.end for word in words),
        text=" ".join(word.word for word in words),
        speaker=sentence.speaker,
        words=words,
    )


def _title(clip: Clip) -> OverlayTrack:
    return OverlayTrack(
        items=[
            TextOverlay(
                id="title",
                kind="text",
                text=clip.title,
                end=seconds(min(Fraction(_TITLE_SECONDS), _exact(clip.duration))),
                y=0.16,
                size=0.04,
                bold=True,
                background="#000000b0",
                fade_out=seconds("0.3"),
            )
        ]
    )


def _rate(info: MediaInfo) -> float:
    if info.video is None or not info.video.frame_rate:
        return 30.0
    return round(min(_FASTEST, float(info.video.frame_rate)), 3)


def _exact(moment: float) -> Fraction:
    """The milliseconds that were meant."""
    return Fraction(round(moment * 1000), 1000)
