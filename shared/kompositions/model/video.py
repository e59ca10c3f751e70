"""What is seen: segments in slots on a video track, and the transitions between them."""

from typing import Literal

from pydantic import Field

from shared.kompositions.model.animation import Animated
from shared.kompositions.model.effects import Effect
from shared.kompositions.model.framing import Framing
from shared.kompositions.model.part import Gain, Id, Part
from shared.kompositions.model.time import ZERO, Length, Position, Time
from shared.media.graph.scaling import Scale
from shared.media.graph.transitions import TransitionType

Fit = Literal["stretch", "trim", "loop", "freeze"]
MAX_SEGMENTS = 10_000


class Segment(Part):
    """A slot on the timeline, from `start` up to, not including, `end`, and what fills it."""

    id: Id
    source_id: Id
    start: Position
    end: Position
    source_start: Position = Field(default=ZERO, description="Where in the source to begin")
    source_duration: Length | None = Field(
        default=None, description="How much of the source to use; up to its end if left out"
    )
    fit: Fit | None = Field(
        default=None,
        description="How the piece of source fills the slot: stretch changes its speed; trim cuts it, and it must be long "
        "enough; loop repeats it; freeze holds its last frame. Left out: stretch when sourceDuration is given, else trim",
    )
    scale: Scale = Field(
        default="contain", description="How the picture fills the frame; blur: contain on a blurred copy"
    )
    framing: Framing | None = Field(
        default=None, description="Which part of the picture is seen when; left out: all of it, as `scale` says"
    )
    reverse: bool = Field(default=False, description="Play the piece of source backwards, picture and sound")
    volume: Animated = Field(default=1.0, description="Factor on amplitude, 0 to 4")
    muted: bool = False
    fade_in: Position = Field(default=ZERO, description="Of the sound")
    fade_out: Position = Field(default=ZERO, description="Of the sound")
    effects: list[Effect] = Field(default=[], max_length=50, description="Applied in this order")

    @property
    def effective_fit(self) -> Fit:
        """`fit`, or what leaving it out means."""
        return self.fit or ("stretch" if self.source_duration is not None else "trim")


class Transition(Part):
    """How one segment gives way to the next one on its track.

    Where the slots overlap, it lasts as long as they do. Where they meet, it ends `offset` after the cut (before it when
    negative): the segments' pictures go on under it, and both are alone in the picture outside it."""

    type: TransitionType
    from_segment: Id
    to_segment: Id
    duration: Length
    offset: Time = Field(default=ZERO, description="Where it ends, counted from the start of toSegment's slot")


class VideoTrack(Part):
    """Segments in order of time. Where none is, the track is clear: what lies below shows, black at the bottom."""

    id: Id = "video"
    segments: list[Segment] = Field(default=[], max_length=MAX_SEGMENTS)
    transitions: list[Transition] = Field(default=[], max_length=MAX_SEGMENTS)
    volume: Gain = Field(default=1.0, description="Over the segments' own volumes")
    muted: bool = False
