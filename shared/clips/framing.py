"""Framing: what of a clip's picture is seen in a frame of another shape."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from shared.analysis import MediaAnalysis
from shared.clips.clip import Clip
from shared.clips.composing import Recording
from shared.clips.look import ClipLook
from shared.media.reframing import ReframePlan, plan_reframe

_SAME = 0.01
"""Relative difference of two shapes that nobody sees."""


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

    Raises what `plan_reframe` raises."""
    if recording.info.video is None or _has_shape(recording.info.video.display_size, look.size):
        return ()
    scenes = [(scene.start, scene.end) for scene in analysis.scenes]
    count = len(clip.segments)
    return tuple(
        plan_reframe(
            path,
            look.aspect,
            start=segment.start,
            end=segment.end,
            scenes=scenes,
            on_progress=partial(_share, on_progress, number, count),
            should_cancel=should_cancel,
        )
        for number, segment in enumerate(clip.segments)
    )


def _has_shape(one: Sequence[int], other: Sequence[int]) -> bool:
    return abs(one[0] * other[1] / (one[1] * other[0]) - 1) < _SAME


def _share(on_progress: Callable[[float], object], number: int, count: int, fraction: float) -> None:
    on_progress((number + fraction) / count)
