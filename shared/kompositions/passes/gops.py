"""Where a film shows a source as it is: whole groups of pictures that can be copied from it instead of encoded again.

A slot is bare when nothing is drawn on it or done to it, it is alone in the frame, and the source is coded as the output will
be: H.264 of the same size, rate, pixel format, shape and colours. What can be copied runs from IDR picture to IDR picture."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from shared.core.errors import KompoError
from shared.kompositions.effect_graph import plan_covers
from shared.kompositions.model import Output, Segment
from shared.kompositions.passes.film import Film
from shared.kompositions.timing import Slot
from shared.media import StreamInfo
from shared.media.packets import CodedPicture, read_picture

SHORTEST = Fraction(2)
"""Seconds: a shorter run is not worth a joint."""
_CONTAINERS = ("mov,mp4,m4a,3gp,3g2,mj2", "matroska,webm")
_PROFILES = ("Baseline", "Constrained Baseline", "Main", "High")
_OFF_GRID = Fraction(1, 100)
"""Of a frame: as far as a cut into the source may be from one of its frames."""
_MOST_BITS = Fraction(3, 5)
"""Bits a pixel, above which a source is an intermediate file and no film to be handed out: it is encoded."""


@dataclass(frozen=True)
class SourceRun:
    """Frames of the film that are copied from a source, beginning with frame `start` of it."""

    frames: range
    path: Path
    start: int
    picture: CodedPicture


@dataclass(frozen=True)
class Copies:
    """What can be copied, and, for slots that are bare but cannot, why."""

    runs: tuple[SourceRun, ...] = ()
    notes: tuple[str, ...] = ()


def find_copies(film: Film) -> Copies:
    """The runs of the film that can be copied from its sources, in order."""
    outputs = [film.komposition.outputs[index] for index in film.pictured]
    if len(outputs) != 1 or outputs[0].coded[0] != "h264" or not film.divisible:
        return Copies()
    runs: list[SourceRun] = []
    notes: list[str] = []
    for segment, slot in _bare_slots(film):
        found = _copied(film, outputs[0], segment, slot)
        if isinstance(found, str):
            notes.append(f"Segment {segment.id} is encoded: {found}")
        else:
            runs.extend(found)
    return Copies(tuple(sorted(runs, key=lambda run: run.frames.start)), tuple(notes))


def _bare_slots(film: Film) -> Iterator[tuple[Segment, Slot]]:
    """Segments with nothing done to them, below and above nothing, within the range to render."""
    busy = sorted(_busy(film), key=lambda span: span.start)
    covered = {
        (cover.track, index) for cover in plan_covers(film.komposition) for index in range(cover.first, cover.last + 1)
    }
    for number, (track, slots) in enumerate(zip(film.komposition.tracks.video, film.timeline.tracks, strict=True)):
        for place, slot in enumerate(slots):
            segment = track.segments[slot.index]
            joined = slot.overlap or (place + 1 < len(slots) and slots[place + 1].overlap)
            drawn = segment.effects or segment.framing or segment.reverse or segment.effective_fit != "trim"
            if joined or drawn or (number, slot.index) in covered:
                continue
            others = [
                other
                for index, tracks in enumerate(film.timeline.tracks)
                if index != number
                for other in tracks
                if other.start_frame < slot.end_frame and slot.start_frame < other.end_frame
            ]
            if not others and not any(span.start < slot.end_frame and slot.start_frame < span.stop for span in busy):
                yield segment, slot


def _busy(film: Film) -> Iterator[range]:
    """The frames over which something else is drawn or arranged: layouts, overlays, captions, effects on everything."""
    komposition, timeline = film.komposition, film.timeline
    clock, end = timeline.clock, timeline.film_frames
    items = [item for track in komposition.tracks.overlay for item in track.items]
    for item in (*items, *komposition.layouts):
        yield range(clock.frame_of(item.start), clock.frame_of(item.end) if item.end else end)
    burnt = any(track.mode != "sidecar" for track in komposition.tracks.caption)
    if burnt or any(cover.whole for cover in plan_covers(komposition)):
        yield range(0, end)


def _copied(film: Film, output: Output, segment: Segment, slot: Slot) -> list[SourceRun] | str:
    """The runs of a slot, or why there are none."""
    media = film.media[segment.source_id]
    video = media.info.video
    if video is None or video.kind != "video":
        return "its source is no video."
    reason = _difference(video, media.info.container, output)
    if reason:
        return reason
    if _bits(video, media.info.bit_rate) > _MOST_BITS:
        return "its source has far more bits than a film needs."
    try:
        picture = read_picture(media.path, film.timeline.rate)
    except KompoError as error:
        return error.detail[0].lower() + error.detail[1:]
    clock = film.timeline.clock
    source = next(source for source in film.komposition.sources if source.id == segment.source_id)
    begin = (clock.length(segment.source_start) + clock.length(source.offset) - picture.begin) * clock.rate
    first = round(begin)
    if abs(begin - first) > _OFF_GRID:
        return "it begins between two frames of its source."
    start = max(slot.start_frame, film.timeline.start_frame)
    stop = min(slot.end_frame, film.timeline.end_frame, slot.start_frame + picture.frames - first)
    keys = [key - first + slot.start_frame for key in sorted(picture.keys)]
    keys = [key for key in keys if start <= key <= stop]
    ends = [*keys, stop] if stop == slot.start_frame + picture.frames - first else keys
    if not keys or ends[-1] - keys[0] < SHORTEST * clock.rate:
        return "no whole group of pictures of its source is long enough."
    begin_copy, end_copy = keys[0], ends[-1]
    in_source = begin_copy - slot.start_frame + first
    if not picture.has_whole(in_source, in_source + end_copy - begin_copy):
        return "its source's pictures depend on each other across key frames."
    return [SourceRun(range(begin_copy, end_copy), media.path, in_source, picture)]


def _difference(video: StreamInfo, container: str, output: Output) -> str | None:
    """Why the coded picture is not what the output's encoder would make."""
    untagged = video.color_space is None and min(video.display_size) >= 720
    checks = (
        (container in _CONTAINERS, "its source is in a container whose packets are not taken."),
        (video.codec == "h264" and video.profile in _PROFILES, "its source is not 8-bit H.264."),
        ((video.width, video.height) == (output.width, output.height), "its source has another size."),
        (video.sample_aspect_ratio == 1 and video.rotation == 0, "its source is turned or has no square pixels."),
        (video.frame_rate == output.frame_rate, "its source has another frame rate."),
        (not video.variable_frame_rate, "its source has a variable frame rate."),
        (video.pixel_format == "yuv420p", "its source has another pixel format."),
        (untagged or video.color_space == "bt709", "its source has other colours."),
        (
            video.color_transfer in (None, "bt709") and video.color_range in (None, "tv"),
            "its source has other colours.",
        ),
    )
    return next((reason for holds, reason in checks if not holds), None)


def _bits(video: StreamInfo, whole: int | None) -> Fraction:
    rate = video.bit_rate or whole or 0
    return Fraction(rate) / ((video.width or 1) * (video.height or 1) * (video.frame_rate or 1))
