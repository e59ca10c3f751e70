"""Picture: the source's picture, the shape it is to get, and views of that shape on it."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING

from shared.media.graph.scaling import Size
from shared.media.reframing.aspect import view_size
from shared.media.reframing.camera import Step
from shared.media.reframing.plan import PlannedView, PlannedWaypoint

if TYPE_CHECKING:
    from shared.media.reframing.interest import Interest, Line

_FITS = 0.985
"""Of the picture: a view that holds so much of it leaves nothing out that anybody would miss."""
_CENTRED = 0.15
"""What the middle is worth over the edges where nothing speaks for either."""


@dataclass(frozen=True)
class Picture:
    """A picture of `shown` square pixels for a frame of the shape `aspect`. Places and lengths are fractions of it."""

    shown: Size
    aspect: Fraction

    @cached_property
    def view(self) -> tuple[float, float]:
        """The largest view: width and height, of which at least one is all of the picture's."""
        return view_size(self.shown, self.aspect)

    @property
    def axis(self) -> int:
        """Along which a view can move: 0 across, 1 down."""
        return 0 if self.view[0] < self.view[1] else 1

    @property
    def fits(self) -> bool:
        """Whether the picture has the shape already."""
        return min(self.view) >= _FITS

    @property
    def upright(self) -> bool:
        """Whether two views lie above each other."""
        return self.aspect <= 1

    @property
    def share_of_whole(self) -> float:
        """Of the frame: what the whole picture takes of it where it is as wide as the frame, or, lying, as high."""
        own = Fraction(*self.shown)
        return float(min(Fraction(1), self.aspect / own if self.upright else own / self.aspect))

    def part(self, share: float) -> tuple[float, float]:
        """The largest view for `share` of the frame, beside or above another."""
        share_of = Fraction(share).limit_denominator(10_000)
        return view_size(self.shown, self.aspect / share_of if self.upright else self.aspect * share_of)

    def resting(self, middle: tuple[float, float], size: tuple[float, float], at: float) -> PlannedView:
        """A view that does not move, as near around `middle` as the picture allows."""
        x, y = (_corner(place, length) for place, length in zip(middle, size, strict=True))
        return PlannedView(width=size[0], height=size[1], path=(PlannedWaypoint(at=at, x=x, y=y),))

    def following(self, steps: Sequence[Step], height: float, size: tuple[float, float]) -> PlannedView:
        """A view of a size with its middle across where the steps say, and always at the same height."""
        y = _corner(height, size[1])
        path = tuple(PlannedWaypoint(at=step.at, x=_corner(step.place, size[0]), y=y, pace=step.pace) for step in steps)
        return PlannedView(width=size[0], height=size[1], path=path)

    def moving(self, steps: Sequence[Step]) -> PlannedView:
        """The largest view, with its middle where the steps say."""
        width, height = self.view
        places = [_corner(step.place, self.view[self.axis]) for step in steps]
        path = tuple(
            PlannedWaypoint(
                at=step.at, x=place if self.axis == 0 else 0.0, y=place if self.axis == 1 else 0.0, pace=step.pace
            )
            for step, place in zip(steps, places, strict=True)
        )
        return PlannedView(width=width, height=height, path=path)

    def interest(self, seen: Sequence["Interest"]) -> "Line":
        """How the interest of a scene is spread along the axis: shares of 1. What moves more counts more."""
        import numpy as np

        from shared.media.reframing.interest import BINS

        if not seen:
            return np.full(BINS, 1 / BINS)
        lines = np.array([each.seen[self.axis] for each in seen])
        weights = np.array([each.strength + 0.05 for each in seen])
        spread: Line = weights @ lines / weights.sum()
        return spread

    def best(self, line: "Line") -> tuple[float, float]:
        """The middle of the view that holds most of a line of interest, and how much that is."""
        import numpy as np

        view = self.view[self.axis]
        count = len(line)
        sums = np.concatenate([[0.0], np.cumsum(line)])
        edges = np.linspace(0, 1, count + 1)
        corners = np.linspace(0, 1 - view, 65)
        held = np.interp(corners + view, edges, sums) - np.interp(corners, edges, sums)
        worth = held - _CENTRED * np.abs(np.linspace(-1, 1, 65))
        chosen = int(np.argmax(worth))
        return float(corners[chosen] + view / 2), float(held[chosen])

    def middle(self, line: "Line", place: float) -> float:
        """The middle of what a view with its middle at `place` holds of a line of interest."""
        import numpy as np

        at = (np.arange(len(line)) + 0.5) / len(line)
        held = np.where(np.abs(at - place) <= self.view[self.axis] / 2, line, 0)
        return float((at * held).sum() / held.sum()) if held.sum() > 0 else place


def _corner(middle: float, length: float) -> float:
    return min(max(middle - length / 2, 0.0), max(0.0, 1 - length))
