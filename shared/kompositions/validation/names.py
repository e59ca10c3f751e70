"""Ids are given once, tempo changes rise, ranges are not empty, keyframes are in order and within their limits."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from shared.kompositions.model.animation import Keyframe, values
from shared.kompositions.timing import Clock
from shared.kompositions.validation.problem import Location, Problem

if TYPE_CHECKING:
    from shared.kompositions.model import Animated, Komposition, Time

Named = tuple[Location, str]


def id_problems(komposition: "Komposition") -> Iterator[Problem]:
    """Ids that are given twice among sources, tracks, effects, and all segments, clips and items."""
    tracks = komposition.tracks
    kinds: list[tuple[str, Sequence[Any], str]] = [
        ("video", tracks.video, "segments"),
        ("audio", tracks.audio, "clips"),
        ("overlay", tracks.overlay, "items"),
        ("caption", tracks.caption, ""),
    ]
    yield from _repeated(((("sources", n, "id"), s.id) for n, s in enumerate(komposition.sources)))
    yield from _repeated(((("effects", n, "id"), e.id) for n, e in enumerate(komposition.effects)))
    yield from _repeated(
        (("tracks", kind, n, "id"), track.id) for kind, listed, _ in kinds for n, track in enumerate(listed)
    )
    for kind, listed, parts in kinds[:3]:
        yield from _repeated(
            (("tracks", kind, n, parts, k, "id"), part.id)
            for n, track in enumerate(listed)
            for k, part in enumerate(getattr(track, parts))
        )


def _repeated(named: Iterator[Named]) -> Iterator[Problem]:
    seen: set[str] = set()
    for location, name in named:
        if name in seen:
            yield Problem(location, "duplicate_id", f"The id {name!r} is used before. Give each its own.")
        seen.add(name)


def range_problems(komposition: "Komposition") -> Iterator[Problem]:
    """Tempo changes out of order, and ranges of layouts, clips, overlays and the render that end before they begin."""
    for index, (before, after) in enumerate(pairwise(komposition.tempo), start=1):
        if after.at_beat <= before.at_beat:
            detail = "Tempo changes must be in order of atBeat, each later than the one before."
            yield Problem(("tempo", index, "atBeat"), "tempo_out_of_order", detail)
    clock = Clock.of(komposition)
    tracks = komposition.tracks
    ranges: list[tuple[Location, Time, Time | None]] = [(("render",), komposition.render.start, komposition.render.end)]
    ranges += [(("layouts", n), layout.start, layout.end) for n, layout in enumerate(komposition.layouts)]
    for number, audio in enumerate(tracks.audio):
        at: Location = ("tracks", "audio", number, "clips")
        ranges += [((*at, n), clip.start, clip.end) for n, clip in enumerate(audio.clips)]
    for number, overlay in enumerate(tracks.overlay):
        at = ("tracks", "overlay", number, "items")
        ranges += [((*at, n), item.start, item.end) for n, item in enumerate(overlay.items)]
    for location, start, end in ranges:
        if end is not None and clock.seconds(end) <= clock.seconds(start):
            yield Problem((*location, "end"), "empty_range", "end must be after start.")


def animation_problems(komposition: "Komposition") -> Iterator[Problem]:
    """Keyframes out of order, and animated values out of their range."""
    clock = Clock.of(komposition)
    tracks = komposition.tracks
    for number, video in enumerate(tracks.video):
        for index, segment in enumerate(video.segments):
            at: Location = ("tracks", "video", number, "segments", index, "volume")
            yield from _animated(at, segment.volume, 0, 4, clock)
    for number, audio in enumerate(tracks.audio):
        for index, clip in enumerate(audio.clips):
            yield from _animated(("tracks", "audio", number, "clips", index, "volume"), clip.volume, 0, 4, clock)
    for number, overlay in enumerate(tracks.overlay):
        for index, item in enumerate(overlay.items):
            at = ("tracks", "overlay", number, "items", index)
            yield from _animated((*at, "opacity"), item.opacity, 0, 1, clock)
            yield from _animated((*at, "scale"), item.scale, 0.01, 20, clock)
            yield from _animated((*at, "rotation"), item.rotation, -36_000, 36_000, clock)
            yield from _animated((*at, "x"), item.x, -10, 10, clock)
            yield from _animated((*at, "y"), item.y, -10, 10, clock)


def _animated(at: Location, animated: "Animated", least: float, most: float, clock: Clock) -> Iterator[Problem]:
    if not all(least <= value <= most for value in values(animated)):
        yield Problem(at, "out_of_range", f"The value must be from {least:g} to {most:g}.")
    keyframes: list[Keyframe] = animated if isinstance(animated, list) else []
    for index, (before, after) in enumerate(pairwise(keyframes), start=1):
        if clock.length(after.at) <= clock.length(before.at):
            detail = "Keyframes must be in order of time, each later than the one before."
            yield Problem((*at, index, "at"), "keyframes_out_of_order", detail)
