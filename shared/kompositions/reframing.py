"""How a plan for another shape comes into a komposition: each segment of the film gets the part of it that it shows."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from fractions import Fraction

from shared.kompositions.model import FramedShot, Framing, Komposition, Segment, View, Waypoint, seconds
from shared.kompositions.model.time import Time
from shared.kompositions.timing import Clock
from shared.media.reframing import PlannedShot, PlannedView, ReframePlan

_DECIMALS = 6
"""Of moments and places: a microsecond, and far less than a pixel."""


def reframed(komposition: Komposition, source_id: str, plan: ReframePlan) -> Komposition:
    """The komposition with every segment of the source framed as planned. Its output is to have the plan's shape."""
    clock = Clock.of(komposition)
    offset = next((clock.length(each.offset) for each in komposition.sources if each.id == source_id), Fraction(0))

    def framed(segment: Segment) -> Segment:
        if segment.source_id != source_id:
            return segment
        start = clock.length(segment.source_start)
        return segment.model_copy(update={"framing": plan_framing(plan, start, _end(segment, start, clock), offset)})

    video = [
        track.model_copy(update={"segments": [framed(segment) for segment in track.segments]})
        for track in komposition.tracks.video
    ]
    return komposition.model_copy(update={"tracks": komposition.tracks.model_copy(update={"video": video})})


def plan_framing(
    plan: ReframePlan, start: Fraction | float, end: Fraction | float | None = None, offset: Fraction | float = 0
) -> Framing:
    """The part of a plan that a segment shows which takes `start` to `end` (None: the rest) of its source, in seconds.

    `offset`: where in the file the source's time 0 is. One shot is left whatever the piece."""
    first, last = start + offset, None if end is None else end + offset
    kept = [shot for shot in plan.shots if shot.end > first and (last is None or shot.start < last)]
    return Framing(shots=[_shot(_seen(shot, first, last), offset) for shot in kept or plan.shots[:1]])


def _seen(shot: PlannedShot, first: Fraction | float, last: Fraction | float | None) -> PlannedShot:
    """The shot with no more of its views' ways than is gone between two moments."""
    return shot.model_copy(update={"views": tuple(_gone(view, first, last) for view in shot.views)})


def _gone(view: PlannedView, first: Fraction | float, last: Fraction | float | None) -> PlannedView:
    begin = max(0, bisect_right(view.path, first, key=lambda point: point.at) - 1)
    end = len(view.path) if last is None else bisect_left(view.path, last, key=lambda point: point.at) + 1
    return view.model_copy(update={"path": view.path[begin : max(end, begin + 1)]})


def _end(segment: Segment, start: Fraction, clock: Clock) -> Fraction | None:
    if segment.source_duration is not None:
        return start + clock.length(segment.source_duration)
    if segment.effective_fit == "trim":
        return start + clock.seconds(segment.end) - clock.seconds(segment.start)
    return None


def _shot(shot: PlannedShot, offset: Fraction | float) -> FramedShot:
    views = [
        View(width=_part(view.width), height=_part(view.height), path=[*_path(view, offset)]) for view in shot.views
    ]
    return FramedShot(start=_moment(shot.start, offset), layout=shot.layout, views=views, share=shot.share)


def _path(view: PlannedView, offset: Fraction | float) -> Iterator[Waypoint]:
    for point in view.path:
        at = _moment(point.at, offset)
        yield Waypoint(at=at, x=_part(point.x), y=_part(point.y), pace=point.pace)


def _moment(at: float, offset: Fraction | float) -> Time:
    return seconds(max(0.0, round(float(at - offset), _DECIMALS)))


def _part(value: float) -> float:
    return min(1.0, max(0.0, round(value, _DECIMALS)))
