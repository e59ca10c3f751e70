"""Framing: which part of a source's picture is seen when, for a frame of another shape.

Places and lengths are fractions of the upright picture; times are seconds of the file. A framing belongs to the file, not to
the film: however a shot is cut, moved, sped up or turned round, each of its frames is framed as the source's moment is."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor
from typing import Literal

FramedLayout = Literal["fill", "split", "screen", "fit"]
"""fill: one view; split: two people, each in a view; screen: what is shown, and who speaks; fit: all, on a blurred copy."""
Pace = Literal["linear", "smooth"]

VIEWS = {"fill": 1, "split": 2, "screen": 2, "fit": 0}
"""How many views each layout has."""
_BIAS = Fraction(1, 20)
"""Of a frame, as pictures are looked up by: see `graph.picture`."""


@dataclass(frozen=True)
class Waypoint:
    """Where a view's left top corner is at a moment; `pace` is how it goes on to the next one."""

    at: Fraction
    x: float
    y: float
    pace: Pace = "linear"


@dataclass(frozen=True)
class View:
    """A window on the picture, of one size. It rests before its first waypoint and after its last; at least one there is."""

    width: float
    height: float
    path: tuple[Waypoint, ...]


@dataclass(frozen=True)
class FramedShot:
    """What is seen from `start` on. Of two views the first takes `share` of the frame: above the other, or left of it."""

    start: Fraction
    layout: FramedLayout
    views: tuple[View, ...] = ()
    share: float = 0.5


@dataclass(frozen=True)
class Framing:
    """Shots in order of time, at least one. The first holds before it starts, the last to the end."""

    shots: tuple[FramedShot, ...]


@dataclass(frozen=True)
class Section:
    """From frame `first` on, a view goes from `start` (left, top) at frame `begin` to `stop` at frame `end`, or rests."""

    first: int
    begin: float
    end: float
    start: tuple[float, float]
    stop: tuple[float, float]
    pace: Pace = "linear"

    def moves(self, axis: int) -> bool:
        """Whether it does along an axis: 0 across, 1 down."""
        return self.start[axis] != self.stop[axis]


@dataclass(frozen=True)
class Run:
    """Frames `first` up to `last` that are framed by views of the same sizes in the same places."""

    first: int
    last: int
    shot: FramedShot
    sections: tuple[tuple[Section, ...], ...]
    """Of each view, in order, the first from frame `first` on."""


def plan_runs(framing: Framing, start: Fraction, frames_a_second: Fraction, first: int, last: int) -> list[Run]:
    """A framing in frames `first` up to `last` of a shot that begins at `start` seconds of its file."""
    scale = _Frames(start, frames_a_second)
    begins = [scale.first_shown(shot.start) for shot in framing.shots]
    place = max(0, bisect_right(begins, first) - 1)
    runs: list[Run] = []
    for index in range(place, len(framing.shots)):
        begin = first if index == place else begins[index]
        end = min(last, begins[index + 1]) if index + 1 < len(begins) else last
        if begin >= end:
            continue
        shot = framing.shots[index]
        run = Run(begin, end, shot, tuple(tuple(_sections(view, begin, end, scale)) for view in shot.views))
        if runs and _alike(runs[-1].shot, shot):
            joined = tuple((*a, *b) for a, b in zip(runs[-1].sections, run.sections, strict=True))
            runs[-1] = Run(runs[-1].first, end, runs[-1].shot, joined)
        else:
            runs.append(run)
    return runs


@dataclass(frozen=True)
class _Frames:
    """Seconds of the file as frames of the shot."""

    start: Fraction
    each_second: Fraction

    def at(self, moment: Fraction) -> float:
        return float((moment - self.start) * self.each_second)

    def first_shown(self, moment: Fraction) -> int:
        """The first frame that shows what the source shows from `moment` on."""
        return floor((moment - self.start) * self.each_second + _BIAS + Fraction(1, 2))


def _alike(one: FramedShot, other: FramedShot) -> bool:
    sizes = [[(view.width, view.height) for view in shot.views] for shot in (one, other)]
    return one.layout == other.layout and one.share == other.share and sizes[0] == sizes[1]


def _sections(view: View, first: int, last: int, frames: _Frames) -> Iterator[Section]:
    path = view.path
    edges = [max(first, ceil(frames.at(waypoint.at))) for waypoint in path]
    if edges[0] > first:
        yield _rest(first, path[0])
    for (point, after), (begin, end) in zip(pairwise(path), pairwise(edges), strict=True):
        if begin < min(end, last):
            places = (point.x, point.y), (after.x, after.y)
            yield Section(begin, frames.at(point.at), frames.at(after.at), *places, point.pace)
    if edges[-1] < last:
        yield _rest(edges[-1], path[-1])


def _rest(first: int, point: Waypoint) -> Section:
    return Section(first, first, first, (point.x, point.y), (point.x, point.y))


def expression(sections: Sequence[Section], axis: int, length: int, low: float, high: float) -> str:
    """Where the view begins on an axis in the frame that variable 0 holds, in pixels of `length`, within `low` and `high`."""
    if len(sections) == 1:
        return _value(sections[0], axis, length, low, high)
    half = len(sections) // 2
    before = expression(sections[:half], axis, length, low, high)
    after = expression(sections[half:], axis, length, low, high)
    return before if before == after else f"if(lt(ld(0),{sections[half].first}),{before},{after})"


def _value(section: Section, axis: int, length: int, low: float, high: float) -> str:
    # Where it rests it does so on whole pixels of chroma too, so that nothing has to be drawn between them.
    start, stop = (2 * round(min(max(place[axis] * length, low), high) / 2) for place in (section.start, section.stop))
    if start == stop or section.end <= section.begin:
        return str(start)
    way = f"clip((ld(0)-{section.begin:.4f})/{section.end - section.begin:.4f},0,1)"
    if section.pace == "smooth":
        way = f"st(1,{way})*0+ld(1)*ld(1)*(3-2*ld(1))"
    return f"({start}+{stop - start}*({way}))"
