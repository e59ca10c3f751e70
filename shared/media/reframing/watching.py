"""Watching: one look through a film for all that a plan is made from."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from shared.media.errors import RenderCancelled
from shared.media.faces import FACES_A_SECOND, FaceDetector, FaceSearch, FaceTrack, track_faces
from shared.media.faces.detection import LONGEST
from shared.media.faces.search import WHOLE_SECONDS
from shared.media.info import StreamInfo
from shared.media.pictures import read_pictures
from shared.media.reframing.cuts import CELLS, CutFinder
from shared.media.reframing.interest import Interest, InterestFinder

_INTEREST_PIXELS = 160


@dataclass(frozen=True)
class Watched:
    """What was seen from `start` to `end`: `cuts` in order, faces, and where in the picture there was something."""

    start: float
    end: float
    cuts: tuple[float, ...]
    faces: tuple[FaceTrack, ...]
    interest: tuple[Interest, ...]


def watch(
    path: Path,
    info: StreamInfo,
    span: tuple[float, float],
    *,
    cuts: Sequence[float] | None,
    faces: Sequence[FaceTrack] | None,
    detector: FaceDetector | None,
    every: float = 1 / FACES_A_SECOND,
    whole: float = WHOLE_SECONDS,
    on_progress: Callable[[float], object],
    should_cancel: Callable[[], bool],
) -> Watched:
    """Look through a film. What is known already, cuts or faces, is not looked for. `every`: seconds
    from one look for faces to the next; `whole`: as `FaceSearch` has it.

    Raises `UnreadableMedia`, and `RenderCancelled` when `should_cancel` says so."""
    start, end = span
    finder = CutFinder() if cuts is None else None
    search = FaceSearch(detector, whole=whole) if detector is not None else None
    interest, watched, seen = InterestFinder(), [], []
    known, due, place = list(cuts or ()), start, 0
    for picture in read_pictures(path, info, start=start, end=end, every=0.0 if finder else every):
        if should_cancel():
            raise RenderCancelled("Planning the new shape was stopped.")
        fresh = finder is not None and finder.look(picture.at, picture.small(CELLS))
        while place < len(known) and known[place] <= picture.at:
            place, fresh = place + 1, True
        if fresh:
            interest.forget()
        if fresh or picture.at >= due:
            due = max(due + every, picture.at)
            watched.append(interest.look(picture.at, picture.small(_INTEREST_PIXELS)))
            if search is not None:
                pixels = picture.small(LONGEST, search.detector.colors)
                seen.append(search.look(picture.at, pixels, fresh=fresh))
            on_progress(min(1.0, (picture.at - start) / max(end - start, 1e-6)))
    found = tuple(finder.cuts) if finder else tuple(cut for cut in known if start < cut < end)
    tracks = tuple(faces) if faces is not None else track_faces(seen, found)
    return Watched(start, end, found, tracks, tuple(watched))
