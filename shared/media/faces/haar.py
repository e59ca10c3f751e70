"""HaarDetector: the cascades of Viola and Jones that come with OpenCV: faces from the front, else from the side."""

from functools import cached_property
from math import exp
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from shared.media.faces.detector import Found
    from shared.media.pictures import Colors

_FRONTAL, _PROFILE = "haarcascade_frontalface_alt2.xml", "haarcascade_profileface.xml"
_STEP = 1.1
"""Between the sizes that are looked for."""
_LEAST_HITS = 3
"""Windows that must agree on a face. False finds rarely have more than a few, faces have tens."""
_SURE_HITS = 8
"""Hits that make a confidence of 1 - 1/e."""
_LEAST_SHARE = 0.06
"""Of the picture's shorter side: smaller faces are not looked for."""


class HaarDetector:
    """Needs no file. It finds upright faces of at least 20 pixels that look about into the camera, or squarely aside."""

    name = "haar"
    colors: "Colors" = "gray"

    def __init__(self, *, profiles: bool = True) -> None:
        self._profiles = profiles

    def find(self, pixels: "NDArray[np.uint8]") -> "list[Found]":
        """The faces; those in profile only when no other is there."""
        import cv2

        if (found := self._hits(self._frontal, pixels)) or not self._profiles:
            return found
        if found := self._hits(self._profile, pixels):
            return found
        # The cascade knows profiles that look to one side.
        width = pixels.shape[1]
        return [
            (width - x - wide, y, wide, high, sure)
            for x, y, wide, high, sure in self._hits(self._profile, cv2.flip(pixels, 1))
        ]

    @cached_property
    def _frontal(self) -> Any:
        return _cascade(_FRONTAL)

    @cached_property
    def _profile(self) -> Any:
        return _cascade(_PROFILE)

    def _hits(self, cascade: Any, pixels: Any) -> "list[Found]":
        side = max(20, round(min(pixels.shape) * _LEAST_SHARE))
        boxes, hits = cascade.detectMultiScale2(pixels, _STEP, _LEAST_HITS, minSize=(side, side))
        return [
            (float(x), float(y), float(wide), float(high), 1 - exp(-int(count) / _SURE_HITS))
            for (x, y, wide, high), count in zip(boxes, hits, strict=True)
        ]


def _cascade(name: str) -> Any:
    import cv2
    from cv2 import data

    return cv2.CascadeClassifier(f"{data.haarcascades}{name}")
