"""Timeline: the plan of a komposition in frames of its output rate: every slot, and the exact length of the film."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from shared.kompositions.timing.clock import Clock
from shared.media.graph.counting import samples_at

if TYPE_CHECKING:
    from shared.kompositions.model import Komposition, Segment, Transition, VideoTrack


@dataclass(frozen=True)
class Join:
    """Where a transition lies, in exact seconds."""

    transition: "Transition"
    start: Fraction
    end: Fraction


@dataclass(frozen=True)
class Slot:
    """Frames of the film that a segment covers, its transitions included."""

    index: int
    """Position in the track's `segments`."""
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
    """The plan of the film: the slots of every video track, its length, and the part to render."""

    clock: Clock
    tracks: tuple[tuple[Slot, ...], ...]
    film_frames: int
    """Frames of the whole film."""
    start_frame: int
    """First frame of the part to render; 0 for all of it."""
    end_frame: int

    @property
    def rate(self) -> Fraction:
        """Frames a second."""
        return self.clock.rate

    @property
    def total_frames(self) -> int:
        """Frames of the part to render."""
        return self.end_frame - self.start_frame

    @property
    def duration(self) -> Fraction:
        """Seconds of the part to render."""
        return Fraction(self.total_frames) / self.rate

    @property
    def total_samples(self) -> int:
        """Audio samples per channel of the part to render."""
        return self.samples(self.start_frame, self.end_frame)

    def samples(self, start_frame: int, end_frame: int) -> int:
        """Audio samples per channel from the start of one frame to the start of another."""
        return samples_at(end_frame, self.rate) - samples_at(start_frame, self.rate)

    def windowed(self, window: range) -> "Timeline":
        """The same film with another part to render: the frames of `window`, which lie in the film. Raises ValueError."""
        if window.step != 1 or not 0 <= window.start < window.stop <= self.film_frames:
            raise ValueError(f"{window} is no part of a film of {self.film_frames} frames")
        return replace(self, start_frame=window.start, end_frame=window.stop)


def plan_timeline(komposition: "Komposition") -> Timeline:
    """Lay a valid komposition out in frames of its output rate."""
    clock = Clock.of(komposition)
    tracks = tuple(plan_track(track, clock) for track in komposition.tracks.video)
    return Timeline(clock, tracks, *plan_range(komposition, clock))


def plan_range(komposition: "Komposition", clock: Clock) -> tuple[int, int, int]:
    """Frames of the whole film, and the first and the end of the part to render."""
    film = clock.frame(film_seconds(komposition, clock))
    start = min(clock.frame_of(komposition.render.start), film)
    end = film if komposition.render.end is None else min(film, clock.frame_of(komposition.render.end))
    return film, start, max(end, start)


def film_seconds(komposition: "Komposition", clock: Clock) -> Fraction:
    """How long the film lasts: until the last segment ends, or, without any, the last clip that says its end."""
    end = clock.latest(segment.end for track in komposition.tracks.video for segment in track.segments)
    if end is None:
        end = clock.latest(clip.end for track in komposition.tracks.audio for clip in track.clips if clip.end)
    return end or Fraction(0)


def plan_track(track: "VideoTrack", clock: Clock) -> tuple[Slot, ...]:
    """The slots of a track whose segments are in order."""
    joins = plan_joins(track, clock)
    slots: list[Slot] = []
    for index, segment in enumerate(track.segments):
        before, after = joins[index], joins[index + 1]
        start = clock.frame(before.start) if before else clock.frame_of(segment.start)
        end = clock.frame(after.end) if after else clock.frame_of(segment.end)
        overlap = slots[-1].end_frame - start if before and slots else 0
        slots.append(Slot(index, start, end, before.transition if before else None, overlap))
    return tuple(slots)


def plan_joins(track: "VideoTrack", clock: Clock) -> Sequence[Join | None]:
    """For each segment the transition from the one before, if there is one; one more, None, at the end."""
    by_target = {transition.to_segment: transition for transition in track.transitions}
    joins: list[Join | None] = []
    before: Segment | None = None
    for segment in track.segments:
        transition = by_target.get(segment.id)
        known = transition is not None and before is not None and before.id == transition.from_segment
        joins.append(_join(transition, before, segment, clock) if transition and before and known else None)
        before = segment
    return [*joins, None]


def _join(transition: "Transition", first: "Segment", second: "Segment", clock: Clock) -> Join:
    """Overlapping slots cross while they overlap; those that meet cross around the cut, `offset` after it at the latest."""
    cut, out = clock.seconds(second.start), clock.seconds(first.end)
    if out > cut:
        return Join(transition, cut, out)
    end = cut + clock.length(transition.offset, cut)
    return Join(transition, end - clock.length_before(transition.duration, end), end)
