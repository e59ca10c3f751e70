"""A plan as graphs take it."""

from fractions import Fraction

from shared.media.graph.framing import FramedShot, Framing, View, Waypoint
from shared.media.reframing.plan import PlannedView, ReframePlan

_TICKS = 1_000_000


def framing_of(plan: ReframePlan) -> Framing:
    """The framing of the whole plan, on the clock of its file."""
    return Framing(
        tuple(
            FramedShot(_moment(shot.start), shot.layout, tuple(_view(view) for view in shot.views), shot.share)
            for shot in plan.shots
        )
    )


def _view(view: PlannedView) -> View:
    path = tuple(Waypoint(_moment(point.at), point.x, point.y, point.pace) for point in view.path)
    return View(view.width, view.height, path)


def _moment(seconds: float) -> Fraction:
    return Fraction(round(seconds * _TICKS), _TICKS)
