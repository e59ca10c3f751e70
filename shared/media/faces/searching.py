"""Searching again: most pictures of a film need not be searched whole, for faces are where they were in the picture before."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from shared.media.faces.detector import FaceDetector, Found
    from shared.media.pictures import Colors

_AROUND = 0.6
"""How far around a face it is looked for again, in its widths."""
_CHANGED = 30.0
"""Mean difference of two pictures, of 255, from which on they are taken for two scenes: the whole is searched."""
_STANDING = 1.5
"""Mean difference up to which they are one and the same: what was found stays found."""


class SteadyDetector:
    """A detector for the pictures of one film, in turn. It has the whole searched every so many pictures (`whole`) and when the
    picture has changed; in between only around the faces that are known. Whoever comes into a standing picture is found late."""

    def __init__(self, detector: "FaceDetector", *, whole: int) -> None:
        self._detector = detector
        self._whole = whole
        self._looked = 0
        self._searched: NDArray[np.uint8] | None = None
        self._before: NDArray[np.uint8] | None = None
        self._known: list[Found] = []

    @property
    def name(self) -> str:
        """That of the detector."""
        return self._detector.name

    @property
    def colors(self) -> "Colors":
        """What pictures the detector wants."""
        return self._detector.colors

    def find(self, pixels: "NDArray[np.uint8]") -> "list[Found]":
        """The faces in the next picture."""
        changed = _difference(self._before, pixels) > _CHANGED
        if changed or self._looked % self._whole == 0:
            if changed or _difference(self._searched, pixels) > _STANDING:
                self._known = self._detector.find(pixels)
            self._searched = pixels
            found = self._known
        else:
            found = self._search_again(pixels)
            # Who is missed once may only have blinked or turned: they are looked for in their place until the next whole search.
            self._known = found or self._known
        self._before = pixels
        self._looked += 1
        return list(found)

    def _search_again(self, pixels: "NDArray[np.uint8]") -> "list[Found]":
        found: list[Found] = []
        for x, y, width, height, _ in self._known:
            left, top = max(0, int(x - width * _AROUND)), max(0, int(y - height * _AROUND))
            right, bottom = int(x + width * (1 + _AROUND)), int(y + height * (1 + _AROUND))
            near = self._detector.find(pixels[top : bottom + 1, left : right + 1].copy())
            if near:
                best = max(near, key=lambda each: each[4])
                found.append((best[0] + left, best[1] + top, *best[2:]))
        return found


def _difference(one: "NDArray[np.uint8] | None", other: "NDArray[np.uint8]") -> float:
    """The mean of what differs, of 255; 255 where there is nothing to compare with."""
    import cv2

    return 255.0 if one is None else float(cv2.absdiff(one, other).mean())
