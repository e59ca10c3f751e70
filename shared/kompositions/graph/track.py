"""The picture of one video track: its segments with their effects, transitions, and the effects over runs of segments."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from shared.kompositions.graph.brackets import Item
from shared.kompositions.graph.film import Film
from shared.kompositions.graph.sequence import Sequencer
from shared.kompositions.model import Effect
from shared.kompositions.timing import Slot
from shared.media.effects import Frame, effect_errors, filter_picture
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
        """An item's frames, with its effect."""
        if item.node is None:
            return self._segment(item.first, start, end)
        effects = _shown([item.node])
        begin = item.start_frame if effects else start
        stream = self._frames(item.items, begin, end)
        return self._affected(stream, effects, item.end_frame - item.start_frame, start - begin, end - begin)

    def _segment(self, slot: Slot, start: int, end: int) -> Stream:
        segment = self.film.segment(self.number, slot)
        effects = _shown(segment.effects)
        begin = slot.start_frame if effects else start
        stream = join(self._shots(slot, begin - slot.start_frame, end - slot.start_frame), self.film.rate)
        return self._affected(stream, effects, slot.frames, start - begin, end - begin)

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

    def _affected(self, stream: Stream, effects: Sequence[Effect], frames: int, start: int, end: int) -> Stream:
        """The frames `start` to `end` of a clip of `frames` frames, with effects: they are given it from its beginning."""
        for effect in effects:
            frame = Frame(*self.size, self.film.rate, frames)
            stream = self._pixels(filter_picture(stream, effect.type, effect.params, frame))
        return cut(stream, start, end, self.film.rate) if start else stream

    def cross(self, first: Stream, second: Stream, slot: Slot) -> Stream:
        """Through the transition into `slot`."""
        assert slot.transition, "only transitions make slots overlap"
        seconds = Fraction(slot.overlap) / self.film.rate
        crossed = cross_pictures(first, second, slot.transition.type, seconds)
        return self._pixels(crossed)

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

    def _pixels(self, stream: Stream) -> Stream:
        """Of the one format of pixels: left open, FFmpeg would choose by what comes before and after, window by window."""
        return renumber(stream.filter("format", "yuva420p" if self.clear else "yuv420p"), self.film.rate)


def _shown(effects: Sequence[Effect]) -> list[Effect]:
    """Those that do something to a picture."""
    return [effect for effect in effects if not effect_errors(effect.type, effect.params, "picture")]
