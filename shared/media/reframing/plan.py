"""ReframePlan: what of a film is seen when it gets another shape, why, and how good that is.

Moments are seconds of the file; places and lengths are fractions of the upright picture. As JSON it reads back equal."""

from bisect import bisect_right
from typing import Literal

from pydantic import BaseModel, ConfigDict, JsonValue
from pydantic.alias_generators import to_camel

from shared.media.graph.framing import FramedLayout, Pace

Camera = Literal["stationary", "pan", "track"]
"""How a shot's view goes: not at all, evenly from one side to the other, or after its subject."""


class PlanPart(BaseModel):
    """What all parts of a plan have in common."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, frozen=True, extra="forbid")


class PlannedWaypoint(PlanPart):
    """Where a view's left top corner is at a moment, and how it goes on from there."""

    at: float
    x: float
    y: float
    pace: Pace = "linear"


class PlannedView(PlanPart):
    """A window on the picture; it rests before its first waypoint and after its last."""

    width: float
    height: float
    path: tuple[PlannedWaypoint, ...]

    def corner(self, at: float) -> tuple[float, float]:
        """Where it is at a moment."""
        place = bisect_right(self.path, at, key=lambda point: point.at)
        before, after = self.path[max(0, place - 1)], self.path[min(place, len(self.path) - 1)]
        span = after.at - before.at
        way = min(1.0, max(0.0, (at - before.at) / span)) if span > 0 else 0.0
        way = way * way * (3 - 2 * way) if before.pace == "smooth" else way
        return before.x + (after.x - before.x) * way, before.y + (after.y - before.y) * way


class PlannedShot(PlanPart):
    """From `start` up to `end`; `reason` says in a sentence why so. `subjects`: ids of the faces that it is for."""

    start: float
    end: float
    layout: FramedLayout
    camera: Camera = "stationary"
    views: tuple[PlannedView, ...] = ()
    share: float = 0.5
    subjects: tuple[int, ...] = ()
    reason: str = ""


class ReframeMetrics(PlanPart):
    """How good a plan is. Pixels are those of a source 1080 lines high.

    `subject_in_frame`: of all the times that a subject was seen, how often it was in a view as a whole; 1 without subjects.
    `jumps`: changes of the view within a scene."""

    reversals_per_second: float
    travel_per_second: float
    top_speed: float
    subject_in_frame: float
    jumps: int
    scenes: int


class ReframePlan(PlanPart):
    """The plan of a film, or of a piece of it, for the shape `aspect`."""

    aspect: str
    start: float
    end: float
    shots: tuple[PlannedShot, ...]
    metrics: ReframeMetrics
    detector: str
    """What looked for faces: haar or yunet; given, where the caller had them."""

    def to_json(self) -> dict[str, JsonValue]:
        """camelCase JSON; `ReframePlan.model_validate` reads it back, equal."""
        return self.model_dump(mode="json", by_alias=True)
