"""A segment's framing as the graph takes it: moments of the file in seconds."""

from fractions import Fraction

from shared.kompositions import model
from shared.kompositions.timing import Clock
from shared.media.graph.framing import FramedShot, Framing, View, Waypoint


def plan_framing(framing: model.Framing, offset: Fraction, clock: Clock) -> Framing:
    """`offset` is where in the file the source's time 0 is, seconds."""

    def shot(told: model.FramedShot) -> FramedShot:
        start = offset + clock.length(told.start)
        return FramedShot(start, told.layout, tuple(view(each) for each in told.views), told.share)

    def view(told: model.View) -> View:
        path = (Waypoint(offset + clock.length(each.at), each.x, each.y, each.pace) for each in told.path)
        return View(told.width, told.height, tuple(path))

    return Framing(tuple(shot(each) for each in framing.shots))
