"""Faces: looked for in small pictures, five times in two seconds, and followed for as long as they stay in a scene."""

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from shared.analysis.media_analysis import FaceTrack
from shared.analysis.part import Span
from shared.media.faces import FaceDetector, FaceSearch, SeenFaces, track_faces

if TYPE_CHECKING:
    import numpy as np

SIDE = 400
"""Pixels of the longer side of the pictures that are looked at."""
INTERVAL = Fraction(2, 5)
"""Seconds between two of them."""
_WHOLE = 2.0
"""Seconds from one search of the whole picture to the next."""


class FaceFinder:
    """Is shown pictures in turn; remembers what it has seen in each."""

    def __init__(self, detector: FaceDetector) -> None:
        self._search = FaceSearch(detector, whole=_WHOLE)
        self._seen: list[SeenFaces] = []

    def look(self, number: int, picture: "np.ndarray") -> None:
        """Look at the next picture. When it was, exactly, is told at the end."""
        self._seen.append(self._search.look(float(number * INTERVAL), picture))

    def tracks(self, times: Sequence[Fraction], scenes: Sequence[Span]) -> tuple[FaceTrack, ...]:
        """The faces that were there for a while. `times`: of the pictures that were looked at."""
        seen = [
            SeenFaces(float(at), tuple(box._replace(at=float(at)) for box in looked.boxes))
            for at, looked in zip(times, self._seen, strict=False)
        ]
        ends = [scene.end for scene in scenes]
        return tuple(
            FaceTrack(
                id=track.id,
                start=track.start,
                end=min(track.end + float(INTERVAL), next((end for end in ends if end > track.end), track.end)),
                boxes=track.boxes,
            )
            for track in track_faces(seen, ends[:-1])
        )
