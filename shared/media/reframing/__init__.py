"""Reframing: a film in another shape, with what matters in the picture. A plan says what is seen when; a graph carries it out.

Faces come first, then what moves. Importing this package is cheap: decoders and OpenCV are loaded by the first plan."""

from shared.media.reframing.aspect import ASPECTS, read_aspect
from shared.media.reframing.framing import framing_of
from shared.media.reframing.plan import PlannedShot, PlannedView, PlannedWaypoint, ReframeMetrics, ReframePlan
from shared.media.reframing.planning import plan_reframe

__all__ = [
    "ASPECTS",
    "PlannedShot",
    "PlannedView",
    "PlannedWaypoint",
    "ReframeMetrics",
    "ReframePlan",
    "framing_of",
    "plan_reframe",
    "read_aspect",
]
