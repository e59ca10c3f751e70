"""Framing: which part of a source's picture a segment shows when, for a frame of another shape."""

from itertools import pairwise
from typing import Annotated, Self

from pydantic import Field, model_validator

from shared.kompositions.model.part import Part
from shared.kompositions.model.time import Position
from shared.media.graph.framing import VIEWS, FramedLayout, Pace

Share = Annotated[float, Field(ge=0, le=1)]
_SLACK = 1e-4


class Waypoint(Part):
    """Where a view is at a moment of the source, on the clock of `sourceStart`; `pace` is the way to the next one."""

    at: Position
    x: Share = Field(description="Its left edge, as a fraction of the picture's width")
    y: Share = Field(description="Its top edge, as a fraction of the picture's height")
    pace: Pace = "linear"


class View(Part):
    """A window on the picture. It rests before its first waypoint and after its last."""

    width: float = Field(ge=0.02, le=1)
    height: float = Field(ge=0.02, le=1)
    path: list[Waypoint] = Field(min_length=1, max_length=5000, description="In order of time")

    @model_validator(mode="after")
    def _is_in_the_picture(self) -> Self:
        if any(at.x + self.width > 1 + _SLACK or at.y + self.height > 1 + _SLACK for at in self.path):
            raise ValueError("a view must lie in the picture: x + width and y + height may be at most 1")
        return self


class FramedShot(Part):
    """What is seen from `start` on, a moment of the source, until the next shot starts.

    fill: one view fills the frame. split and screen: two views, above each other in an upright frame, else side by side. fit: the
    whole picture on a blurred copy of itself. A view of another shape than its place is cut further."""

    start: Position
    layout: FramedLayout = "fill"
    views: list[View] = Field(default=[], max_length=2)
    share: float = Field(default=0.5, ge=0.1, le=0.9, description="Of the first of two views, of the frame")

    @model_validator(mode="after")
    def _has_its_views(self) -> Self:
        if len(self.views) != VIEWS[self.layout]:
            raise ValueError(f"the layout {self.layout} has {VIEWS[self.layout]} view(s)")
        return self


class Framing(Part):
    """Shots in order of time. The first holds before it starts, the last to the end; `scale` has no say then."""

    shots: list[FramedShot] = Field(min_length=1, max_length=5000)

    @model_validator(mode="after")
    def _goes_forward(self) -> Self:
        starts = [shot.start for shot in self.shots]
        if any(one.unit == other.unit and one.value >= other.value for one, other in pairwise(starts)):
            raise ValueError("shots must come in order of time, each at a time of its own")
        return self
