"""Parts: where a film may be divided, so that an edit in one part leaves the others as they are.

Parts begin at cuts. Which cuts, the segments beside them decide by their ids and not by how far into the film they lie: so
after segments are added, moved or removed the parts are soon the same again. No transition, and no effect over
several segments, lies across a border."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import pairwise
from math import ceil

from shared.kompositions.effect_graph import plan_covers
from shared.kompositions.model import Komposition
from shared.kompositions.timing import Timeline

SHORTEST, USUAL, LONGEST = 4, 12, 20
"""Seconds: no part but the last is shorter; from the second on any cut ends it; a longer one is divided between cuts."""
MOST_PARTS = 300
"""In a long film parts are longer instead, so that looking for them stays quick."""


@dataclass(frozen=True)
class _Span:
    """Frames inside which there is no border; at both ends there may be one."""

    start: int
    stop: int


def plan_parts(komposition: Komposition, timeline: Timeline) -> list[range]:
    """The frames of each part, from the first to the last of the range to render. One part if it cannot be divided."""
    spans = _joined([*_transitions(timeline), *_covers(komposition, timeline)])
    solid = _joined([*spans, *_undivided(komposition, timeline)])
    cuts = _cuts(komposition, timeline)
    factor = max(1, ceil(timeline.duration / (MOST_PARTS * USUAL)))
    shortest, usual, longest = (ceil(timeline.rate * seconds * factor) for seconds in (SHORTEST, USUAL, LONGEST))
    borders = [timeline.start_frame]
    for frame in sorted(cuts):
        length = frame - borders[-1]
        if length < shortest or timeline.end_frame - frame < 1 or _inside(frame, spans):
            continue
        if length >= usual or cuts[frame]:
            borders.append(frame)
    borders.append(timeline.end_frame)
    return [part for start, stop in pairwise(borders) for part in _divided(start, stop, solid, longest)]


def _cuts(komposition: Komposition, timeline: Timeline) -> dict[int, bool]:
    """The frames at which a segment begins or ends, and whether it is one that divides even after a short while."""
    names: dict[int, list[str]] = {}
    for track, slots in zip(komposition.tracks.video, timeline.tracks, strict=True):
        for slot in slots:
            segment = track.segments[slot.index]
            names.setdefault(slot.start_frame + slot.overlap, []).append(segment.id)
            names.setdefault(slot.end_frame, []).append(segment.id)
            if slot.overlap:
                names.setdefault(slot.start_frame, []).append(segment.id)
    within = {frame: ids for frame, ids in names.items() if timeline.start_frame < frame < timeline.end_frame}
    return {frame: sha256("\0".join(sorted(ids)).encode()).digest()[0] % 4 > 0 for frame, ids in within.items()}


def _transitions(timeline: Timeline) -> Iterator[_Span]:
    for slots in timeline.tracks:
        for slot in slots:
            if slot.overlap:
                yield _Span(slot.start_frame, slot.start_frame + slot.overlap)


def _covers(komposition: Komposition, timeline: Timeline) -> Iterator[_Span]:
    for cover in plan_covers(komposition):
        if cover.track is None:
            yield _Span(timeline.start_frame, timeline.end_frame)
        else:
            slots = timeline.tracks[cover.track]
            yield _Span(slots[cover.first].start_frame, slots[cover.last].end_frame)


def _undivided(komposition: Komposition, timeline: Timeline) -> Iterator[_Span]:
    """Slots whose frames are not to be made in two goes: effects may look at neighbours, and reversing reads all of it."""
    for track, slots in zip(komposition.tracks.video, timeline.tracks, strict=True):
        for slot in slots:
            segment = track.segments[slot.index]
            if segment.effects or segment.reverse:
                yield _Span(slot.start_frame, slot.end_frame)


def _joined(spans: Sequence[_Span]) -> list[_Span]:
    """Those that overlap as one."""
    joined: list[_Span] = []
    for span in sorted(spans, key=lambda span: (span.start, span.stop)):
        if joined and span.start < joined[-1].stop:
            joined[-1] = _Span(joined[-1].start, max(joined[-1].stop, span.stop))
        else:
            joined.append(span)
    return joined


def _inside(frame: int, spans: Sequence[_Span]) -> bool:
    index = bisect_left(spans, frame, key=lambda span: span.start) - 1
    return index >= 0 and spans[index].start < frame < spans[index].stop


def _divided(start: int, stop: int, solid: Sequence[_Span], longest: int) -> Iterator[range]:
    """A part, or several where it is long: in equal steps from its beginning, so that they stay when it moves."""
    step = longest // 2
    while stop - start > longest:
        frame = next((frame for frame in range(start + step, stop - longest // 5) if not _inside(frame, solid)), None)
        if frame is None:
            break
        yield range(start, frame)
        start = frame
    yield range(start, stop)
