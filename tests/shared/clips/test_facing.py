"""What an analysis knows of faces is taken for framing only where looking again would find the same."""

import pytest

from shared.analysis import FaceTrack, MediaAnalysis, Span
from shared.clips.facing import known_faces
from shared.media.faces import FaceBox


def face(start: float, end: float, *, speed: float = 0.0, number: int = 0) -> FaceTrack:
    """A face that is seen five times in two seconds, and goes so many pictures to the right a second."""
    times = [start + 0.4 * step for step in range(round((end - start) / 0.4))]
    boxes = tuple(FaceBox(at, 0.1 + speed * (at - start), 0.2, 0.1, 0.2, 1.0) for at in times)
    return FaceTrack(id=number, start=start, end=end, boxes=boxes)


def analysis(*faces: FaceTrack) -> MediaAnalysis:
    """Of 20 seconds in two scenes."""
    return MediaAnalysis(duration=20, scenes=(Span(start=0, end=10), Span(start=10, end=20)), faces=faces)


def test_faces_that_rest_in_every_scene_are_known_as_far_as_they_are_in_the_stretch() -> None:
    found = known_faces(analysis(face(0, 10), face(10, 20, number=1)), 5.0, 15.0)
    assert found is not None
    assert [each.id for each in found] == [0, 1]
    assert all(5 <= box.at < 15 for each in found for box in each.boxes)


@pytest.mark.parametrize(
    ("faces", "end"),
    [
        ((), 15.0),
        ((face(0, 10),), 15.0),
        ((face(0, 10), face(10, 20, speed=0.08)), 15.0),
        ((face(0, 10), face(10, 20)), 11.5),
    ],
    ids=["of nobody", "of nobody in one scene", "who walks", "for too short a time"],
)
def test_otherwise_they_are_looked_for(faces: tuple[FaceTrack, ...], end: float) -> None:
    assert known_faces(analysis(*faces), 5.0, end) is None
