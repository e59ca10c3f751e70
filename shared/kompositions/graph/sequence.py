"""Sequences: items of a track, one after the other, through transitions where there are any."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from shared.kompositions.graph.brackets import Item
from shared.kompositions.graph.streams import Stream


@dataclass(frozen=True)
class Part:
    """A stream that fills the frames from `start` up to `end` of the film; `item` is the first in it, None in a gap."""

    stream: Stream
    start: int
    end: int
    item: Item | None = None


Make = Callable[[Item, int, int], Stream]
"""An item's frames from one to another, which lie within it."""
Cross = Callable[[Part, Part], Stream]
"""Two parts that overlap, through the transition into the second one."""
Fill = Callable[[int, int], Stream]
"""What is in a gap."""


def lay_out(
    items: Sequence[Item], start: int, end: int, make: Make, cross: Cross, fill: Fill
) -> tuple[list[Stream], int]:
    """Streams to put one after the other, and the frame with which the first begins: `start`, or that of a transition before.

    A transition that `start` lies within is made from its beginning. One that `end` lies within is cut off there."""
    begin = min((item.start_frame for item in items if _crossing(item, start)), default=start)
    streams: list[Stream] = []
    run: list[Part] = []
    at = begin
    for item in items:
        if item.end_frame <= begin or item.start_frame >= end:
            continue
        part = Part(
            make(item, max(begin, item.start_frame), min(end, item.end_frame)),
            max(begin, item.start_frame),
            min(end, item.end_frame),
            item,
        )
        if run and item.first.transition is not None:
            run.append(part)
        else:
            streams += _joined(run, cross)
            if part.start > at:
                streams.append(fill(at, part.start))
            run = [part]
        at = part.end
    streams += _joined(run, cross)
    if at < end:
        streams.append(fill(at, end))
    return streams, begin


def _crossing(item: Item, frame: int) -> bool:
    return item.start_frame < frame < item.start_frame + item.first.overlap


def _joined(run: Sequence[Part], cross: Cross) -> list[Stream]:
    """A run as one stream. Halves are joined, not one part after the other: a frame passes few filters even in a long run."""
    return [_halves(run, cross).stream] if run else []


def _halves(run: Sequence[Part], cross: Cross) -> Part:
    if len(run) == 1:
        return run[0]
    first, second = _halves(run[: len(run) // 2], cross), _halves(run[len(run) // 2 :], cross)
    return Part(cross(first, second), first.start, second.end, first.item)
