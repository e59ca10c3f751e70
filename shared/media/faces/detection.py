"""Faces in the pictures of a film."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from shared.media.errors import RenderCancelled
from shared.media.faces.boxes import FaceBox, FaceTrack, SeenFaces
from shared.media.faces.detector import FaceDetector, find_detector
from shared.media.faces.tracking import track_faces
from shared.media.pictures import Picture, read_pictures
from shared.media.probe import probe

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

FACES_A_SECOND = 5
"""Pictures that are looked at. AutoFlip's figure: a head does not go far in a fifth of a second."""
LONGEST = 480
"""Pixels of the longer side of the pictures that are looked at."""


def detect_faces(
    pictures: Iterable[Picture], detector: FaceDetector | None = None, *, longest: int = LONGEST
) -> Iterator[SeenFaces]:
    """What is found in each picture, as it is read."""
    chosen = detector or find_detector()
    for picture in pictures:
        yield faces_in(picture.small(longest, chosen.colors), picture.at, chosen)


def faces_in(pixels: "NDArray[np.uint8]", at: float, detector: FaceDetector) -> SeenFaces:
    """What is found in the pixels of one picture; boxes end at its edges."""
    height, width = pixels.shape[:2]
    boxes = []
    for left, top, wide, high, sure in detector.find(pixels):
        x, y = max(0.0, left / width), max(0.0, top / height)
        right, bottom = min(1.0, (left + wide) / width), min(1.0, (top + high) / height)
        if right > x and bottom > y:
            boxes.append(FaceBox(at, x, y, right - x, bottom - y, min(1.0, sure)))
    return SeenFaces(at, tuple(boxes))


def find_faces(
    path: Path,
    *,
    start: float = 0.0,
    end: float | None = None,
    cuts: Sequence[float] = (),
    detector: FaceDetector | None = None,
    on_progress: Callable[[float], object] = lambda _fraction: None,
    should_cancel: Callable[[], bool] = lambda: False,
) -> tuple[FaceTrack, ...]:
    """The faces of a film from `start` to `end`, each followed at most from one of `cuts` to the next; none without a picture.

    Raises `UnreadableMedia`, and `RenderCancelled` when `should_cancel` says so."""
    info = probe(path, hashed=False)
    if info.video is None:
        return ()
    last = min(end if end is not None else info.duration, info.duration)
    seen = []
    pictures = read_pictures(path, info.video, start=start, end=end, every=1 / FACES_A_SECOND)
    for found in detect_faces(pictures, detector):
        if should_cancel():
            raise RenderCancelled("Looking for faces was stopped.")
        seen.append(found)
        on_progress(min(1.0, max(0.0, (found.at - start) / max(last - start, 1e-6))))
    on_progress(1.0)
    return track_faces(seen, cuts)
