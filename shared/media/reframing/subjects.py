"""Subjects: the faces of a scene that a plan must not lose, and where they are some times a second."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from shared.media.faces import FaceBox, FaceTrack

LEAST_SECONDS, LEAST_SHARE = 2.0, 0.3
"""A face that is seen for so long, or for so much of the scene, is a subject."""
_BACKGROUND = 0.3
"""Of the largest face's height: smaller ones are passers-by."""
STEP = 0.2


@dataclass(frozen=True)
class Subject:
    """A face within a scene: boxes in order of time."""

    id: int
    boxes: tuple[FaceBox, ...]

    @property
    def start(self) -> float:
        """When it is first seen in the scene."""
        return self.boxes[0].at

    @property
    def end(self) -> float:
        """When it is last seen in the scene."""
        return self.boxes[-1].at

    @property
    def size(self) -> tuple[float, float]:
        """Width and height."""
        return FaceTrack(self.id, self.boxes).size

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


def find_subjects(faces: Sequence[FaceTrack], start: float, end: float) -> list[Subject]:
    """The subjects of a scene, the most important first: those that are large and stay."""
    found = []
    for face in faces:
        boxes = tuple(box for box in face.boxes if start <= box.at < end)
        if len(boxes) >= 2 and boxes[-1].at - boxes[0].at >= min(LEAST_SECONDS, LEAST_SHARE * (end - start)):
            found.append(Subject(face.id, boxes))
    tallest = max((subject.size[1] for subject in found), default=0.0)
    large = [subject for subject in found if subject.size[1] >= _BACKGROUND * tallest]
    return sorted(large, key=lambda subject: -subject.size[0] * subject.size[1] * (subject.end - subject.start))


def together(subjects: Sequence[Subject]) -> float:
    """Seconds for which all of them are seen at once."""
    return max(0.0, min(each.end for each in subjects) - max(each.start for each in subjects))


def moments(start: float, end: float) -> list[float]:
    """The moments of a scene at which its subjects are looked at."""
    return [start + number * STEP for number in range(max(1, int((end - start) / STEP)))]


def present(subjects: Sequence[Subject], moment: float) -> list[Subject]:
    """Those that are in the picture; where nobody is, whoever is nearest in time."""
    here = [each for each in subjects if each.start <= moment <= each.end]
    if here:
        return here
    return [min(subjects, key=lambda each: max(each.start - moment, moment - each.end))]


def alternate(subjects: Sequence[Subject]) -> bool:
    """Whether they are seen one after the other, never together for long."""
    ordered = sorted(subjects, key=lambda each: each.start)
    return all(after.start >= before.end - 1.0 for before, after in pairwise(ordered))
