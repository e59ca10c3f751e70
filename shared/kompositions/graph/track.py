"""The picture of one video track: its segments with their effects, transitions, and the effects over runs of segments."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from shared.kompositions.graph.affecting import affect, first_needed, shown
from shared.kompositions.graph.brackets import Item
from shared.kompositions.graph.film import Film
from shared.kompositions.graph.sequence import Sequencer
from shared.kompositions.timing import Slot
from shared.media.effects import Frame
from shared.media.graph.picture import black, cut, join, renumber
from shared.media.graph.reversal import shot_frames
from shared.media.graph.scaling import Size
from shared.media.graph.streams import Stream, copies
from shared.media.graph.transitions import cross_pictures


@dataclass(frozen=True)
class TrackPicture(Sequencer):
    """A video track's picture at a size; `clear`: with its transparency."""

    film: Film
    number: int
    items: Sequence[Item]
    size: Size
    clear: bool = False

    def frames(self, start: int, end: int) -> Stream:
        """The frames from `start` up to `end` of the film; black where no segment is. Time stamps from 0."""
        return self._frames(self.items, start, end)

    def _frames(self, items: Sequence[Item], start: int, end: int) -> Stream:
        streams, begin = self.lay_out(items, start, end)
        whole = join(streams, self.film.rate)
        return whole if begin == start else cut(whole, start - begin, end - begin, self.film.rate)

    def make(self, item: Item, start: int, end: int) -> Stream:
        """An item's frames, with its effects."""
        effects = shown([item.node] if item.node else self.film.segment(self.number, item.first).effects)
        frame = Frame(*self.size, self.film.rate, item.end_frame - item.start_frame)
        begin = first_needed(effects, item.start_frame, start, frame)
        stream = self._frames(item.items, begin, end) if item.node else self._segment(item.first, begin, end)
        stream = affect(stream, effects, frame, self._pixels)
        return cut(stream, start - begin, end - begin, self.film.rate) if begin < start else stream

    def _segment(self, slot: Slot, start: int, end: int) -> Stream:
        return join(self._shots(slot, start - slot.start_frame, end - slot.start_frame), self.film.rate)

    def _shots(self, slot: Slot, start: int, end: int) -> list[Stream]:
        streams, at = [], 0
        scale = self.film.segment(self.number, slot).scale
        for shot in self.film.shots(self.number, slot):
            begin, stop = max(0, start - at), min(shot.frames, end - at)
            if begin < stop:
                streams.append(
                    shot_frames(shot, begin, stop, self.size, scale, clear=self.clear, inputs=self.film.inputs)
                )
            at += shot.frames
        return streams

    def cross(self, first: Stream, second: Stream, slot: Slot) -> Stream:
        """Through the transition into `slot`."""
        assert slot.transition, "only transitions make slots overlap"
        seconds = Fraction(slot.overlap) / self.film.rate
        crossed = cross_pictures(first, second, slot.transition.type, seconds)
        return renumber(crossed.filter("format", self._pixels), self.film.rate)

    def fill(self, start: int, end: int) -> Stream:
        """Black."""
        return black(end - start, self.size, self.film.inputs)

    def divide(self, stream: Stream, frames: Sequence[int]) -> list[Stream]:
        """Its copies, each cut to a part."""
        parts = list(pairwise(frames))
        if len(parts) == 1:
            return [stream]
        return [
            renumber(copy.filter("trim", start_frame=first - frames[0], end_frame=last - frames[0]), self.film.rate)
            for copy, (first, last) in zip(copies(stream, len(parts)), parts, strict=True)
        ]

    @property
    def _pixels(self) -> str:
        return "yuva420p" if self.clear else "yuv420p"
