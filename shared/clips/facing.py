"""Facing: the faces that an analysis has found, where they will do for framing a stretch of the recording."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from shared.analysis import MediaAnalysis
from shared.media.faces import FaceBox, FaceTrack

_LEAST_SECONDS = 2.0
"""Of a scene: in a shorter one too few pictures were looked at."""
_SLOW = 0.05
"""Of the picture a second: between two pictures that were looked at, a face that is faster is nobody knows where."""


def known_faces(analysis: MediaAnalysis, start: float, end: float) -> tuple[FaceTrack, ...] | None:
    """The faces from `start` to `end`; None where they are to be looked for.

    An analysis looks at half as many pictures as framing does, and only for who looks into the camera. So its faces will do where
    it has found some in every scene of the stretch, and none that goes anywhere."""
    scenes = list(_scenes(analysis, start, end))
    faces = tuple(face for track in analysis.faces if (face := _within(track.id, track.boxes, start, end)) is not None)
    seen = all(
        last - first >= _LEAST_SECONDS and any(_is_seen(face, first, last) for face in faces) for first, last in scenes
    )
    return faces if scenes and seen and all(map(_rests, faces)) else None


def _scenes(analysis: MediaAnalysis, start: float, end: float) -> Iterator[tuple[float, float]]:
    for scene in analysis.scenes:
        first, last = max(scene.start, start), min(scene.end, end)
        if first < last:
            yield first, last


def _within(track: int, boxes: Sequence[FaceBox], start: float, end: float) -> FaceTrack | None:
    inside = tuple(box for box in boxes if start <= box.at < end)
    return FaceTrack(track, inside) if inside else None


def _is_seen(face: FaceTrack, start: float, end: float) -> bool:
    return sum(start <= box.at < end for box in face.boxes) > 1


def _rests(face: FaceTrack) -> bool:
    return all(
        abs(after.center[axis] - before.center[axis]) <= _SLOW * (after.at - before.at)
        for before, after in pairwise(face.boxes)
        for axis in (0, 1)
    )
