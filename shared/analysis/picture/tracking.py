"""Tracking: faces of single pictures joined into the ways they take, by overlap."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from shared.analysis.media_analysis import FaceBox, FaceTrack
from shared.analysis.part import Span
from shared.analysis.picture.detectors import Box

_OVERLAP = 0.2
"""Share of the two boxes together that they have in common, from which on it is one face."""
_GAP = 2.0
"""Seconds for which a face may not be seen and still be the same."""
_LEAST_SIGHTINGS = 3
"""Of what is seen less often, most is no face."""


@dataclass
class _Way:
    boxes: list[FaceBox]

    @property
    def last(self) -> FaceBox:
        return self.boxes[-1]


def follow_faces(
    times: Sequence[float], boxes: Sequence[Sequence[Box]], scenes: Sequence[Span], interval: float
) -> tuple[FaceTrack, ...]:
    """The faces that were seen often enough, in order of their first sighting, each in one scene.

    `boxes[n]`: what was seen at `times[n]`, in fractions of the picture; every `interval` seconds one looked."""
    tracks = [
        (way.boxes[0].at, min(scene.end, way.last.at + interval), way)
        for scene, seen in _by_scene(times, boxes, scenes)
        for way in _ways(seen)
        if len(way.boxes) >= _LEAST_SIGHTINGS
    ]
    return tuple(
        FaceTrack(id=number, start=start, end=end, boxes=tuple(way.boxes))
        for number, (start, end, way) in enumerate(sorted(tracks, key=lambda track: track[0]))
    )


def _by_scene(
    times: Sequence[float], boxes: Sequence[Sequence[Box]], scenes: Sequence[Span]
) -> Iterator[tuple[Span, list[list[FaceBox]]]]:
    """Each scene with what was seen in it, moment by moment."""
    place = 0
    for scene in scenes:
        seen = []
        while place < min(len(times), len(boxes)) and times[place] < scene.end:
            seen.append([FaceBox(times[place], *box) for box in boxes[place]])
            place += 1
        yield scene, seen


def _ways(seen: Sequence[Sequence[FaceBox]]) -> list[_Way]:
    """Every face's way: in each picture, the pairs that overlap most are joined first."""
    ways: list[_Way] = []
    for faces in seen:
        open_ways = [way for way in ways if faces and faces[0].at - way.last.at <= _GAP]
        pairs = sorted(
            ((_overlap(way.last, face), number, face) for number, way in enumerate(open_ways) for face in faces),
            key=lambda pair: -pair[0],
        )
        taken: set[int] = set()
        joined: set[FaceBox] = set()
        for overlap, number, face in pairs:
            if overlap >= _OVERLAP and number not in taken and face not in joined:
                open_ways[number].boxes.append(face)
                taken.add(number)
                joined.add(face)
        ways += [_Way([face]) for face in faces if face not in joined]
    return ways


def _overlap(one: FaceBox, other: FaceBox) -> float:
    """Intersection over union."""
    width = min(one.x + one.width, other.x + other.width) - max(one.x, other.x)
    height = min(one.y + one.height, other.y + other.height) - max(one.y, other.y)
    common = max(0.0, width) * max(0.0, height)
    return common / (one.width * one.height + other.width * other.height - common)
