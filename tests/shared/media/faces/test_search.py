"""FaceSearch, with a detector of its own kind: it finds what is white, and counts how much it has looked at."""

import numpy as np
from numpy.typing import NDArray

from shared.media.faces import FaceSearch, track_faces
from shared.media.faces.detector import Found
from shared.media.pictures import Colors

WIDTH, HEIGHT = 160, 90


class WhiteDetector:
    """Whatever is white is one face."""

    name = "white"
    colors: Colors = "gray"

    def __init__(self) -> None:
        self.looked_at: list[int] = []

    def find(self, pixels: NDArray[np.uint8]) -> list[Found]:
        self.looked_at.append(pixels.size)
        rows, columns = np.nonzero(pixels > 200)
        if not len(rows):
            return []
        left, top = float(columns.min()), float(rows.min())
        return [(left, top, columns.max() + 1 - left, rows.max() + 1 - top, 1.0)]


def picture(x: int | None) -> NDArray[np.uint8]:
    """A white square of 20 pixels with its left edge at `x`; None: nobody."""
    pixels = np.zeros((HEIGHT, WIDTH), np.uint8)
    if x is not None:
        pixels[30:50, x : x + 20] = 255
    return pixels


def searched(*places: int | None) -> tuple[list[float | None], list[bool]]:
    """Where the face is found, in pixels, in pictures a fifth of a second apart; and which searches were of everything."""
    detector = WhiteDetector()
    search = FaceSearch(detector)
    seen = [search.look(number / 5, picture(x)) for number, x in enumerate(places)]
    found = [round(each.boxes[0].x * WIDTH, 3) if each.boxes else None for each in seen]
    assert len(track_faces(seen)) <= 1
    return found, [size == WIDTH * HEIGHT for size in detector.looked_at]


def test_the_whole_picture_is_searched_once_a_second_and_a_face_is_where_it_is_all_the_time() -> None:
    places = [20 + 3 * number for number in range(12)]
    found, whole = searched(*places)
    assert found == places
    assert [number for number, everything in enumerate(whole) if everything] == [0, 5, 10]


def test_a_face_that_is_suddenly_elsewhere_is_found_at_once() -> None:
    found, whole = searched(20, 20, 120, 120, 120)
    assert found == [20, 20, 120, 120, 120]
    assert sum(whole) == 2


def test_who_is_gone_for_a_while_does_not_have_everything_searched_all_the_time() -> None:
    found, whole = searched(20, None, None, None, 22, 22)
    assert found == [20, None, None, None, 22, 22]
    assert sum(whole) == 2


def test_who_comes_in_is_found_within_a_second() -> None:
    found, _ = searched(None, *[20] * 8)
    assert found.index(20) <= 5


def test_another_scene_has_everything_searched() -> None:
    detector = WhiteDetector()
    search = FaceSearch(detector)
    search.look(0, picture(None))
    assert search.look(0.2, picture(60), fresh=True).boxes


def test_a_face_between_two_known_ones_is_not_found_twice() -> None:
    class Twins(WhiteDetector):
        def find(self, pixels: NDArray[np.uint8]) -> list[Found]:
            found = super().find(pixels)
            first = pixels.size == WIDTH * HEIGHT and len(self.looked_at) == 1
            return [(x + shift, *rest) for x, *rest in found for shift in ((0.0, 10.0) if first else (0.0,))]  # type: ignore[misc]

    search = FaceSearch(Twins())
    assert len(search.look(0, picture(60)).boxes) == 2
    assert len(search.look(0.2, picture(60)).boxes) == 1


def test_a_picture_that_stands_still_is_searched_once_until_even_a_small_face_comes_into_it() -> None:
    detector = WhiteDetector()
    search = FaceSearch(detector)
    small = picture(None)
    small[40:52, 100:112] = 230
    for number in range(10):
        assert not search.look(float(number), picture(None)).boxes
    assert len(detector.looked_at) == 1
    assert search.look(10, small).boxes
