"""Faces in the pictures of a film."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from shared.media.errors import RenderCancelled
from shared.media.faces.boxes import FaceTrack, SeenFaces
from shared.media.faces.choosing import find_detector
from shared.media.faces.detector import FaceDetector
from shared.media.faces.search import FaceSearch
from shared.media.faces.tracking import track_faces
from shared.media.pictures import Picture, read_pictures
from shared.media.probe import probe

FACES_A_SECOND = 5
"""Pictures that are looked at. AutoFlip's figure: a head does not go far in a fifth of a second."""
LONGEST = 480
"""Pixels of the longer side of the pictures that are looked at."""


def detect_faces(
    pictures: Iterable[Picture], detector: FaceDetector | None = None, *, longest: int = LONGEST
) -> Iterator[SeenFaces]:
    """What is found in each picture, as it is read."""
    search = FaceSearch(detector or find_detector())
    for picture in pictures:
        yield search.look(picture.at, picture.small(longest, search.detector.colors))


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
