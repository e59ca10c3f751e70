"""Faces as boxes in the upright picture. Lengths are fractions of its width and height, from its left top corner; seconds."""

from bisect import bisect_left
from dataclasses import dataclass
from statistics import median
from typing import NamedTuple


class FaceBox(NamedTuple):
    """A face at `at` seconds; `confidence` is 0 to 1."""

    at: float
    x: float
    y: float
    width: float
    height: float
    confidence: float

    @property
    def center(self) -> tuple[float, float]:
        """Its middle."""
        return self.x + self.width / 2, self.y + self.height / 2

    @property
    def area(self) -> float:
        """As a fraction of the picture's."""
        return self.width * self.height

    def overlap(self, other: "FaceBox") -> float:
        """What both cover, of what either covers: 0 to 1."""
        across = min(self.x + self.width, other.x + other.width) - max(self.x, other.x)
        down = min(self.y + self.height, other.y + other.height) - max(self.y, other.y)
        both = max(0.0, across) * max(0.0, down)
        either = self.area + other.area - both
        return both / either if either else 0.0


@dataclass(frozen=True, slots=True)
class SeenFaces:
    """What was found in the picture at `at`; nothing where nobody was."""

    at: float
    boxes: tuple[FaceBox, ...]


@dataclass(frozen=True, slots=True)
class FaceTrack:
    """One face over time: its boxes in order of time, at least one. Between them it was not looked for, or not found."""

    id: int
    boxes: tuple[FaceBox, ...]

    @property
    def start(self) -> float:
        """When it was first seen."""
        return self.boxes[0].at

    @property
    def end(self) -> float:
        """When it was last seen."""
        return self.boxes[-1].at

    @property
    def duration(self) -> float:
        """Seconds from the first to the last box."""
        return self.end - self.start

    @property
    def size(self) -> tuple[float, float]:
        """Width and height of the face, whatever single boxes say."""
        return median(box.width for box in self.boxes), median(box.height for box in self.boxes)

    @property
    def middle(self) -> tuple[float, float]:
        """Where it usually is."""
        xs, ys = zip(*(box.center for box in self.boxes), strict=True)
        return sorted(xs)[len(xs) // 2], sorted(ys)[len(ys) // 2]

    @property
    def wander(self) -> tuple[float, float]:
        """How far its middle goes, across and down."""
        xs, ys = zip(*(box.center for box in self.boxes), strict=True)
        return max(xs) - min(xs), max(ys) - min(ys)

    def at(self, moment: float) -> FaceBox:
        """Its box at a moment, between those that were seen."""
        index = bisect_left(self.boxes, moment, key=lambda box: box.at)
        if index in (0, len(self.boxes)):
            return self.boxes[min(index, len(self.boxes) - 1)]
        one, other = self.boxes[index - 1 : index + 1]
        way = (moment - one.at) / (other.at - one.at)

        def between(first: float, second: float) -> float:
            return first + (second - first) * way

        return FaceBox(
            moment,
            between(one.x, other.x),
            between(one.y, other.y),
            between(one.width, other.width),
            between(one.height, other.height),
            one.confidence,
        )
