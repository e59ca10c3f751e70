"""From slots to shots: which seconds of which file fill which frames, and at what speed."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from pathlib import Path

from shared.core.errors import FieldError
from shared.kompositions.errors import MissingMedia, UnusableMedia
from shared.kompositions.model import Komposition, Segment
from shared.kompositions.timing import Slot, Timeline, exact
from shared.media import MediaInfo

MAX_REPEATS = 60
"""Most repetitions of a loop: each is an input of its own."""
_SLOWEST, _FASTEST = Fraction(100), Fraction(1, 100)
_FORGIVEN = Fraction(1, 10)
"""Seconds that a source may lack for a trim: durations in files are rounded; its last frame is held for so long."""


@dataclass(frozen=True)
class SourceMedia:
    """A source's file on this machine and what `probe` said of it."""

    path: Path
    info: MediaInfo


@dataclass(frozen=True)
class Shot:
    """`frames` frames of the output from `window` seconds of a file at `start`; its last frame is held if they are too few."""

    media: SourceMedia
    segment: Segment
    start: Fraction
    window: Fraction
    stretch: Fraction
    """Output seconds per source second: 2 is half speed."""
    frames: int


def require_media(komposition: Komposition, media: Mapping[str, SourceMedia]) -> None:
    """Raise `MissingMedia` naming every source in use whose file was not given or is not there."""
    used = {segment.source_id for segment in komposition.segments}
    if komposition.audio.music is not None:
        used.add(komposition.audio.music.source_id)
    missing = [
        FieldError(
            f"/sources/{index}/assetId", f"The file of source {source.id!r} is missing. Upload it.", "missing_media"
        )
        for index, source in enumerate(komposition.sources)
        if source.id in used and (source.id not in media or not media[source.id].path.is_file())
    ]
    if missing:
        raise MissingMedia(missing[0].detail, errors=missing)


def plan_shots(segment: Segment, slot: Slot, timeline: Timeline, media: SourceMedia) -> list[Shot]:
    """The shots that fill `slot`: one, or one per repetition of a loop. Raises `UnusableMedia` when the file cannot."""
    if media.info.video is None:
        raise _unusable(
            slot, "sourceId", "no_picture", "The file of its source has no picture. Use it as music instead."
        )
    if media.info.is_still:
        return [Shot(media, segment, Fraction(0), Fraction(0), Fraction(1), slot.frames)]
    target = Fraction(slot.frames) / timeline.rate
    start, window = _window(segment, slot, media.info)
    match segment.effective_fit:
        case "stretch":
            stretch = target / window
            if not _FASTEST <= stretch <= _SLOWEST:
                detail = f"It would have to be stretched {float(stretch):.3g} times; 0.01 to 100 is possible."
                raise _unusable(slot, "sourceDuration", "stretch_too_far", f"{detail} Use more or less of the source.")
            return [Shot(media, segment, start, window, stretch, slot.frames)]
        case "loop":
            return _loop(Shot(media, segment, start, window, Fraction(1), slot.frames), slot, timeline.rate)
        case "trim" if window + _FORGIVEN < target:
            detail = f"The slot lasts {float(target):.2f} s, but only {float(window):.2f} s of the source are there. "
            raise _unusable(
                slot, "fit", "source_too_short", detail + "Use fit loop, freeze or stretch, or a shorter slot."
            )
        case _:
            return [Shot(media, segment, start, window, Fraction(1), slot.frames)]


def _window(segment: Segment, slot: Slot, info: MediaInfo) -> tuple[Fraction, Fraction]:
    """Start and length of the piece of source to use, seconds; never past its end."""
    start = exact(segment.source_start)
    left = info.exact_duration - start
    if left <= 0:
        detail = f"The source lasts {info.duration:g} s, so nothing is left from {segment.source_start:g} s on. Start earlier."
        raise _unusable(slot, "sourceStart", "starts_after_end", detail)
    wanted = left if segment.source_duration is None else exact(segment.source_duration)
    if wanted > left + _FORGIVEN:
        detail = f"Only {float(left):.2f} s of the source are left from {segment.source_start:g} s on. Ask for less."
        raise _unusable(slot, "sourceDuration", "source_too_short", detail)
    return start, min(wanted, left)


def _loop(shot: Shot, slot: Slot, rate: Fraction) -> list[Shot]:
    """One shot per repetition. Boundaries are rounded to frames from the loop's start, so that no error adds up."""
    repeats = ceil(Fraction(shot.frames) / rate / shot.window)
    if repeats > MAX_REPEATS:
        detail = (
            f"It would repeat {repeats} times; {MAX_REPEATS} is the most. Use more of the source or a shorter slot."
        )
        raise _unusable(slot, "sourceDuration", "loop_too_short", detail)
    ends = [min(shot.frames, round(shot.window * rate * (turn + 1))) for turn in range(repeats)]
    lengths = [end - begin for begin, end in zip([0, *ends], [*ends[:-1], shot.frames], strict=False)]
    return [
        Shot(shot.media, shot.segment, shot.start, shot.window, shot.stretch, length) for length in lengths if length
    ]


def _unusable(slot: Slot, name: str, code: str, detail: str) -> UnusableMedia:
    return UnusableMedia(detail, errors=[FieldError(f"/segments/{slot.index}/{name}", detail, code)])
