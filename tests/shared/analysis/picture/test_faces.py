"""Finding faces in pictures again and again, by a detector that sees bright squares."""

from fractions import Fraction

import numpy as np

from shared.analysis import FaceTrack, Span
from shared.analysis.picture.faces import FaceFinder
from shared.media.pictures import Colors


class SquareDetector:
    """Sees one bright square. `areas`: of the pictures that it was asked to search."""

    name = "squares"
    colors: Colors = "gray"

    def __init__(self) -> None:
        self.areas: list[int] = []

    def find(self, pixels: np.ndarray) -> list[tuple[float, float, float, float, float]]:
        self.areas.append(pixels.size)
        rows, columns = np.nonzero(pixels > 200)
        if len(rows) < 100:
            return []
        width, height = columns.max() - columns.min() + 1, rows.max() - rows.min() + 1
        return [(float(columns.min()), float(rows.min()), float(width), float(height), 0.9)]


def picture(left: int | None, background: int = 50) -> np.ndarray:
    pixels = np.full((90, 160), background, np.uint8)
    if left is not None:
        pixels[30:50, left : left + 20] = 255
    return pixels


def tracks(pictures: list[np.ndarray], scenes: list[Span], detector: SquareDetector) -> tuple[FaceTrack, ...]:
    finder = FaceFinder(detector)
    for number, pixels in enumerate(pictures):
        finder.look(number, pixels)
    return finder.tracks([Fraction(2 * number, 5) for number in range(len(pictures))], scenes)


def test_a_face_that_moves_is_one_track_and_is_searched_for_where_it_was() -> None:
    detector = SquareDetector()
    (track,) = tracks([picture(10 + 3 * step) for step in range(10)], [Span(start=0, end=4)], detector)
    assert [round(box.x * 160) for box in track.boxes] == [10 + 3 * step for step in range(10)]
    assert (track.start, track.end) == (0, 4)
    assert sorted(detector.areas)[-2:] == [160 * 90] * 2
    assert sum(area == 160 * 90 for area in detector.areas) == 2, "whole pictures are searched every two seconds"


def test_a_cut_ends_a_track_and_the_picture_after_it_is_searched_at_once() -> None:
    pictures = [picture(20)] * 3 + [picture(22, background=120)] * 4
    scenes = [Span(start=0, end=1.2), Span(start=1.2, end=2.8)]
    first, second = tracks(pictures, scenes, SquareDetector())
    assert (first.start, first.end, second.start, second.end) == (0, 1.2, 1.2, 2.8)


def test_a_picture_that_stands_still_is_searched_once() -> None:
    detector = SquareDetector()
    assert tracks([picture(None)] * 20, [Span(start=0, end=8)], detector) == ()
    assert len(detector.areas) == 1


def test_a_face_that_is_seen_for_a_moment_is_none() -> None:
    pictures = [picture(20), picture(None), picture(None), picture(None), picture(None), picture(None)]
    assert tracks(pictures, [Span(start=0, end=2.4)], SquareDetector()) == ()
