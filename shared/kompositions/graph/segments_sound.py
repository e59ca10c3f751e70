"""The sound of one video track: each segment's own, through transitions, with the effects on sound that lie over it."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from shared.kompositions.graph.brackets import Item
from shared.kompositions.graph.envelope import STEP, fade, set_volume
from shared.kompositions.graph.film import Film
from shared.kompositions.graph.sequence import Sequencer
from shared.kompositions.model import Effect, Segment
from shared.kompositions.model.animation import values
from shared.kompositions.timing import Slot
from shared.media.effects import effect_errors, filter_sound
from shared.media.graph.sound import cut_samples, join_sounds, restamp, shot_sound, silence
from shared.media.graph.streams import Stream, copies
from shared.media.graph.transitions import cross_sounds


@dataclass(frozen=True)
class SegmentsSound(Sequencer):
    """A video track's sound."""

    film: Film
    number: int
    items: Sequence[Item]

    def samples(self, start: int, end: int) -> Stream | None:
        """The sound from frame `start` up to frame `end` of the film, time stamps from 0; None when nothing sounds."""
        if not any(self._sounds(item.first) for item in self._leaves(self.items, start, end)):
            return None
        return self._samples(self.items, start, end)

    def _leaves(self, items: Sequence[Item], start: int, end: int) -> list[Item]:
        inside = [item for item in items if item.start_frame < end and item.end_frame > start]
        return [leaf for item in inside for leaf in (self._leaves(item.items, start, end) if item.node else [item])]

    def _sounds(self, slot: Slot) -> bool:
        segment = self.film.segment(self.number, slot)
        return not _is_silent(segment) and self.film.media[segment.source_id].info.audio is not None

    def _samples(self, items: Sequence[Item], start: int, end: int) -> Stream:
        # To its end where a transition is cut off: two sounds are crossed over all that they share.
        stop = max((item.start_frame + item.first.overlap for item in _crossed_at(items, end)), default=end)
        streams, begin = self.lay_out(items, start, stop)
        whole = join_sounds(streams)
        if (begin, stop) == (start, end):
            return whole
        return cut_samples(whole, self._count(begin, start), self._count(begin, end))

    def make(self, item: Item, start: int, end: int) -> Stream:
        """An item's samples, with its effect."""
        if item.node is None:
            return self._segment(item.first, start, end)
        effects = _heard([item.node])
        begin = item.start_frame if effects else start
        stream = self._samples(item.items, begin, end)
        for effect in effects:
            stream = filter_sound(stream, effect.type, effect.params, self._count(begin, item.end_frame))
        return cut_samples(stream, self._count(begin, start), self._count(begin, end)) if effects else stream

    def _segment(self, slot: Slot, start: int, end: int) -> Stream:
        count = self._count(start, end)
        if not self._sounds(slot):
            return silence(count, self.film.inputs)
        segment = self.film.segment(self.number, slot)
        effects = _heard(segment.effects)
        first = 0 if effects else self._count(slot.start_frame, start) // STEP * STEP
        last = self._count(slot.start_frame, end)
        stream = self._shots(slot, first, last)
        whole = self._count(slot.start_frame, slot.end_frame)
        for effect in effects:
            stream = filter_sound(stream, effect.type, effect.params, whole)
        stream = self._shaped(stream, segment, slot, first, whole)
        return cut_samples(stream, self._count(slot.start_frame, start) - first, last - first)

    def _shaped(self, stream: Stream, segment: Segment, slot: Slot, first: int, samples: int) -> Stream:
        """At the segment's volume, with its fades. `first` is the sample of the slot with which the stream begins."""
        clock = self.film.clock
        start, end = (Fraction(frame) / clock.rate for frame in (slot.start_frame, slot.end_frame))
        fades = clock.length(segment.fade_in, start), clock.length_before(segment.fade_out, end)
        if first:
            stream = restamp(stream, first)
        return fade(set_volume(stream, segment.volume, start, clock), *fades, samples)

    def _shots(self, slot: Slot, first: int, last: int) -> Stream:
        """Samples `first` up to `last` of a slot."""
        streams, frame = [], slot.start_frame
        for shot in self.film.shots(self.number, slot):
            at, length = self._count(slot.start_frame, frame), self._count(frame, frame + shot.frames)
            begin, end = max(0, first - at), min(length, last - at)
            frame += shot.frames
            if begin < end:
                streams.append(shot_sound(shot, begin, end, self.film.inputs) or silence(end - begin, self.film.inputs))
        return join_sounds(streams)

    def cross(self, first: Stream, second: Stream, slot: Slot) -> Stream:
        """At equal power."""
        shared = self._count(slot.start_frame, slot.start_frame + slot.overlap)
        return cross_sounds(first, second, shared)

    def fill(self, start: int, end: int) -> Stream:
        """Silence."""
        return silence(self._count(start, end), self.film.inputs)

    def divide(self, stream: Stream, frames: Sequence[int]) -> list[Stream]:
        """Its copies, each cut to a part."""
        parts = [tuple(self._count(frames[0], frame) for frame in part) for part in pairwise(frames)]
        if len(parts) == 1:
            return [stream]
        return [
            restamp(copy.filter("atrim", start_sample=first, end_sample=last))
            for copy, (first, last) in zip(copies(stream, len(parts), sound=True), parts, strict=True)
        ]

    def _count(self, start: int, end: int) -> int:
        return self.film.timeline.samples(start, end)


def _is_silent(segment: Segment) -> bool:
    return segment.muted or not any(values(segment.volume))


def _heard(effects: Sequence[Effect]) -> list[Effect]:
    """Those that do something to sound."""
    return [effect for effect in effects if not effect_errors(effect.type, effect.params, "sound")]


def _crossed_at(items: Sequence[Item], frame: int) -> list[Item]:
    """The item whose transition a frame lies within."""
    return [item for item in items if item.start_frame < frame < item.start_frame + item.first.overlap]
