"""Faces: looked for in small pictures, twice a second, and followed for as long as they stay in a scene."""

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from shared.analysis.media_analysis import FaceTrack
from shared.analysis.part import Span
from shared.analysis.picture.detectors import Box, FaceDetector
from shared.analysis.picture.tracking import follow_faces

if TYPE_CHECKING:
    import numpy as np

SIDE = 400
"""Pixels of the longer side of the pictures that are looked at."""
INTERVAL = Fraction(1, 2)
"""Seconds between two of them."""
_LEAST, _MOST = 1 / 18, 0.9
"""How wide a face may be, of the longer and of the shorter side."""
_WHOLE = 4
"""Every so many pictures the whole is searched; in between only around the faces of the one before."""
_AROUND = 0.6
"""How far around a face it is looked for again, in its widths."""
_GROWS = 1.35
"""How much larger or smaller it may have become."""
_CHANGED = 18.0
"""Mean difference of two pictures, of 255, from which on they are taken for two scenes: the whole is searched."""


class FaceFinder:
    """Is shown pictures in turn; `boxes` are what it has seen in each."""

    def __init__(self, detector: FaceDetector) -> None:
        self.boxes: list[list[Box]] = []
        self._detector = detector
        self._before: np.ndarray | None = None
        self._known: list[Box] = []
        self._size = (1, 1)

    def look(self, number: int, picture: "np.ndarray") -> None:
        """Look at the next picture."""
        self._size = (picture.shape[1], picture.shape[0])
        changed = self._has_changed(picture)
        found = self._search(picture) if changed or number % _WHOLE == 0 else self._search_again(picture)
        # A face that is missed once may only have blinked or turned: it is looked for in its place until the next whole search.
        self._known = found or ([] if changed or number % _WHOLE == 0 else self._known)
        self.boxes.append(found)

    def tracks(self, times: Sequence[Fraction], scenes: Sequence[Span]) -> tuple[FaceTrack, ...]:
        """The faces that were there for a while. `times`: of the pictures that were looked at."""
        width, height = self._size
        parts = [
            [
                Box(box.x / width, box.y / height, box.width / width, box.height / height, box.confidence)
                for box in boxes
            ]
            for boxes in self.boxes
        ]
        return follow_faces([float(time) for time in times], parts, scenes, float(INTERVAL))

    def _has_changed(self, picture: "np.ndarray") -> bool:
        import cv2

        before, self._before = self._before, picture
        return before is None or float(cv2.absdiff(before, picture).mean()) > _CHANGED

    def _search(self, picture: "np.ndarray") -> list[Box]:
        return self._detector.find(picture, max(self._size) * _LEAST, min(self._size) * _MOST)

    def _search_again(self, picture: "np.ndarray") -> list[Box]:
        found: list[Box] = []
        for box in self._known:
            left, top = max(0, int(box.x - box.width * _AROUND)), max(0, int(box.y - box.height * _AROUND))
            right, bottom = int(box.x + box.width * (1 + _AROUND)), int(box.y + box.height * (1 + _AROUND))
            near = self._detector.find(
                picture[top : bottom + 1, left : right + 1].copy(), box.width / _GROWS, box.width * _GROWS
            )
            if near:
                best = max(near, key=lambda each: each.confidence)
                found.append(best._replace(x=best.x + left, y=best.y + top))
        return found
