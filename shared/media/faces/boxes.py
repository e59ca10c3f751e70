"""Faces as boxes in the upright picture. Lengths are fractions of its width and height, from its left top corner; seconds."""

from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class FaceBox:
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
