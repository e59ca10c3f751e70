"""Faces: looked for in small pictures, five times in two seconds, and followed for as long as they stay in a scene.

Searching a whole picture is slow, so it is done every two seconds and when the picture has changed; in between faces are looked
for where they were. Whoever comes into a standing picture is found up to two seconds late."""

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from shared.analysis.media_analysis import FaceBox, FaceTrack
from shared.analysis.part import Span

if TYPE_CHECKING:
    import numpy as np

    from shared.media.faces import FaceDetector

SIDE = 400
"""Pixels of the longer side of the pictures that are looked at."""
INTERVAL = Fraction(2, 5)
"""Seconds between two of them."""
_WHOLE = 5
"""Every so many pictures the whole is searched."""
_AROUND = 0.6
"""How far around a face it is looked for again, in its widths."""
_CHANGED = 18.0
"""Mean difference of two pictures, of 255, from which on they are taken for two scenes: the whole is searched."""
_STANDING = 1.5
"""Mean difference up to which they are one and the same: what was found stays found."""

Found = tuple[float, float, float, float, float]
"""Left, top, width, height in pixels, and the confidence, 0 to 1."""


class FaceFinder:
    """Is shown pictures in turn; remembers what it has seen in each."""

    def __init__(self, detector: "FaceDetector") -> None:
        self._detector = detector
        self._seen: list[list[Found]] = []
        self._searched: np.ndarray | None = None
        self._before: np.ndarray | None = None
        self._known: list[Found] = []
        self._size = (1, 1)

    def look(self, number: int, picture: "np.ndarray") -> None:
        """Look at the next picture."""
        self._size = (picture.shape[1], picture.shape[0])
        changed = _difference(self._before, picture) > _CHANGED
        if changed or number % _WHOLE == 0:
            if changed or _difference(self._searched, picture) > _STANDING:
                self._known = list(self._detector.find(picture))
            self._searched = picture
            found = self._known
        else:
            found = self._search_again(picture)
            # Who is missed once may only have blinked or turned: they are looked for in their place until the next whole search.
            self._known = found or self._known
        self._before = picture
        self._seen.append(found)

    def tracks(self, times: Sequence[Fraction], scenes: Sequence[Span]) -> tuple[FaceTrack, ...]:
        """The faces that were there for a while. `times`: of the pictures that were looked at."""
        from shared.media.faces import FaceBox as SeenBox
        from shared.media.faces import SeenFaces, track_faces

        wide, high = self._size

        def seen(at: float, found: Sequence[Found]) -> SeenFaces:
            boxes = (
                SeenBox(at, x / wide, y / high, width / wide, height / high, sure)
                for x, y, width, height, sure in found
            )
            return SeenFaces(at, tuple(boxes))

        looks = [seen(float(at), found) for at, found in zip(times, self._seen, strict=False)]
        ends = [scene.end for scene in scenes]
        return tuple(
            FaceTrack(
                id=track.id,
                start=track.start,
                end=min([track.end + float(INTERVAL), *(end for end in ends if end > track.end)][:2]),
                boxes=tuple(
                    FaceBox(box.at, box.x, box.y, box.width, box.height, box.confidence) for box in track.boxes
                ),
            )
            for track in track_faces(looks, ends[:-1])
        )

    def _search_again(self, picture: "np.ndarray") -> list[Found]:
        found: list[Found] = []
        for x, y, width, height, _ in self._known:
            left, top = max(0, int(x - width * _AROUND)), max(0, int(y - height * _AROUND))
            right, bottom = int(x + width * (1 + _AROUND)), int(y + height * (1 + _AROUND))
            near = self._detector.find(picture[top : bottom + 1, left : right + 1].copy())
            if near:
                best = max(near, key=lambda each: each[4])
                found.append((best[0] + left, best[1] + top, *best[2:]))
        return found


def _difference(one: "np.ndarray | None", other: "np.ndarray") -> float:
    """The mean of what differs, of 255; 255 where there is nothing to compare with."""
    import cv2

    return 255.0 if one is None else float(cv2.absdiff(one, other).mean())
