"""FaceSearch: faces in one picture after another, for a fraction of what searching each would cost.

The whole picture is searched every so often, and when all faces are gone; in between, they are looked for around where they were.
So who comes into the picture is found late by as much."""

from typing import TYPE_CHECKING

from shared.media.faces.boxes import FaceBox, SeenFaces
from shared.media.faces.detector import FaceDetector, Found

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Pixels = NDArray[np.uint8]

WHOLE_SECONDS = 1.0
"""From one search of the whole picture to the next."""
_AROUND = 0.6
"""How far around a face it is looked for, in its sizes."""
_PART, _STANDING = 12, 5.0
"""Pixels a side of a part of the picture, and its mean difference, of 255, up to which nothing has changed there."""
_EPSILON = 1e-3


class FaceSearch:
    """Is shown the pictures of a film in turn, as small as faces shall still be found. `whole`: seconds from one search of the
    whole picture to the next."""

    def __init__(self, detector: FaceDetector, *, whole: float = WHOLE_SECONDS) -> None:
        self._detector = detector
        self._whole = whole
        self._known: list[Found] = []
        self._missed = False
        self._searched: Pixels | None = None
        self._answer: list[Found] = []
        self._due = float("-inf")

    @property
    def detector(self) -> FaceDetector:
        """What finds the faces."""
        return self._detector

    def look(self, at: float, pixels: "Pixels", *, fresh: bool = False) -> SeenFaces:
        """The faces in the picture at `at` seconds. `fresh`: another scene begins with it."""
        due = fresh or at >= self._due - _EPSILON
        found = [] if due else self._around_known(pixels)
        if due or (not found and self._known and not self._missed):
            found = self._everywhere(at, pixels)
        self._missed = not found
        # Who is missed may have blinked or turned: they are looked for in their place until the whole is due again.
        self._known = found if due else found or self._known
        return _as_fractions(found, at, pixels)

    def _everywhere(self, at: float, pixels: "Pixels") -> list[Found]:
        self._due = at + self._whole
        if not _stands(self._searched, pixels):
            self._searched, self._answer = pixels, self._detector.find(pixels)
        return self._answer

    def _around_known(self, pixels: "Pixels") -> list[Found]:
        found: list[Found] = []
        for x, y, width, height, _ in self._known:
            left, top = max(0, int(x - width * _AROUND)), max(0, int(y - height * _AROUND))
            right, bottom = int(x + width * (1 + _AROUND)) + 1, int(y + height * (1 + _AROUND)) + 1
            near = self._detector.find(pixels[top:bottom, left:right].copy())
            if near:
                across, down, wide, high, sure = max(near, key=lambda each: each[4])
                again = (across + left, down + top, wide, high, sure)
                # Two who put their heads together may each be found from both places.
                if not any(_same(again, each) for each in found):
                    found.append(again)
        return found


def _same(one: Found, other: Found) -> bool:
    """Whether two finds are one face: the middle of one lies in the other's inner half."""
    return all(
        abs(one[axis] + one[axis + 2] / 2 - other[axis] - other[axis + 2] / 2) < max(one[axis + 2], other[axis + 2]) / 4
        for axis in (0, 1)
    )


def _stands(before: "Pixels | None", now: "Pixels") -> bool:
    """Whether two pictures are one and the same, but for noise: no part as large as a small face differs."""
    import cv2

    if before is None or before.shape != now.shape:
        return False
    parts = max(1, now.shape[1] // _PART), max(1, now.shape[0] // _PART)
    return float(cv2.resize(cv2.absdiff(before, now), parts, interpolation=cv2.INTER_AREA).max()) <= _STANDING


def _as_fractions(found: list[Found], at: float, pixels: "Pixels") -> SeenFaces:
    """Boxes in fractions of the picture; they end at its edges."""
    height, width = pixels.shape[:2]
    boxes = []
    for left, top, wide, high, sure in found:
        x, y = max(0.0, left / width), max(0.0, top / height)
        right, bottom = min(1.0, (left + wide) / width), min(1.0, (top + high) / height)
        if right > x and bottom > y:
            boxes.append(FaceBox(at, x, y, right - x, bottom - y, min(1.0, sure)))
    return SeenFaces(at, tuple(boxes))
