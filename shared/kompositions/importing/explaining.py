"""Explaining: what the parts of a komposition mean in seconds and frames."""

from dataclasses import dataclass
from fractions import Fraction

from shared.kompositions.model import AudioClip, Komposition, Segment, VideoTrack
from shared.kompositions.timing import Clock, Slot, plan_timeline


@dataclass(frozen=True)
class Row:
    """A segment or clip: when it is on, which piece of which source it plays, and how fast."""

    track: str
    id: str
    source: str
    start: Fraction
    end: Fraction | None
    """Seconds; None: as long as the source or the film lasts."""
    frames: tuple[int, int] | None = None
    """First frame, and the one after the last, transitions included."""
    source_start: Fraction = Fraction(0)
    source_duration: Fraction | None = None
    speed: Fraction | None = None
    """Of what is played, where that is known: 2 is twice as fast."""
    remarks: tuple[str, ...] = ()


def explain_rows(komposition: Komposition) -> list[Row]:
    """A row for each segment and clip, in the order of tracks."""
    timeline = plan_timeline(komposition)
    rows: list[Row] = []
    for track, slots in zip(komposition.tracks.video, timeline.tracks, strict=True):
        rows += [_segment(track, slot, timeline.clock) for slot in slots]
    for audio in komposition.tracks.audio:
        rows += [_clip(audio.id, clip, timeline.clock) for clip in audio.clips]
    return rows


def _segment(track: VideoTrack, slot: Slot, clock: Clock) -> Row:
    segment = track.segments[slot.index]
    start, end = clock.seconds(segment.start), clock.seconds(segment.end)
    length = clock.length(segment.source_duration) if segment.source_duration else None
    return Row(
        track.id,
        segment.id,
        segment.source_id,
        start,
        end,
        (slot.start_frame, slot.end_frame),
        clock.length(segment.source_start),
        length,
        length / (end - start) if length is not None and segment.effective_fit == "stretch" else None,
        tuple(_remarks(segment, slot)),
    )


def _remarks(segment: Segment, slot: Slot) -> list[str]:
    remarks: list[str] = [segment.effective_fit] if segment.effective_fit != "trim" else []
    if slot.transition is not None:
        remarks.append(f"{slot.transition.type} over {slot.overlap} frames")
    remarks += [effect.type for effect in segment.effects]
    remarks += ["reversed"] if segment.reverse else []
    return [*remarks, *(["muted"] if segment.muted else [])]


def _clip(track: str, clip: AudioClip, clock: Clock) -> Row:
    start = clock.seconds(clip.start)
    end = clock.seconds(clip.end) if clip.end else None
    length = clock.length(clip.source_duration) if clip.source_duration else None
    speed = length / (end - start) if clip.fit == "stretch" and length and end else None
    remarks = ("muted",) if clip.muted else ()
    return Row(
        track, clip.id, clip.source_id, start, end, None, clock.length(clip.source_start), length, speed, remarks
    )
