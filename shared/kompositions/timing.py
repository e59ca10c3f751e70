"""Beats to seconds to frames to samples, exactly.

Every boundary is a rational number of seconds, `beat * 60 / bpm`, rounded once to a frame; lengths are differences of
boundaries. So no error adds up: the n-th cut of a komposition is within half a frame of its beat however long it is."""

from dataclasses import dataclass
from fractions import Fraction
from math import floor
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shared.kompositions.model import Komposition, Segment, Transition

SAMPLE_RATE = 48_000


def exact(value: float) -> Fraction:
    """The decimal number that the user wrote: 0.1 is 1/10, not the nearest binary fraction."""
    return Fraction(str(value))


def nearest(value: Fraction) -> int:
    """The nearest whole number; halves go up, so that equal slots stay equal wherever they are."""
    return floor(value + Fraction(1, 2))


def seconds_at(beat: Fraction, bpm: float) -> Fraction:
    """When `beat` is, in seconds."""
    return beat * 60 / exact(bpm)


def samples_at(frame: int, rate: Fraction) -> int:
    """The audio sample at which `frame` begins: sound cuts where the picture cuts."""
    return nearest(Fraction(frame) / rate * SAMPLE_RATE)


@dataclass(frozen=True)
class Slot:
    """Frames of the output that a segment covers, its transition from the segment before included."""

    index: int
    """Position in `komposition.segments`."""
    start_frame: int
    end_frame: int
    transition: "Transition | None" = None
    """How the segment before gives way to this one."""
    overlap: int = 0
    """Frames shared with the segment before."""

    @property
    def frames(self) -> int:
        """Length in frames."""
        return self.end_frame - self.start_frame


@dataclass(frozen=True)
class Timeline:
    """The plan of the output: every slot in frames, and its exact length."""

    rate: Fraction
    slots: tuple[Slot, ...]

    @property
    def total_frames(self) -> int:
        """Frames of the whole output: slots, less overlaps, plus gaps."""
        return self.slots[-1].end_frame

    @property
    def duration(self) -> Fraction:
        """Seconds of the whole output."""
        return Fraction(self.total_frames) / self.rate

    @property
    def total_samples(self) -> int:
        """Audio samples per channel of the whole output."""
        return samples_at(self.total_frames, self.rate)


def effective_start(segment: "Segment", before: "Segment | None", transition: "Transition | None") -> Fraction:
    """The beat at which a segment is first seen: earlier than its slot when it meets the one before in a transition."""
    start = exact(segment.start_beat)
    if transition is not None and before is not None and exact(before.end_beat) == start:
        return start - exact(transition.duration)
    return start


def plan_timeline(komposition: "Komposition") -> Timeline:
    """Lay a valid komposition out in frames of its output rate."""
    rate = komposition.output.frame_rate
    joins = {transition.to_segment: transition for transition in komposition.transitions}

    def frame_at(beat: Fraction) -> int:
        return nearest(seconds_at(beat, komposition.bpm) * rate)

    slots: list[Slot] = []
    before: Segment | None = None
    for index, segment in enumerate(komposition.segments):
        transition = joins.get(segment.id)
        start = frame_at(effective_start(segment, before, transition))
        overlap = slots[-1].end_frame - start if transition and slots else 0
        slots.append(Slot(index, start, frame_at(exact(segment.end_beat)), transition, overlap))
        before = segment
    return Timeline(rate, tuple(slots))
