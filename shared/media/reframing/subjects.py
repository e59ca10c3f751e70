"""Subjects: the faces of a scene that a plan must not lose, and where they are some times a second."""

from collections.abc import Sequence
from itertools import pairwise

from shared.media.faces import FaceTrack

LEAST_SECONDS, LEAST_SHARE = 2.0, 0.3
"""A face that is seen for so long, or for so much of the scene, is a subject."""
_BACKGROUND = 0.3
"""Of the largest face's height: smaller ones are passers-by."""
STEP = 0.2


def find_subjects(faces: Sequence[FaceTrack], start: float, end: float) -> list[FaceTrack]:
    """The subjects of a scene, each as far as it is in it, the most important first: those that are large and stay."""
    found = []
    for face in faces:
        boxes = tuple(box for box in face.boxes if start <= box.at < end)
        if len(boxes) >= 2 and boxes[-1].at - boxes[0].at >= min(LEAST_SECONDS, LEAST_SHARE * (end - start)):
            found.append(FaceTrack(face.id, boxes))
    tallest = max((subject.size[1] for subject in found), default=0.0)
    large = [subject for subject in found if subject.size[1] >= _BACKGROUND * tallest]
    return sorted(large, key=lambda subject: -subject.size[0] * subject.size[1] * (subject.end - subject.start))


def together(subjects: Sequence[FaceTrack]) -> float:
    """Seconds for which all of them are seen at once."""
    return max(0.0, min(each.end for each in subjects) - max(each.start for each in subjects))


def moments(start: float, end: float) -> list[float]:
    """The moments of a scene at which its subjects are looked at."""
    return [start + number * STEP for number in range(max(1, int((end - start) / STEP)))]


def present(subjects: Sequence[FaceTrack], moment: float) -> list[FaceTrack]:
    """Those that are in the picture; where nobody is, whoever is nearest in time."""
    here = [each for each in subjects if each.start <= moment <= each.end]
    if here:
        return here
    return [min(subjects, key=lambda each: max(each.start - moment, moment - each.end))]


def alternate(subjects: Sequence[FaceTrack]) -> bool:
    """Whether they are seen one after the other, never together for long."""
    ordered = sorted(subjects, key=lambda each: each.start)
    return all(after.start >= before.end - 1.0 for before, after in pairwise(ordered))
