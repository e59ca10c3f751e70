"""Sequences: items of a track one after the other, through transitions where there are any.

Only the frames of a transition pass through its filter: what is before and after stays as it is, and costs nothing."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from shared.kompositions.graph.brackets import Item
from shared.kompositions.timing import Slot
from shared.media.graph.streams import Stream


@dataclass(frozen=True)
class _Visible:
    """An item from frame `start` up to `end` of the film; up to `body` and from `tail` on it shares them with neighbours."""

    item: Item
    start: int
    body: int
    tail: int
    end: int


class Sequencer(ABC):
    """Lays items out in time. What their streams are made of, pictures or sound, is up to the subclass."""

    @abstractmethod
    def make(self, item: Item, start: int, end: int) -> Stream:
        """An item's frames from `start` up to `end` of the film, which lie within it."""

    @abstractmethod
    def fill(self, start: int, end: int) -> Stream:
        """What is in a gap."""

    @abstractmethod
    def cross(self, first: Stream, second: Stream, slot: Slot) -> Stream:
        """The frames that `slot` shares with the one before: from `first` to `second`."""

    @abstractmethod
    def divide(self, stream: Stream, frames: Sequence[int]) -> list[Stream]:
        """A stream cut at frames of the film: those from each of `frames` up to the next. It begins with the first."""

    def lay_out(self, items: Sequence[Item], start: int, end: int) -> tuple[list[Stream], int]:
        """Streams to put one after the other, and the frame with which the first begins: `start`, or that of a transition before.

        A transition that `start` lies within is made from its beginning."""
        begin = min((item.start_frame for item in items if _crossing(item, start)), default=start)
        streams: list[Stream] = []
        at, waiting = begin, None
        for visible in _visible(items, begin, end):
            if visible.start > at:
                streams.append(self.fill(at, visible.start))
            head, body, tail = self._parts(visible)
            if head is not None:
                streams.append(self.cross(waiting, head, visible.item.first))
            if body is not None:
                streams.append(body)
            at, waiting = visible.end, tail
        if at < end:
            streams.append(self.fill(at, end))
        return streams, begin

    def _parts(self, visible: _Visible) -> tuple[Stream | None, Stream | None, Stream | None]:
        """What an item shares with the one before, what is its own, and what it shares with the next."""
        stream = self.make(visible.item, visible.start, visible.end)
        edges = [visible.start, visible.body, visible.tail, visible.end]
        there = [first < last for first, last in pairwise(edges)]
        parts = iter(self.divide(stream, sorted(set(edges))))
        head, body, tail = (next(parts) if found else None for found in there)
        return head, body, tail


def _visible(items: Sequence[Item], start: int, end: int) -> Iterator[_Visible]:
    inside = [item for item in items if item.end_frame > start and item.start_frame < end]
    for place, item in enumerate(inside):
        after = inside[place + 1] if place + 1 < len(inside) else None
        first, last = max(start, item.start_frame), min(end, item.end_frame)
        shared = item.first.overlap if place else 0
        tail = after.start_frame if after and after.first.overlap else last
        yield _Visible(item, first, min(last, first + shared), tail, last)


def _crossing(item: Item, frame: int) -> bool:
    return item.start_frame < frame < item.start_frame + item.first.overlap
