"""Planning: a film, or a piece of it, scene by scene into shots of another shape."""

from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path

from shared.media.errors import UnreadableMedia
from shared.media.faces import FaceDetector, FaceTrack, find_detector
from shared.media.probe import probe
from shared.media.reframing.aspect import read_aspect
from shared.media.reframing.directing import direct
from shared.media.reframing.metrics import measure
from shared.media.reframing.picture import Picture
from shared.media.reframing.plan import ReframePlan
from shared.media.reframing.watching import Watched, watch

_LEAST_SCENE = 1e-3


def plan_reframe(
    path: Path,
    aspect: str = "9:16",
    *,
    start: float = 0.0,
    end: float | None = None,
    scenes: Sequence[tuple[float, float]] | None = None,
    faces: Sequence[FaceTrack] | None = None,
    detector: FaceDetector | None = None,
    on_progress: Callable[[float], object] = lambda _fraction: None,
    should_cancel: Callable[[], bool] = lambda: False,
) -> ReframePlan:
    """What to show of a film from `start` to `end` in a frame of the shape `aspect`, such as 9:16.

    `scenes` (start, end) and `faces`, if somebody has found them already, are not looked for again; scenes begin with the
    moment at which their first frame is shown. Raises `InvalidInput` for a shape that is none, `UnreadableMedia` without a
    picture, and `RenderCancelled` when `should_cancel` says so."""
    shape = read_aspect(aspect)
    info = probe(path, hashed=False)
    if info.video is None:
        raise UnreadableMedia("The file has no picture, so it cannot get another shape. Choose a video or an image.")
    last = info.duration if end is None else min(end, info.duration)
    span = (0.0, 1.0) if info.is_still else (start, max(last, start + _LEAST_SCENE))
    looking = (detector or find_detector()) if faces is None else None
    watched = watch(
        path,
        info.video,
        span,
        cuts=None if scenes is None else [begin for begin, _ in scenes if span[0] < begin < span[1]],
        faces=faces,
        detector=looking,
        on_progress=on_progress,
        should_cancel=should_cancel,
    )
    picture = Picture(info.video.display_size, shape)
    shots = tuple(shot for scene in _scenes(watched) for shot in direct(watched, scene, picture))
    on_progress(1.0)
    return ReframePlan(
        aspect=aspect,
        start=span[0],
        end=span[1],
        shots=shots,
        metrics=measure(shots, watched.faces, picture.shown, len(watched.cuts) + 1),
        detector=looking.name if looking else "given",
    )


def _scenes(watched: Watched) -> list[tuple[float, float]]:
    return list(pairwise((watched.start, *watched.cuts, watched.end)))
