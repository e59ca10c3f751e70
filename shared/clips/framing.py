"""Framing: what of a clip's picture is seen in a frame of another shape."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

from shared.analysis import MediaAnalysis
from shared.clips.clip import Clip, ClipSegment
from shared.clips.composing import Recording
from shared.clips.look import ClipLook
from shared.media.faces import FaceTrack
from shared.media.reframing import ReframePlan, plan_reframe

_SAME = 0.01
"""Relative difference of two shapes that nobody sees."""
_APART = 3.0
"""Seconds left out between two segments, up to which the view is planned over them."""
_SHORT = 2.0
"""Seconds: of a scene that is shorter, an analysis has too few pictures to be sure of who is there."""


def plan_framing_of(
    clip: Clip,
    path: Path,
    recording: Recording,
    analysis: MediaAnalysis,
    look: ClipLook,
    *,
    on_progress: Callable[[float], object] = lambda _: None,
    should_cancel: Callable[[], bool] = lambda: False,
) -> tuple[ReframePlan, ...]:
    """A plan for each segment of the clip, in their order; none where the picture has the shape already, or there is none.

    Segments between which little is left out share one, so that the view does not start anew at every cut. The scenes and faces
    that `analysis` has found, faces included, are not looked for again, but for faces in short scenes. Raises what `plan_reframe`
    raises."""
    if recording.info.video is None or _has_shape(recording.info.video.display_size, look.size):
        return ()
    scenes = [(scene.start, scene.end) for scene in analysis.scenes]
    stretches = list(_stretches(clip.segments))
    plans: list[ReframePlan] = []
    for number, stretch in enumerate(stretches):
        plan = plan_reframe(
            path,
            look.aspect,
            start=stretch[0].start,
            end=stretch[-1].end,
            scenes=scenes,
            faces=_known_faces(analysis, stretch[0].start, stretch[-1].end),
            on_progress=partial(_share, on_progress, number, len(stretches)),
            should_cancel=should_cancel,
        )
        plans += [plan] * len(stretch)
    return tuple(plans)


def distinct(plans: Sequence[ReframePlan]) -> list[ReframePlan]:
    """The plans, each once."""
    return list({id(plan): plan for plan in plans}.values())


def _known_faces(analysis: MediaAnalysis, start: float, end: float) -> list[FaceTrack] | None:
    """Those of the analysis; none where they have to be looked for more closely."""
    scenes = (scene for scene in analysis.scenes if scene.start < end and start < scene.end)
    if any(scene.end - scene.start < _SHORT for scene in scenes):
        return None
    return [FaceTrack(face.id, face.boxes) for face in analysis.faces]


def _stretches(segments: Sequence[ClipSegment]) -> Iterator[list[ClipSegment]]:
    """Segments that follow each other in the recording, at most so far apart."""
    stretch: list[ClipSegment] = []
    for segment in segments:
        if stretch and not 0 <= segment.start - stretch[-1].end <= _APART:
            yield stretch
            stretch = []
        stretch.append(segment)
    if stretch:
        yield stretch


def _has_shape(one: Sequence[int], other: Sequence[int]) -> bool:
    return abs(one[0] * other[1] / (one[1] * other[0]) - 1) < _SAME


def _share(on_progress: Callable[[float], object], number: int, count: int, fraction: float) -> None:
    on_progress((number + fraction) / count)
